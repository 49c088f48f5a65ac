package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"mirabilia/internal/db"
)

// Limits is what one kind of job may take; the zero value is good for most.
type Limits struct {
	Together int           // how many are worked at once on a node; 0 is 2
	Time     time.Duration // how long one try may take; 0 is a minute
	Attempts int           // tries before it is given up; 0 is 12, spread over half a day
}

// Crew works the jobs of an atlas.
type Crew struct {
	db        *db.DB
	log       *slog.Logger
	kinds     map[string]*kind
	names     []string // in the order of Work
	schedules []schedule
}

type kind struct {
	name string
	Limits
	work func(context.Context, []byte) error
	busy int // guarded by the loop that gives out the jobs
}

// NewCrew makes a crew that can do nothing yet: see Work.
func NewCrew(d *db.DB, log *slog.Logger) *Crew {
	c := &Crew{db: d, log: log, kinds: map[string]*kind{}}
	c.Recur(tidying{}, Every(24*time.Hour))
	Work(c, func(ctx context.Context, _ tidying) error { return tidy(ctx, d) }, Limits{Together: 1})
	return c
}

type tidying struct{}

func (tidying) Kind() string { return "job.tidy" }

// Work registers who works the jobs that carry an A, before the crew runs.
// A panic of the worker counts as a failed try.
func Work[A Args](c *Crew, worker func(context.Context, A) error, l Limits) {
	var zero A
	if l.Together <= 0 {
		l.Together = 2
	}
	if l.Time <= 0 {
		l.Time = time.Minute
	}
	if l.Attempts <= 0 {
		l.Attempts = 12
	}
	k := &kind{name: zero.Kind(), Limits: l, work: func(ctx context.Context, text []byte) error {
		var args A
		if err := json.Unmarshal(text, &args); err != nil {
			return Hopeless(fmt.Errorf("the job cannot be read: %w", err))
		}
		return worker(ctx, args)
	}}
	if c.kinds[k.name] != nil {
		panic("job: two workers for kind " + k.name)
	}
	c.kinds[k.name] = k
	c.names = append(c.names, k.name)
}

// Kinds names the kinds of jobs that the crew can do.
func (c *Crew) Kinds() []string { return slices.Clone(c.names) }

// Hopeless marks an error that no further try will mend: the job is given up
// at once.
func Hopeless(err error) error { return &hopeless{err} }

type hopeless struct{ error }

func (h *hopeless) Unwrap() error { return h.error }

// Later is returned by a worker that could not begin: the job waits so long and
// this try does not count.
func Later(wait time.Duration) error { return later(wait) }

type later time.Duration

func (l later) Error() string { return "not before " + time.Duration(l).String() + " have passed" }

// Drain works every job that is due, and what those jobs enqueue, in the
// caller's goroutine: for tests, which then need not wait. It gives the number
// of tries, and what failed joined into one error; a job that failed waits for
// its next try as always.
func (c *Crew) Drain(ctx context.Context) (tries int, err error) {
	if err := c.recur(ctx); err != nil {
		return 0, err
	}
	for {
		before := tries
		for _, name := range c.names {
			k := c.kinds[name]
			list, bad := take(ctx, c.db, name, k.Together)
			if bad != nil {
				return tries, errors.Join(err, bad)
			}
			for _, r := range list {
				tries++
				failed, bad := c.try(ctx, k, r)
				err = errors.Join(err, failed)
				if bad != nil {
					return tries, errors.Join(err, bad)
				}
			}
		}
		if tries == before {
			return tries, err
		}
	}
}

// try works one job and puts it where it then belongs. failed is the worker's
// error, err the database's.
func (c *Crew) try(ctx context.Context, k *kind, r row) (failed, err error) {
	if r.attempts > k.Attempts { // its worker never came to an end, not even a bad one
		failed = Hopeless(errors.New("each try ended with the whole program, or took longer than its lease"))
	} else {
		failed = c.work(ctx, k, r)
	}
	// What came of the work is written down even when the crew is being stopped.
	write := context.WithoutCancel(ctx)
	var wait later
	var lost *hopeless
	switch {
	case failed == nil:
		return nil, r.done(write, c.db)
	case errors.As(failed, &wait):
		return nil, r.again(write, c.db, time.Duration(wait), r.attempts-1, "")
	case ctx.Err() != nil: // stopped in the middle: no fault of the job
		return nil, r.again(write, c.db, 0, r.attempts-1, "")
	case errors.As(failed, &lost) || r.attempts >= k.Attempts:
		c.log.Error("a job is given up", "kind", k.name, "job", r.id, "attempts", r.attempts, "error", failed)
		return failed, r.giveUp(write, c.db, faultText(failed))
	}
	wait = later(pause(r.attempts))
	c.log.Warn("a job failed and is tried again", "kind", k.name, "job", r.id, "attempts", r.attempts, "after", time.Duration(wait).Round(time.Second), "error", failed)
	return failed, r.again(write, c.db, time.Duration(wait), r.attempts, faultText(failed))
}

func (c *Crew) work(ctx context.Context, k *kind, r row) (err error) {
	ctx, cancel := context.WithTimeout(ctx, k.Time)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("a worker panicked", "kind", k.name, "job", r.id, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return k.work(ctx, []byte(r.args))
}

// pause is the wait after the n-th failed try: 2 s, 16 s, 81 s … at most eight
// hours, so that twelve tries span eleven hours and twenty three days, with a
// tenth of chance so that what failed together does not come back together.
func pause(n int) time.Duration {
	n = min(n, 13)
	d := min(time.Duration(n*n*n*n+1)*time.Second, 8*time.Hour)
	return d + time.Duration(rand.Int64N(int64(d)/10+1))
}

// faultText is an error as the table keeps it.
func faultText(err error) string {
	const most = 1000
	s := err.Error()
	if len(s) > most {
		s = s[:most]
	}
	return string(slices.DeleteFunc([]rune(s), func(r rune) bool { return r == 0 || r == 0xFFFD }))
}
