package place

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"strings"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
)

// identity is what makes a record the same place as last time.
type identity struct{ source, id string }

func (d *draft) identity() identity { return identity{d.Source, d.SourceID} }

// known is what decides whether a record brings news.
type known struct {
	id    int64
	sum   int64
	state State
}

// lookupSize is how many keys one statement looks up.
const lookupSize = 256

// lookUp finds those of the drafts that were imported before.
func (im *Importer) lookUp(tx *db.Tx, part []*draft) (map[identity]known, error) {
	found := map[identity]known{}
	if im.dry != nil {
		im.dry.lookUp(part, found)
	}
	ids, err := im.idsOf(tx, part)
	if err != nil {
		return nil, err
	}
	for len(ids) > 0 {
		n := min(len(ids), lookupSize)
		args := db.Padded(ids[:n])
		ids = ids[n:]
		rows, err := tx.Query(`SELECT source, source_id, id, import_sum, state FROM places WHERE id IN (`+db.In(len(args), 1)+`)`, args...)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var who identity
			var k known
			err := r.Scan(&who.source, &who.id, &k.id, &k.sum, (*string)(&k.state))
			found[who] = k
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// idsOf looks identities up one by one inside one statement: told to find "one
// source and any of these ids", PostgreSQL reads all places of the source while
// it believes them few, which during their import it does.
func (im *Importer) idsOf(tx *db.Tx, part []*draft) (ids []int64, err error) {
	for len(part) > 0 {
		n := min(len(part), lookupSize)
		var keys strings.Builder
		args := make([]any, 0, 2*n)
		for i, d := range padded(part[:n]) {
			if i > 0 {
				keys.WriteByte(',')
			}
			keys.WriteString("(" + db.In(2, 2*i+1) + ")")
			args = append(args, d.Source, d.SourceID)
		}
		part = part[n:]
		rows, err := tx.Query(`SELECT (SELECT id FROM places WHERE source = k.column1 AND source_id = k.column2)
			FROM (VALUES `+keys.String()+`) AS k`, args...)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var id sql.NullInt64
			err := r.Scan(&id)
			if id.Valid {
				ids = append(ids, id.Int64)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// padded repeats the last until their number is a power of two, so that lists
// of every length share few statements.
func padded[T any](list []T) []T {
	n := 1
	for n < len(list) {
		n *= 2
	}
	out := append(make([]T, 0, n), list...)
	for len(out) < n {
		out = append(out, list[len(list)-1])
	}
	return out
}

// paddedText is db.Padded for texts.
func paddedText(list []string) []any {
	var args []any
	for _, s := range padded(list) {
		args = append(args, s)
	}
	return args
}

// change brings a place up to a record that says something new, keeping its
// old state as a revision. It reports whether anything came of it: a place may
// say already what the record says, as after an export.
//
// Without Publish a published place is not touched: the record waits beside it
// for the desk.
func (im *Importer) change(tx *db.Tx, d *draft) (bool, error) {
	old, before, err := im.load(tx, d.ID)
	if err != nil {
		return false, err
	}
	d.keepFrom(&old.Place)
	if d.wantSlug == "" {
		d.wantSlug = d.Slug
	}
	same := old.contentSum("", zeroTime, zeroTime) == d.contentSum("", zeroTime, zeroTime) &&
		(d.wantSlug == old.Slug) &&
		(d.published.IsZero() || d.published.Equal(old.Published)) && (d.updated.IsZero() || d.updated.Equal(old.Updated))
	publishes := im.opts.Publish && old.State == Waiting
	if same && !publishes {
		return false, nil
	}
	if old.State == Published && !im.opts.Publish {
		return im.setAside(tx, d)
	}
	if im.dry != nil {
		return true, nil
	}
	now := im.places.db.Now()
	d.Updated = orNow(d.updated, now)
	d.Published = old.Published
	if !d.published.IsZero() && old.State == Published {
		d.Published = d.published
	}
	if publishes {
		d.State, d.Published = Published, orNow(d.published, now)
	}
	if err := im.rename(tx, d, old); err != nil {
		return false, err
	}
	if err := im.noteTags(tx, []*draft{d}); err != nil {
		return false, err
	}
	h, err := im.protect(d, before)
	if err != nil {
		return false, err
	}
	d.Obscurity, _ = d.Renown(d.population).Obscurity()
	d.revisedBy, d.summary = im.credit(), "Imported from "+d.Source
	if err := keepRevision(tx, old); err != nil {
		return false, err
	}
	d.Revision = old.Revision + 1
	if err := updatePlace(tx, d); err != nil {
		return false, err
	}
	if h != nil {
		if err := putHidden(tx, d.ID, h); err != nil {
			return false, err
		}
	}
	if d.Protected() {
		if err := redactRevisions(tx, d.ID); err != nil {
			return false, err
		}
	}
	if d.State == Published {
		changes.Append(tx, LogKind, d.ID, changes.Put)
	}
	return true, im.settle(tx, d.ID, publishes)
}

// keepFrom takes over what a record cannot say, and what this one does not say
// though an editor did: silence neither opens a protected place nor a closed
// one, and makes no eatery a place.
func (d *draft) keepFrom(old *Place) {
	if !d.tierSaid {
		d.Tier = old.Tier
		d.TierReason = cmp.Or(d.TierReason, old.TierReason)
	}
	if !d.statusSaid {
		d.Status = old.Status
		d.StatusDate = cmp.Or(d.StatusDate, old.StatusDate)
		d.StatusUntil = cmp.Or(d.StatusUntil, old.StatusUntil)
		d.StatusSource = cmp.Or(d.StatusSource, old.StatusSource)
	}
	if !d.kindSaid {
		d.Kind = old.Kind
	}
	d.Slug, d.State, d.Revision = old.Slug, old.State, old.Revision
	d.Been, d.Want, d.PhotoCount, d.Photos = old.Been, old.Want, old.PhotoCount, old.Photos
	d.AddedBy, d.EditedBy = old.AddedBy, old.EditedBy
	d.addedBy, d.editedBy = creditJSON(old.AddedBy), creditsJSON(old.EditedBy)
}

func creditJSON(c Credit) string {
	if c == (Credit{}) {
		return ""
	}
	b, _ := json.Marshal(c) // strings always marshal
	return string(b)
}

func creditsJSON(list []Credit) string {
	if len(list) == 0 {
		return ""
	}
	b, _ := json.Marshal(list)
	return string(b)
}

// load reads a place as it truly is, with what is hidden put back into the
// draft, to be compared and kept.
func (im *Importer) load(tx *db.Tx, id int64) (*draft, *hidden, error) {
	p, err := placeByID(tx, id)
	if err != nil {
		return nil, nil, err
	}
	if p.PhotoCount > 0 {
		p.Photos = make([]Photo, p.PhotoCount) // only their number counts here
	}
	h, err := hiddenOf(tx, id)
	if err != nil {
		return nil, nil, err
	}
	d := &draft{Place: *p}
	if err := d.reveal(h); err != nil {
		return nil, nil, err
	}
	if d.truth == nil {
		p.name(im.places.gaz)
		d.hints = [3]string{p.CountryCode, p.Region, p.City}
	}
	return d, h, d.encode()
}

// reveal puts what is hidden back into a draft that was read.
func (d *draft) reveal(h *hidden) error {
	if h == nil {
		if d.At != nil {
			t := trueOf(*d.At)
			d.truth = &t
		}
		return nil
	}
	d.truth = &h.at
	if d.Tier == Exact {
		return nil
	}
	d.Address, d.SourceURL, d.ImageURL, d.extraJSON = h.address, h.sourceURL, h.imageURL, h.extra
	if h.extra != "" {
		return json.Unmarshal([]byte(h.extra), &d.Extra)
	}
	return nil
}

// setAside keeps a record for the desk beside its published place.
func (im *Importer) setAside(tx *db.Tx, d *draft) (bool, error) {
	var sum int64
	rows, err := tx.Query(`SELECT import_sum FROM place_aside WHERE place = $1`, d.ID)
	err = db.Each(rows, err, func(r *sql.Rows) error { return r.Scan(&sum) })
	if err != nil || sum == d.sum || im.dry != nil {
		return err == nil && sum != d.sum, err
	}
	b, err := json.Marshal(d.record())
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(`INSERT INTO place_aside (place, import_sum, record, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (place) DO UPDATE SET import_sum = excluded.import_sum, record = excluded.record, at = excluded.at`,
		d.ID, d.sum, string(b), im.places.db.Millis())
	if err != nil {
		return false, err
	}
	return true, im.wait(tx, []*draft{d}, false)
}

// record is the draft as an import record that says the same again.
func (d *draft) record() Record {
	r := recordOf(&d.Place)
	if d.truth != nil {
		lat, lon := d.truth.Lat, d.truth.Lon
		r.Lat, r.Lon = &lat, &lon
	}
	r.CountryCode, r.Region, r.City = d.hints[0], d.hints[1], d.hints[2]
	r.Slug = d.wantSlug
	r.PublishedAt, r.UpdatedAt = stamp(d.published), stamp(d.updated)
	r.LocationTier = strings.TrimPrefix(string(d.Tier), string(Exact))
	return r
}
