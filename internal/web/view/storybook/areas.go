package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func areaStories() []Story {
	list := view.AreasPage{
		Base: base("Areas and metros", "/admin/areas"), Crumbs: []ui.Crumb{{Name: "Destinations", Path: "/destinations"}, {Name: "Areas and metros"}},
		New: ui.Link{Text: "Draw an area", Path: "/admin/areas/new", Icon: "plus"}, Done: "The area is kept.",
		Rows: []view.AreaRow{{Name: "Valley of Mexico", Kind: "Metro", Path: "mexico/valley-of-mexico", Guide: "/destinations/mexico/valley-of-mexico", Edit: "/admin/areas/edit?path=mexico/valley-of-mexico", Points: "412", Places: "182"}},
	}
	empty := list
	empty.Rows, empty.Done, empty.Empty = nil, "", nothing()
	form := view.AreaFormPage{
		Base: base("Draw an area", "/admin/areas/new"), Crumbs: list.Crumbs, Heading: "Draw an area", Action: "/admin/areas", Map: *mapPicture(), Revision: "0",
		Name: ui.Field{ID: "a-name", Name: "name", Label: "Name", Required: true}, Kind: ui.Field{ID: "a-kind", Name: "kind", Label: "What it is", Options: []ui.Option{{Value: "area", Text: "Area", Selected: true}, {Value: "metro", Text: "Metro"}}},
		Path: ui.Field{ID: "a-path", Name: "path", Label: "Address", Hint: "As in france/massif-central."}, Intro: ui.Field{ID: "a-intro", Name: "intro", Label: "What its guide says first", Lines: 4},
		File: ui.Field{ID: "a-file", Name: "file", Type: "file", Label: "Or upload a GeoJSON file"}, Outline: ui.Field{ID: "a-outline", Name: "outline", Label: "The outline as GeoJSON", Lines: 5, Class: "code"},
	}
	list.NoIndex, empty.NoIndex, form.NoIndex = true, true, true
	looked := form
	looked.Heading, looked.Preview, looked.Remove, looked.Revision = "Change Valley of Mexico", "The outline has 412 points and holds 182 places. Nothing is kept yet.", "mexico/valley-of-mexico", "3"
	refused := form
	refused.Refused, refused.Outline.Error = "The area was not kept.", "The outline crosses itself near 19.30000, -99.10000."
	refused.Bad = []ui.Field{refused.Outline}
	conflict := form
	conflict.Refused = "Somebody else has changed this area meanwhile."
	return []Story{
		page("view.Areas", "one, just kept", view.Areas(list)),
		page("view.Areas", "none", view.Areas(empty)),
		page("view.AreaForm", "new", view.AreaForm(form)),
		page("view.AreaForm", "looked over", view.AreaForm(looked)),
		page("view.AreaForm", "crosses itself", view.AreaForm(refused)),
		page("view.AreaForm", "changed by another", view.AreaForm(conflict)),
	}
}
