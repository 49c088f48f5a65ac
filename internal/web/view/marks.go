package view

import "mirabilia/internal/web/view/ui"

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
}

// Visit is a dated been, as its member sees it.
type Visit struct {
	ID      string
	Day     string
	Outcome ui.Badge
	Note    string
	Seen    string // who sees it
}

// VisitForm is the form of a new visit; Faults are the fields that were refused.
type VisitForm struct {
	Day, Outcome, Privacy, Note ui.Field
	Faults                      []ui.Field
}
