package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func alongStories() []Story {
	form := view.AlongForm{
		Stops:  []ui.Field{{ID: "stop-1", Name: "stop", Label: "From", Value: "Paris"}, {ID: "stop-2", Name: "stop", Label: "To", Value: "Lyon"}},
		Within: "10", Most: "150", Widest: "250", Step: "1", Metres: 10_000, MaxFile: "GPX, KML or GeoJSON, 16 MB at most", Keep: []ui.Option{{Value: "free", Text: "yes"}},
	}
	list := cards()
	items := []view.AlongItem{{Stop: "Paris, France"}}
	for i := range list {
		list[i].Metres = metres(float64(900 * (i + 1)))
		items = append(items, view.AlongItem{Along: float64(61_000 * (i + 1)), Card: &list[i]})
	}
	items = append(items, view.AlongItem{Along: 392_000, Stop: "Lyon, France"})
	found := view.AlongPage{
		Base: base("Along the way: Paris – Lyon", "/along"), Form: form, Found: true, Total: len(list), Length: 392_000, Within: 10_000,
		Notes:   []ui.Banner{{Tone: "info", Statement: "Between the stops runs the straight line, not the road."}},
		Choices: []view.AlongChoice{{Text: "“Paris” was taken for Paris, France. Others:", Links: []ui.Link{{Text: "Paris, Texas", Path: "/a"}}}},
		Items:   items, Pager: ui.Pager{Text: "4 of 9", Next: "?cursor=x", More: "Farther along"}, Forms: []ui.Link{{Text: "GPX", Path: "/along.gpx"}}, On: on(), Filters: filters(), Map: mapPicture(),
	}
	file := found
	file.Form.Line, file.Form.Off = "AAAA", "40"
	empty := nothing()
	none := found
	none.Items, none.Nothing, none.Total = items[:1], &empty, 0
	wrong := view.AlongPage{Base: base("Along the way", "/along"), Form: form, Demo: []ui.Link{{Text: "Paris to Turin by Lyon", Path: "/b"}}}
	wrong.Form.Stops = append([]ui.Field(nil), form.Stops...)
	wrong.Form.Stops[1].Error = "Nowhere is known as “Lyonn”."
	return []Story{
		page("view.Along", "between two stops", view.Along(found)),
		page("view.Along", "a line of one's own", view.Along(file)),
		page("view.Along", "nothing beside it", view.Along(none)),
		page("view.Along", "a stop nobody knows", view.Along(wrong)),
	}
}
