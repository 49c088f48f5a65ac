package web

import (
	"context"
	"errors"
	"slices"

	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// outcomeWords say what came of a visit, privacyWords who may see something.
var (
	outcomeWords = map[mark.Outcome]string{mark.Found: "Found it", mark.NotFound: "Could not find it", mark.Closed: "It was closed", mark.NoAccess: "No access"}
	stillWords   = map[mark.Still]string{mark.Unsaid: "I would rather not say", mark.Same: "Still there as described", mark.Changed: "It has changed", mark.Shut: "Closed or gone"}
	privacyWords = map[mark.Privacy]string{mark.Me: "Only you see it", mark.Followers: "Those who follow you see it", mark.Public: "Everyone sees it"}
)

func outcomeBadge(ctx context.Context, o mark.Outcome) ui.Badge {
	if o == mark.Found {
		return ui.Badge{Text: say.T(ctx, outcomeWords[o]), Tone: "been", Icon: "check"}
	}
	return ui.Badge{Text: say.T(ctx, outcomeWords[o]), Tone: "warn"}
}

// visitForm fills the form of a visit, with messages beside what is wrong.
func visitForm(ctx context.Context, v mark.Visit, faults []errs.Field) view.VisitForm {
	f := view.VisitForm{
		Day:     ui.Field{ID: "v-day", Name: "day", Label: say.T(ctx, "When"), Hint: say.T(ctx, "A day, a month or a year: 2026-11-03, 2026-11 or 2026."), Value: v.Day, Required: true, Inputmode: "numeric"},
		Outcome: ui.Field{ID: "v-outcome", Name: "outcome", Label: say.T(ctx, "What came of it")},
		Privacy: ui.Field{ID: "v-privacy", Name: "privacy", Label: say.T(ctx, "Who may see it")},
		Still:   ui.Field{ID: "v-still", Name: "still", Label: say.T(ctx, "Is it as its page says?"), Hint: say.T(ctx, "That it is still there is counted, without your name. That it is not is read by an editor.")},
		Told:    ui.Field{ID: "v-told", Name: "told", Label: say.T(ctx, "What is different"), Hint: say.T(ctx, "For the editor alone, where it has changed or is gone. What was mended, moved, shut, and since when."), Value: v.Told, Lines: 2, Class: "low"},
		Note:    ui.Field{ID: "v-note", Name: "note", Label: say.T(ctx, "A note"), Hint: say.T(ctx, "What you would tell a friend before going."), Value: v.Note, Lines: 4},
	}
	for _, o := range mark.Outcomes {
		f.Outcome.Options = append(f.Outcome.Options, ui.Option{Value: string(o), Text: say.T(ctx, outcomeWords[o]), Selected: o == v.Outcome})
	}
	for _, x := range mark.Stills {
		f.Still.Options = append(f.Still.Options, ui.Option{Value: string(x), Text: say.T(ctx, stillWords[x]), Selected: x == v.Still})
	}
	for _, p := range mark.Privacies {
		f.Privacy.Options = append(f.Privacy.Options, ui.Option{Value: string(p), Text: say.T(ctx, privacyWords[p]), Selected: p == v.Privacy})
	}
	for _, field := range []*ui.Field{&f.Day, &f.Outcome, &f.Still, &f.Told, &f.Privacy, &f.Note} {
		for _, x := range faults {
			if x.Field == field.Name {
				field.Error = say.T(ctx, x.Message)
				f.Faults = append(f.Faults, *field)
			}
		}
	}
	return f
}

// visitsSeen says where a visit is shown to fewer than its own choice allows, ""
// where the choice decides.
func visitsSeen(ctx context.Context, most mark.Privacy) string {
	switch most {
	case mark.Me:
		return say.T(ctx, "Your settings show your visits to you alone: nobody else sees this one before you change that there.")
	case mark.Followers:
		return say.T(ctx, "Your settings show your visits to those who follow you: nobody else sees this one before you change that there.")
	}
	return ""
}

// narrower is the one of two choices that shows something to fewer.
func narrower(a, b mark.Privacy) mark.Privacy {
	return mark.Privacies[min(slices.Index(mark.Privacies, a), slices.Index(mark.Privacies, b))]
}

// faultsOf are the single fields that an error is about.
func faultsOf(err error) ([]errs.Field, bool) {
	var e *errs.Error
	if errors.As(err, &e) && e.Code == errs.Invalid && len(e.Fields) > 0 {
		return e.Fields, true
	}
	return nil, false
}

// stillBadge says how a visitor found a place beside its entry, nil for nothing.
func stillBadge(ctx context.Context, s mark.Still) *ui.Badge {
	switch s {
	case mark.Unsaid:
		return nil
	case mark.Same:
		return &ui.Badge{Text: say.T(ctx, stillWords[s]), Tone: "been", Icon: "check"}
	}
	return &ui.Badge{Text: say.T(ctx, stillWords[s]), Tone: "info"}
}
