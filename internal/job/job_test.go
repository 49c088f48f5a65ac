package job_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/job"
)

type letter struct{ To string }

func (letter) Kind() string { return "letter" }

type count struct{ Of int64 }

func (count) Kind() string { return "count" }

// clock is a clock that tests move.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.UnixMilli(c.at.Load()) }
func (c *clock) forward(d time.Duration) { c.at.Add(d.Milliseconds()) }
func quiet() *slog.Logger                { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
func write(t *testing.T, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, body func(t *testing.T, d *db.DB, c *clock)) {
	t.Helper()
	c := &clock{}
	c.at.Store(1_800_000_000_000)
	dbtest.EachConfig(t, db.Config{Now: c.now}, func(t *testing.T, d *db.DB) { body(t, d, c) })
}

func drain(t *testing.T, c *job.Crew, want int) error {
	t.Helper()
	n, err := c.Drain(t.Context())
	if n != want {
		t.Errorf("%d tries, want %d (%v)", n, want, err)
	}
	return err
}

// A job is there when its transaction is, and not otherwise.
func TestJobsAreOfTheirTransaction(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *clock) {
		var got []string
		crew := job.NewCrew(d, quiet())
		job.Work(crew, func(_ context.Context, l letter) error { got = append(got, l.To); return nil }, job.Limits{})
		no := errors.New("no")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(job.Enqueue(tx, letter{"lost"}), no)
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		write(t, d, func(tx *db.Tx) error {
			return errors.Join(job.Enqueue(tx, letter{"a"}), job.EnqueueAll(tx, []letter{{"b"}, {"ć"}}))
		})
		if err := drain(t, crew, 3); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if !slices.Equal(got, []string{"a", "b", "ć"}) {
			t.Errorf("%q", got)
		}
		if list, err := job.Counts(t.Context(), d); err != nil || len(list) != 0 {
			t.Errorf("what is done is gone: %v, %v", list, err)
		}
	})
}

// A failing job is tried again, later and later, and given up in the end with
// its reason.
func TestFailuresAreTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock) {
		crew := job.NewCrew(d, quiet())
		tries := 0
		job.Work(crew, func(context.Context, letter) error {
			tries++
			if tries == 2 {
				panic("thrown")
			}
			return errors.New("no route")
		}, job.Limits{Attempts: 3})
		write(t, d, func(tx *db.Tx) error { return job.Enqueue(tx, letter{"a"}) })
		for i, wait := range []time.Duration{0, time.Second, 2 * time.Second, 19 * time.Second, 100 * time.Hour} {
			c.forward(wait)
			want := []int{1, 0, 1, 1, 0}[i]
			if i == 4 {
				want = 1 // the tidying of the day
			}
			if err := drain(t, crew, want); (err != nil) != (i == 0 || i == 2 || i == 3) {
				t.Errorf("step %d: %v", i, err)
			}
		}
		list, err := job.Counts(t.Context(), d)
		if err != nil || len(list) != 1 || list[0].GaveUp != 1 || list[0].Waiting != 0 || list[0].Fault != "no route" {
			t.Errorf("%+v, %v", list, err)
		}
		c.forward(31 * 24 * time.Hour)
		drain(t, crew, 1)
		if list, err := job.Counts(t.Context(), d); err != nil || len(list) != 0 {
			t.Errorf("after a month: %+v, %v", list, err)
		}
	})
}

func TestHopelessAndLater(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock) {
		crew := job.NewCrew(d, quiet())
		answer := job.Hopeless(errors.New("no such address"))
		job.Work(crew, func(context.Context, letter) error { return answer }, job.Limits{Attempts: 2})
		write(t, d, func(tx *db.Tx) error { return job.Enqueue(tx, letter{"a"}) })
		if err := drain(t, crew, 1); err == nil {
			t.Error("no error")
		}
		c.forward(time.Hour)
		drain(t, crew, 0)
		write(t, d, func(tx *db.Tx) error { return job.Enqueue(tx, letter{"b"}) })
		answer = job.Later(time.Minute)
		for range 5 { // more often than it may fail
			if err := drain(t, crew, 1); err != nil {
				t.Error(err)
			}
			drain(t, crew, 0)
			c.forward(time.Minute)
		}
		answer = nil
		drain(t, crew, 1)
	})
}

