package app

import (
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/setting"
)

// newDesk joins desk and places: what members propose becomes a place, and what
// is imported without being published waits on the desk. A command that only
// imports has no finder.
func newDesk(d *db.DB, places *place.Places, f *finder.Finder, settings *setting.Book) (*desk.Desk, *proposal.Proposals) {
	subject := proposal.New(places, f, settings)
	desk := desk.New(d, settings, subject)
	places.SetQueue(proposal.Imports(desk))
	return desk, subject
}
