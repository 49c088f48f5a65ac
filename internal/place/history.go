package place

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/revision"
)

// Version is one line of the history of a place: a revision, who made it, and
// why.
type Version struct {
	Number  int
	Author  Credit // without a name: nobody is credited
	Summary string
	At      time.Time
}

// History lists the revisions of a published place, the newest first.
func (s *Places) History(ctx context.Context, id int64) (list []Version, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := s.publishedByID(tx, id)
		if err != nil {
			return err
		}
		now := Version{Number: p.Revision, At: p.Updated}
		var by string
		if err := tx.QueryRow(`SELECT revised_by, summary FROM places WHERE id = $1`, id).Scan(&by, &now.Summary); err != nil {
			return err
		}
		if now.Author, err = authorOf(by, now.Number, p); err != nil {
			return err
		}
		list = []Version{now}
		rows, err := tx.Query(`SELECT number, author, summary, at FROM place_revisions WHERE place = $1 ORDER BY number DESC`, id)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var v Version
			var at int64
			if err := r.Scan(&v.Number, &by, &v.Summary, &at); err != nil {
				return err
			}
			v.At = db.Time(at)
			v.Author, err = authorOf(by, v.Number, p)
			list = append(list, v)
			return err
		})
	})
	return list, err
}

// authorOf reads who made a revision; the first is by whoever added the place.
func authorOf(by string, number int, p *Place) (c Credit, err error) {
	if by == "" {
		if number == 1 {
			return p.AddedBy, nil
		}
		return c, nil
	}
	return c, json.Unmarshal([]byte(by), &c)
}

// Revision is a state of a published place as the public may see it. What its
// protection hides now is in none of its revisions.
func (s *Places) Revision(ctx context.Context, id int64, number int) (f revision.Fields, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := s.publishedByID(tx, id)
		if err != nil {
			return err
		}
		f, err = fieldsAt(tx, p, number)
		if err == nil && p.Protected() { // the drawn point is no part of the story
			delete(f, "lat")
			delete(f, "lon")
		}
		return err
	})
	return f, err
}

func (s *Places) publishedByID(tx *db.Tx, id int64) (*Place, error) {
	p, err := placeByID(tx, id)
	return p, s.shown(tx, &p, err)
}

// fieldsAt is the state of a place at a revision, 0 for the newest.
func fieldsAt(tx *db.Tx, p *Place, number int) (revision.Fields, error) {
	if number == 0 || number == p.Revision {
		return FieldsOf(p), nil
	}
	var snapshot string
	var lat, lon sql.NullFloat64
	err := tx.QueryRow(`SELECT snapshot, lat, lon FROM place_revisions WHERE place = $1 AND number = $2`, p.ID, number).Scan(&snapshot, &lat, &lon)
	if errs.Is(err, errs.NotFound) {
		return nil, errs.InField("base", "the place has no revision %d", number)
	}
	if err != nil {
		return nil, err
	}
	var f Fields
	if err := json.Unmarshal([]byte(snapshot), &f); err != nil {
		return nil, err
	}
	var at *geo.Public
	if lat.Valid && lon.Valid {
		at = &geo.Public{Lat: lat.Float64, Lon: lon.Float64}
	}
	return content(f, at), nil
}

// Restore makes the place say again what it said at a revision. A position
// that was taken from that revision stays as it is now.
func (s *Places) Restore(tx *db.Tx, id int64, number int, by Credit, summary string) (Changed, error) {
	p, err := placeByID(tx, id)
	if err != nil {
		return Changed{}, err
	}
	then, err := fieldsAt(tx, p, number)
	if err != nil {
		return Changed{}, err
	}
	now, back := FieldsOf(p), revision.Fields{}
	for _, name := range revision.Changed(now, then) {
		back[name] = then[name]
		if len(then[name]) == 0 {
			back[name] = cleared
		}
	}
	if _, told := then["lat"]; !told || p.Protected() {
		delete(back, "lat")
		delete(back, "lon")
	}
	// How much is told of where it is follows from today, not from then.
	for _, name := range []string{"location_tier", "tier_reason"} {
		delete(back, name)
	}
	return s.change(tx, Proposed{ID: id, Base: p.Revision, Fields: back, By: by, Summary: summary}, true)
}