// Ten changes ask for one count; a change that comes while it is being counted
// asks for another.
func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock) {
		crew := job.NewCrew(d, quiet())
		ask := func(of int64, how ...job.How) {
			write(t, d, func(tx *db.Tx) error {
				return job.Enqueue(tx, count{of}, append(how, job.Once(string(rune('a'+of))))...)
			})
		}
		counted := 0
		job.Work(crew, func(_ context.Context, x count) error {
			if counted++; counted == 1 {
				ask(x.Of)
			}
			return nil
		}, job.Limits{})
		for range 10 {
			ask(1, job.At(c.now().Add(time.Hour)))
		}
		drain(t, crew, 0)
		ask(1) // sooner
		ask(2)
		if err := drain(t, crew, 3); err != nil {
			t.Error(err)
		}
	})
}

func TestAtWaits(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock) {
		crew := job.NewCrew(d, quiet())
		job.Work(crew, func(context.Context, letter) error { return nil }, job.Limits{})
		write(t, d, func(tx *db.Tx) error { return job.Enqueue(tx, letter{"a"}, job.At(c.now().Add(time.Minute))) })
		drain(t, crew, 0)
		c.forward(time.Minute)
		drain(t, crew, 1)
	})
}

// What recurs is enqueued once by all nodes, and once for all that was missed.
func TestRecur(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock) {
		done := 0
		var crews []*job.Crew
		for range 2 {
			crew := job.NewCrew(d, quiet())
			job.Work(crew, func(context.Context, count) error { done++; return nil }, job.Limits{})
			crew.Recur(count{1}, job.Every(time.Hour))
			crews = append(crews, crew)
		}
		round := func(want int) {
			t.Helper()
			before := done
			for _, crew := range crews {
				if _, err := crew.Drain(t.Context()); err != nil {
					t.Error(err)
				}
			}
			if done-before != want {
				t.Errorf("done %d times, want %d", done-before, want)
			}
		}
		round(0)
		c.forward(59 * time.Minute)
		round(0)
		c.forward(time.Minute)
		round(1)
		c.forward(10 * time.Hour)
		round(1)
		round(0)
	})
}

func TestDaily(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	next := job.Daily(7, 30, zone)
	for from, want := range map[string]string{
		"2026-03-28T06:29:00Z": "2026-03-28T06:30:00Z", // winter: one hour ahead
		"2026-03-28T06:30:00Z": "2026-03-29T05:30:00Z", // summer begins in the night
		"2026-10-24T23:00:00Z": "2026-10-25T06:30:00Z",
	} {
		at, err := time.Parse(time.RFC3339, from)
		if err != nil {
			t.Fatal(err)
		}
		if got := next(at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", from, got, want)
		}
	}
}

// A worker that dies loses its job to another when the lease ends, and says
// nothing about it when it comes back from the dead. A job that takes every
// worker with it is given up.
func TestLeaseEnds(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock) {
		slow, fast := job.NewCrew(d, quiet()), job.NewCrew(d, quiet())
		tries := 0
		job.Work(fast, func(context.Context, letter) error { tries++; return errors.New("not yet") }, job.Limits{})
		job.Work(slow, func(context.Context, letter) error {
			drain(t, fast, 0) // it is held
			c.forward(2 * time.Minute)
			_ = drain(t, fast, 1)
			return nil
		}, job.Limits{})
		write(t, d, func(tx *db.Tx) error { return job.Enqueue(tx, letter{"a"}) })
		if err := drain(t, slow, 1); err != nil {
			t.Error(err)
		}
		c.forward(time.Hour)
		_ = drain(t, fast, 1) // still there: the slow one could not end it
		if tries != 2 {
			t.Errorf("%d tries", tries)
		}
	})
}

