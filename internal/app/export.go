package app

import (
	"context"
	"io"

	"mirabilia/internal/config"
	"mirabilia/internal/dump"
	"mirabilia/internal/finder"
	"mirabilia/internal/interchange"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
)

// ExportOptions says what is written and how.
type ExportOptions struct {
	Format  string
	Private bool   // true positions, and all that fills another atlas the same
	Query   string // of /places; "" for all
}

// Export writes the published places, sorted by source and id.
func Export(ctx context.Context, c config.Storage, w io.Writer, o ExportOptions) error {
	s, err := openStorage(ctx, c, false)
	if err != nil {
		return err
	}
	defer s.db.Close()
	out, err := interchange.NewWriter(w, o.Format, interchange.Meta{Name: "Mirabilia"})
	if err != nil {
		return err
	}
	put := func(r place.Record) error { return out.Write(dump.Record(r)) }
	switch {
	case o.Query == "":
		err = s.places.Export(ctx, o.Private, put)
	case o.Private || o.Format == "ndjson":
		// Records are in the order of records, whatever chose them.
		only := map[int64]bool{}
		err = s.found(ctx, o.Query, func(ids []int64) error {
			for _, id := range ids {
				only[id] = true
			}
			return nil
		})
		if err == nil {
			err = s.places.ExportOnly(ctx, o.Private, only, put)
		}
	default:
		err = s.found(ctx, o.Query, func(ids []int64) error { return s.places.ExportIDs(ctx, ids, put) })
	}
	if err != nil {
		return err
	}
	return out.Close()
}

// found gives the places that a query of /places gives, in its order, some at
// a time.
func (s *storage) found(ctx context.Context, raw string, fn func(ids []int64) error) error {
	v, err := query.Parse(raw)
	if err != nil {
		return err
	}
	q, err := query.ParsePlaces(v)
	if err != nil {
		return err
	}
	all := v.Get("limit") == ""
	f := finder.New()
	if err := s.fill(ctx, f); err != nil {
		return err
	}
	if all {
		q.Limit = query.MaxLimit
	}
	for {
		page, err := f.List(q.Filter(), q.Order(), q.Limit, q.Cursor)
		if err != nil {
			return err
		}
		ids := make([]int64, len(page.Hits))
		for i, h := range page.Hits {
			ids[i] = h.ID
		}
		if err := fn(ids); err != nil {
			return err
		}
		if page.Next == "" || !all {
			return nil
		}
		q.Cursor = page.Next
	}
}
