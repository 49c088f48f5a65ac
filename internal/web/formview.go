package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"mirabilia/internal/draft"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/web/entry"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// showWriting shows a form with everything that was typed; refused says above
// it why it was not sent.
func (s *Site) showWriting(ctx context.Context, o Own, w *writing, refused string) (Answer, error) {
	alike, err := s.alike(ctx, w)
	if err != nil {
		return Answer{}, err
	}
	queue, err := s.queueLine(ctx)
	if err != nil {
		return Answer{}, err
	}
	var a Answer
	if w.Kind == draft.Pitch {
		a, err = s.showPitch(ctx, o, w, refused, alike, queue)
	} else {
		a, err = s.showForm(ctx, o, w, refused, alike, queue)
	}
	if refused != "" {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

func (s *Site) showPitch(ctx context.Context, o Own, w *writing, refused string, alike []view.Alike, queue string) (Answer, error) {
	b, err := s.baseFor(ctx, o, say.T(ctx, "Pitch a place"), say.T(ctx, "Three questions about a place that belongs here."))
	if err != nil {
		return Answer{}, err
	}
	f := fields{ctx, w}
	v := view.PitchPage{
		Base: scripted(b, s.Assets.URL("contribute.js")), Action: w.path, Draft: itoa64(w.ID), Saved: s.savedAt(ctx, w), Refused: refused,
		Title:    f.text("title", say.T(ctx, "What is it called?"), say.T(ctx, "As a local would say it."), "title"),
		Body:     f.lines("body", say.T(ctx, "What makes it worth a detour?"), say.T(ctx, "Two or three sentences. Links to what is written about it help."), 5, ""),
		Position: f.text("position", say.T(ctx, "Where is it?"), say.T(ctx, "Coordinates in any notation, a city, an address. As well as you know."), ""),
		Where:    view.Understood{Said: w.said, Good: w.at != nil, Choices: w.choices}, Alike: alike, Same: w.others, Queue: queue, Discards: !w.kept.IsZero(),
	}
	v.Bad = bad(v.Title, v.Body, v.Position)
	return s.render(ctx, view.Pitch(v))
}

// scripted adds a script of its own to a page.
func scripted(b view.Base, src string) view.Base {
	b.NoIndex = true
	b.Assets.Scripts = append(slices.Clone(b.Assets.Scripts), src)
	return b
}

func (s *Site) showForm(ctx context.Context, o Own, w *writing, refused string, alike []view.Alike, queue string) (Answer, error) {
	title, lead := say.T(ctx, "Add a place"), say.T(ctx, "Three sentences and a pin are enough to begin.")
	if !o.Actor.Suspended {
		lead += " " + say.T(ctx, "Everything here is kept as you type.")
	}
	if w.place != nil {
		title, lead = say.T(ctx, "Edit: %s", w.place.Title), say.T(ctx, "Change what is wrong or missing. Only the fields you change are proposed.")
	}
	b, err := s.baseFor(ctx, o, title, lead)
	if err != nil {
		return Answer{}, err
	}
	v := view.PlaceFormPage{
		Base: scripted(b, s.Assets.URL("contribute.js")), Heading: title, Lead: lead, Action: w.path, Draft: itoa64(w.ID), Saved: s.savedAt(ctx, w), Keeps: true, New: w.Kind == draft.Place && w.Mends == 0,
		Refused: refused, Where: view.Understood{Said: w.said, Good: w.at != nil, Choices: w.choices}, Map: s.formMap(ctx, w),
		Alike: alike, Same: w.others, Ready: s.readiness(ctx, w, alike), Words: wordsOf(ctx, w), Licence: ui.LicenceName(b.Site.Licence),
		Rights: w.typed["rights"] == "yes", RightsError: w.faults["rights"], Send: say.T(ctx, "Send to the desk"), Queue: queue, Discards: !w.kept.IsZero(),
		SummaryAsk: w.Kind == draft.Edit,
	}
	if w.place != nil {
		v.From = strconv.Itoa(w.Base)
		v.Crumbs = []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}, {Name: w.place.Title, Path: w.place.Path()}, {Name: say.T(ctx, "Edit")}}
		if !w.kept.IsZero() && o.Form == nil && w.Mends == 0 {
			v.Notices = append(v.Notices, ui.Banner{Tone: "info", Statement: say.T(ctx, "This goes on from what you kept, %s.", view.Moment(ctx, w.kept)), Link: &ui.Link{Text: say.T(ctx, "Begin anew"), Path: w.path + "?anew=yes"}})
		}
		if v.Conflicts, err = s.conflictViews(ctx, w); err != nil {
			return Answer{}, err
		}
	}
	if v.New {
		if v.Notices, err = s.begunNotices(ctx, o, w); err != nil {
			return Answer{}, err
		}
	}
	v.Photos = s.besideView(ctx, o, w)
	if err := s.deadIn(ctx, w); err != nil {
		return Answer{}, err
	}
	fillForm(ctx, w, &v)
	return s.render(ctx, view.PlaceForm(v))
}

