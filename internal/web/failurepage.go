package web

import (
	"bytes"
	"context"

	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// brokenPage is the page of a failure of ours, rendered beforehand, so that it
// can be shown when nothing else works: the reference goes in between.
type brokenPage struct{ before, after []byte }

// gap stands where the reference of a failure will be.
const gap = "reference-goes-here"

// renderBroken renders it with settings: at the start with the defaults, later
// with those that were last read.
func (s *Site) renderBroken(set *setting.Settings) error {
	body, err := s.renderFailure(context.Background(), set, 500, errs.New(errs.Internal, ""), gap)
	if err != nil {
		return err
	}
	before, after, _ := bytes.Cut(body, []byte(gap))
	s.broken.Store(&brokenPage{before, after})
	return nil
}

// failurePage is the page of an error. It never fails: where it cannot be
// rendered the one made at the start is shown.
func (s *Site) failurePage(ctx context.Context, status int, e *errs.Error, reference string) []byte {
	if status < 500 {
		if set, err := s.Settings.Present(ctx); err == nil {
			if body, err := s.renderFailure(ctx, set, status, e, reference); err == nil {
				return body
			}
		}
	}
	broken := s.broken.Load()
	return append(append(append([]byte(nil), broken.before...), reference...), broken.after...)
}

func (s *Site) renderFailure(ctx context.Context, set *setting.Settings, status int, e *errs.Error, reference string) ([]byte, error) {
	title := say.T(ctx, "That did not work")
	if status == 404 {
		title = say.T(ctx, "Not on the map")
	}
	v := view.FailurePage{
		Base:   view.Base{Title: title, Lang: "en", Site: s.frame(set), Assets: s.assetPaths(set), NoIndex: true},
		Status: status, Message: e.Message, Fields: e.Fields, Reference: reference,
	}
	v.Finds = status != 429 && status < 500
	if status == 404 {
		v.Message, v.Picture = "", drawn("/pictures/nemo", locatorCard)
	}
	if status == 410 && !e.Since.IsZero() {
		v.Since = say.Date(ctx, e.Since)
		if s.Reports != nil {
			v.Why = s.whyDown(ctx, e.Location)
			v.Object = ui.Link{Text: say.T(ctx, "Ask for a second look"), Path: e.Location}
		}
	}
	if len(e.Fields) > 0 {
		v.Message = say.T(ctx, "A part of it is not what this page understands:")
	}
	return view.Bytes(ctx, view.Failure(v))
}
