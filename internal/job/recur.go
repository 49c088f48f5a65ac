package job

import (
	"context"
	"time"

	"mirabilia/internal/db"
)

// schedule is a job that comes back.
type schedule struct {
	args Args
	next func(time.Time) time.Time
}

// Every is a time after each other time, for Recur.
func Every(d time.Duration) func(time.Time) time.Time {
	return func(last time.Time) time.Time { return last.Add(d) }
}

// Daily is an hour and minute of each day in a zone, for Recur.
func Daily(hour, minute int, zone *time.Location) func(time.Time) time.Time {
	return func(last time.Time) time.Time {
		t := last.In(zone)
		for day := 0; ; day++ {
			next := time.Date(t.Year(), t.Month(), t.Day()+day, hour, minute, 0, 0, zone)
			if next.After(last) {
				return next
			}
		}
	}
}

// Weekly is an hour and minute of one day of each week in a zone, for Recur.
func Weekly(day time.Weekday, hour, minute int, zone *time.Location) func(time.Time) time.Time {
	daily := Daily(hour, minute, zone)
	return func(last time.Time) time.Time {
		for next := daily(last); ; next = daily(next) {
			if next.In(zone).Weekday() == day {
				return next
			}
		}
	}
}

// Recur enqueues the job again and again; next gives the time after another.
// Nodes that run together enqueue it once, since the row of the schedule moves
// on in the same transaction; what was missed while none ran is made up once.
func (c *Crew) Recur(args Args, next func(time.Time) time.Time) {
	c.schedules = append(c.schedules, schedule{args, next})
}

// recur enqueues what is due.
func (c *Crew) recur(ctx context.Context) error {
	for _, s := range c.schedules {
		name, now := s.args.Kind(), c.db.Millis()
		due := int64(-1)
		err := c.db.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT coalesce(min(next_at), -1) FROM job_schedules WHERE name = $1`, name).Scan(&due)
		})
		if err != nil || due > now {
			if err != nil {
				return err
			}
			continue
		}
		err = c.db.Write(ctx, func(tx *db.Tx) error {
			next := db.Millis(s.next(db.Time(now)))
			if due < 0 { // a new schedule begins with its next time
				_, err := tx.Exec(`INSERT INTO job_schedules (name, next_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, next)
				return err
			}
			n, err := tx.Exec(`UPDATE job_schedules SET next_at = $1 WHERE name = $2 AND next_at = $3`, next, name, due)
			if err != nil || n == 0 {
				return err
			}
			return Enqueue(tx, s.args, Once("recur"))
		})
		if err != nil {
			return err
		}
	}
	return nil
}
