package app

import (
	"context"

	"mirabilia/internal/demo"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
)

// fillDemo imports the demo into an empty atlas; one that holds anything is
// left alone.
func (a *App) fillDemo(ctx context.Context) error {
	empty, err := a.places.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	list, err := demo.Records()
	if err != nil {
		return err
	}
	records := make([]place.Record, len(list))
	for i := range list {
		records[i] = placeRecord(list[i])
	}
	total, err := a.places.Import(ctx, records, place.ImportOptions{
		Publish: true, Source: demo.Source, By: place.Credit{Name: demo.Author},
		Report: func(n int, failed bool, reason string) {
			a.log.Warn("demo", "place", list[n].ID, "left out", reason)
		},
	})
	if err == nil && total.Failed > 0 {
		err = errs.New(errs.Internal, "%d places of the demo could not be imported", total.Failed)
	}
	if err != nil {
		return err
	}
	return a.illustrateDemo(ctx)
}
