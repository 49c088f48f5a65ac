package view

import "mirabilia/internal/web/view/ui"

// JoinPlaces is the page on which an editor makes two entries of one place one.
type JoinPlaces struct {
	Base
	Crumbs []ui.Crumb
	Path   string // where the forms are sent
	Back   string
	One    *JoinSide // the entry that ends
	// Other is the entry that stays, nil while it is not chosen.
	Other     *JoinSide
	OtherSlug string
	Likely    []Alike
	Into, Why ui.Field
}

// JoinSide is one of two entries.
type JoinSide struct {
	Card  ui.Card
	Lines []string // what it holds
}