// begunNotices tell, over a form that is empty still, of the newest draft of its
// kind: who comes back from a closed browser begins here and finds it.
func (s *Site) begunNotices(ctx context.Context, o Own, w *writing) ([]ui.Banner, error) {
	if o.Form != nil || !w.kept.IsZero() {
		return nil, nil
	}
	list, err := s.Drafts.Mine(ctx, o.Actor)
	if err != nil {
		return nil, err
	}
	var begun []*draft.Draft
	for _, d := range list {
		if d.Kind == w.Kind && d.Mends == 0 {
			begun = append(begun, d)
		}
	}
	if len(begun) == 0 {
		return nil, nil
	}
	title := begun[0].Title
	if title == "" {
		title = say.T(ctx, "Without a name")
	}
	b := ui.Banner{Tone: "info", Statement: say.T(ctx, "You have begun “%s”, kept %s.", title, view.Moment(ctx, begun[0].Kept)), Link: &ui.Link{Text: say.T(ctx, "Go on with it")}}
	if b.Link.Path, err = s.draftPath(ctx, begun[0]); err != nil {
		return nil, err
	}
	out := []ui.Banner{b}
	if n := len(begun) - 1; n > 0 {
		out = append(out, ui.Banner{Tone: "info", Statement: say.N(ctx, n, "One more draft of yours waits.", "%s more drafts of yours wait."), Link: &ui.Link{Text: say.T(ctx, "Your contributions"), Path: "/drafts"}})
	}
	return out, nil
}

// wordsOf counts the words of About.
func wordsOf(ctx context.Context, w *writing) string {
	return say.T(ctx, "%s of %d", say.N(ctx, w.typed.Words("body"), "One word", "%s words"), aboutLeast)
}

// savedAt says when the draft was kept, and on which day where that was not
// today.
func (s *Site) savedAt(ctx context.Context, w *writing) string {
	switch {
	case w.kept.IsZero():
		return ""
	case s.now().Sub(w.kept) < 20*time.Hour:
		return say.T(ctx, "Saved %s UTC.", w.kept.UTC().Format("15:04"))
	}
	return say.T(ctx, "Saved on %s.", say.Date(ctx, w.kept))
}

// formMap is the map on which the pin is put: of where it is, else of the world.
func (s *Site) formMap(ctx context.Context, w *writing) *ui.MapPicture {
	if w.at == nil {
		m := s.movable(worldPicture(ctx), worldMiddle, worldZoom, query.Places{})
		return m
	}
	if w.place != nil && !w.moved {
		if m := s.placeMap(ctx, w.place); m != nil && m.Script != "" {
			return m
		}
	}
	l := s.Gazetteer.Locate(w.at.Lat, w.at.Lon)
	n := l.City
	if n == nil {
		n = l.Region
	}
	if n == nil {
		n = l.Country
	}
	if n == nil {
		return s.movable(worldPicture(ctx), *w.at, 4, query.Places{})
	}
	pic := drawn("/pictures/destinations/"+n.Path, tiles.Where)
	pic.Alt = say.T(ctx, "A map of where %s is.", n.Name)
	return s.movable(pic, *w.at, 12, query.Places{})
}

// fields make the controls of a form.
type fields struct {
	ctx context.Context
	w   *writing
}

