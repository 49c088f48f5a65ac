// Package demo holds the demo atlas: real places in short texts written for
// this project, which serve --demo imports into an empty atlas.
package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"mirabilia/internal/interchange"
)

//go:embed places/*.toml
var files embed.FS

// Source is the source of every record here; together with its id it keeps a
// second start from importing anything twice.
const Source = "mirabilia-demo"

// Author is told as the one who added the places.
const Author = "The demo's editors"

// licence of all texts of the demo.
const licence = "CC-BY-SA-4.0"

// entry is one place as the TOML files write it.
type entry struct {
	ID, Kind, Title, Subtitle, Body, Know string
	Lat, Lon                              float64
	Country                               string // ISO 3166-1 code of the country it is in
	Tier                                  string
	TierReason                            string `toml:"tier_reason"`
	Address, Website                      string
	Status                                string
	StatusDate                            string `toml:"status_date"`
	StatusSource                          string `toml:"status_source"`
	Tags                                  []string
	Aliases                               []interchange.Alias
	Facts                                 map[string]string
	Sources                               []interchange.Source
}

// Records are the places of the demo as import records, in a fixed order.
func Records() ([]interchange.Record, error) {
	names, err := fs.Glob(files, "places/*.toml")
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, name := range names {
		var file struct{ Place []entry }
		meta, err := toml.DecodeFS(files, name, &file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if extra := meta.Undecoded(); len(extra) > 0 {
			return nil, fmt.Errorf("%s: unknown key %s", name, extra[0])
		}
		all = append(all, file.Place...)
	}
	// One a day, so that "newest" has an order that mixes the countries.
	sort.Slice(all, func(i, j int) bool { return mixed(all[i].ID) < mixed(all[j].ID) })
	first := time.Date(2026, time.June, 1, 9, 0, 0, 0, time.UTC)
	records := make([]interchange.Record, len(all))
	for i := range all {
		records[i] = all[i].record(first.AddDate(0, 0, i))
	}
	return records, nil
}

// mixed is a small hash (FNV-1a) to shuffle by.
func mixed(id string) uint32 {
	h := uint32(2166136261)
	for _, c := range []byte(id) {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

func (e *entry) record(published time.Time) interchange.Record {
	facts := make(map[string]interchange.Fact, len(e.Facts))
	for name, value := range e.Facts {
		facts[name] = interchange.Fact{Value: value}
	}
	stamp := published.Format(time.RFC3339)
	return interchange.Record{
		Source: Source, ID: e.ID, Slug: e.ID, Kind: e.Kind,
		Title: e.Title, Subtitle: e.Subtitle,
		Body: strings.TrimSpace(e.Body), KnowBeforeYouGo: strings.TrimSpace(e.Know), Lang: "en",
		Lat: &e.Lat, Lon: &e.Lon, CountryCode: e.Country, LocationTier: e.Tier, TierReason: e.TierReason,
		Address: e.Address, Website: e.Website,
		Status: e.Status, StatusDate: e.StatusDate, StatusSource: e.StatusSource,
		Tags: e.Tags, Aliases: e.Aliases, Facts: facts, Sources: e.Sources,
		Licence: licence, PublishedAt: stamp, UpdatedAt: stamp,
	}
}
