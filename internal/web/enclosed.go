package web

import (
	"context"
	"net/url"
	"slices"

	"mirabilia/internal/desk"
	"mirabilia/internal/photo"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// encloses reports whether photos can come with a submission.
func (s *Site) encloses(sub *desk.Submission) bool {
	return s.Photos != nil && (sub.Kind == desk.Place || sub.Kind == desk.Edit)
}

// enclosedViews are the photos that came with a submission, for its editor and
// for who sent it.
func (s *Site) enclosedViews(ctx context.Context, o Own, sub *desk.Submission, typed url.Values) (out []view.DeskEnclosed, err error) {
	if !s.encloses(sub) {
		return nil, nil
	}
	list, err := s.Photos.Of(ctx, o.Actor, sub.ID)
	if err != nil {
		return nil, err
	}
	for _, ph := range list {
		id := itoa64(ph.ID)
		e := view.DeskEnclosed{ID: id, Work: s.photoWork(ctx, ph), Take: !typed.Has("photos") || slices.Contains(typed["photo"], id)}
		if len(ph.URLs) > 0 {
			e.Picture = s.previewOf(ph)
		}
		if ph.Alt == "" {
			e.Notes = append(e.Notes, say.T(ctx, "It has no description for those who cannot see it."))
		}
		if ph.Licence == "permission" {
			e.Notes = append(e.Notes, say.T(ctx, "Only with the permission of its author."))
		}
		switch ph.State {
		case photo.Down:
			e.Badge = &ui.Badge{Text: say.T(ctx, "Left out"), Tone: "warn"}
		case photo.Hidden:
			e.Badge = &ui.Badge{Text: say.T(ctx, "Hidden while a report is looked at"), Tone: "warn"}
		}
		if ph.Alike != 0 {
			if e.Alike, err = s.alikePhoto(ctx, o.Actor, ph.Alike); err != nil {
				return nil, err
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// leaveOut reads which of the photos are not to be published along: those that
// the form showed and that are not ticked.
func (s *Site) leaveOut(ctx context.Context, o Own, sub *desk.Submission, v *desk.Verdict) error {
	if !s.encloses(sub) || !o.Form.Has("photos") {
		return nil
	}
	list, err := s.Photos.Of(ctx, o.Actor, sub.ID)
	for _, ph := range list {
		if !slices.Contains(o.Form["photo"], itoa64(ph.ID)) {
			v.Leave = append(v.Leave, ph.ID)
		}
	}
	return err
}
