package web

import (
	"context"
	"net/url"

	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// visitReasons are the words that go with the reasons to dismiss a field note.
var visitReasons = map[string]string{
	"unverifiable": "Thank you for telling us. We could not find out that it is so, and leave the entry as it is. A photograph or a page that says it would help.",
	"duplicate":    "Thank you for telling us. The entry says so already.",
	"other":        "",
}

// statusFirst is the status that a field note most likely comes to.
var statusFirst = map[mark.Still]place.Status{mark.Changed: place.Altered, mark.Shut: place.Closed}

// deskVisit is what a visitor found, with what an editor may make of it.
func (s *Site) deskVisit(ctx context.Context, sub *desk.Submission, typed url.Values, v *view.DeskOne) error {
	n, err := s.Marks.Note(ctx, sub.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	v.Publish = say.T(ctx, "Take it up")
	f := &view.DeskFound{Says: sub.Summary, Words: n.Words}
	if n.Day != "" {
		f.Day = say.T(ctx, "Found %s", say.Day(ctx, n.Day))
	}
	f.Status = ui.Field{ID: "f-how", Name: "how", Label: say.T(ctx, "What the entry says then"), Hint: say.T(ctx, "Since the month of the visit, in your name.")}
	chosen := string(statusFirst[n.Says])
	if typed.Has("how") {
		chosen = typed.Get("how")
	}
	f.Status.Options = []ui.Option{{Value: "", Text: say.T(ctx, "The same as now: it is mended otherwise"), Selected: chosen == ""}}
	for _, st := range place.StatusesFound {
		f.Status.Options = append(f.Status.Options, ui.Option{Value: string(st), Text: say.T(ctx, statusNames[st]), Selected: chosen == string(st)})
	}
	p, err := s.Places.ByID(ctx, place.PublicID(sub.Place))
	switch {
	case err == nil:
		v.Page = p.Path()
		f.Now = say.T(ctx, "The entry says: %s", say.T(ctx, statusNames[p.Status]))
		f.Edit = ui.Link{Text: say.T(ctx, "Edit the entry"), Path: p.Path() + "/edit"}
	case !tellable(err) && !errs.Is(err, errs.Moved):
		return err
	}
	v.Found = f
	return nil
}
