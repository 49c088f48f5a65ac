package dump

import (
	"mirabilia/internal/interchange"
	"mirabilia/internal/place"
)

// Record is a place's record as files carry it. The two have the same fields;
// neither package knows the other.
func Record(r place.Record) interchange.Record {
	out := interchange.Record{
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
		out.Aliases = append(out.Aliases, interchange.Alias(a))
	}
	for _, s := range r.Sources {
		out.Sources = append(out.Sources, interchange.Source(s))
	}
	if r.Facts != nil {
		out.Facts = make(map[string]interchange.Fact, len(r.Facts))
		for name, f := range r.Facts {
			out.Facts[name] = interchange.Fact(f)
		}
	}
	return out
}

// outside is Record without what the importer kept beside what is shown: the
// site's own files leave it out as well.
func outside(r place.Record) interchange.Record {
	out := Record(r)
	out.Extra, out.ImageURL = nil, ""
	return out
}
