package place

import (
	"encoding/json"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
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
// beside a published one.
func (s *Places) Accept(tx *db.Tx, id int64) (Changed, error) {
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
	var record string
	if err := tx.QueryRow(`SELECT record, import_sum FROM place_aside WHERE place = $1`, id).Scan(&record, &c.AsideSum); err != nil {
		if errs.Is(err, errs.NotFound) {
			err = errs.New(errs.Conflict, "nothing waits beside this place any more")
		}
		return c, err
	}
	c.Aside = json.RawMessage(record)
	var rec Record
	if err := json.Unmarshal(c.Aside, &rec); err != nil {
		return c, err
	}
	im := s.Importer(ImportOptions{Publish: true})
	r := &reading{}
	if err := r.read(&rec, &im.opts); err != nil {
		return c, err
	}
	r.ID = id
	if r.Tier == Exact {
		r.locate(s.gaz, nil)
	}
	did, err := im.change(tx, &r.draft)
	if did {
		c.After++
	}
	return c, err
}

// putAside lets a record wait again beside its place.
func putAside(tx *db.Tx, c Changed) error {
	_, err := tx.Exec(`INSERT INTO place_aside (place, import_sum, record, at) VALUES ($1, $2, $3, $4) ON CONFLICT (place) DO NOTHING`,
		c.ID, c.AsideSum, string(c.Aside), tx.DB().Millis())
	return err
}
