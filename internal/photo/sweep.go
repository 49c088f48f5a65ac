package photo

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/job"
)

const (
	// prepareTime is how long the sizes of one picture may take.
	prepareTime = 6 * time.Minute
	// KeptDeclined is how long the photos of a submission stay that was declined,
	// found to be a duplicate or withdrawn: it may be appealed.
	KeptDeclined = 30 * 24 * time.Hour
	// keptRefused is how long its sender is told why a file could not be read.
	keptRefused = 7 * 24 * time.Hour
	// givenUp is when a photo whose sizes were never made counts as one that cannot
	// be read.
	givenUp = 3 * 24 * time.Hour
	// cleared is how many photos are cleared away in one transaction.
	cleared = 100
)

// Sweeping is the job that clears away what nobody wants any more.
type Sweeping struct{}

// Kind implements job.Args.
func (Sweeping) Kind() string { return "photo.sweep" }

// Limits of the job.
func (Sweeping) Limits() job.Limits { return job.Limits{Together: 1, Time: 10 * time.Minute} }

// drop throws a photo away: it is gone for everybody, its files follow.
func drop(tx *db.Tx, id int64) error {
	return dropWhere(tx, `id = $1`, id)
}

func dropWhere(tx *db.Tx, where string, args ...any) error {
	n, err := tx.Exec(`UPDATE photos SET becomes = 'gone', state = 'down', caption = '', alt = '', credit = '', reason = '', file = '', draft = 0, submission = 0, taken_lat = NULL, taken_lon = NULL
		WHERE becomes <> 'gone' AND `+where, args...)
	if err != nil || n == 0 {
		return err
	}
	return job.Enqueue(tx, Sweeping{}, job.Once("sweep"))
}

// Leave throws away what a member has beside forms, when the account is
// deleted; what was given to places stays.
func Leave(tx *db.Tx, member int64) error {
	if err := dropWhere(tx, `member = $1 AND place IS NULL`, member); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE photos SET member = NULL WHERE member = $1 AND becomes = 'gone'`, member)
	return err
}

// Sweep clears away: photos that were thrown away, with their files; files that
// could not be read, after a week; photos of submissions that came to nothing
// some time ago, as ended tells of those that are given to it.
func (s *Photos) Sweep(ctx context.Context, ended func(tx *db.Tx, submissions []int64, before time.Time) ([]int64, error)) error {
	now := s.db.Now()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		return errors.Join(
			dropWhere(tx, `becomes = 'refused' AND added_at < $1`, db.Millis(now.Add(-keptRefused))),
			s.endLate(tx, db.Millis(now.Add(-givenUp))),
			forgetWhere(tx),
		)
	})
	if err != nil {
		return err
	}
	if err := s.sweepEnded(ctx, ended, now.Add(-KeptDeclined)); err != nil {
		return err
	}
	for {
		n, err := s.clear(ctx)
		if err != nil || n < cleared {
			return err
		}
	}
}

// endLate gives up on sizes that could not be made for days.
func (s *Photos) endLate(tx *db.Tx, before int64) error {
	_, err := tx.Exec(`UPDATE photos SET becomes = 'refused', reason = 'Its sizes could not be made. Save it as an ordinary JPEG and send it again.', added_at = $2
		WHERE becomes IN ('waiting', 'public') AND added_at < $1`, before, db.Millis(s.db.Now()))
	return err
}

// forgetWhere takes away where the camera was once a photo belongs to a place.
func forgetWhere(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE photos SET taken_lat = NULL, taken_lon = NULL WHERE taken_lat IS NOT NULL AND place IS NOT NULL AND becomes = ''`)
	return err
}

func (s *Photos) sweepEnded(ctx context.Context, ended func(*db.Tx, []int64, time.Time) ([]int64, error), before time.Time) error {
	for last := int64(0); ; {
		var ids []int64
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			ids = ids[:0]
			rows, err := tx.Query(`SELECT DISTINCT submission FROM photos WHERE submission > $1 AND submission <> 0 AND place IS NULL ORDER BY submission LIMIT $2`, last, int64(cleared))
			err = db.Each(rows, err, func(r *sql.Rows) error {
				var id int64
				err := r.Scan(&id)
				ids = append(ids, id)
				return err
			})
			if err != nil || len(ids) == 0 {
				return err
			}
			over, err := ended(tx, ids, before)
			if err != nil {
				return err
			}
			for _, id := range over {
				if err := dropWhere(tx, `submission = $1 AND place IS NULL`, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(ids) < cleared {
			return err
		}
		last = ids[len(ids)-1]
	}
}

// clear takes away some photos that were thrown away. A file goes only when no
// other photo is of the same bytes; who sends them again meanwhile finds that
// out after their row is there, see receive.
func (s *Photos) clear(ctx context.Context) (n int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listed(tx, `SELECT `+columns+` FROM photos WHERE becomes = 'gone' ORDER BY becomes, added_at, id LIMIT $1`, int64(cleared))
		if err != nil {
			return err
		}
		n = len(list)
		for _, p := range list {
			if _, err := tx.Exec(`DELETE FROM photos WHERE id = $1`, p.ID); err != nil {
				return err
			}
			var shared bool
			if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM photos WHERE sha256 = $1)`, p.SHA256).Scan(&shared); err != nil {
				return err
			}
			if shared {
				continue
			}
			for _, name := range p.files() {
				if err := s.blobs.Remove(ctx, name); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return n, err
}
