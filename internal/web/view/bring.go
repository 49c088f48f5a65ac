package view

import "mirabilia/internal/web/view/ui"

// BringPage takes a file of places that were saved elsewhere.
type BringPage struct {
	Base
	Crumbs  []ui.Crumb
	Action  string
	File    ui.Field
	Refused string
	Faults  []ui.Field
	Earlier []BringRow
}

// BringRow is a file that was brought before.
type BringRow struct{ Path, Name, When, State string }

// SavedPage is what the entries of a file may be.
type SavedPage struct {
	Base
	Crumbs       []ui.Crumb
	Action, Name string
	Refused      string
	Kinds        []ui.Option
	// Done says what came of it; nothing is asked then.
	Done *ui.Banner
	Sure, Perhaps,
	Unknown []SavedRow
	// Bad are entries that could not be used, and Cut that there are more.
	Bad []string
	Cut string
}

// SavedRow is one entry of a file.
type SavedRow struct {
	Title, Address string
	Choices        []SavedChoice
	Pitch          string
}

// SavedChoice is a place that an entry may be.
type SavedChoice struct {
	Value, Title, Path, Where string
	Metres                    *float64
	Ticked                    bool
}
