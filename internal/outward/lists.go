package outward

import (
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/list"
	"mirabilia/internal/place"
)

// ListCard is a list without its places.
type ListCard struct {
	ID      string    `json:"id" example:"l123"`
	Slug    string    `json:"slug"`
	URL     string    `json:"url" format:"uri"`
	Title   string    `json:"title"`
	Intro   string    `json:"intro" doc:"Markdown."`
	By      Person    `json:"by"`
	Status  string    `json:"status" enum:"published,link,private" doc:"Who may see it: everyone, whoever has its link, those who work on it."`
	Places  int       `json:"places" minimum:"0" doc:"How many stand on it."`
	Created time.Time `json:"created_at"`
	Updated time.Time `json:"updated_at"`
}

// ListCards is one page of public lists.
type ListCards struct {
	Items []ListCard `json:"items" nullable:"false"`
	Next  *string    `json:"next" nullable:"true" doc:"Cursor of the next page, null at the end."`
}

// List is a list of a member's, with its places in order.
type List struct {
	ListCard
	Edition int64       `json:"edition" doc:"Of title and introduction."`
	Cover   *Photo      `json:"cover,omitempty" doc:"The picture that stands for it."`
	Entries []ListEntry `json:"entries" nullable:"false" doc:"What stands on it, as POST and PATCH take it; for those who work on it also what waits."`
	Items   []ListItem  `json:"items" nullable:"false" doc:"The places that stand on it, in order."`
	Next    *string     `json:"next" nullable:"true" doc:"Always null: a list is given whole."`
}

// ListEntry is a place on a list, by its id.
type ListEntry struct {
	Place string `json:"place" example:"p123"`
	Note  string `json:"note" doc:"Markdown."`
	Waits bool   `json:"waits,omitempty" doc:"Proposed by a suggester, not yet taken."`
}

// ListItem is a place on a list.
type ListItem struct {
	Place Place  `json:"place"`
	Note  string `json:"note" doc:"Markdown."`
}

// ListID is a list's id as the API writes it.
func ListID(id int64) string { return "l" + strconv.FormatInt(id, 10) }

// ParseListID reads it.
func ParseListID(s string) (int64, bool) {
	digits, ok := strings.CutPrefix(s, "l")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, ok && err == nil && n > 0 && digits[0] != '+'
}

// ListCardOf is a list without its places.
func ListCardOf(l *list.List, base string) ListCard {
	out := ListCard{ID: ListID(l.ID), Slug: l.Slug, URL: base + l.Path(), Title: l.Title, Intro: l.Intro, Places: l.Entries, Created: l.Created, Updated: l.Updated,
		By: Person{Name: l.By, URL: base + "/users/" + l.ByName}, Status: string(l.Privacy)}
	if l.Privacy == list.Public {
		out.Status = "published"
	}
	return out
}

// ListOf is a list with its entries; rows are the places of those of them that
// are public, in order.
func ListOf(l *list.List, entries []list.Entry, rows []*place.Place, base string) List {
	out := List{ListCard: ListCardOf(l, base), Edition: l.Edition, Entries: []ListEntry{}, Items: []ListItem{}}
	on := make(map[int64]list.Entry, len(entries))
	for _, e := range entries {
		on[e.Place] = e
	}
	for _, p := range rows {
		e := on[p.ID]
		out.Entries = append(out.Entries, ListEntry{p.PublicID(), e.Note, e.Waits})
		if !e.Waits {
			out.Items = append(out.Items, ListItem{Card(p, base), e.Note})
		}
	}
	if p := Cover(l, rows); p != nil {
		ph := PhotoOf(p.Photos[0], base)
		out.Cover = &ph
	}
	return out
}

// Cover is the place whose first picture stands for a list: the one that was
// chosen, or the first that has one; nil when none has.
func Cover(l *list.List, rows []*place.Place) (first *place.Place) {
	for _, p := range rows {
		switch {
		case len(p.Photos) == 0:
		case p.ID == l.Cover:
			return p
		case first == nil:
			first = p
		}
	}
	return first
}
