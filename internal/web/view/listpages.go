package view

import (
	"context"
	"strings"

	"mirabilia/internal/text"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// ListCard is a list as others show it.
type ListCard struct {
	Path, Title, By, Places string
	Privacy                 string // in words, "" where it goes without saying
}

// ListsPage is the public lists, or those of one member.
type ListsPage struct {
	Base
	Heading, Dek string
	Lists        []ListCard
	Empty        ui.Empty
	Mine         bool
}

// ListEntry is a place on a list.
type ListEntry struct {
	Card ui.Card
	ID   string // public id of the place
	Note text.SafeHTML
	// Written is the note as it was written, By who added the place; both for
	// those who work on the list.
	Written, By string
	Waits       bool
	Mine        bool   // who reads has put it there
	Pictured    bool   // has a picture that can stand for the list
	Covers      bool   // and does
	Error       string // what is wrong with the note that was sent
	Sent        string // that note
}

// ListPage is a list as its readers see it.
type ListPage struct {
	Base
	Crumbs  []ui.Crumb
	Heading string
	By      string
	ByPath  string
	Report  string // path of the form, "" where there is none
	Places  string
	Intro   text.SafeHTML
	Entries []ListEntry
	Cover   *ui.Picture
	Map     *ui.MapPicture
	Route   *ui.Link // what lies along the way through it
	Track   string   // the way as GPX
	Forms   []ui.Link
	Take    *TakeAlong
	Embed   *Embed
	Edit    string // where those who work on it change it
	// Copy is the slug, Secret the word of the link by which a member makes a
	// list of their own of it; both are "" where it is one already.
	Copy, Secret string
}

// ListEdit is a list as those see it who work on it.
type ListEdit struct {
	Base
	Crumbs  []ui.Crumb
	Path    string // of the list
	View    string // the page on which it is read
	Heading string
	Entries []ListEntry
	// Edits and Owns say what the reader may do.
	Edits, Owns bool
	Title       ui.Field
	Intro       ui.Field
	Privacy     ui.Field
	Edition     string
	Refused     string // why nothing was changed, "" where nothing was refused
	Faults      []ui.Field
	At          string // the button that has the focus, "up p12"; "" for none
	Link        string // the secret link, "" for none
	Workers     []ListWorker
	Name, Role  ui.Field // of the invitation
}

// focus reports whether a button of an entry gets the focus: the one that was
// pressed, and where that can do no more the one beside it.
func (p ListEdit) focus(do string, i int, e ListEntry) bool {
	at := strings.TrimSuffix(p.At, " "+e.ID)
	switch {
	case at == "up" && i == 0:
		at = "down"
	case at == "down" && i == len(p.Entries)-1:
		at = "up"
	}
	return at == do
}

// ListWorker is somebody who works on a list with its owner.
type ListWorker struct{ Name, Shown, Role string }

// ListNew is the form of a new list.
type ListNew struct {
	Base
	Title, Intro, Privacy ui.Field
	Place                 string // public id of the place that it begins with
	Faults                []ui.Field
}

// PlaceLists are the lists of a member with whether a place stands on them.
type PlaceLists struct {
	Base
	Crumbs []ui.Crumb
	Place  ui.Card
	ID     string // public id of the place
	Lists  []PlaceList
}

// PlaceList is one of them.
type PlaceList struct {
	Path, Title, Places string
	On                  bool // it stands there, or waits
	Waits, Edits, Mine  bool // as of ListEntry and ListEdit
}

// noteNow is what the field of a note holds: what was typed, where it was
// refused.
func (e ListEntry) noteNow() string {
	if e.Error != "" {
		return e.Sent
	}
	return e.Written
}

// placesHint says how places come here.
func (p ListEdit) placesHint(ctx context.Context) string {
	if p.Edits {
		return say.T(ctx, "Open a place and choose “Add to list” to add it here.")
	}
	return say.T(ctx, "Open a place and choose “Add to list” to propose it. Who draws up the list decides.")
}
