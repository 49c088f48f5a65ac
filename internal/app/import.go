package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"mirabilia/internal/config"
	"mirabilia/internal/interchange"
	"mirabilia/internal/place"
)

// batchSize is how many records are written at once: large enough that the
// commit's fsync does not matter, small enough that a follower keeps up.
const batchSize = 1000

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
	at       []string // where the records of the run stand, by their number
	from     int      // the number of at[0]
	progress func(int, time.Duration)
	shown    time.Time
	start    time.Time
}

// OpenImport opens the atlas for a run; it makes a new one where there is none,
// unless nothing is to be written.
func OpenImport(ctx context.Context, c config.Storage, o ImportOptions) (*Importing, error) {
	s, err := openStorage(ctx, c, true)
	if err != nil {
		return nil, err
	}
	im := &Importing{storage: s, options: o, start: time.Now()}
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
	where := fmt.Sprintf("record %d", n+1)
	if i := n - im.from; i >= 0 && i < len(im.at) {
		where = im.at[i]
	}
	if !failed {
		reason = "warning: " + reason
	}
	im.options.Report(where + ": " + reason)
}

// batch is records read from a file, and where they stood.
type batch struct {
	records []place.Record
	at      []string
}

// Read takes in one file. The file is read and its records are checked while
// the batch before is being written. The error is that of a file that could
// not be read to its end; a StorageError means that nothing more can be written.
func (im *Importing) Read(ctx context.Context, name string, r io.Reader, format string) error {
	file, err := interchange.Open(name, r, format)
	if err != nil {
		return err
	}
	defer file.Close()
	work, ctx := errgroup.WithContext(ctx)
	batches := make(chan batch, 1)
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

// gather reads records into batches. A record that cannot be read stands in
// its batch as one without a title and with the reason as its place.
func (im *Importing) gather(ctx context.Context, file *interchange.Reader, out chan<- batch) error {
	for done := false; !done; {
		b := batch{records: make([]place.Record, 0, batchSize), at: make([]string, 0, batchSize)}
		var end error
		for len(b.records) < batchSize {
			rec, err := file.Next()
			var bad *interchange.RecordError
			switch {
			case errors.As(err, &bad):
				select { // keep the order: what was read before goes first
				case out <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
				b = batch{at: []string{bad.Error()}}
				select {
				case out <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
				b = batch{records: make([]place.Record, 0, batchSize), at: make([]string, 0, batchSize)}
				continue
			case err != nil:
				done = true
				if !errors.Is(err, io.EOF) {
					end = err
				}
			default:
				b.records = append(b.records, placeRecord(rec))
				b.at = append(b.at, file.Where())
				continue
			}
			break
		}
		select {
		case out <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		if done {
			return end
		}
	}
	return nil
}

// write writes one batch; one without records is a record that could not be
// read.
func (im *Importing) write(ctx context.Context, b batch) error {
	if len(b.records) == 0 {
		for _, reason := range b.at {
			im.options.Report(reason)
			im.importer.Skip(reason)
		}
		return nil
	}
	im.from, im.at = im.importer.Total().Read, b.at
	if err := im.importer.Write(ctx, im.importer.Prepare(b.records)); err != nil {
		return err
	}
	if now := time.Now(); im.progress != nil && now.Sub(im.shown) > time.Second/2 {
		im.shown = now
		im.progress(im.importer.Total().Read, now.Sub(im.start))
	}
	return nil
}