func (f fields) text(name, label, hint, class string) ui.Field {
	return ui.Field{ID: "f-" + name, Name: name, Label: label, Hint: hint, Class: class, Value: f.w.typed[name], Error: f.w.faults[name]}
}

func (f fields) lines(name, label, hint string, n int, class string) ui.Field {
	x := f.text(name, label, hint, class)
	x.Lines = n
	return x
}

// choice is a select; what was typed is chosen, else the first.
func (f fields) choice(name, label string, options ...ui.Option) ui.Field {
	x := f.text(name, label, "", "")
	for i := range options {
		options[i].Selected = options[i].Value == x.Value
	}
	x.Options = options
	return x
}

// chosen are the options of a field that is chosen.
func chosen(ctx context.Context, name string) (out []ui.Option) {
	for _, c := range choices[name] {
		out = append(out, ui.Option{Value: c[0], Text: say.T(ctx, c[1])})
	}
	return out
}

func fillForm(ctx context.Context, w *writing, v *view.PlaceFormPage) {
	f := fields{ctx, w}
	v.Title = f.text("title", say.T(ctx, "What is it called?"), say.T(ctx, "As a local would say it. Other names can follow."), "title")
	v.Hook = f.lines("subtitle", say.T(ctx, "The hook, in one sentence"), say.T(ctx, "What would make a friend turn the car round? 20 to 160 characters."), 2, "low")
	v.Position = f.text("position", say.T(ctx, "Coordinates, city or address"), say.T(ctx, "Any usual notation, or drag the pin."), "")
	v.Tier = f.choice("location_tier", say.T(ctx, "Show the position"), chosen(ctx, "location_tier")...)
	v.Reason = f.text("tier_reason", say.T(ctx, "Why not exactly"), say.T(ctx, "What is protected by that."), "")
	v.Address = f.text("address", say.T(ctx, "Address"), say.T(ctx, "As it is written there, with the country."), "")
	v.About = f.lines("body", say.T(ctx, "About"), say.T(ctx, "120 to 600 words. What it is, how it came to be, what is hidden. Markdown works."), 9, "")
	v.Know = f.lines("know_before_you_go", say.T(ctx, "Know before you go"), say.T(ctx, "How one gets there and in; what to bring; what not to do."), 4, "low")
	v.Tags = f.text("tags", say.T(ctx, "Themes"), say.T(ctx, "With commas between: lighthouses, dunes"), "")
	v.Website = f.text("website", say.T(ctx, "Website"), say.T(ctx, "Its own, where it has one."), "")
	v.Website.Inputmode = "url"
	v.Kind = f.choice("kind", say.T(ctx, "What it is"), chosen(ctx, "kind")...)
	v.Status = f.choice("status", say.T(ctx, "Its state"), statusOptions(ctx)...)
	v.StatusDate = f.text("status_date", say.T(ctx, "In this state since"), say.T(ctx, "2019, 2019-05 or 2019-05-31"), "")
	v.Summary = f.lines("summary", say.T(ctx, "What you changed, and how you know"), say.T(ctx, "One line, for the history of the page."), 2, "low")
	for _, name := range place.FactNames {
		v.Facts = append(v.Facts, factFields(f, name))
	}
	for i := range rowsShown(w, "sources", entry.SourceParts) {
		at := "sources." + strconv.Itoa(i) + "."
		v.Sources = append(v.Sources, view.SourceFields{
			Label: say.T(ctx, "Source %d", i+1),
			Title: f.text(at+"title", say.T(ctx, "What it is"), "", ""), URL: f.text(at+"url", say.T(ctx, "Its address"), "", ""),
			Author: f.text(at+"author", say.T(ctx, "By whom"), "", ""), Date: f.text(at+"date", say.T(ctx, "Its date"), "", ""), Archived: f.text(at+"archived", say.T(ctx, "An archived copy of it"), "", ""), Archive: w.archiveOf(w.typed.Text(at+"url"), w.typed.Text(at+"archived")),
		})
	}
	for i := range rowsShown(w, "aliases", entry.AliasParts) {
		at := "aliases." + strconv.Itoa(i) + "."
		v.Aliases = append(v.Aliases, view.AliasFields{Name: f.text(at+"name", say.T(ctx, "Another name"), "", ""), Lang: f.text(at+"lang", say.T(ctx, "In which language"), "", "")})
	}
	v.Kept = keptAside(w)
	v.Bad = bad(allFields(v)...)
	if v.RightsError != "" {
		v.Bad = append(v.Bad, ui.Field{ID: "f-rights", Label: say.T(ctx, "Rights"), Error: v.RightsError})
	}
}

