package place

import (
	"context"
	"database/sql"
	"fmt"

	"mirabilia/internal/db"
	"mirabilia/internal/geo"
)

// Check holds the rows of places against each other, for mirabilia doctor: a
// line for each fault. What waits for review is no fault.
func (s *Places) Check(ctx context.Context) (faults []string, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		fault := func(p *Place, format string, args ...any) {
			faults = append(faults, fmt.Sprintf("%s (%s): ", PublicID(p.ID), p.Slug)+fmt.Sprintf(format, args...))
		}
		secrets, err := allHidden(tx)
		if err != nil {
			return err
		}
		pictures, err := pictureCounts(tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(`SELECT ` + wholeColumns + ` FROM places ORDER BY id`)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			c := card{p: new(Place)}
			if err := r.Scan(c.wholeTargets()...); err != nil {
				return err
			}
			p := c.p
			if err := c.done(); err != nil {
				fault(p, "a list in its row is damaged: %v", err)
			}
			s.checkPosition(p, secrets[p.ID], fault)
			if p.PhotoCount != pictures[p.ID] {
				fault(p, "its row counts %d pictures and %d are there", p.PhotoCount, pictures[p.ID])
			}
			if p.State == Published && p.Published.IsZero() {
				fault(p, "is published and has no date")
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := checkCounts(tx, fault); err != nil {
			return err
		}
		return checkCells(tx, &faults)
	})
	return faults, err
}

// checkPosition makes sure that a protected place shows what its tier allows.
func (s *Places) checkPosition(p *Place, h *hidden, fault func(*Place, string, ...any)) {
	if _, ok := s.gaz.ByPath(p.Destination); !ok && p.Destination != "" {
		fault(p, "its destination %s is not in the gazetteer", p.Destination)
	}
	switch {
	case p.At != nil && !p.At.Valid():
		fault(p, "its position is not on Earth")
	case p.Tier == Exact:
	case h == nil && p.At != nil:
		fault(p, "is protected and shows a position that was never drawn")
	case h == nil:
	case p.Tier == Approximate && (p.At == nil || *p.At != h.near):
		fault(p, "does not show the public point that was drawn for it")
	case p.Tier != Approximate && p.At != nil:
		fault(p, "shows a position that its tier hides")
	case metresOf(h.at, h.near) > DiscMetres:
		fault(p, "its truth lies outside the disc of its public point")
	}
	if p.Protected() && p.Address != "" {
		fault(p, "is protected and shows its address")
	}
}

// checkCounts makes sure that the counts of places are those of their marks.
func checkCounts(tx *db.Tx, fault func(*Place, string, ...any)) error {
	rows, err := tx.Query(`SELECT p.id, p.slug, coalesce(c.been, 0), coalesce(c.want, 0), coalesce(m.been, 0), coalesce(m.want, 0) FROM places p
		LEFT JOIN place_counted c ON c.place = p.id
		LEFT JOIN (SELECT place, count(CASE WHEN kind = 'been' THEN 1 END) AS been, count(CASE WHEN kind = 'want' THEN 1 END) AS want FROM marks GROUP BY place) m ON m.place = p.id
		WHERE coalesce(c.been, 0) <> coalesce(m.been, 0) OR coalesce(c.want, 0) <> coalesce(m.want, 0) ORDER BY p.id`)
	return db.Each(rows, err, func(r *sql.Rows) error {
		p := new(Place)
		var been, want int
		err := r.Scan(&p.ID, &p.Slug, &p.Been, &p.Want, &been, &want)
		fault(p, "it counts %d been and %d want, and has %d and %d marks", p.Been, p.Want, been, want)
		return err
	})
}

func pictureCounts(tx *db.Tx) (map[int64]int, error) {
	counts := map[int64]int{}
	rows, err := tx.Query(`SELECT place, count(*) FROM photos WHERE state = 'public' GROUP BY place`)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		var n int
		err := r.Scan(&id, &n)
		counts[id] = n
		return err
	})
	return counts, err
}

// checkCells makes sure that duplicates are looked for where the places are.
func checkCells(tx *db.Tx, faults *[]string) error {
	rows, err := tx.Query(`SELECT id, lat, lon, cell FROM places WHERE cell IS NOT NULL ORDER BY id`)
	return db.Each(rows, err, func(r *sql.Rows) error {
		var id, cell int64
		var at geo.Public
		if err := r.Scan(&id, &at.Lat, &at.Lon, &cell); err != nil {
			return err
		}
		if cell != cellOf(at) {
			*faults = append(*faults, PublicID(id)+": its cell is not that of its position")
		}
		return nil
	})
}
