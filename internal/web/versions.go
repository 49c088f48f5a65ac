package web

import (
	"context"

	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
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
	if len(mended) == 0 || sub.Kind == desk.Import {
		return nil
	}
	sent := base.With(sub.Fields)
	return differences(ctx, sent, sent.With(mended))
}
