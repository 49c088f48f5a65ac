package web

import (
	"context"

	"mirabilia/internal/desk"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// deskParts are the parts of the desk that the queue can be narrowed to: the
// words, and the parameter that asks for it.
var deskParts = []struct{ text, name, value string }{
	{"All that waits", "kind", ""}, {"Edits", "kind", "edit"}, {"New places", "kind", "place"}, {"Pitches", "kind", "pitch"}, {"Imports", "kind", "import"},
	{"Photos", "kind", "photo"}, {"Notes", "kind", "note"}, {"Reports", "kind", "report"}, {"Field notes", "kind", "visit"}, {"Appeals", "appeal", "yes"},
	{"Held", "status", "held"}, {"Changes asked", "status", "changes"}, {"Live, to look at", "sampled", "yes"}, {"Published", "status", "published"}, {"Declined", "status", "declined"},
}

// deskChips are the parts of the desk, each with how much is there of the
// destination and the contributor that f keeps to.
func (s *Site) deskChips(ctx context.Context, o Own, f desk.Filter) ([]ui.Chip, error) {
	here := along(o.Query, "cursor", "kind", "status", "sampled", "appeal")
	filters := make([]desk.Filter, len(deskParts))
	chips := make([]ui.Chip, len(deskParts))
	all := true // nothing is asked for
	for i, p := range deskParts {
		part := desk.Filter{In: f.In, Author: f.Author, Appeals: p.name == "appeal", Sampled: p.name == "sampled"}
		switch p.name {
		case "kind":
			part.Kind = desk.Kind(p.value)
		case "status":
			part.Status = desk.Status(p.value)
		}
		filters[i] = part
		all = all && o.Query.Get(p.name) == ""
		chips[i] = ui.Chip{Text: say.T(ctx, p.text), Path: address("/desk", withValue(here, p.name, p.value)), Current: p.value != "" && o.Query.Get(p.name) == p.value}
	}
	chips[0].Current = all
	counts, err := s.Desk.Counts(ctx, o.Actor, filters)
	for i, n := range counts {
		most := min(n, desk.FarBack-1)
		chips[i].Count, chips[i].Over = &most, n >= desk.FarBack
	}
	return chips, err
}
