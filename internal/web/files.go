package web

import (
	"bytes"
	"context"
	"strings"
	"time"

	"mirabilia/internal/interchange"
	"mirabilia/internal/place"
)

// asRoute says in a file that its order is that of a way.
func asRoute(m *interchange.Meta) { m.Route = true }

// besideWay puts the line into a file that its places lie beside.
func besideWay(w *way) func(*interchange.Meta) {
	return func(m *interchange.Meta) { m.Way = w.drawn() }
}

// fileOf writes places as a file to take along: GeoJSON, CSV, GPX or KML.
func (s *Site) fileOf(ctx context.Context, suffix, title string, places []*place.Place, more ...func(*interchange.Meta)) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	ids := make(map[string]string, len(places))
	for _, p := range places {
		ids[p.Slug] = p.PublicID()
	}
	var b bytes.Buffer
	meta := interchange.Meta{
		Name: title, Description: set.Name, URL: s.URL, Licence: set.Licence,
		Link: func(r interchange.Record) string { return s.absolute("/places/" + r.Slug) },
		ID:   func(r interchange.Record) string { return ids[r.Slug] },
	}
	for _, set := range more {
		set(&meta)
	}
	w, err := interchange.NewWriter(&b, strings.TrimPrefix(suffix, "."), meta)
	if err != nil {
		return Answer{}, err
	}
	for _, p := range places {
		if err := w.Write(fileRecord(p)); err != nil {
			return Answer{}, err
		}
	}
	if err := w.Close(); err != nil {
		return Answer{}, err
	}
	a := Answer{Kind: File, Type: forms[suffix].mime, Body: b.Bytes()}
	if suffix != ".geojson" {
		a.Filename = filename(title, suffix)
	}
	return a, nil
}

// fileRecord is the public row of a place as files carry it. What only an
// import needs to know, and what the importer kept besides, stays here.
func fileRecord(p *place.Place) interchange.Record {
	r := interchange.Record{
		Source: p.Source, ID: p.SourceID, Title: p.Title, Slug: p.Slug, Subtitle: p.Subtitle, Body: p.Body, KnowBeforeYouGo: p.Know,
		LocationTier: string(p.Tier), TierReason: p.TierReason, Address: p.Address, CountryCode: p.CountryCode, Region: p.Region, City: p.City,
		Lang: p.Lang, Tags: p.Tags, Website: p.Website, Status: string(p.Status), StatusDate: p.StatusDate, StatusUntil: p.StatusUntil,
		StatusSource: p.StatusSource, Licence: p.Licence, SourceURL: p.SourceURL, Kind: string(p.Kind),
		PublishedAt: moment(p.Published), UpdatedAt: moment(p.Updated),
	}
	if p.At != nil {
		lat, lon := p.At.Lat, p.At.Lon
		r.Lat, r.Lon = &lat, &lon
	}
	for _, a := range p.Aliases {
		r.Aliases = append(r.Aliases, interchange.Alias(a))
	}
	for _, src := range p.Sources {
		r.Sources = append(r.Sources, interchange.Source(src))
	}
	for name, f := range p.Facts {
		if r.Facts == nil {
			r.Facts = map[string]interchange.Fact{}
		}
		r.Facts[name] = interchange.Fact(f)
	}
	return r
}

// moment writes a time as files have it; "" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
