package app

import (
	"context"
	"io"

	"mirabilia/internal/config"
	"mirabilia/internal/dump"
	"mirabilia/internal/errs"
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
	if o.Private && o.Query != "" {
		return errs.New(errs.Invalid, "--private writes everything; leave out --query")
	}
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
	if o.Query == "" {
		err = s.places.Export(ctx, o.Private, put)
	} else {
		err = s.exportQuery(ctx, o.Query, put)
	}
	if err != nil {
		return err
	}
	return out.Close()
}

// exportQuery writes what a query of /places gives, in its order.
func (s *storage) exportQuery(ctx context.Context, raw string, put func(place.Record) error) error {
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
		if err := s.places.ExportIDs(ctx, ids, put); err != nil {
			return err
		}
		if page.Next == "" || !all {
			return nil
		}
		q.Cursor = page.Next
	}
}
