package place

import (
	"context"
	"encoding/json"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/revision"
	"mirabilia/internal/text"
)

// Wait is a place, or a newer record of one that is public, that was imported
// without being published and waits for an editor.
type Wait struct {
	ID          int64
	Title       string
	Destination string
	Words       int
}

// Queue is told what waits, in the transaction that wrote it.
type Queue interface {
	// Wait is for what waits now; again for what waited before.
	Wait(tx *db.Tx, list []Wait, fresh bool) error
	// Settle is for what needs no decision any more.
	Settle(tx *db.Tx, ids []int64) error
}

// SetQueue names who is told what waits. It is called before any import.
func (s *Places) SetQueue(q Queue) { s.queue = q }

func (im *Importer) wait(tx *db.Tx, list []*draft, fresh bool) error {
	if im.places.queue == nil || im.opts.Publish || len(list) == 0 {
		return nil
	}
	waits := make([]Wait, len(list))
	for i, d := range list {
		waits[i] = Wait{ID: d.ID, Title: d.Title, Destination: d.Destination, Words: len(text.Words(d.Body))}
	}
	return im.places.queue.Wait(tx, waits, fresh)
}

// settle drops a record that waited beside its place and tells that the place
// needs no decision any more.
func (im *Importer) settle(tx *db.Tx, id int64, waited bool) error {
	n, err := tx.Exec(`DELETE FROM place_aside WHERE place = $1`, id)
	if err != nil || n == 0 && !waited || im.places.queue == nil {
		return err
	}
	return im.places.queue.Settle(tx, []int64{id})
}

// Accept publishes a place that waits, or takes over the record that waits
// beside a published one. Fields are changes of whoever accepts it: a revision of
// its own over what was imported.
func (s *Places) Accept(tx *db.Tx, n Proposed) (Changed, error) {
	c, err := s.accept(tx, n.ID)
	if err != nil || len(n.Fields) == 0 {
		return c, err
	}
	n.Base = c.After
	done, err := s.change(tx, n, true)
	if err != nil {
		return c, err
	}
	if c.Before == 0 {
		c.Came, c.EditedBy, c.StatusSince = c.After, done.EditedBy, done.StatusSince
	}
	c.After = done.After
	return c, nil
}

func (s *Places) accept(tx *db.Tx, id int64) (Changed, error) {
	p, err := placeByID(tx, id)
	if err != nil {
		return Changed{}, err
	}
	if p.State == Waiting {
		return s.createAgain(tx, Proposed{ID: id})
	}
	if p.State != Published {
		return Changed{}, errs.New(errs.Conflict, "the place was taken away meanwhile")
	}
	c := Changed{ID: id, Before: p.Revision, After: p.Revision, EditedBy: p.EditedBy}
	if c.StatusSince, err = StatusSince(tx, id); err != nil {
		return c, err
	}
	im := s.Importer(ImportOptions{Publish: true})
	r, err := im.aside(tx, id, &c)
	if err != nil {
		return c, err
	}
	if r.Tier == Exact {
		r.locate(s.gaz, nil)
	}
	did, err := im.change(tx, &r.draft)
	if did {
		c.After++
	}
	return c, err
}

// aside reads the record that waits beside a published place, and notes it in
// c.
func (im *Importer) aside(tx *db.Tx, id int64, c *Changed) (*reading, error) {
	var record string
	if err := tx.QueryRow(`SELECT record, import_sum FROM place_aside WHERE place = $1`, id).Scan(&record, &c.AsideSum); err != nil {
		if errs.Is(err, errs.NotFound) {
			err = errs.New(errs.Conflict, "nothing waits beside this place any more")
		}
		return nil, err
	}
	c.Aside = json.RawMessage(record)
	var rec Record
	if err := json.Unmarshal(c.Aside, &rec); err != nil {
		return nil, err
	}
	r := &reading{}
	if err := r.read(&rec, &im.opts); err != nil {
		return nil, err
	}
	r.ID = id
	return r, nil
}

// Imported is what an imported record that waits for an editor says, beside
// what its place says now, which is nothing where it is not public yet. The
// position of what either protects is in neither.
func (s *Places) Imported(ctx context.Context, id int64) (now, then revision.Fields, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := placeByID(tx, id)
		if err != nil {
			return err
		}
		now, then = revision.Fields{}, FieldsOf(p)
		protected := p.Protected()
		if p.State == Published {
			switch r, err := s.Importer(ImportOptions{}).aside(tx, id, &Changed{}); {
			case err == nil:
				r.keepFrom(p)
				now, then = then, content(r.Fields, r.publicGuess())
				protected = protected || r.Protected()
			case !errs.Is(err, errs.Conflict): // else it was decided, and says what it did
				return err
			}
		}
		if protected {
			for _, f := range []revision.Fields{now, then} {
				delete(f, "lat")
				delete(f, "lon")
			}
		}
		return nil
	})
	return now, then, err
}

// putAside lets a record wait again beside its place.
func putAside(tx *db.Tx, c Changed) error {
	_, err := tx.Exec(`INSERT INTO place_aside (place, import_sum, record, at) VALUES ($1, $2, $3, $4) ON CONFLICT (place) DO NOTHING`,
		c.ID, c.AsideSum, string(c.Aside), tx.DB().Millis())
	return err
}
