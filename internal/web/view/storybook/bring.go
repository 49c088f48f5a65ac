package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func bringStories() []Story {
	b := base("Bring saved places", "/me/import")
	b.NoIndex, b.Me = true, &view.Me{Links: []ui.Link{{Text: "Inés Aguirre", Path: "/users/ines"}}}
	crumbs := []ui.Crumb{{Name: "Inés Aguirre", Path: "/users/ines"}, {Name: "Bring saved places"}}
	empty := view.BringPage{Base: b, Crumbs: crumbs, Action: "/me/import", File: ui.Field{ID: "file", Name: "file", Label: "Your file", Hint: "Google Takeout, GPX, KML, KMZ, GeoJSON or CSV; at most 16 MB and 2,000 places."}}
	refused := empty
	refused.File.Error = "holds no places"
	refused.Refused, refused.Faults = "Nothing was read.", []ui.Field{refused.File}
	refused.Earlier = []view.BringRow{{Path: "/me/import/1", Name: "Want to go.csv", When: "3 November 2026", State: "12 places marked"}}
	found := view.SavedPage{Base: b, Crumbs: crumbs, Action: "/me/import/1", Name: "Want to go.csv", Kinds: []ui.Option{{Value: "want", Text: "I want to go there", Selected: true}, {Value: "been", Text: "I have been there"}},
		Sure:    []view.SavedRow{{Title: "La Casa Azul", Address: "Londres 247", Choices: []view.SavedChoice{{Value: "p1", Title: "Casa Azul", Path: "/places/casa-azul", Where: "Mexico City, Mexico", Metres: metres(34), Ticked: true}}}},
		Perhaps: []view.SavedRow{{Title: "Bone church", Choices: []view.SavedChoice{{Value: "p2", Title: "Sedlec Ossuary", Path: "/places/sedlec-ossuary", Where: "Kutná Hora, Czechia"}, {Value: "p3", Title: "Bone Chapel", Path: "/places/bone-chapel", Where: "Évora, Portugal"}}}},
		Unknown: []view.SavedRow{{Title: "Sanborns", Address: "Calle de Tacuba 2", Pitch: "/pitch?title=Sanborns"}, {Title: "My garage", Pitch: "/pitch?title=My+garage"}},
		Bad:     []string{"Want to go.csv, line 12: no name"}, Cut: "The file has more entries: the first 2,000 are here."}
	none := found
	none.Sure, none.Perhaps, none.Bad, none.Cut, none.Refused = nil, nil, nil, "", "Nothing is ticked."
	done := found
	done.Done = &ui.Banner{Tone: "ok", Statement: "12 places are marked as where you want to go.", Link: &ui.Link{Text: "See them", Path: "/users/ines/want"}}
	return []Story{
		page("view.Bring", "asked for", view.Bring(empty)), page("view.Bring", "refused", view.Bring(refused)),
		page("view.Saved", "to be confirmed", view.Saved(found)), page("view.Saved", "none is here", view.Saved(none)), page("view.Saved", "done", view.Saved(done)),
	}
}
