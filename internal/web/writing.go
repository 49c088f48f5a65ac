package web

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"mirabilia/internal/desk"
	"mirabilia/internal/draft"
	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/entry"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// writing is one form on its way: what was typed, what it is about, and what
// was made of it.
type writing struct {
	draft.Draft
	path  string // of the form
	typed entry.Values
	// others are slugs of places that are said to be other ones.
	others  []string
	besides besides
	kept    time.Time // zero: not yet
	anew    bool      // a draft was passed over

	place *place.Place    // that an edit is of
	base  revision.Fields // what the form began from

	at      *geo.Public
	moved   bool
	said    string // what was made of the position
	unasked bool   // it may be an address, which could not be looked up
	choices []ui.Option

	faults    map[string]string // by the names of controls
	conflicts []revision.Conflict
	now       revision.Fields // of a place in conflict
	rows      map[string]int  // rows that are asked for, by list
	dead      []string        // addresses of the place that answer no longer
}

func (w *writing) fault(name, message string) {
	if w.faults == nil {
		w.faults = map[string]string{}
	}
	if w.faults[name] == "" {
		w.faults[name] = message
	}
}

// othersKey is where a draft keeps the places that are said to be other ones.
const othersKey = "other"

// read takes what was sent into a form that was begun.
func (w *writing) read(sent url.Values) {
	w.typed = entry.Read(sent)
	w.besides.typed = readAbouts(sent)
	w.others = w.others[:0]
	for _, slug := range sent["other"] {
		if slug != "" && len(w.others) < 50 && !slices.Contains(w.others, slug) {
			w.others = append(w.others, slug)
		}
	}
}

// resume takes a kept draft into the form.
func (w *writing) resume(d *draft.Draft) {
	w.Draft, w.kept, w.typed = *d, d.Kept, entry.Values{}
	for name, s := range d.Typed {
		if name == othersKey {
			w.others = strings.Fields(s)
			continue
		}
		w.typed[name] = s
	}
}

// toKeep is the draft as it is kept.
func (w *writing) toKeep() draft.Draft {
	d := w.Draft
	d.Title = w.typed.Text("title")
	if d.Title == "" && w.place != nil {
		d.Title = w.place.Title
	}
	d.Typed = map[string]string{}
	for name, s := range w.typed {
		d.Typed[name] = s
	}
	if len(w.others) > 0 {
		d.Typed[othersKey] = strings.Join(w.others, " ")
	}
	return d
}

// locate makes a position of what was typed. Street addresses are asked of the
// geocoder only when ask says so: not at every keystroke.
func (s *Site) locate(ctx context.Context, w *writing, ask bool) {
	before := entry.Of(w.base, func(slug string) string { return slug })["position"]
	words := w.typed.Text("position")
	w.moved = words != before
	if !w.moved {
		w.at = positionOf(w.base)
		if w.at != nil {
			w.said = say.T(ctx, "As it is: %s", s.understood(*w.at))
		}
		return
	}
	if words == "" {
		return
	}
	if spot, err := geo.ParsePosition(w.typed.Text("spot")); err == nil && w.typed.Text("spot") != "" {
		w.at = &spot
	}
	var spots []spot
	if at, ok := s.seek().Position(words); ok {
		spots, w.at = []spot{{name: geo.FormatDecimal(at), at: at}}, &at
	} else if ask {
		spots, w.unasked = s.spots(ctx, words)
		// What was chosen among those of other words is none of these.
		if w.at != nil && !w.unasked && !slices.ContainsFunc(spots, func(p spot) bool { return geo.FormatDecimal(p.at) == geo.FormatDecimal(*w.at) }) {
			w.at = nil
		}
	}
	switch {
	case len(spots) == 0 && w.at == nil && w.unasked:
		w.said = say.T(ctx, "Addresses cannot be looked up just now. Coordinates will do, or the nearest town.")
		return
	case len(spots) == 0 && w.at == nil:
		w.said = say.T(ctx, "Not understood yet. Try “57.4489, 9.7744”, or the nearest town.")
		return
	case len(spots) == 1 && w.at == nil:
		w.at = &spots[0].at
	case len(spots) > 1:
		for _, p := range spots {
			value := geo.FormatDecimal(p.at)
			w.choices = append(w.choices, ui.Option{Value: value, Text: p.name, Selected: w.at != nil && geo.FormatDecimal(*w.at) == value})
		}
	}
	if w.at == nil {
		w.said = say.T(ctx, "Several places are called so.")
		return
	}
	w.said = say.T(ctx, "Understood: %s", s.understood(*w.at))
}

// understood names a point: its degrees, and where that is.
func (s *Site) understood(at geo.Public) string {
	parts := []string{geo.FormatDecimal(at)}
	l := s.Gazetteer.Locate(at.Lat, at.Lon)
	if l.City != nil {
		parts = append(parts, l.City.Name)
	} else if l.Region != nil {
		parts = append(parts, l.Region.Name)
	}
	if l.Country != nil {
		parts = append(parts, l.Country.Name)
	}
	return strings.Join(parts, ", ")
}

// positionOf is the position that fields say, nil for none.
func positionOf(f revision.Fields) *geo.Public {
	lat, ok := f.Number("lat")
	lon, also := f.Number("lon")
	if !ok || !also {
		return nil
	}
	return &geo.Public{Lat: lat, Lon: lon}
}

// fields are what the form says now.
func (w *writing) fields() revision.Fields { return w.typed.Fields(w.base, w.at, w.moved) }

