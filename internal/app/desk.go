package app

import (
	"context"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/draft"
	"mirabilia/internal/finder"
	"mirabilia/internal/job"
	"mirabilia/internal/logo"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/portrait"
	"mirabilia/internal/proposal"
	"mirabilia/internal/setting"
)

// newDesk joins desk and places: what members propose becomes a place, and what
// is imported without being published waits on the desk. A command that only
// imports has no finder.
func newDesk(d *db.DB, places *place.Places, f *finder.Finder, settings *setting.Book) (*desk.Desk, *proposal.Proposals) {
	subject := proposal.New(places, f, settings)
	desk := desk.New(d, settings, subject)
	places.SetQueue(proposal.Imports(desk))
	return desk, subject
}

// drafts joins drafts and the photos beside them.
func (a *App) drafts() *draft.Drafts {
	d := draft.New(a.db)
	d.Discarded = photo.Discard
	return d
}

// openDarkroom registers who makes the sizes of photos and who clears away what
// nobody wants any more.
func (a *App) openDarkroom() {
	job.Work(a.jobs, a.photos.Prepare, photo.Preparing{}.Limits())
	job.Work(a.jobs, func(ctx context.Context, _ photo.Sweeping) error { return a.photos.Sweep(ctx, a.desk.Ended) }, photo.Sweeping{}.Limits())
	a.jobs.Recur(photo.Sweeping{}, job.Every(time.Hour))
	logos := logo.New(a.blobs, a.studio, a.settings)
	job.Work(a.jobs, func(ctx context.Context, c logo.Clearing) error {
		return a.db.Write(ctx, func(tx *db.Tx) error { return logos.Clear(tx, c) })
	}, job.Limits{Together: 1})
	job.Work(a.jobs, func(ctx context.Context, _ portrait.Clearing) error { return a.portraits.Clear(ctx) }, portrait.Clearing{}.Limits())
	a.jobs.Recur(portrait.Clearing{}, job.Daily(4, 40, a.config.Zone()))
}
