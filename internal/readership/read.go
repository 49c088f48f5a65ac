package readership

import (
	"context"
	"database/sql"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
)

// Days is how much was read on the newest days, added up.
type Days struct {
	Reads, Searches, Missed, Failed int
}

// ReadPlace is a place that was read, and how often.
type ReadPlace struct {
	Place int64
	N     int
}

// MissedWords is what was looked for and not found, and how often.
type MissedWords struct {
	Words string
	N     int
}

// Report is what admins read of the newest days.
type Report struct {
	Days
	Most   []ReadPlace
	Misses []MissedWords
}

// Report adds up the newest days, today among them, with the places read most and
// the words missed most: at most so many of each.
func (c *Counts) Report(ctx context.Context, a actor.Actor, days, most int) (r Report, err error) {
	if err := a.Needs(actor.Admin); err != nil {
		return r, err
	}
	from := dayOf(c.db.Now().AddDate(0, 0, 1-days))
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		r = Report{}
		err := tx.QueryRow(`SELECT coalesce(sum(reads), 0), coalesce(sum(searches), 0), coalesce(sum(missed), 0), coalesce(sum(failed), 0) FROM read_days WHERE day >= $1`, from).
			Scan(&r.Reads, &r.Searches, &r.Missed, &r.Failed)
		if err != nil {
			return err
		}
		rows, err := tx.Query(`SELECT place, sum(n) AS n FROM read_places WHERE day >= $1 GROUP BY place ORDER BY 2 DESC, place LIMIT $2`, from, most)
		err = db.Each(rows, err, func(row *sql.Rows) error {
			var p ReadPlace
			err := row.Scan(&p.Place, &p.N)
			r.Most = append(r.Most, p)
			return err
		})
		if err != nil {
			return err
		}
		rows, err = tx.Query(`SELECT words, sum(n) AS n FROM read_misses WHERE day >= $1 GROUP BY words ORDER BY 2 DESC, words LIMIT $2`, from, most)
		return db.Each(rows, err, func(row *sql.Rows) error {
			var m MissedWords
			err := row.Scan(&m.Words, &m.N)
			r.Misses = append(r.Misses, m)
			return err
		})
	})
	return r, err
}
