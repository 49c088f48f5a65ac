package place

import (
	"encoding/json"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/geo"
	"mirabilia/internal/tag"
)

// create writes new places.
func (im *Importer) create(tx *db.Tx, fresh []*draft, dups []duplicate) error {
	if im.dry != nil || len(fresh) == 0 {
		return nil
	}
	if err := im.giveSlugs(tx, fresh); err != nil {
		return err
	}
	if err := im.noteTags(tx, fresh); err != nil {
		return err
	}
	now := im.places.db.Now()
	by := im.credit()
	type secret struct {
		id int64
		h  *hidden
	}
	var secrets []secret
	for _, d := range fresh {
		d.ID = im.places.db.NewID()
		d.State, d.Revision = Waiting, 1
		d.created, d.Updated = now, orNow(d.updated, now)
		d.addedBy = by
		d.Published = time.Time{}
		if im.opts.Publish {
			d.State, d.Published = Published, orNow(d.published, now)
			changes.Append(tx, LogKind, d.ID, changes.Put)
		}
		if d.Tier == Exact { // located by Prepare
			d.At = &geo.Public{Lat: d.truth.Lat, Lon: d.truth.Lon}
		} else if h, err := im.protect(d, nil); err != nil {
			return err
		} else if h != nil {
			secrets = append(secrets, secret{d.ID, h})
		}
		d.Obscurity, _ = d.Renown(d.population).Obscurity()
	}
	if err := insertPlaces(tx, fresh); err != nil {
		return err
	}
	if im.opts.By.URL != "" {
		for _, d := range fresh {
			if err := note(tx, d.ID, Added, im.opts.By); err != nil {
				return err
			}
		}
	}
	for _, s := range secrets {
		if err := putHidden(tx, s.id, s.h); err != nil {
			return err
		}
	}
	if err := im.wait(tx, fresh, true); err != nil {
		return err
	}
	return keepDuplicates(tx, fresh, dups)
}

// protect works on the draft's own texts each time it runs, since it empties
// what it hides and the transaction may be tried again.
func (im *Importer) protect(d *draft, before *hidden) (*hidden, error) {
	if d.full == nil {
		full := *d
		d.full = &full
	} else {
		d.Address, d.SourceURL, d.ImageURL = d.full.Address, d.full.SourceURL, d.full.ImageURL
		d.Extra, d.extraJSON = d.full.Extra, d.full.extraJSON
	}
	h, err := d.protect(before, im.places.db.Random())
	if err != nil {
		return nil, err
	}
	d.locate(im.places.gaz, h)
	return h, nil
}

func orNow(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t
}

func (im *Importer) credit() string {
	if im.opts.By.Name == "" {
		return ""
	}
	b, err := json.Marshal(im.opts.By)
	if err != nil { // two strings always marshal
		return ""
	}
	return string(b)
}

// noteTags makes the tags that no draft before had.
func (im *Importer) noteTags(tx *db.Tx, list []*draft) error {
	var fresh []tag.Tag
	seen := map[string]bool{}
	for _, d := range list {
		for _, t := range d.tags {
			if !im.tags[t.Slug] && !seen[t.Slug] {
				seen[t.Slug] = true
				fresh = append(fresh, t)
			}
		}
	}
	return tag.Note(tx, fresh)
}

// noted remembers, after the commit, which tags are there.
func (im *Importer) noted(part []*draft) {
	if im.dry != nil {
		return
	}
	if len(im.tags) > 100_000 { // a file whose tags are all different
		im.tags = map[string]bool{}
	}
	for _, d := range part {
		for _, t := range d.tags {
			im.tags[t.Slug] = true
		}
	}
}
