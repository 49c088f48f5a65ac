package app

import (
	"context"
	"time"

	"mirabilia/internal/api"
	"mirabilia/internal/campaign"
	"mirabilia/internal/changes"
	"mirabilia/internal/job"
	"mirabilia/internal/linkcheck"
	"mirabilia/internal/outbound"
	"mirabilia/internal/seal"
	"mirabilia/internal/webhook"
)

// tellOthers joins what calls other servers on strangers' word, all through one
// guard.
func (a *App) tellOthers(key []byte, calls *api.API) error {
	allowed, err := a.config.Allowed()
	if err != nil {
		return err
	}
	closed, err := seal.New(key)
	if err != nil {
		return err
	}
	guard := outbound.NewGuard(allowed, a.config.URL)
	a.hooks = webhook.New(a.db, closed, guard, func(ctx context.Context, part []changes.Change) ([]any, error) {
		list, err := calls.Named(ctx, part)
		items := make([]any, len(list))
		for i, item := range list {
			items[i] = item
		}
		return items, err
	})
	// A round of messages to a receiver that is slow but answers.
	job.Work(a.jobs, a.hooks.Send, job.Limits{Together: 4, Time: 5 * time.Minute})
	job.Work(a.jobs, a.hooks.Wake, job.Limits{Together: 1})
	a.jobs.Recur(webhook.Wake{}, job.Every(5*time.Minute))

	a.links = linkcheck.New(a.db, a.places, guard)
	// Addresses one after the other, each of which may take its ten seconds.
	job.Work(a.jobs, a.links.Look, job.Limits{Together: 1, Time: 5 * time.Minute})
	job.Work(a.jobs, a.links.Gather, job.Limits{Together: 1, Time: time.Hour})
	a.campaigns = campaign.New(a.db, a.places, a.links)
	// A campaign asks about every place of the atlas.
	job.Work(a.jobs, a.campaigns.Gather, job.Limits{Together: 1, Time: time.Hour})
	a.jobs.Recur(linkcheck.Gather{}, job.Daily(3, 40, a.config.Zone()))
	return nil
}

// wakeHooks has receivers told of what the log has got. When it cannot, they
// are told a little later.
func (a *App) wakeHooks(ctx context.Context) {
	if a.hooks == nil { // a command that only reads
		return
	}
	if err := a.hooks.Wake(ctx, webhook.Wake{}); err != nil && ctx.Err() == nil {
		a.log.Warn("webhooks are told of changes later", "error", err)
	}
}
