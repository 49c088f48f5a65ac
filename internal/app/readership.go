package app

import (
	"context"
	"strings"
	"time"

	"mirabilia/internal/job"
	"mirabilia/internal/readership"
	"mirabilia/internal/web"
)

// countsWritten is how often what was read is written down.
const countsWritten = time.Minute

// openCounts makes the counts of what is read. Each node writes down its own;
// what is old is let go of by one.
func (a *App) openCounts() {
	a.counts = readership.New(a.db)
	job.Work(a.jobs, func(ctx context.Context, _ readership.Trimming) error { return a.counts.Trim(ctx) }, readership.Trimming{}.Limits())
	a.jobs.Recur(readership.Trimming{}, job.Daily(3, 40, a.config.Zone()))
}

// writeCounts writes them down until the context ends.
func (a *App) writeCounts(ctx context.Context) {
	for wait(ctx, countsWritten); ctx.Err() == nil; wait(ctx, countsWritten) {
		if err := a.counts.Write(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("what was read cannot be written down, trying again", "error", err)
		}
	}
}

// jobsNow tells the site how the jobs stand of which any waits or was given up.
func (a *App) jobsNow(ctx context.Context) (list []web.JobFigure, err error) {
	counts, err := job.Counts(ctx, a.db)
	for _, c := range counts {
		f := web.JobFigure{Kind: c.Kind, Waiting: c.Waiting, GivenUp: c.GaveUp}
		f.Fault, _, _ = strings.Cut(c.Fault, "\n")
		if !c.Oldest.IsZero() {
			f.Late = a.options.Now().Sub(c.Oldest)
		}
		list = append(list, f)
	}
	return list, err
}
