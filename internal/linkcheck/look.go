package linkcheck

import (
	"context"
	"net/url"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/job"
	"mirabilia/internal/outbound"
)

const (
	// most is how many addresses one job looks at, one after the other.
	most = 20
	// breath is the pause between two jobs while addresses are due.
	breath = 2 * time.Second

	fresh    = 30 * 24 * time.Hour // until one that is alive is looked at again
	doubtful = 24 * time.Hour      // until one that failed is
	lost     = 7 * 24 * time.Hour  // until one that is dead is
	// An address is dead after so many failures in a row, the first so long ago.
	deadAfter   = 3
	deadAtLeast = 36 * time.Hour
	// Where at least so many get no answer at all and none gets one, it is this
	// machine that is cut off.
	cutOff  = 5
	offline = time.Hour
)

// Look is the job that looks at the addresses that are due.
type Look struct{}

// Kind names the job.
func (Look) Kind() string { return "linkcheck.look" }

// Look works one.
func (l *Links) Look(ctx context.Context, _ Look) error {
	due, more, err := l.due(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	answered := false
	for i := range due {
		s := &due[i]
		s.health, s.status = l.looker.Look(ctx, s.address)
		if err := ctx.Err(); err != nil { // what was cut short says nothing
			return err
		}
		answered = answered || s.status != 0 || s.health == outbound.Barred
	}
	if !answered && len(due) >= cutOff {
		return job.Later(offline)
	}
	return l.db.Write(ctx, func(tx *db.Tx) error {
		for _, s := range due {
			if err := s.keep(tx); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
		return job.Enqueue(tx, Look{}, job.At(tx.DB().Now().Add(breath)), job.Once("look"))
	})
}

// sight is one address as it was just found.
type sight struct {
	id, failures, since int64
	address             string
	health              outbound.Health
	status              int
}

// due gives the addresses that are due, one of each site, and whether there are
// more.
func (l *Links) due(ctx context.Context) (list []sight, more bool, err error) {
	sites := map[string]bool{}
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT id, address, failures, failed_since FROM link_checks WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2`, tx.DB().Millis(), 10*most)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s sight
			if err := rows.Scan(&s.id, &s.address, &s.failures, &s.since); err != nil {
				return err
			}
			site := s.address
			if u, err := url.Parse(s.address); err == nil {
				site = u.Hostname()
			}
			if sites[site] || len(list) == most {
				more = true
				continue
			}
			sites[site] = true
			list = append(list, s)
		}
		return rows.Err()
	})
	return list, more, err
}

// keep writes down how an address was found, and when it is looked at next.
func (s *sight) keep(tx *db.Tx) error {
	now := tx.DB().Now()
	dead, next := false, fresh
	switch s.health {
	case outbound.Gone, outbound.Failing:
		if s.failures++; s.since == 0 {
			s.since = db.Millis(now)
		}
		next = doubtful
		if s.failures >= deadAfter && now.Sub(db.Time(s.since)) >= deadAtLeast {
			dead, next = true, lost
		}
	default:
		s.failures, s.since = 0, 0
	}
	_, err := tx.Exec(`UPDATE link_checks SET health = $1, status = $2, failures = $3, failed_since = $4, dead = $5, checked_at = $6, due_at = $7 WHERE id = $8`,
		string(s.health), s.status, s.failures, s.since, dead, db.Millis(now), db.Millis(now.Add(next)), s.id)
	return err
}
