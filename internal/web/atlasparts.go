package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// atlasPart is one page of the settings of the atlas.
type atlasPart struct {
	name  string // in the audit log
	path  string
	title string
	lead  string
	// show makes the fields of settings.
	show func(context.Context, *setting.Settings) []view.AtlasGroup
	// take reads what was sent into settings. What it cannot read it tells.
	take func(s *Site, ctx context.Context, form url.Values, set *setting.Settings) []errs.Field
}

const atlasPath = "/admin/settings"

// atlasParts are the pages in their order.
func atlasParts() []*atlasPart {
	return []*atlasPart{
		{"about", atlasPath, "The atlas", "What it is called and says of itself. A change stands on every page at once.", aboutGroups, (*Site).takeAbout},
		{"menus", atlasPath + "/menus", "Menus", "Each entry is a line: its label, then a path of this atlas or an https address. They stand in the order of the lines.", menuGroups, (*Site).takeMenus},
		{"colours", atlasPath + "/look", "Logo and colours", "", colourGroups, (*Site).takeColours},
		{"texts", atlasPath + "/texts", "Texts", "", textGroups, (*Site).takeTexts},
	}
}

func aboutGroups(ctx context.Context, s *setting.Settings) []view.AtlasGroup {
	unit := ui.Field{ID: "unit", Name: "unit", Label: say.T(ctx, "Distances"), Hint: say.T(ctx, "Readers may choose otherwise in their own browser.")}
	for _, u := range []struct{ value, word string }{{setting.Kilometres, "Kilometres"}, {setting.Miles, "Miles"}} {
		unit.Options = append(unit.Options, ui.Option{Value: u.value, Text: say.T(ctx, u.word), Selected: s.Unit == u.value})
	}
	return []view.AtlasGroup{
		{Title: say.T(ctx, "Name"), Fields: []ui.Field{
			{ID: "name", Name: "name", Label: say.T(ctx, "Name"), Value: s.Name, Required: true},
			{ID: "tagline", Name: "tagline", Label: say.T(ctx, "Strapline"), Hint: say.T(ctx, "A few words beside the name, on the front page and in pictures for networks."), Value: s.Tagline},
			{ID: "description", Name: "description", Label: say.T(ctx, "Description"), Hint: say.T(ctx, "A sentence or two, for search engines, feeds and phones."), Value: s.Description, Lines: 3},
			{ID: "contact", Name: "contact", Label: say.T(ctx, "Mail address for weaknesses"), Hint: say.T(ctx, "It stands in /.well-known/security.txt for everyone to read; without one the page for feedback does."), Value: s.Contact, Type: "email", Autocomplete: "off"},
		}},
		{Title: say.T(ctx, "Reading"), Fields: []ui.Field{
			unit,
			{ID: "popular_destinations", Name: "popular_destinations", Label: say.T(ctx, "Popular destinations"), Hint: say.T(ctx, "A path a line, such as italy/rome; those that hold nothing yet are not shown."), Value: strings.Join(s.PopularDestinations, "\n"), Lines: 8, Class: "code"},
		}},
		{Title: say.T(ctx, "Licence"), Lead: say.T(ctx, "Of the texts written here, unless one names another. Texts that were sent under the one before stay under it."), Fields: []ui.Field{
			{ID: "licence", Name: "licence", Label: say.T(ctx, "Licence"), Hint: say.T(ctx, "Its SPDX id, such as CC-BY-SA-4.0."), Value: s.Licence, Required: true, Autocomplete: "off"},
			{ID: "licence_url", Name: "licence_url", Label: say.T(ctx, "Its text"), Hint: say.T(ctx, "An https address; empty for that of a Creative Commons licence."), Value: s.LicenceURL, Type: "url"},
			{ID: "copyright", Name: "copyright", Label: say.T(ctx, "Line in the footer"), Hint: say.T(ctx, "Empty for one that names the licence."), Value: s.Copyright},
		}},
	}
}

func (s *Site) takeAbout(ctx context.Context, form url.Values, set *setting.Settings) (faults []errs.Field) {
	line := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	set.Name, set.Tagline, set.Description, set.Contact = line("name"), line("tagline"), strings.Join(strings.Fields(form.Get("description")), " "), line("contact")
	set.Unit, set.Licence, set.LicenceURL, set.Copyright = form.Get("unit"), line("licence"), line("licence_url"), line("copyright")
	if set.LicenceURL == "" {
		set.LicenceURL = ui.LicenceURL(set.Licence)
	}
	set.PopularDestinations = nil
	for _, p := range eachLine(form.Get("popular_destinations")) {
		p = strings.Trim(p, "/")
		if n, known := s.meant(p); known {
			p = n.Path
		} else if len(faults) == 0 {
			faults = append(faults, errs.Field{Field: "popular_destinations", Message: say.T(ctx, "“%s” is no destination", p)})
		}
		if !slices.Contains(set.PopularDestinations, p) {
			set.PopularDestinations = append(set.PopularDestinations, p)
		}
	}
	return faults
}

