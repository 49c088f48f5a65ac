package place

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// ImportOptions says how records are taken in.
type ImportOptions struct {
	Publish        bool // else new records wait for review
	SkipDuplicates bool // leave out what looks like a place that is there
	DryRun         bool // decide everything, write nothing
	// Source names the source of records that name none: the file.
	Source string
	// By is told as the one who added them; without a name nobody is.
	By Credit
	// Report is told of every record that failed and of every value that was
	// left out. n counts the records of the run from 0.
	Report func(n int, failed bool, reason string)
}

// Total counts what an import did; as JSON it is the last line of the command.
type Total struct {
	Read      int `json:"read"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	// Duplicates are those of the created that look like a place that was
	// there; with SkipDuplicates they were not created.
	Duplicates int `json:"duplicates"`
	Failed     int `json:"failed"`
}

func (t *Total) add(o Total) {
	t.Read += o.Read
	t.Created += o.Created
	t.Updated += o.Updated
	t.Unchanged += o.Unchanged
	t.Duplicates += o.Duplicates
	t.Failed += o.Failed
}

// BatchSize is a good number of records for one Batch: large enough that a
// commit costs little, small enough that other writers are let in often.
const BatchSize = 1000

// Importer takes in one run of records, batch by batch. Prepare may run for
// the next batch while Write writes one; each is used by one goroutine at a
// time.
type Importer struct {
	places *Places
	opts   ImportOptions
	count  int // of the records prepared
	mu     sync.Mutex
	total  Total // guarded by mu
	slugs  slugMemo
	tags   map[string]bool
	dry    *dryRun
}

// Importer starts a run.
func (s *Places) Importer(o ImportOptions) *Importer {
	if o.Report == nil {
		o.Report = func(int, bool, string) {}
	}
	if o.Source == "" {
		o.Source = "import"
	}
	im := &Importer{places: s, opts: o, slugs: slugMemo{}, tags: map[string]bool{}}
	if o.DryRun {
		im.dry = newDryRun()
	}
	return im
}

// Import takes in records and returns when all are written.
func (s *Places) Import(ctx context.Context, records []Record, o ImportOptions) (Total, error) {
	im := s.Importer(o)
	for len(records) > 0 {
		n := min(len(records), BatchSize)
		if err := im.Write(ctx, im.Prepare(records[:n])); err != nil {
			return im.Total(), err
		}
		records = records[n:]
	}
	return im.Total(), nil
}

// Total is what was done so far.
func (im *Importer) Total() Total {
	im.mu.Lock()
	defer im.mu.Unlock()
	return im.total
}

func (im *Importer) addTotal(t Total) {
	im.mu.Lock()
	im.total.add(t)
	im.mu.Unlock()
}

// Skip counts a record that its reader could not read, so that numbers and
// totals fit the file.
func (im *Importer) Skip(reason string) {
	im.opts.Report(im.count, true, reason)
	im.count++
	im.addTotal(Total{Read: 1, Failed: 1})
}

// Batch is records that were checked and are ready to be written.
type Batch struct {
	first  int
	drafts []*draft // in order; those that failed are gone
	failed int
	read   int
}

// Prepare checks records and makes everything of them that needs no database.
// The records may be used again afterwards.
func (im *Importer) Prepare(records []Record) *Batch {
	b := &Batch{first: im.count, read: len(records)}
	im.count += len(records)
	readings := make([]reading, len(records))
	errors := make([]error, len(records))
	workers := min(runtime.GOMAXPROCS(0), len(records)/64+1)
	share := (len(records) + workers - 1) / max(workers, 1)
	var g errgroup.Group
	for w := range workers {
		from, to := min(w*share, len(records)), min((w+1)*share, len(records))
		g.Go(func() error {
			for i := from; i < to; i++ {
				r := &readings[i]
				r.n = b.first + i
				if errors[i] = r.read(&records[i], &im.opts); errors[i] == nil && r.Tier == Exact {
					r.locate(im.places.gaz, nil)
				}
			}
			return nil
		})
	}
	_ = g.Wait() // no worker fails
	for i := range readings {
		for _, w := range readings[i].warnings {
			im.opts.Report(b.first+i, false, w.Message)
		}
		if errors[i] != nil {
			im.opts.Report(b.first+i, true, errors[i].Error())
			b.failed++
			continue
		}
		b.drafts = append(b.drafts, &readings[i].draft)
	}
	return b
}

// Write writes a batch: each part of it in one transaction, a part ending where
// a record has the source and id of one before it.
func (im *Importer) Write(ctx context.Context, b *Batch) error {
	im.addTotal(Total{Read: b.read, Failed: b.failed})
	for rest := b.drafts; len(rest) > 0; {
		part := rest[:distinct(rest)]
		rest = rest[len(part):]
		t, err := im.writePart(ctx, part)
		if err != nil {
			return err
		}
		im.noted(part)
		im.addTotal(t)
	}
	return nil
}

// partTries is how often a part is tried: beside another import, a slug may be
// taken between its choice and the commit.
const partTries = 4

func (im *Importer) writePart(ctx context.Context, part []*draft) (t Total, err error) {
	decide := func(tx *db.Tx) error {
		t, err = im.decide(tx, part)
		return err
	}
	if im.dry != nil {
		err = im.places.db.Read(ctx, decide)
		im.dry.keep(part)
		return t, err
	}
	for try := 1; ; try++ {
		err = im.places.db.Write(ctx, decide)
		if try == partTries || !errs.Is(err, errs.Conflict) {
			return t, err
		}
		clear(im.slugs) // the numbers it remembers are the other's too
	}
}

// distinct is how many of the first drafts have different identities.
func distinct(list []*draft) int {
	seen := make(map[identity]bool, len(list))
	for i, d := range list {
		if seen[d.identity()] {
			return i
		}
		seen[d.identity()] = true
	}
	return len(list)
}

// decide settles what becomes of each draft and, but for a dry run, writes it.
// It may run several times for one part.
func (im *Importer) decide(tx *db.Tx, part []*draft) (t Total, err error) {
	if err := tx.ByIndex(); err != nil {
		return t, err
	}
	known, err := im.lookUp(tx, part)
	if err != nil {
		return t, err
	}
	var fresh, changed []*draft
	for _, d := range part {
		k, ok := known[d.identity()]
		switch {
		case !ok:
			fresh = append(fresh, d)
		case k.sum == d.sum && !(im.opts.Publish && k.state == Waiting):
			t.Unchanged++
		case k.state == Merged || k.state == Withdrawn:
			t.Unchanged++ // what an editor took away stays away
		default:
			d.ID = k.id
			changed = append(changed, d)
		}
	}
	fresh, dups, err := im.duplicates(tx, fresh)
	if err != nil {
		return t, err
	}
	t.Duplicates = len(dups)
	t.Created = len(fresh)
	if err := im.create(tx, fresh, dups); err != nil {
		return t, err
	}
	for _, d := range changed {
		did, err := im.change(tx, d)
		if err != nil {
			return t, err
		}
		if did {
			t.Updated++
		} else {
			t.Unchanged++
		}
	}
	return t, nil
}
