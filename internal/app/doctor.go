package app

import (
	"context"
	"fmt"
	"os"

	"mirabilia/internal/config"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
)

// Doctor looks for faults: a line each. checked says what was looked at.
// Records that wait for review are no fault.
func Doctor(ctx context.Context, c config.Config) (faults []string, checked string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if c.Database == "" {
		if info, err := os.Stat(c.Data); err != nil {
			fault("data directory: %s is not there", c.Data)
			return faults, ""
		} else if mode := info.Mode().Perm(); mode&0o007 != 0 {
			fault("data directory: every user of this machine may look into %s; chmod o-rwx it", c.Data)
		}
	}
	s, err := openStorage(ctx, c.Storage, false)
	if err != nil {
		fault("database: %v", err)
		return faults, ""
	}
	defer s.db.Close()
	lines, err := s.db.Check(ctx)
	if err != nil {
		lines = append(lines, err.Error())
	}
	for _, line := range lines {
		fault("database: %s", line)
	}
	lines, err = s.places.Check(ctx)
	if err != nil {
		lines = append(lines, err.Error())
	}
	for _, line := range lines {
		fault("places: %s", line)
	}
	n, err := s.examine(ctx, fault)
	if err != nil {
		fault("database: %v", err)
	}
	return faults, fmt.Sprintf("configuration, database (%s), %d places, finder", s.db.Name(), n)
}

// examine holds the finder against the tables: each published place must be
// found where its row says, and nothing else.
func (s *storage) examine(ctx context.Context, fault func(string, ...any)) (int, error) {
	f := finder.New()
	if err := fillPlaces(ctx, f, s.places); err != nil {
		return 0, err
	}
	n := 0
	err := s.places.EachDoc(ctx, func(d finder.Doc) error {
		n++
		switch {
		case !f.Has(d.Ref):
			fault("finder: %s is published and not found", place.PublicID(d.ID))
		case d.At != nil && !d.At.Valid():
			fault("places: %s has no position on Earth", place.PublicID(d.ID))
		case d.At != nil && !near(f, d):
			fault("finder: %s is not where its row says", place.PublicID(d.ID))
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	count, err := s.places.Count(ctx)
	if err == nil && count != f.CountIn("") {
		fault("finder: %d places, the table has %d", f.CountIn(""), count)
	}
	return n, err
}

func near(f *finder.Finder, d finder.Doc) bool {
	box := geo.Box{West: d.At.Lon, East: d.At.Lon, South: d.At.Lat, North: d.At.Lat}
	return f.Count(finder.Filter{Box: &box}) > 0
}

// fillPlaces fills a finder with the published places alone.
func fillPlaces(ctx context.Context, f *finder.Finder, places *place.Places) error {
	var docs []finder.Doc
	err := places.EachDoc(ctx, func(d finder.Doc) error {
		docs = append(docs, d)
		if len(docs) == batchSize {
			f.Apply(docs, nil)
			docs = docs[:0]
		}
		return nil
	})
	f.Apply(docs, nil)
	return err
}