func menuGroups(ctx context.Context, s *setting.Settings) []view.AtlasGroup {
	groups := []view.AtlasGroup{{Title: say.T(ctx, "Bar"), Fields: []ui.Field{
		{ID: "bar", Name: "bar", Label: say.T(ctx, "Entries of the bar"), Value: menuLines(s.Bar), Lines: 6},
	}}}
	for i := range setting.MaxColumns {
		var m setting.Menu
		if i < len(s.Footer) {
			m = s.Footer[i]
		}
		n := strconv.Itoa(i + 1)
		g := view.AtlasGroup{Title: say.T(ctx, "Column %s of the footer", n), Fields: []ui.Field{
			{ID: "footer" + n + "_title", Name: "footer" + n + "_title", Label: say.T(ctx, "Heading of column %s", n), Value: m.Title},
			{ID: "footer" + n + "_links", Name: "footer" + n + "_links", Label: say.T(ctx, "Entries of column %s", n), Value: menuLines(m.Links), Lines: max(3, len(m.Links)+1)},
		}}
		if m.Title == "" {
			g.Lead = say.T(ctx, "Empty, it is not shown.")
		}
		groups = append(groups, g)
	}
	return append(groups, view.AtlasGroup{Title: say.T(ctx, "Elsewhere"), Fields: []ui.Field{
		{ID: "social", Name: "social", Label: say.T(ctx, "Where the atlas is too"), Hint: say.T(ctx, "At the foot of every page; empty for the feeds of new places."), Value: menuLines(s.Social), Lines: 4},
	}})
}

// menuLines writes entries as they are typed: label, then address.
func menuLines(list []setting.Link) string {
	var b strings.Builder
	for _, l := range list {
		b.WriteString(l.Label + "  " + l.Path + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// readMenu reads entries from their lines: the last word is the address.
func readMenu(lines string) (list []setting.Link) {
	for _, line := range eachLine(lines) {
		at := strings.LastIndexAny(line, " \t")
		list = append(list, setting.Link{Label: strings.Join(strings.Fields(line[:max(at, 0)]), " "), Path: line[at+1:]})
	}
	return list
}

func (s *Site) takeMenus(_ context.Context, form url.Values, set *setting.Settings) (faults []errs.Field) {
	set.Bar, set.Social, set.Footer = readMenu(form.Get("bar")), readMenu(form.Get("social")), nil
	for i := range setting.MaxColumns {
		field := "footer" + strconv.Itoa(i+1)
		m := setting.Menu{Title: strings.TrimSpace(form.Get(field + "_title")), Links: readMenu(form.Get(field + "_links"))}
		if m.Title == "" && len(m.Links) == 0 {
			continue
		}
		// Told here, since an empty column before it moves the others on.
		faults = append(faults, setting.MenuFaults(field, m)...)
		set.Footer = append(set.Footer, m)
	}
	return append(faults, setting.LinkFaults("bar", set.Bar, setting.MaxBar)...)
}

func colourGroups(ctx context.Context, s *setting.Settings) []view.AtlasGroup {
	field := func(name, label, value, ours string) ui.Field {
		return ui.Field{ID: name, Name: name, Label: label, Hint: say.T(ctx, "Such as %s, which is our own; empty for that.", ours), Value: value, Autocomplete: "off", Class: "code"}
	}
	return []view.AtlasGroup{{
		Title: say.T(ctx, "Accents"), Lead: say.T(ctx, "The colour of links, buttons and of what is chosen, in both schemes. What not everybody could read is not taken."),
		Fields: []ui.Field{
			field("accent_light", say.T(ctx, "On light paper"), s.Colours.Light, "#0b5a63"),
			field("accent_dark", say.T(ctx, "By night"), s.Colours.Dark, "#86cdcd"),
		},
	}}
}

func (s *Site) takeColours(_ context.Context, form url.Values, set *setting.Settings) []errs.Field {
	colour := func(name string) string { return strings.ToLower(strings.TrimSpace(form.Get(name))) }
	set.Colours = setting.Colours{Light: colour("accent_light"), Dark: colour("accent_dark")}
	return nil
}

func textGroups(ctx context.Context, s *setting.Settings) []view.AtlasGroup {
	return []view.AtlasGroup{{
		Title: say.T(ctx, "Invitation to the newsletter"), Lead: say.T(ctx, "At the foot of every page."),
		Fields: []ui.Field{
			{ID: "letter_title", Name: "letter_title", Label: say.T(ctx, "Heading"), Value: s.Letter.Title, Required: true},
			{ID: "letter_text", Name: "letter_text", Label: say.T(ctx, "Sentence"), Value: s.Letter.Text, Required: true, Lines: 3},
			{ID: "letter_button", Name: "letter_button", Label: say.T(ctx, "Words of the button"), Value: s.Letter.Button, Required: true},
		},
	}}
}

func (s *Site) takeTexts(_ context.Context, form url.Values, set *setting.Settings) []errs.Field {
	words := func(name string) string { return strings.Join(strings.Fields(form.Get(name)), " ") }
	set.Letter = setting.Letter{Title: words("letter_title"), Text: words("letter_text"), Button: words("letter_button")}
	return nil
}