// keptAside are fields that the form carries along without a control.
func keptAside(w *writing) []ui.Option {
	var out []ui.Option
	for _, name := range []string{"lang", "status_until", "status_source"} {
		if s := w.typed[name]; s != "" {
			out = append(out, ui.Option{Value: name, Text: s})
		}
	}
	return out
}

// rowsShown is how many rows of a list the form has: what is filled, and one to
// fill.
func rowsShown(w *writing, list string, parts []string) int {
	n := w.typed.RowsOf(list, parts)
	return min(entry.Rows, max(n+1, w.rows[list]))
}

func factFields(f fields, name string) view.FactFields {
	at := "facts." + name + "."
	label := view.FactLabel(f.ctx, name)
	x := view.FactFields{
		Label: label, Value: f.text(at+"value", label, "", ""), Checked: f.text(at+"checked", say.T(f.ctx, "Checked on"), "", ""), Source: f.text(at+"source", say.T(f.ctx, "Who says so"), "", ""),
	}
	x.Checked.Placeholder = "2026-05-31"
	if place.YesNo[name] {
		none := ui.Option{Value: "", Text: say.T(f.ctx, "not known")}
		x.Value = f.choice(at+"value", label, none, ui.Option{Value: "yes", Text: say.T(f.ctx, "yes")}, ui.Option{Value: "no", Text: say.T(f.ctx, "no")}, ui.Option{Value: "partly", Text: say.T(f.ctx, "partly")})
	}
	x.Open = x.Value.Value != "" || x.Value.Error != "" || x.Checked.Error != "" || x.Source.Error != ""
	return x
}

func statusOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, st := range place.Statuses {
		out = append(out, ui.Option{Value: string(st), Text: say.T(ctx, statusNames[st])})
	}
	return out
}

var statusNames = map[place.Status]string{
	place.Open: "Open", place.Seasonal: "Open for a part of the year", place.ByAppointment: "By appointment", place.TemporarilyClosed: "Closed for a while",
	place.Closed: "Closed for good", place.Moved: "Moved", place.Altered: "Altered", place.Lost: "Gone", place.NoAccess: "No access", place.Unverified: "Nobody knows",
}

func allFields(v *view.PlaceFormPage) []ui.Field {
	out := []ui.Field{v.Title, v.Hook, v.Position, v.Tier, v.Address, v.Reason, v.About, v.Know}
	for _, f := range v.Facts {
		for _, x := range []ui.Field{f.Value, f.Checked, f.Source} {
			x.Label = f.Label + ", " + x.Label
			out = append(out, x)
		}
	}
	out = append(out, v.Tags, v.Website, v.Kind, v.Status, v.StatusDate)
	for _, a := range v.Aliases {
		out = append(out, a.Name, a.Lang)
	}
	if v.Photos != nil {
		for _, p := range v.Photos.Rows {
			out = append(out, p.Remove)
			for _, x := range []ui.Field{p.Form.Alt, p.Form.Caption, p.Form.Credit, p.Form.Licence} {
				x.Label = p.Name + ", " + x.Label
				out = append(out, x)
			}
		}
	}
	for _, s := range v.Sources {
		for _, x := range []ui.Field{s.Title, s.URL, s.Author, s.Date, s.Archived} {
			x.Label = s.Label + ", " + x.Label
			out = append(out, x)
		}
	}
	return append(out, v.Summary)
}

// bad keeps those of the fields that were refused.
func bad(list ...ui.Field) []ui.Field {
	var out []ui.Field
	for _, f := range list {
		if f.Error != "" {
			out = append(out, f)
		}
	}
	return out
}
