package outward

import (
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/list"
	"mirabilia/internal/place"
)

// List is a public list of a member's, with its places in order.
type List struct {
	ID      string     `json:"id" example:"l123"`
	Slug    string     `json:"slug"`
	URL     string     `json:"url" format:"uri"`
	Title   string     `json:"title"`
	Intro   string     `json:"intro" doc:"Markdown."`
	By      Person     `json:"by"`
	Status  string     `json:"status" enum:"published,link,private" doc:"Who may see it."`
	Edition int64      `json:"edition" doc:"Of title and introduction; the ETag of a PATCH."`
	Updated time.Time  `json:"updated_at"`
	Items   []ListItem `json:"items"`
	Next    *string    `json:"next" doc:"Always null: a list is given whole."`
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

// ListOf is a list with the places that stand on it; rows are those of them that
// are public, in order.
func ListOf(l *list.List, entries []list.Entry, rows []*place.Place, base string) List {
	out := List{ID: ListID(l.ID), Slug: l.Slug, URL: base + l.Path(), Title: l.Title, Intro: l.Intro, Edition: l.Edition, Updated: l.Updated, Items: []ListItem{},
		By: Person{Name: l.By, URL: base + "/users/" + l.ByName}, Status: string(l.Privacy)}
	if l.Privacy == list.Public {
		out.Status = "published"
	}
	notes := make(map[int64]string, len(entries))
	for _, e := range entries {
		notes[e.Place] = e.Note
	}
	for _, p := range rows {
		out.Items = append(out.Items, ListItem{Card(p, base), notes[p.ID]})
	}
	return out
}
