package app

import (
	"mirabilia/internal/interchange"
	"mirabilia/internal/place"
)

// placeRecord turns what a file said into what package place takes. The two
// have the same fields; neither package knows the other. dump.Record is the
// other way.
func placeRecord(r interchange.Record) place.Record {
	out := place.Record{
		Source: r.Source, ID: r.ID, Title: r.Title, Slug: r.Slug, Subtitle: r.Subtitle,
		Body: r.Body, KnowBeforeYouGo: r.KnowBeforeYouGo, Lat: r.Lat, Lon: r.Lon,
		LocationTier: r.LocationTier, TierReason: r.TierReason, Address: r.Address,
		CountryCode: r.CountryCode, Region: r.Region, City: r.City, Lang: r.Lang,
		Tags: r.Tags, Website: r.Website, Status: r.Status, StatusDate: r.StatusDate,
		StatusUntil: r.StatusUntil, StatusSource: r.StatusSource, Licence: r.Licence, SourceURL: r.SourceURL,
		ImageURL: r.ImageURL, Kind: r.Kind, PublishedAt: r.PublishedAt, UpdatedAt: r.UpdatedAt,
		Extra: r.Extra,
	}
	for _, a := range r.Aliases {
		out.Aliases = append(out.Aliases, place.Alias(a))
	}
	for _, s := range r.Sources {
		out.Sources = append(out.Sources, place.Source(s))
	}
	if r.Facts != nil {
		out.Facts = make(map[string]place.Fact, len(r.Facts))
		for name, f := range r.Facts {
			out.Facts[name] = place.Fact(f)
		}
	}
	return out
}
