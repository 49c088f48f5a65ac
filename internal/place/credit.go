package place

import (
	"context"
	"database/sql"
	"time"

	"mirabilia/internal/db"
)

// Part is what somebody is credited for.
type Part string

// The parts.
const (
	Added  Part = "added"
	Edited Part = "edited"
)

// Credited is a place that somebody is credited for, and since when.
type Credited struct {
	Place int64
	At    time.Time
}

// note makes the table of credits say what a place says; those without a page
// of their own are in the place alone.
func note(tx *db.Tx, id int64, part Part, list ...Credit) error {
	for _, c := range list {
		if c.URL == "" {
			continue
		}
		_, err := tx.Exec(`INSERT INTO place_credits (place, part, who, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, id, string(part), c.URL, tx.DB().Millis())
		if err != nil {
			return err
		}
	}
	return nil
}

// CreditsOf counts the published places that the member whose page is at a path
// added and edited.
func (s *Places) CreditsOf(ctx context.Context, path string) (added, edited int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		added, edited = 0, 0
		rows, err := tx.Query(`SELECT c.part, count(*) FROM place_credits c JOIN places p ON p.id = c.place AND p.state = 'published'
			WHERE c.who = $1 GROUP BY c.part`, path)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var part Part
			var n int
			err := r.Scan((*string)(&part), &n)
			if part == Added {
				added = n
			} else {
				edited = n
			}
			return err
		})
	})
	return added, edited, err
}

// CreditedTo lists the published places that a member is credited for, the
// newest credit first, after the last one of an earlier page (the zero Credited
// for the first page).
func (s *Places) CreditedTo(ctx context.Context, path string, part Part, after Credited, limit int) ([]Credited, error) {
	at, id := int64(1)<<62, int64(0)
	if !after.At.IsZero() {
		at, id = db.Millis(after.At), after.Place
	}
	return s.credited(ctx, `AND (c.at < $3 OR c.at = $3 AND c.place < $4) ORDER BY c.at DESC, c.place DESC LIMIT $5`, path, string(part), at, id, limit)
}

// CreditedBetween lists at most limit of those that were credited from one
// moment to before another, the newest first.
func (s *Places) CreditedBetween(ctx context.Context, path string, part Part, from, to time.Time, limit int) ([]Credited, error) {
	return s.credited(ctx, `AND c.at >= $3 AND c.at < $4 ORDER BY c.at DESC, c.place DESC LIMIT $5`, path, string(part), db.Millis(from), db.Millis(to), limit)
}

func (s *Places) credited(ctx context.Context, rest string, args ...any) (list []Credited, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT c.place, c.at FROM place_credits c JOIN places p ON p.id = c.place AND p.state = 'published'
			WHERE c.who = $1 AND c.part = $2 `+rest, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var c Credited
			var at int64
			err := r.Scan(&c.Place, &at)
			c.At = db.Time(at)
			list = append(list, c)
			return err
		})
	})
	return list, err
}
