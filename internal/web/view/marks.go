package view

import (
	"context"

	"github.com/a-h/templ"

	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// MarkPage is what a member says of one place.
type MarkPage struct {
	Base
	Crumbs []ui.Crumb
	Place  ui.Card
	// Action is the path of the place, under which the forms lie.
	Action     string
	Been, Want bool
	Visits     []Visit
	Form       VisitForm
	// Photos says that visits may have some.
	Photos  bool
	Results []PhotoResult // files that could not be taken
}

// Visit is a dated been, as its member sees it.
type Visit struct {
	ID      string
	Day     string
	Outcome ui.Badge
	Note    string
	Still   *ui.Badge // how it was found beside its entry
	Seen    string    // who sees it
	Photos  []VisitPhoto
}

// VisitPhoto is a photograph of a visit, as its member sees it.
type VisitPhoto struct {
	ID           string
	Picture      ui.Picture // Src "" as long as there is none
	Work         PhotoWork
	Reason       string // why it could not be read
	Caption, Alt ui.Field
}

// VisitForm is the form of a new visit; Faults are the fields that were refused.
type VisitForm struct {
	Day, Outcome, Still, Told, Privacy, Note ui.Field

	Faults []ui.Field
}

// marksWords are what the script says when a mark was set or taken away.
func marksWords(ctx context.Context) templ.OrderedAttributes {
	return templ.OrderedAttributes{
		{Key: "data-been", Value: say.T(ctx, "Marked: you have been here.")},
		{Key: "data-failed", Value: say.T(ctx, "That could not be kept. Load the page again.")},
		{Key: "data-queued", Value: say.T(ctx, "Kept on this device; sent when there is a network.")},
		{Key: "data-unbeen", Value: say.T(ctx, "No longer marked as been.")},
		{Key: "data-unwant", Value: say.T(ctx, "No longer marked as wanted.")},
		{Key: "data-want", Value: say.T(ctx, "Marked: you want to go.")},
	}
}
