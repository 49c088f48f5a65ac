package web

import (
	"context"

	"mirabilia/internal/desk"
	"mirabilia/internal/linkcheck"
	"mirabilia/internal/outbound"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// passedWords say what the checks looked at and found in order.
var passedWords = map[string]string{
	"blocked": "No word and no link that is held for review", "sea": "The position is on land", "country": "The position lies in the country that was named",
	"copied": "Its text stands in no other entry", "length": "It is long enough", "promotional": "It does not sound like an advertisement", "sources": "It names a source",
	"licence": "It says what its text may be used for", "position-in-text": "Its words do not tell where a protected place lies",
	"alike": "It looks like no other photo", "alt": "It has a description for those who cannot see it",
}

// matterChecks are the checks that a matter goes through when it comes in.
var matterChecks = map[desk.Kind][]string{desk.Photo: {"blocked", "alike", "alt"}, desk.Note: {"blocked"}, desk.Visit: {"blocked"}, desk.Report: {"blocked"}}

// markPassed lists the checks that looked at a submission and noticed nothing. as
// is what they looked at.
func (s *Site) markPassed(ctx context.Context, as *desk.Submission, v *view.DeskOne) error {
	names := withoutFindings(matterChecks[as.Kind], as.Findings)
	if !as.Matter() {
		var err error
		if names, err = s.Proposals.Passed(ctx, as); err != nil {
			return err
		}
	}
	for _, name := range names {
		v.Passed = append(v.Passed, ui.Todo{State: "done", Text: say.T(ctx, passedWords[name])})
	}
	return nil
}

func withoutFindings(names []string, found []desk.Finding) (out []string) {
	noticed := map[string]bool{}
	for _, f := range found {
		noticed[f.Check] = true
	}
	for _, name := range names {
		if !noticed[name] {
			out = append(out, name)
		}
	}
	return out
}

// markLinks adds to what the checks noticed how the addresses are that a
// submission names; those that are new are looked at meanwhile.
func (s *Site) markLinks(ctx context.Context, sub *desk.Submission, v *view.DeskOne) error {
	if s.Links == nil {
		return nil
	}
	var texts []string
	for _, name := range sub.Fields.Names() {
		texts = append(texts, string(sub.Fields[name]))
	}
	list, err := s.Links.Known(ctx, linkcheck.In(texts...))
	alive := 0
	for _, l := range list {
		switch l.Health {
		case outbound.Gone, outbound.Failing, outbound.Barred:
			v.Checks = append(v.Checks, ui.Todo{State: "open", Text: say.T(ctx, "%s: %s", l.Address, linkWords(ctx, l))})
		case outbound.Alive:
			alive++
		}
	}
	if alive > 0 {
		v.Passed = append(v.Passed, ui.Todo{State: "done", Text: say.N(ctx, alive, "An address that it names answers", "%s addresses that it names answer")})
	}
	return err
}
