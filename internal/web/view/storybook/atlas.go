package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func atlasStories() []Story {
	p := view.AtlasPage{
		Base: base("Menus", "/admin/settings/menus"), Crumbs: []ui.Crumb{{Name: "Administration", Path: "/admin"}, {Name: "Settings of the atlas"}},
		Parts:   []ui.Link{{Text: "The atlas", Path: "/admin/settings"}, {Text: "Menus", Path: "/admin/settings/menus", Current: true}, {Text: "Logo and colours", Path: "/admin/settings/look"}},
		Heading: "Menus", Lead: "Each entry is a line: its label, then a path of this atlas or an https address.", Action: "/admin/settings/menus", Keep: "Keep it so", Seen: "0123456789abcdef",
		Groups: []view.AtlasGroup{{Title: "Bar", Fields: []ui.Field{lines(field("bar", "Entries of the bar", "Trips  /trips\nPlaces  /places"), 6, "", "")}}},
	}
	p.NoIndex = true
	kept, refused, look, words := p, p, p, p
	kept.Notice = &ui.Banner{Tone: "ok", Statement: "Kept."}
	wrong := bad(p.Groups[0].Fields[0], `"places" is neither a path of this atlas nor an http(s) address`)
	refused.Groups = []view.AtlasGroup{{Title: "Bar", Fields: []ui.Field{wrong}}}
	refused.Refused, refused.Faults = "Nothing was kept.", []ui.Field{wrong}

	file := ui.Field{ID: "file", Name: "file", Label: "A picture", Hint: "PNG or WebP is best."}
	look.Heading, look.Action = "Logo and colours", "/admin/settings/look"
	look.Groups = []view.AtlasGroup{{Title: "Accents", Lead: "The colour of links and buttons.", Fields: []ui.Field{field("accent_light", "On light paper", "#7a1f5c"), field("accent_dark", "By night", "")}}}
	look.Logo = &view.LogoForm{File: file}
	drawn := look
	drawn.Logo = &view.LogoForm{Logo: view.Logo{Path: "/pictures/tower.svg", Width: 40, Height: 40}, File: bad(file, "This is no picture that the atlas reads.")}
	site := *drawn.Site
	site.Logo, site.Parts = drawn.Logo.Logo, nil
	drawn.Site = &site

	words.Heading, words.Parts, words.Action, words.Keep, words.Reset = "About", nil, "/admin/settings/texts/about", "Keep these words", true
	words.Groups = []view.AtlasGroup{{Title: "Words of /about", Fields: []ui.Field{field("title", "Heading", "About"), lines(field("source", "Text", "We are two people and a van."), 24, "", "Markdown.")}}}
	texts := p
	texts.Texts = []ui.Link{{Text: "About", Path: "/admin/settings/texts/about", Current: true}, {Text: "Terms", Path: "/admin/settings/texts/terms"}}
	return []Story{
		page("view.Atlas", "kept", view.Atlas(kept)), page("view.Atlas", "refused", view.Atlas(refused)), page("view.Atlas", "colours, no logo", view.Atlas(look)),
		page("view.Atlas", "a logo in the bar", view.Atlas(drawn)), page("view.Atlas", "words of a page", view.Atlas(words)), page("view.Atlas", "the pages", view.Atlas(texts)),
	}
}
