package view

import "mirabilia/internal/web/view/ui"

// HomePage is the front page.
type HomePage struct {
	Base
	// Feature leads: a story, or a place until there are stories.
	Feature *Feature
	Starred []ui.Card // two large, then four to a row
	// Newest are the latest places; NewSentence says how many, by how many.
	Newest      []ui.Card
	NewSentence string
	Map         ui.MapPicture
	// Places is how many the atlas holds.
	Places       int
	Destinations []ui.Name
	Stories      []ui.Card
	Trip         *TripCard
	// Sample are three neighbours of somewhere, to show what "near" gives.
	Sample     []ui.Row
	SampleName string
}

// Feature is the lead of the front page.
type Feature struct {
	Kicker, Title, Path, Dek string
	// Note is the line under it: "By … · 9 minutes".
	Note    string
	Lang    string
	Picture ui.Picture
}

func quick() []ui.Link {
	return []ui.Link{
		{Text: "Near me", Path: "/near", Icon: "locate-fixed"},
		{Text: "Map", Path: "/map", Icon: "map"},
		{Text: "Destinations", Path: "/destinations", Icon: "landmark"},
		{Text: "Random place", Path: "/random", Icon: "dices"},
		{Text: "Themes", Path: "/tags", Icon: "tag"},
		{Text: "Places to eat", Path: "/places-to-eat", Icon: "utensils"},
	}
}
