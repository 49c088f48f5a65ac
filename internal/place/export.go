package place

import (
	"context"
	"database/sql"
	"maps"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/geo"
	"mirabilia/internal/text"
)

// recordOf is a public row as an import record. Where the position gives the
// destination again the hints only repeat it.
func recordOf(p *Place) Record {
	r := Record{
		Source: p.Source, ID: p.SourceID, Title: p.Title, Slug: p.Slug, Subtitle: p.Subtitle, Body: p.Body,
		KnowBeforeYouGo: p.Know, LocationTier: string(p.Tier), TierReason: p.TierReason, Address: p.Address, CountryCode: p.CountryCode,
		Region: p.Region, City: p.City, Aliases: p.Aliases, Lang: p.Lang, Tags: p.Tags, Website: p.Website,
		Sources: p.Sources, Facts: p.Facts, Status: string(p.Status), StatusDate: p.StatusDate, StatusUntil: p.StatusUntil,
		StatusSource: p.StatusSource, Licence: p.Licence,
		SourceURL: p.SourceURL, ImageURL: p.ImageURL, Kind: string(p.Kind),
		PublishedAt: stamp(p.Published), UpdatedAt: stamp(p.Updated), Extra: p.Extra,
	}
	if p.At != nil {
		lat, lon := p.At.Lat, p.At.Lon
		r.Lat, r.Lon = &lat, &lon
	}
	return r
}

// stamp writes a time as records have it; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

var zeroTime time.Time

func trueOf(p geo.Public) geo.True { return geo.True{Lat: p.Lat, Lon: p.Lon} }

// Export gives every published place as an import record, sorted by source and
// id. With private the positions are the true ones, with the public point of
// each protected place in its extra, so that an import elsewhere shows the same
// point; otherwise everything is as the public sees it.
func (s *Places) Export(ctx context.Context, private bool, fn func(Record) error) error {
	return s.ExportOnly(ctx, private, nil, fn)
}

// ExportOnly is Export of the places that are in only; nil stands for all.
func (s *Places) ExportOnly(ctx context.Context, private bool, only map[int64]bool, fn func(Record) error) error {
	return s.db.Snapshot(ctx, func(tx *db.Tx) error {
		names, err := tagNames(tx)
		if err != nil {
			return err
		}
		secrets := map[int64]*hidden{}
		if private {
			if secrets, err = allHidden(tx); err != nil {
				return err
			}
		}
		rows, err := tx.Query(`SELECT ` + wholeColumns + ` FROM places WHERE state = 'published' ORDER BY source, source_id`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			p, err := scanWhole(r)
			if err != nil || only != nil && !only[p.ID] {
				return err
			}
			p.name(s.gaz)
			rec, err := exported(p, secrets[p.ID])
			if err != nil {
				return err
			}
			for i, slug := range rec.Tags {
				if name, ok := names[slug]; ok {
					rec.Tags[i] = name
				}
			}
			return fn(rec)
		})
	})
}

// ExportIDs gives those of the places that are published as import records, in
// the order of ids, as the public sees them: the answer of a query.
func (s *Places) ExportIDs(ctx context.Context, ids []int64, fn func(Record) error) error {
	for len(ids) > 0 {
		n := min(len(ids), lookupSize)
		list, err := s.Whole(ctx, ids[:n])
		if err != nil {
			return err
		}
		ids = ids[n:]
		for _, p := range list {
			if err := fn(recordOf(p)); err != nil {
				return err
			}
		}
	}
	return nil
}

// exported is the record of a place, with its truth where h is given.
func exported(p *Place, h *hidden) (Record, error) {
	if h == nil || !p.Protected() {
		return recordOf(p), nil
	}
	d := &draft{Place: *p}
	if err := d.reveal(h); err != nil {
		return Record{}, err
	}
	r := recordOf(&d.Place)
	r.Lat, r.Lon = &h.at.Lat, &h.at.Lon
	r.Extra = map[string]any{}
	maps.Copy(r.Extra, d.Extra)
	r.Extra[extraNearLat], r.Extra[extraNearLon] = h.near.Lat, h.near.Lon
	return r, nil
}

// allHidden reads every protected place's truth: they are few.
func allHidden(tx *db.Tx) (map[int64]*hidden, error) {
	all := map[int64]*hidden{}
	rows, err := tx.Query(`SELECT place, lat, lon, near_lat, near_lon, address, source_url, image_url, extra FROM place_truths`)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		h := new(hidden)
		err := r.Scan(&id, &h.at.Lat, &h.at.Lon, &h.near.Lat, &h.near.Lon, &h.address, &h.sourceURL, &h.imageURL, &h.extra)
		all[id] = h
		return err
	})
	return all, err
}

// tagNames gives the names from which their slugs are made again; a tag whose
// name was edited goes by its slug.
func tagNames(tx *db.Tx) (map[string]string, error) {
	names := map[string]string{}
	rows, err := tx.Query(`SELECT slug, name FROM tags`)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var slug, name string
		if err := r.Scan(&slug, &name); err != nil {
			return err
		}
		if text.Slug(name) == slug {
			names[slug] = name
		}
		return nil
	})
	return names, err
}
