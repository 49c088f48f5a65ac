package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func embedStories() []Story {
	b := base("Museo Casa de León Trotsky", "/embed/places/x")
	card := cards()[0]
	plain := card
	plain.Hook, plain.Picture, plain.Badge = "", locator(), &ui.Badge{Text: "Lost", Tone: "warn"}
	m := *mapPicture()
	return []Story{
		page("view.EmbedPlace", "with a picture", view.EmbedPlace(view.EmbedCard{Base: b, Card: card})),
		page("view.EmbedPlace", "lost, without a hook", view.EmbedPlace(view.EmbedCard{Base: b, Card: plain})),
		page("view.EmbedMapPage", "a guide", view.EmbedMapPage(view.EmbedMap{Base: b, Map: m, Heading: ui.Link{Text: "Mexico City", Path: "/destinations/mexico/mexico-city"}, Total: 182, Credit: "Natural Earth"})),
		story("view.EmbedCode", "a place", view.EmbedCode(embedded())),
	}
}

func embedded() *view.Embed {
	return &view.Embed{Src: "http://127.0.0.1:8080/embed/places/x", Title: "Museo Casa de León Trotsky", Width: 640, Height: 260}
}
