package app

import (
	"context"

	"mirabilia/internal/job"
)

// ageing is the job that lets the health of entries follow the time.
type ageing struct{}

// Kind implements job.Args.
func (ageing) Kind() string { return "place.ageing" }

// openAgeing has confirmations counted anew each night: they weigh less with
// age, and by the rules that hold now.
func (a *App) openAgeing() {
	job.Work(a.jobs, a.age, job.Limits{Together: 1})
	a.jobs.Recur(ageing{}, job.Daily(3, 10, a.config.Zone()))
}

func (a *App) age(ctx context.Context, _ ageing) error {
	for after := int64(0); ; {
		next, _, err := a.places.Age(ctx, after)
		if err != nil || next == 0 {
			return err
		}
		after = next
	}
}
