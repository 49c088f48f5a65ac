package web

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// sinceAsked is what its author changed in a submission after an editor had asked
// for it, nil where it was sent once.
func (s *Site) sinceAsked(ctx context.Context, sub *desk.Submission) (*view.Since, error) {
	if sub.Earlier == nil {
		return nil, nil
	}
	was, is, err := s.bothVersions(ctx, sub)
	if err != nil {
		return nil, err
	}
	v := &view.Since{When: view.Moment(ctx, sub.Earlier.At)}
	if old := sub.Earlier.Summary; old != sub.Summary {
		c := ui.Changed{Label: say.T(ctx, "Summary")}
		var added, removed int
		c.Now, c.Proposed, added, removed = sides(old, sub.Summary)
		c.Note = wordsNote(ctx, added, removed)
		v.Changes = append(v.Changes, c)
	}
	v.Changes = append(v.Changes, differences(ctx, was, is)...)
	return v, nil
}

// bothVersions are an entry as the two versions of a submission would have it. An
// edit that was brought onto a newer revision meanwhile is compared there, so that
// what others changed is not taken for its author's.
func (s *Site) bothVersions(ctx context.Context, sub *desk.Submission) (was, is revision.Fields, err error) {
	was, is = sub.Earlier.Fields, sub.Fields
	if sub.Kind != desk.Edit {
		return was, is, nil
	}
	before, err := s.Places.Revision(ctx, sub.Place, sub.Earlier.Base)
	if err == nil {
		var now revision.Fields
		if now, err = s.Places.Revision(ctx, sub.Place, sub.Base); err == nil {
			then, conflicts := place.MergeRules.Merge(before, before.With(was), now)
			for _, c := range conflicts {
				then = then.With(revision.Fields{c.Field: c.Mine})
			}
			return then, now.With(is), nil
		}
	}
	if tellable(err) || errs.Is(err, errs.Moved) { // the place is not public any more: only the words are left
		err = nil
	}
	return was, is, err
}

// mendedChanges are what an editor changed in a submission that they published;
// base is the place before it.
func mendedChanges(ctx context.Context, sub *desk.Submission, base revision.Fields) []ui.Changed {
	mended := sub.Mended()
	if len(mended) == 0 || sub.Kind == desk.Import || sub.Matter() {
		return nil
	}
	sent := base.With(sub.Fields)
	return differences(ctx, sent, sent.With(mended))
}

// rewordedPhotos are what an editor changed in the words about the photos of a
// submission: of one that is a photo, or brought some along.
func (s *Site) rewordedPhotos(ctx context.Context, who actor.Actor, sub *desk.Submission) (out []ui.Changed, err error) {
	if s.Photos == nil {
		return nil, nil
	}
	if sub.Kind == desk.Photo {
		ph, err := s.Photos.Find(ctx, who, sub.ID)
		if err != nil {
			return nil, orShown(err)
		}
		return reworded(ctx, ph, ""), nil
	}
	if !s.encloses(sub) {
		return nil, nil
	}
	list, err := s.Photos.Of(ctx, who, sub.ID)
	for i, ph := range list {
		out = append(out, reworded(ctx, ph, say.T(ctx, "Photograph %d", i+1)+": ")...)
	}
	return out, err
}

// orShown is an error that is ours; nil for a thing that is only not there.
func orShown(err error) error {
	if tellable(err) {
		return nil
	}
	return err
}

// reworded compares what is written about a photo with what its sender wrote.
func reworded(ctx context.Context, ph *photo.Photo, which string) (out []ui.Changed) {
	if ph.Written == nil {
		return nil
	}
	sent, now := ph.Written, ph.About()
	for _, x := range []struct{ name, label, was, is string }{
		{"caption", say.T(ctx, "Caption"), sent.Caption, now.Caption},
		{"alt", say.T(ctx, "Description for those who cannot see it"), sent.Alt, now.Alt},
		{"credit", say.T(ctx, "Whose picture it is"), sent.Credit, now.Credit},
		{"licence", say.T(ctx, "Licence"), ui.LicenceName(sent.Licence), ui.LicenceName(now.Licence)},
	} {
		if x.was == x.is {
			continue
		}
		c := ui.Changed{ID: "photo-" + itoa64(ph.ID) + "-" + x.name, Label: which + x.label}
		var added, removed int
		c.Now, c.Proposed, added, removed = sides(x.was, x.is)
		c.Note = wordsNote(ctx, added, removed)
		out = append(out, c)
	}
	return out
}
