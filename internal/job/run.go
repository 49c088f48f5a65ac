package job

import (
	"context"
	"sync"
	"time"
)

const (
	// look is how late a node may notice jobs that another enqueued, or whose
	// time has come.
	look = time.Second
	// breath is the shortest time between two looks: the crew is woken by every
	// commit of this process, and most have no job in them.
	breath = 20 * time.Millisecond
	// stopTime is how long jobs may take to end when the crew is stopped; then
	// they are interrupted and given back.
	stopTime = 20 * time.Second
	// trouble is the wait after the database could not be asked.
	trouble = time.Second
)

// Run works jobs until the context ends, then lets those that run end. It
// returns when nothing of it runs any more.
func (c *Crew) Run(ctx context.Context) {
	work, interrupt := context.WithCancel(context.WithoutCancel(ctx))
	defer interrupt()
	r := &running{crew: c, work: work, jobs: map[int64]row{}, ended: make(chan struct{}, 1)}
	r.all.Go(func() { r.holdOn(work) })
	scheduled := time.Time{}
	for ctx.Err() == nil {
		committed := c.db.Committed() // before looking: what comes after wakes us
		if now := c.db.Now(); now.Sub(scheduled) >= look || now.Before(scheduled) {
			scheduled = now
			r.note(ctx, c.recur(ctx))
		}
		r.giveOut(ctx)
		pauseFor(ctx, breath)
		timer := time.NewTimer(look)
		select {
		case <-ctx.Done():
		case <-committed:
		case <-r.ended:
		case <-timer.C:
		}
		timer.Stop()
	}
	late := time.AfterFunc(stopTime, interrupt)
	r.working.Wait()
	late.Stop()
	interrupt()
	r.all.Wait()
}

// running is the state of a crew at work.
type running struct {
	crew    *Crew
	work    context.Context
	working sync.WaitGroup // jobs
	all     sync.WaitGroup // and what holds their leases
	mu      sync.Mutex
	jobs    map[int64]row
	ended   chan struct{} // a worker is free
}

// giveOut gives due jobs to free workers.
func (r *running) giveOut(ctx context.Context) {
	for _, name := range r.crew.names {
		k := r.crew.kinds[name]
		free := r.free(k)
		if free == 0 {
			continue
		}
		list, err := take(ctx, r.crew.db, name, free)
		r.note(ctx, err)
		for _, job := range list {
			r.begin(k, job)
			r.working.Go(func() {
				_, err := r.crew.try(r.work, k, job)
				r.end(k, job)
				r.note(r.work, err)
			})
		}
	}
}

func (r *running) free(k *kind) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return k.Together - k.busy
}

func (r *running) begin(k *kind, job row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k.busy++
	r.jobs[job.id] = job
}

func (r *running) end(k *kind, job row) {
	r.mu.Lock()
	k.busy--
	delete(r.jobs, job.id)
	r.mu.Unlock()
	select {
	case r.ended <- struct{}{}:
	default:
	}
}

// holdOn keeps the leases of running jobs.
func (r *running) holdOn(ctx context.Context) {
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		r.mu.Lock()
		list := make([]row, 0, len(r.jobs))
		for _, job := range r.jobs {
			list = append(list, job)
		}
		r.mu.Unlock()
		if len(list) > 0 {
			r.note(ctx, hold(ctx, r.crew.db, list))
		}
	}
}

// note tells of a database that could not be asked, and waits a little, so
// that a lost one is not asked in a circle.
func (r *running) note(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		r.crew.log.Warn("jobs cannot be taken or given back at the moment", "error", err)
		pauseFor(ctx, trouble)
	}
}

func pauseFor(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
