package place

import (
	"database/sql"
	"encoding/json"
	"strings"

	"mirabilia/internal/db"
	"mirabilia/internal/geo"
)

// Columns of a card, in the order in which card scans them.
const cardColumns = `id, slug, kind, state, title, subtitle, lang, lat, lon, tier, country_code, destination, status, tags,
	photos, ` + BeenNow + `, ` + WantNow + `, obscurity, published_at, updated_at, revision`

// Columns of a whole place: a card and what follows it.
const wholeColumns = cardColumns + `, source, source_id, merged_into, confirmed_at, tier_reason, address, website,
	status_date, status_until, status_source, source_url, image_url, licence, added_by, edited_by, aliases, facts, sources,
	extra, know, body`

// Columns of what lists for programs show.
const itemColumns = cardColumns + `, address, website, status_date, licence, added_by, edited_by, aliases, facts, sources, know`

// card is a row of cardColumns on its way into a Place.
type card struct {
	p              *Place
	lat, lon       sql.NullFloat64
	tags           string
	photos         int
	published      sql.NullInt64
	updated        int64
	mergedInto     sql.NullInt64
	confirmed      sql.NullInt64
	addedBy        string
	editedBy       string
	aliases, facts string
	sources, extra string
}

func (c *card) cardTargets() []any {
	p := c.p
	return []any{&p.ID, &p.Slug, (*string)(&p.Kind), (*string)(&p.State), &p.Title, &p.Subtitle, &p.Lang, &c.lat, &c.lon,
		(*string)(&p.Tier), &p.CountryCode, &p.Destination, (*string)(&p.Status), &c.tags,
		&c.photos, &p.Been, &p.Want, &p.Obscurity, &c.published, &c.updated, &p.Revision}
}

func (c *card) wholeTargets() []any {
	p := c.p
	return append(c.cardTargets(), &p.Source, &p.SourceID, &c.mergedInto, &c.confirmed, &p.TierReason, &p.Address, &p.Website,
		&p.StatusDate, &p.StatusUntil, &p.StatusSource, &p.SourceURL, &p.ImageURL, &p.Licence, &c.addedBy, &c.editedBy,
		&c.aliases, &c.facts, &c.sources, &c.extra, &p.Know, &p.Body)
}

// done decodes what was scanned.
func (c *card) done() error {
	p := c.p
	if c.lat.Valid && c.lon.Valid {
		p.At = &geo.Public{Lat: c.lat.Float64, Lon: c.lon.Float64}
	}
	p.Published, p.Updated = db.Time(c.published.Int64), db.Time(c.updated)
	p.PhotoCount = c.photos
	p.Into = c.mergedInto.Int64
	if c.confirmed.Valid {
		p.Confirmed = &Confirmation{} // see confirm
	}
	var plain bool
	if p.Tags, plain = plainList(c.tags); plain {
		c.tags = ""
	}
	for _, f := range []struct {
		text string
		into any
	}{
		{c.tags, &p.Tags}, {c.aliases, &p.Aliases}, {c.facts, &p.Facts}, {c.sources, &p.Sources},
		{c.extra, &p.Extra}, {c.addedBy, &p.AddedBy}, {c.editedBy, &p.EditedBy},
	} {
		if f.text == "" || f.text == "[]" || f.text == "{}" || f.text == "null" {
			continue // nothing there: most columns of most rows
		}
		if err := json.Unmarshal([]byte(f.text), f.into); err != nil {
			return err
		}
	}
	return nil
}

// plainList reads a JSON array of strings in which nothing is escaped, as slugs
// are written: false for any other text.
func plainList(text string) ([]string, bool) {
	inner, begins := strings.CutPrefix(text, `["`)
	inner, ends := strings.CutSuffix(inner, `"]`)
	if !begins || !ends || strings.IndexByte(inner, '\\') >= 0 {
		return nil, false
	}
	list := strings.Split(inner, `","`)
	if strings.Count(inner, `"`) != 2*(len(list)-1) {
		return nil, false
	}
	return list, true
}

// scanner is one row or a row of many.
type scanner interface{ Scan(...any) error }

func scanWhole(rows scanner) (*Place, error) {
	c := card{p: new(Place)}
	if err := rows.Scan(c.wholeTargets()...); err != nil {
		return nil, err
	}
	return c.p, c.done()
}

func scanItem(rows scanner) (*Place, error) {
	c := card{p: new(Place)}
	p := c.p
	err := rows.Scan(append(c.cardTargets(), &p.Address, &p.Website, &p.StatusDate, &p.Licence, &c.addedBy, &c.editedBy,
		&c.aliases, &c.facts, &c.sources, &p.Know)...)
	if err != nil {
		return nil, err
	}
	return c.p, c.done()
}

func scanCard(rows scanner) (*Place, error) {
	c := card{p: new(Place)}
	if err := rows.Scan(c.cardTargets()...); err != nil {
		return nil, err
	}
	return c.p, c.done()
}

// placeBySlug finds a place by its present slug, whatever its state.
func placeBySlug(tx *db.Tx, slug string) (*Place, error) {
	return scanWhole(tx.QueryRow(`SELECT `+wholeColumns+` FROM places WHERE slug = $1`, slug))
}

func placeByID(tx *db.Tx, id int64) (*Place, error) {
	return scanWhole(tx.QueryRow(`SELECT `+wholeColumns+` FROM places WHERE id = $1`, id))
}