func TestReleaseGivesBack(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock) {
		dying := job.NewCrew(d, quiet())
		heir := job.NewCrew(d, quiet())
		job.Work(heir, func(context.Context, letter) error { return nil }, job.Limits{})
		job.Work(dying, func(ctx context.Context, _ letter) error {
			drain(t, heir, 0)
			if err := job.Release(ctx, d); err != nil {
				t.Error(err)
			}
			return drain(t, heir, 1)
		}, job.Limits{})
		write(t, d, func(tx *db.Tx) error { return job.Enqueue(tx, letter{"a"}) })
		if err := drain(t, dying, 1); err != nil {
			t.Error(err)
		}
	})
}

// Crews that run together do each job once and end with what they began.
func TestRunTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const jobs = 200
		var mu sync.Mutex
		got := map[string]int{}
		all := make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for range 3 {
			crew := job.NewCrew(d, quiet())
			job.Work(crew, func(_ context.Context, l letter) error {
				mu.Lock()
				defer mu.Unlock()
				got[l.To]++
				if len(got) == jobs && got[l.To] == 1 {
					close(all)
				}
				return nil
			}, job.Limits{Together: 8})
			running.Go(func() { crew.Run(ctx) })
		}
		list := make([]letter, jobs)
		for i := range list {
			list[i].To = strings.Repeat("x", i+1)
		}
		write(t, d, func(tx *db.Tx) error { return job.EnqueueAll(tx, list) })
		select {
		case <-all:
		case <-time.After(30 * time.Second):
			t.Error("not all were done")
		}
		stop()
		running.Wait()
		for to, n := range got {
			if n != 1 {
				t.Errorf("%d was done %d times", len(to), n)
			}
		}
		if counts, err := job.Counts(t.Context(), d); err != nil || len(counts) != 0 {
			t.Errorf("left: %+v, %v", counts, err)
		}
	})
}

// A crew that is stopped waits for the job that runs.
func TestStopWaits(t *testing.T) {
	d := dbtest.SQLite(t)
	crew := job.NewCrew(d, quiet())
	begun, end := make(chan struct{}), make(chan struct{})
	var finished atomic.Bool
	job.Work(crew, func(ctx context.Context, _ letter) error {
		close(begun)
		<-end
		finished.Store(ctx.Err() == nil)
		return nil
	}, job.Limits{})
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { crew.Run(ctx); close(stopped) }()
	write(t, d, func(tx *db.Tx) error { return job.Enqueue(tx, letter{"a"}) })
	<-begun
	stop()
	select {
	case <-stopped:
		t.Error("the crew has left its job")
	default:
	}
	close(end)
	<-stopped
	if !finished.Load() {
		t.Error("the job was interrupted")
	}
}

// Looking for work reads an index, whatever waits.
func TestDueIsServedByAnIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		plan := strings.Join(dbtest.Plan(t, d, job.DueText, "letter", int64(1), 10), "\n")
		if !strings.Contains(plan, "jobs_due") || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "Sort") {
			t.Errorf("plan: %s", plan)
		}
	})
}

// A job whose worker never came back, however often, is not given to another.
func TestPoisonIsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *clock) {
		crew := job.NewCrew(d, quiet())
		worked := false
		job.Work(crew, func(context.Context, letter) error { worked = true; return nil }, job.Limits{Attempts: 3})
		write(t, d, func(tx *db.Tx) error {
			if err := job.Enqueue(tx, letter{"a"}); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE jobs SET attempts = 3, taken = 'somebody who died'`)
			return err
		})
		if err := drain(t, crew, 1); err == nil || worked {
			t.Errorf("%v, worked: %v", err, worked)
		}
		if list, err := job.Counts(t.Context(), d); err != nil || len(list) != 1 || list[0].GaveUp != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
