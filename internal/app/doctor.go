package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"mirabilia/internal/blob"
	"mirabilia/internal/changes"
	"mirabilia/internal/config"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/logo"
	"mirabilia/internal/media"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/portrait"
	"mirabilia/internal/setting"
)

// doctorPatience is how long a replica may take to come to where the primary
// stands: a moment is what every replica is behind, which is no fault.
const doctorPatience = 5 * time.Second

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
	s, err := openStorage(ctx, c.Storage, false, c.Replicas...)
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
	if err = examineReplicas(ctx, s.db, doctorPatience, fault); err != nil {
		fault("replicas: %v", err)
	}
	lines, err = s.places.Check(ctx)
	if err != nil {
		lines = append(lines, err.Error())
	}
	for _, line := range lines {
		fault("places: %s", line)
	}
	if err = examineJobs(ctx, s.db, fault); err != nil {
		fault("jobs: %v", err)
	}
	lines, err = checkPhotos(ctx, c.Storage, s)
	if err != nil {
		lines = append(lines, err.Error())
	}
	for _, line := range lines {
		fault("photos: %s", line)
	}
	f := finder.New()
	n := 0
	if err = s.fill(ctx, f); err == nil {
		n, err = s.examine(ctx, f, "finder", fault)
	}
	if err == nil {
		err = s.examineAreas(ctx, f, fault)
	}
	if err != nil {
		fault("database: %v", err)
	}
	kept, err := s.examineSnapshot(ctx, c.Data, fault)
	if err != nil {
		fault("finder's snapshot: %v; the next start makes it anew", err)
	}
	return faults, fmt.Sprintf("configuration, database (%s), %d places, finder, %s", s.db.Name(), n, kept)
}

// checkPhotos holds the rows of photos, of members' pictures and of the logo against
// the files.
func checkPhotos(ctx context.Context, c config.Storage, s *storage) ([]string, error) {
	files, err := blob.Open(ctx, c.Blobs, c.Data)
	if err != nil {
		return nil, err
	}
	faults, err := photo.New(s.db, files, media.NewStudio(), s.places).Check(ctx)
	if err != nil {
		return nil, err
	}
	more, err := portrait.New(s.db, files, media.NewStudio()).Check(ctx)
	if err != nil {
		return nil, err
	}
	faults = append(faults, more...)
	more, err = logo.New(files, media.NewStudio(), setting.Open(s.db)).Check(ctx)
	return append(faults, more...), err
}

// examine holds a finder against the tables: each published place must be
// found where its row says, and nothing else.
func (s *storage) examine(ctx context.Context, f *finder.Finder, name string, fault func(string, ...any)) (int, error) {
	n := 0
	err := s.places.EachDoc(ctx, func(d finder.Doc) error {
		n++
		switch {
		case !f.Has(d.Ref):
			fault("%s: %s is published and not found", name, place.PublicID(d.ID))
		case d.At != nil && !d.At.Valid():
			fault("places: %s has no position on Earth", place.PublicID(d.ID))
		case d.At != nil && !near(f, d):
			fault("%s: %s is not where its row says", name, place.PublicID(d.ID))
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	count, err := s.places.Count(ctx)
	if err == nil && count != f.CountIn("") {
		fault("%s: %d places, the table has %d", name, f.CountIn(""), count)
	}
	return n, err
}

// examineSnapshot reads the finder's snapshot to its end, and where the
// database has not changed since it was written, holds it against the tables.
// What it would not be used for at the next start is no fault.
func (s *storage) examineSnapshot(ctx context.Context, dir string, fault func(string, ...any)) (kept string, err error) {
	file, size, err := openSnapshot(dir)
	if errors.Is(err, errNoSnapshot) {
		return "no snapshot of it yet", nil
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	f := finder.New()
	o, err := f.LoadSnapshot(bufio.NewReaderSize(file, 1<<16), size, func(finder.Origin) error { return nil })
	if err != nil {
		return "", err
	}
	is, err := belongs(ctx, s.db, o)
	if err != nil {
		return "", err
	}
	if !is {
		return "a snapshot of another database, which the next start makes anew", nil
	}
	var found []string
	_, err = s.examine(ctx, f, "finder's snapshot", func(format string, args ...any) {
		found = append(found, fmt.Sprintf(format, args...))
	})
	if err != nil {
		return "", err
	}
	last, err := changes.Last(ctx, s.db)
	if last == o.Seq { // nothing has changed, also while it was examined
		for _, line := range found {
			fault("%s", line)
		}
	}
	return "its snapshot", err
}

func near(f *finder.Finder, d finder.Doc) bool {
	box := geo.Box{West: d.At.Lon, East: d.At.Lon, South: d.At.Lat, North: d.At.Lat}
	return f.Count(finder.Filter{Box: &box}) > 0
}

// fill fills a finder with the published places and the areas alone.
func (s *storage) fill(ctx context.Context, f *finder.Finder) error {
	areas, err := s.destinations.Areas(ctx)
	if err != nil {
		return err
	}
	f.SetAreas(found(areas, s.destinations))
	var docs []finder.Doc
	err = s.places.EachDoc(ctx, func(d finder.Doc) error {
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