// idByOldSlug finds the place that once had a slug.
func idByOldSlug(tx *db.Tx, slug string) (id int64, err error) {
	err = tx.QueryRow(`SELECT place FROM place_slugs WHERE slug = $1`, slug).Scan(&id)
	return id, err
}

// photosOf lists the pictures of places, in their order.
func photosOf(tx *db.Tx, ids []int64, each func(place int64, p Photo)) error {
	return photoRows(tx, ids, func(r *sql.Rows) error {
		place, p, err := scanPhoto(r)
		if err == nil {
			each(place, p)
		}
		return err
	})
}

const photoColumns = `place, id, caption, alt, credit, licence, width, height, drawing, variants, blur, focus_x, focus_y`

// photoRows gives the rows of the pictures of places.
func photoRows(tx *db.Tx, ids []int64, each func(*sql.Rows) error) error {
	args := db.Padded(ids)
	rows, err := tx.Query(`SELECT `+photoColumns+` FROM photos
		WHERE place IN (`+db.In(len(args), 1)+`) AND state = 'public' ORDER BY place, position, id`, args...)
	return db.Each(rows, err, each)
}

func scanPhoto(r scanner) (place int64, p Photo, err error) {
	var variants string
	if err := r.Scan(&place, &p.ID, &p.Caption, &p.Alt, &p.Credit, &p.Licence, &p.Width, &p.Height, &p.Drawing, &variants, &p.Blur, &p.FocusX, &p.FocusY); err != nil {
		return 0, p, err
	}
	return place, p, json.Unmarshal([]byte(variants), &p.URLs)
}

// hiddenOf reads what the public must not know of a place; nil for nothing.
func hiddenOf(tx *db.Tx, id int64) (*hidden, error) {
	var h *hidden
	rows, err := tx.Query(`SELECT lat, lon, near_lat, near_lon, address, source_url, image_url, extra FROM place_truths WHERE place = $1`, id)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		h = new(hidden)
		return r.Scan(&h.at.Lat, &h.at.Lon, &h.near.Lat, &h.near.Lon, &h.address, &h.sourceURL, &h.imageURL, &h.extra)
	})
	return h, err
}

// Columns of a row that is written, in the order of draft.values.
var writtenColumns = strings.Fields(strings.ReplaceAll(`id, slug, kind, state, title, subtitle, lang, lat, lon, cell, tier,
	country_code, destination, status, tags, photos, obscurity, published_at, updated_at, revision, source,
	source_id, import_sum, merged_into, confirmed_at, created_at, tier_reason, address, website, status_date, status_until,
	status_source, source_url, image_url, licence, added_by, edited_by, revised_by, summary, aliases, facts, sources, extra,
	know, body`, ",", " "))

// values fills into with the row of d.
func (d *draft) values(into []any) {
	var lat, lon, cell, published any
	if d.At != nil {
		lat, lon, cell = d.At.Lat, d.At.Lon, cellOf(*d.At)
	}
	if !d.Published.IsZero() {
		published = db.Millis(d.Published)
	}
	copy(into, []any{
		d.ID, d.Slug, string(d.Kind), string(d.State), d.Title, d.Subtitle, d.Lang, lat, lon, cell, string(d.Tier),
		d.CountryCode, d.Destination, string(d.Status), d.tagsJSON, d.PhotoCount, d.Obscurity, published,
		db.Millis(d.Updated), d.Revision, d.Source, d.SourceID, d.sum, nil, nil, db.Millis(d.created), d.TierReason,
		d.Address, d.Website, d.StatusDate, d.StatusUntil, d.StatusSource, d.SourceURL, d.ImageURL, d.Licence, d.addedBy,
		d.editedBy, d.revisedBy, d.summary, d.aliasesJSON, d.factsJSON, d.sourcesJSON, d.extraJSON, d.Know, d.Body,
	})
}

func insertPlaces(tx *db.Tx, list []*draft) error {
	return tx.Insert("places", writtenColumns, len(list), func(i int, into []any) { list[i].values(into) })
}

// updatePlace writes every column of a place that is there but its
// photos, which have a writer of their own.
func updatePlace(tx *db.Tx, d *draft) error {
	if err := outdate(tx, d); err != nil {
		return err
	}
	row := make([]any, len(writtenColumns))
	d.values(row)
	var set []string
	args := []any{d.ID}
	for i, column := range writtenColumns {
		switch column {
		case "id", "photos", "confirmed_at", "created_at", "merged_into", "source", "source_id":
			continue
		}
		args = append(args, row[i])
		set = append(set, column+" = $"+itoa(len(args)))
	}
	_, err := tx.Exec(`UPDATE places SET `+strings.Join(set, ", ")+` WHERE id = $1`, args...)
	return err
}

func putHidden(tx *db.Tx, id int64, h *hidden) error {
	_, err := tx.Exec(`INSERT INTO place_truths (place, lat, lon, near_lat, near_lon, address, source_url, image_url, extra)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (place) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, near_lat = excluded.near_lat,
			near_lon = excluded.near_lon, address = excluded.address, source_url = excluded.source_url,
			image_url = excluded.image_url, extra = excluded.extra`,
		id, h.at.Lat, h.at.Lon, h.near.Lat, h.near.Lon, h.address, h.sourceURL, h.imageURL, h.extra)
	return err
}
