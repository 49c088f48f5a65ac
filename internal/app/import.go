package app

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"mirabilia/internal/config"
	"mirabilia/internal/interchange"
	"mirabilia/internal/place"
)

// batchSize is how many records are written at once. Each commit writes the
// pages of the indexes that its records touch, all over them: 4,000 records
// cost 77 µs of CPU each on SQLite where 1,000 cost 93. It holds the writer's
// place for a quarter of a second; followers take what they find piece by
// piece.
const batchSize = 4000

// batchBytes is how much text a batch may hold: long articles come in smaller
// batches, so that memory stays bounded.
const batchBytes = 16 << 20

// ImportOptions says how files are taken in.
type ImportOptions struct {
	DryRun, Publish, SkipDuplicates bool
	// Report takes a line about each failed record and each value left out.
	Report func(line string)
}

// Importing is a run over files. It is used by one goroutine.
type Importing struct {
	*storage
	options  ImportOptions
	importer *place.Importer
	progress func(int, time.Duration)
	shown    time.Time
	start    time.Time

	mu   sync.Mutex
	at   map[int]*interchange.RecordError // where the records under way stand, by their number in the run
	next int                              // the number of the next record
}

// OpenImport opens the atlas for a run; it makes a new one where there is none,
// unless nothing is to be written.
func OpenImport(ctx context.Context, c config.Storage, o ImportOptions) (*Importing, error) {
	s, err := openStorage(ctx, c, true)
	if err != nil {
		return nil, err
	}
	im := &Importing{storage: s, options: o, start: time.Now(), at: map[int]*interchange.RecordError{}}
	im.importer = s.places.Importer(place.ImportOptions{
		Publish: o.Publish, SkipDuplicates: o.SkipDuplicates, DryRun: o.DryRun, Report: im.report,
	})
	return im, nil
}

// Progress has fn told, twice a second, how many records were read.
func (im *Importing) Progress(fn func(read int, took time.Duration)) { im.progress = fn }

// Sum is what was done so far.
func (im *Importing) Sum() place.Total { return im.importer.Total() }

// Close ends the run.
func (im *Importing) Close() error { return im.db.Close() }

// report says a line about record n of the run.
func (im *Importing) report(n int, failed bool, reason string) {
	im.mu.Lock()
	defer im.mu.Unlock()
	if !failed {
		reason = "warning: " + reason
	}
	if at := im.at[n]; at != nil {
		line := *at
		line.Reason = reason
		reason = line.Error()
	}
	im.options.Report(reason)
}

// stands notes where the next record stands.
func (im *Importing) stands(at *interchange.RecordError) {
	im.mu.Lock()
	im.at[im.next] = at
	im.next++
	im.mu.Unlock()
}

// Read takes in one file. The file is read and its records are checked while
// the batch before is being written. The error is that of a file that could
// not be read to its end; a StorageError means that nothing more can be written.
func (im *Importing) Read(ctx context.Context, name string, r io.Reader, format string) error {
	file, err := interchange.Open(name, r, format)
	if err != nil {
		return err
	}
	work, ctx := errgroup.WithContext(ctx)
	batches := make(chan *place.Batch, 1)
	var unread error
	work.Go(func() error {
		defer close(batches)
		unread = im.gather(ctx, file, batches)
		return nil
	})
	work.Go(func() error {
		for b := range batches {
			if err := im.write(ctx, b); err != nil {
				return &StorageError{err}
			}
		}
		return nil
	})
	if err := work.Wait(); err != nil {
		return err
	}
	return unread
}

// gather reads records into batches until the end of the file.
func (im *Importing) gather(ctx context.Context, file *interchange.Reader, out chan<- *place.Batch) error {
	records, size := make([]place.Record, 0, batchSize), 0
	send := func() error {
		if len(records) == 0 {
			return nil
		}
		b := im.importer.Prepare(records)
		records, size = records[:0], 0
		select {
		case out <- b:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for first := true; ; first = false {
		rec, err := file.Next()
		var bad *interchange.RecordError
		switch {
		case errors.As(err, &bad):
			// What was read before it has its numbers first.
			if err := send(); err != nil {
				return err
			}
			im.stands(bad)
			im.importer.Skip(bad.Reason)
		case err != nil:
			if e := send(); e != nil {
				return e
			}
			if !errors.Is(err, io.EOF) {
				return err
			}
			if first && file.Format() != interchange.NDJSON { // which an empty atlas exports empty
				im.options.Report(file.Name() + ": warning: no place stands in it; routes and tracks are ways, not places")
			}
			return nil
		default:
			records = append(records, placeRecord(rec))
			im.stands(file.Fail(""))
			for _, w := range file.Warnings() {
				im.report(im.next-1, false, w)
			}
			size += len(rec.Body) + len(rec.KnowBeforeYouGo)
			if len(records) == batchSize || size > batchBytes {
				if err := send(); err != nil {
					return err
				}
			}
		}
	}
}

// write writes one batch.
func (im *Importing) write(ctx context.Context, b *place.Batch) error {
	if err := im.importer.Write(ctx, b); err != nil {
		return err
	}
	read := im.importer.Total().Read
	im.mu.Lock()
	for n := range im.at {
		if n < read-3*batchSize { // nothing older is still under way
			delete(im.at, n)
		}
	}
	im.mu.Unlock()
	if now := time.Now(); im.progress != nil && now.Sub(im.shown) > time.Second/2 {
		im.shown = now
		im.progress(read, now.Sub(im.start))
	}
	return nil
}
