package place

import (
	"context"
	"database/sql"
	"encoding/json"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/revision"
)

// Standing is a published place as it is now and its state at a revision (0:
// the newest), for who wants to change it.
func (s *Places) Standing(tx *db.Tx, id int64, base int) (*Place, revision.Fields, error) {
	p, err := placeByID(tx, id)
	if errs.Is(err, errs.NotFound) || err == nil && p.State != Published {
		return nil, nil, errs.InField("place", "there is no such place to edit")
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := fieldsAt(tx, p, base)
	return p, f, err
}

// Where is the path of the destination of a position; "" at sea.
func (s *Places) Where(at geo.Public) string {
	switch w := s.gaz.Locate(at.Lat, at.Lon); {
	case w.City != nil:
		return w.City.Path
	case w.Region != nil:
		return w.Region.Path
	case w.Country != nil:
		return w.Country.Path
	}
	return ""
}

// Land is the country of a position, nil at sea.
func (s *Places) Land(at geo.Public) *gazetteer.Node { return s.gaz.Locate(at.Lat, at.Lon).Country }

// Named is what a published place is called and where, as far as anyone may
// know.
type Named struct {
	ID    int64
	Slug  string
	Title string
	Names []string // title and aliases
	At    *geo.Public
}

// Names reads the names of those of the places that are published.
func (s *Places) Names(ctx context.Context, ids []int64) (list []Named, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := db.Padded(ids)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT id, slug, title, aliases, lat, lon FROM places WHERE id IN (`+db.In(len(args), 1)+`) AND state = 'published'`, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var n Named
			var aliases string
			var lat, lon sql.NullFloat64
			if err := r.Scan(&n.ID, &n.Slug, &n.Title, &aliases, &lat, &lon); err != nil {
				return err
			}
			n.Names = []string{n.Title}
			if aliases != "" {
				var more []Alias
				if err := json.Unmarshal([]byte(aliases), &more); err != nil {
					return err
				}
				for _, a := range more {
					n.Names = append(n.Names, a.Name)
				}
			}
			if lat.Valid && lon.Valid {
				n.At = &geo.Public{Lat: lat.Float64, Lon: lon.Float64}
			}
			list = append(list, n)
			return nil
		})
	})
	return list, err
}
