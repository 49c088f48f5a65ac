package storybook

import (
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func keptStories() []Story {
	p := FullPlace()
	kept := view.KeptPage{
		Place: p.Place, Where: "Mexico City, Mexico", Body: p.Body, Know: p.Know, Tags: chips(), Page: "https://atlas.example/places/x",
		Picture: ui.Picture{Src: "pictures/courtyard.svg", Width: 480, Height: 320, Alt: "A courtyard", Credit: "A. Painter", Licence: "CC BY 4.0", LicenceURL: "https://creativecommons.org/licenses/by/4.0/"},
	}
	bare := *p.Place
	bare.Subtitle, bare.At, bare.Address, bare.Website, bare.Sources, bare.Facts, bare.Lang = "", nil, "", "", nil, nil, "es"
	return []Story{
		story("view.KeptPlace", "whole", view.KeptPlace(kept)),
		story("view.KeptPlace", "little is known", view.KeptPlace(view.KeptPage{Place: &bare, Body: text.SafeHTML("<p>It is there.</p>"), Page: "/places/x"})),
		story("view.Take", "a guide", view.Take(view.NewTake("/destinations/mexico", "", "/assets/offline.js", 58, 2000))),
		story("view.Take", "too many", view.Take(view.NewTake("/places", "q=a", "/assets/offline.js", 12_345, 2000))),
		page("view.Offline", "before script", view.Offline(view.OfflinePage{Base: base("Offline", "/offline"), Credit: "Natural Earth"})),
	}
}
