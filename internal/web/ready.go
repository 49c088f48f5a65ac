package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/draft"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// What the desk hopes for; lengths are hints and stop nobody but an endless
// hook.
const (
	hookLeast, hookMost   = 20, 160
	aboutLeast, aboutMost = 120, 600
)

// readiness is how far a form is from what the desk publishes.
func (s *Site) readiness(ctx context.Context, w *writing, alike []view.Alike) view.Readiness {
	r := view.Readiness{}
	step := func(done bool, good, bad, control string) {
		r.Of++
		t := ui.Todo{State: "open", Text: bad, Path: "#f-" + control}
		if done {
			r.Done++
			t = ui.Todo{State: "done", Text: good}
		}
		r.Steps = append(r.Steps, t)
	}
	step(w.typed.Text("title") != "", say.T(ctx, "It has a name"), say.T(ctx, "Give it a name"), "title")
	hook := len([]rune(w.typed.Text("subtitle")))
	wrong := say.T(ctx, "A hook of one sentence")
	if hook > hookMost {
		wrong = say.T(ctx, "Shorten the hook")
	}
	step(hook >= hookLeast && hook <= hookMost, say.T(ctx, "A hook of one sentence"), wrong, "subtitle")
	s.positionSteps(ctx, w, step)
	words := w.typed.Words("body")
	switch {
	case words < aboutLeast:
		step(false, "", say.N(ctx, aboutLeast-words, "One more word would do", "%s more words would do"), "body")
	case words > aboutMost:
		step(false, "", say.N(ctx, words-aboutMost, "One word over what one reads standing", "%s words over what one reads standing"), "body")
	default:
		step(true, say.N(ctx, words, "One word about it", "%s words about it"), "", "body")
	}
	step(len(w.typed.Sources()) > 0, say.T(ctx, "A source"), say.T(ctx, "No source yet. Even a plaque counts"), "sources.0.title")
	dated := false
	for _, fact := range place.FactNames {
		dated = dated || w.typed.Text("facts."+fact+".value") != "" && w.typed.Text("facts."+fact+".checked") != ""
	}
	step(dated, say.T(ctx, "A fact, with its date"), say.T(ctx, "A fact and the day you checked it"), "facts")
	step(len(w.typed.Tags()) > 0, say.T(ctx, "A theme"), say.T(ctx, "A theme, so that it is found"), "tags")
	if w.Kind != draft.Edit {
		open := 0
		for _, a := range alike {
			if !a.Other {
				open++
			}
		}
		step(open == 0, say.T(ctx, "Not here already, as far as we see"), say.T(ctx, "Say whether it is here already"), "title")
	}
	s.photoSteps(ctx, w, step)
	step(w.typed["rights"] == "yes", say.T(ctx, "The text may be shared"), say.T(ctx, "Say that the text may be shared"), "rights")
	switch {
	case r.Done == r.Of:
		r.Heading = say.T(ctx, "Ready")
	case 2*r.Done >= r.Of:
		r.Heading = say.T(ctx, "Ready? Nearly")
	default:
		r.Heading = say.T(ctx, "Ready? Not yet")
	}
	return r
}

// positionSteps are about where it is: understood, on land, and in the country
// that the address names.
func (s *Site) positionSteps(ctx context.Context, w *writing, step func(bool, string, string, string)) {
	if w.at == nil && w.Kind == draft.Edit && !w.moved { // a protected place: its position is not shown
		step(true, say.T(ctx, "The position stays as it is"), "", "position")
		return
	}
	step(w.at != nil, say.T(ctx, "The position is understood"), say.T(ctx, "Say where it is"), "position")
	if w.at == nil {
		return
	}
	land := s.Gazetteer.Locate(w.at.Lat, w.at.Lon).Country
	said := s.countryOf(w.typed.Text("address"))
	switch {
	case land == nil:
		step(false, "", say.T(ctx, "That is in the sea, or in no country"), "position")
	case said != nil && said.CountryCode != land.CountryCode:
		step(false, "", say.T(ctx, "The position is in %s, the address says %s", land.Name, said.Name), "position")
	default:
		step(true, say.T(ctx, "On land, in %s", land.Name), "", "position")
	}
}

// countryOf is the country that the end of an address names, nil for none.
func (s *Site) countryOf(address string) *gazetteer.Node {
	_, last, cut := cutLast(address, ",")
	if !cut {
		return nil
	}
	last = strings.TrimSpace(last)
	for _, m := range s.Gazetteer.Search(last, 3) {
		if m.Level == gazetteer.Country && text.Fold(m.Matched) == text.Fold(last) {
			n := m.Node
			return &n
		}
	}
	return nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// alikeShown is how many places one is asked about, alikeLeast the score from
// which; editors see the less likely ones too.
const (
	alikeShown = 3
	alikeLeast = 0.5
)

// alike are the places that a new one may repeat, as far as the public knows.
func (s *Site) alike(ctx context.Context, w *writing) ([]view.Alike, error) {
	title := w.typed.Text("title")
	if w.Kind == draft.Edit || title == "" {
		return nil, nil
	}
	names := []string{title}
	for _, a := range w.typed.Aliases() {
		names = append(names, a.Name)
	}
	found, err := s.Proposals.Alike(ctx, names, w.at, 0)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(a proposal.Alike) bool { return a.Score < alikeLeast })
	return s.alikeViews(ctx, found[:min(len(found), alikeShown)], w.others)
}

// alikeViews are likely duplicates as pages show them.
func (s *Site) alikeViews(ctx context.Context, found []proposal.Alike, others []string) ([]view.Alike, error) {
	ids := make([]int64, len(found))
	for i, a := range found {
		ids[i] = a.ID
	}
	places, err := s.Places.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []view.Alike
	for _, a := range found {
		for _, p := range places {
			if p.ID != a.ID {
				continue
			}
			c := s.card(ctx, p)
			c.Want = ""
			if a.Metres >= 0 {
				c.Metres = &a.Metres
			}
			out = append(out, view.Alike{Card: c, Alike: int(100*a.Score + 0.5), Slug: p.Slug, Other: contains(others, p.Slug)})
		}
	}
	return out, nil
}

// alikeLine says how far one is and how much alike.
func alikeLine(ctx context.Context, a view.Alike) string {
	line := say.T(ctx, "%d %% alike", a.Alike)
	if a.Card.Metres != nil {
		line = geo.FormatDistance(*a.Card.Metres, "km") + ", " + line
	}
	return line
}

func itoa64(n int64) string { return strconv.FormatInt(n, 10) }
