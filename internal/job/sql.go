package job

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"mirabilia/internal/db"
)

// lease is how long a worker holds a job without saying that it lives; it says
// so three times in it.
const lease = time.Minute

// take gives up to n due jobs of a kind to a new turn. Asking first costs a
// reader some microseconds, taking from nothing would cost the writer's lock.
func take(ctx context.Context, d *db.DB, kind string, n int) (list []row, err error) {
	var ids []int64
	err = d.Read(ctx, func(tx *db.Tx) error {
		ids = ids[:0]
		rows, err := tx.Query(dueText, kind, d.Millis(), n)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		list = list[:0]
		turn, now := rand.Text(), d.Millis()
		some := db.Padded(ids)
		// Another node may have been faster: it has moved run_at.
		_, err := tx.Exec(`UPDATE jobs SET taken = $1, run_at = $2, attempts = attempts + 1, once = NULL
			WHERE run_at <= $3 AND gave_up_at IS NULL AND id IN (`+db.In(len(some), 4)+`)`,
			append([]any{turn, now + lease.Milliseconds(), now}, some...)...)
		if err != nil {
			return err
		}
		rows, err := tx.Query(`SELECT id, kind, args, attempts, taken FROM jobs WHERE taken = $1 AND id IN (`+db.In(len(some), 2)+`) ORDER BY id`,
			append([]any{turn}, some...)...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var x row
			err := r.Scan(&x.id, &x.kind, &x.args, &x.attempts, &x.taken)
			list = append(list, x)
			return err
		})
	})
	return list, err
}

// dueText finds the jobs of a kind that may be taken.
const dueText = `SELECT id FROM jobs WHERE kind = $1 AND run_at <= $2 AND gave_up_at IS NULL ORDER BY run_at LIMIT $3`

// Where a job of a turn goes. Each does nothing when the turn has lost the job,
// because its lease had ended and another has it.

func (r row) done(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM jobs WHERE id = $1 AND taken = $2`, r.id, r.taken)
		return err
	})
}

func (r row) again(ctx context.Context, d *db.DB, after time.Duration, attempts int, fault string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE jobs SET taken = '', run_at = $1, attempts = $2, fault = $3 WHERE id = $4 AND taken = $5`,
			d.Millis()+after.Milliseconds(), attempts, fault, r.id, r.taken)
		return err
	})
}

func (r row) giveUp(ctx context.Context, d *db.DB, fault string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE jobs SET taken = '', gave_up_at = $1, fault = $2 WHERE id = $3 AND taken = $4`, d.Millis(), fault, r.id, r.taken)
		return err
	})
}

// hold makes the leases of running jobs longer.
func hold(ctx context.Context, d *db.DB, list []row) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, r := range list {
			if _, err := tx.Exec(`UPDATE jobs SET run_at = $1 WHERE id = $2 AND taken = $3`, d.Millis()+lease.Milliseconds(), r.id, r.taken); err != nil {
				return err
			}
		}
		return nil
	})
}

// Release gives back every job that somebody had taken: for the one process
// that works an atlas, when it starts after another's sudden end.
func Release(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE jobs SET taken = '', run_at = $1 WHERE taken <> '' AND run_at > $1`, d.Millis())
		return err
	})
}

// Count is how the jobs of one kind stand.
type Count struct {
	Kind    string
	Waiting int
	Oldest  time.Time // when the longest waiting one became due; zero: none is
	GaveUp  int
	Fault   string // of the last one given up
}

// Counts says how the jobs of each kind stand.
func Counts(ctx context.Context, d *db.DB) (list []Count, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		list = list[:0]
		rows, err := tx.Query(`
			SELECT kind, sum(CASE WHEN gave_up_at IS NULL THEN 1 ELSE 0 END), coalesce(min(CASE WHEN gave_up_at IS NULL AND run_at <= $1 THEN run_at END), 0),
				sum(CASE WHEN gave_up_at IS NULL THEN 0 ELSE 1 END)
			FROM jobs GROUP BY kind ORDER BY kind`, d.Millis())
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var c Count
			var oldest int64
			err := r.Scan(&c.Kind, &c.Waiting, &oldest, &c.GaveUp)
			c.Oldest = db.Time(oldest)
			list = append(list, c)
			return err
		})
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].GaveUp == 0 {
				continue
			}
			err := tx.QueryRow(`SELECT fault FROM jobs WHERE gave_up_at IS NOT NULL AND kind = $1 ORDER BY gave_up_at DESC LIMIT 1`, list[i].Kind).Scan(&list[i].Fault)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// keptGivenUp is how long a job that was given up can be looked at.
const keptGivenUp = 30 * 24 * time.Hour

// tidy forgets what was given up long ago.
func tidy(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM jobs WHERE gave_up_at < $1`, d.Millis()-keptGivenUp.Milliseconds())
		return err
	})
}