// proposal is what is sent to the desk.
func (w *writing) proposal() desk.Proposal {
	p := desk.Proposal{Draft: w.ID, ID: w.Mends, Kind: desk.Kind(w.Kind), Place: w.Place, Base: w.Base, Summary: w.typed.Text("summary")}
	switch w.Kind {
	case draft.Edit:
		p.Fields = entry.Changed(w.base, w.fields())
	case draft.Pitch:
		p.Fields = revision.Fields{}
		all := w.fields()
		for _, name := range []string{"title", "body", "lat", "lon"} {
			if v, ok := all[name]; ok {
				p.Fields[name] = v
			}
		}
		if w.at == nil {
			p.Fields.Set("address", w.typed.Text("position"))
		}
	default:
		p.Fields = w.fields()
	}
	return p
}

// check looks the form over before it is sent.
func (s *Site) check(ctx context.Context, w *writing) {
	if w.typed.Text("title") == "" {
		w.fault("title", say.T(ctx, "A name is needed. What does it say on the sign?"))
	}
	title := w.typed.Text("title")
	if n := utf8.RuneCountInString(title); n > proposal.MaxTitle && title != w.base.Text("title") {
		w.fault("title", say.T(ctx, "%d of %d characters. The name alone will do; the rest is for the hook.", n, proposal.MaxTitle))
	}
	s.checkPosition(ctx, w)
	if w.Kind == draft.Pitch {
		if w.typed.Text("body") == "" {
			w.fault("body", say.T(ctx, "Say in a sentence or two what makes it worth a detour."))
		}
		return
	}
	hook := w.typed.Text("subtitle")
	if n := len([]rune(hook)); n > hookMost && hook != w.base.Text("subtitle") {
		w.fault("subtitle", say.T(ctx, "%d of %d characters. Keep what would make a friend turn the car round.", n, hookMost))
	}
	if w.typed["rights"] != "yes" {
		w.fault("rights", say.T(ctx, "Only what may be shared can be published."))
	}
	s.checkParts(ctx, w)
	w.checkBeside(ctx)
	if w.Kind == draft.Edit && !w.picturesAlone() && (!w.besides.failed() || len(w.proposal().Fields) > 0) {
		if w.typed.Text("summary") == "" {
			w.fault("summary", say.T(ctx, "Say in a few words what you changed, and how you know."))
		}
		if len(w.proposal().Fields) == 0 {
			w.fault("title", say.T(ctx, "Nothing has changed yet."))
		}
	}
}

func (s *Site) checkPosition(ctx context.Context, w *writing) {
	switch {
	case w.at != nil:
	case len(w.choices) > 0:
		w.fault("position", say.T(ctx, "Several places are called so. Choose one below."))
	case w.typed.Text("position") != "" && w.Kind != draft.Pitch && w.unasked:
		w.fault("position", say.T(ctx, "Addresses cannot be looked up just now. Coordinates will do, or the nearest town."))
	case w.typed.Text("position") != "" && w.Kind != draft.Pitch:
		w.fault("position", say.T(ctx, "This is no position we can read. Coordinates in any notation will do, or the nearest town."))
	case w.typed.Text("position") == "" && w.Kind != draft.Edit:
		w.fault("position", say.T(ctx, "Where is it? Coordinates in any notation will do, or the nearest town."))
	}
}

// checkParts holds dates and addresses to their forms, each at its control.
func (s *Site) checkParts(ctx context.Context, w *writing) {
	day := func(name string) {
		if v := w.typed.Text(name); v != "" && !isDay(v) {
			w.fault(name, say.T(ctx, "Write a day as 2026-05-31, or a month or year alone."))
		}
	}
	link := func(name string) {
		if v := w.typed.Text(name); v != "" && !isLink(v) {
			w.fault(name, say.T(ctx, "An address begins with https:// and has no spaces."))
		}
	}
	day("status_date")
	day("status_until")
	link("website")
	for _, fact := range place.FactNames {
		day("facts." + fact + ".checked")
	}
	for i := range w.typed.RowsOf("sources", entry.SourceParts) {
		at := "sources." + strconv.Itoa(i) + "."
		link(at + "url")
		link(at + "archived")
		day(at + "date")
	}
	for _, name := range w.typed.Halves(w.base) {
		list, _, _ := strings.Cut(name, ".")
		w.fault(name, say.T(ctx, halves[list]))
	}
}

// halves are what is asked where a control was left empty without which those
// beside it would not be kept.
var halves = map[string]string{
	"facts":   "Say it here, or empty what is beside it.",
	"sources": "Say what it is, or give its address. A date or an archived copy alone is no source.",
	"aliases": "Which name is it, in that language?",
}

func isDay(s string) bool {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.ContainsAny(s, " \"<>\\^`{|}")
}

// blames reports whether a control whose name begins so has a message already.
func (w *writing) blames(prefix string) bool {
	for name := range w.faults {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// blame puts what the desk refused beside the controls it is about; false when
// it is about none of them.
func (w *writing) blame(err error) bool {
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return false
	}
	for _, f := range e.Fields {
		name := w.typed.Control(f.Field)
		if w.blames(name + ".") { // a control of it says the same, and which it is
			continue
		}
		switch name {
		case "lat", "lon", "country_code":
			name = "position"
		case "facts":
			name = "facts.hours.value"
		case "sources":
			name = "sources.0.title"
		case "aliases":
			name = "aliases.0.name"
		}
		w.fault(name, upperFirst(f.Message)+".")
	}
	return true
}
