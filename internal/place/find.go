package place

import (
	"context"
	"database/sql"
	"math"
	"slices"

	"mirabilia/internal/db"
	"mirabilia/internal/finder"
	"mirabilia/internal/text"
)

// LogKind is the kind of places and eateries in the log of changes.
const LogKind = "place"

// docColumns are the columns of what the finder learns of a published place:
// nothing that its row, which is public, does not say.
const docColumns = `id, slug, kind, tier, title, subtitle, lat, lon, destination, status, tags, photos, coalesce(been, 0),
	coalesce(want, 0), obscurity, published_at, updated_at, aliases, facts, sources, know, body`

// docRows are the rows of docColumns. The counts of marks are those that are
// settled: when more are, Counted names the place.
const docRows = `places LEFT JOIN place_counted ON place = id`

// docReader makes documents of rows, one after the other in the same memory.
type docReader struct {
	gaz  Gazetteer
	p    Place
	c    card
	into []any
	// in lists the destinations around each that was met: many places share one.
	in map[string][]string
}

func newDocReader(gaz Gazetteer) *docReader {
	r := &docReader{gaz: gaz, in: map[string][]string{}}
	p, c := &r.p, &r.c
	c.p = p
	r.into = []any{&p.ID, &p.Slug, (*string)(&p.Kind), (*string)(&p.Tier), &p.Title, &p.Subtitle, &c.lat, &c.lon,
		&p.Destination, (*string)(&p.Status), &c.tags, &c.photos, &p.Been, &p.Want, &p.Obscurity, &c.published,
		&c.updated, &c.aliases, &c.facts, &c.sources, &p.Know, &p.Body}
	return r
}

// read makes a document of a row.
func (r *docReader) read(row scanner) (finder.Doc, error) {
	r.p = Place{}
	if err := row.Scan(r.into...); err != nil {
		return finder.Doc{}, err
	}
	if err := r.c.done(); err != nil {
		return finder.Doc{}, err
	}
	return r.doc(), nil
}

func (r *docReader) doc() finder.Doc {
	p := &r.p
	d := finder.Doc{
		Ref: p.Ref(), Slug: p.Slug, Title: p.Title, Subtitle: p.Subtitle,
		Body: text.Plain(p.Body), Tags: p.Tags, In: r.around(p.Destination), At: p.At, Status: string(p.Status),
		HasPhotos: p.PhotoCount > 0, Rough: p.Tier == Approximate, Obscurity: uint8(min(max(p.Obscurity, 0), 100)),
		Been: uint32(p.Been), Want: uint32(p.Want), Rank: p.rank(),
		Published: db.Millis(p.Published), Updated: db.Millis(p.Updated),
	}
	if p.Know != "" {
		d.Body += "\n" + text.Plain(p.Know)
	}
	for _, a := range p.Aliases {
		d.Aliases = append(d.Aliases, finder.Alias{Name: a.Name, Lang: a.Lang})
	}
	for name, f := range p.Facts {
		if YesNo[name] {
			if d.Facts == nil {
				d.Facts = map[string]string{}
			}
			d.Facts[name] = f.Value
		}
	}
	return d
}

// around lists the paths of a destination and of those that it lies in. What it
// gives is shared and never changed.
func (r *docReader) around(path string) []string {
	in, ok := r.in[path]
	if !ok {
		for _, n := range r.gaz.Ancestors(path) {
			in = append(in, n.Path)
		}
		r.in[path] = slices.Clip(in)
	}
	return in
}

// Ref names the place in the finder.
func (p *Place) Ref() finder.Ref {
	if p.Kind == KindEatery {
		return finder.Ref{Kind: finder.Eatery, ID: p.ID}
	}
	return finder.Ref{Kind: finder.Place, ID: p.ID}
}

// rank orders places that are otherwise equal: known before unknown, told at
// length and with pictures before bare names.
func (p *Place) rank() float32 {
	r := math.Log1p(float64(p.Been + p.Want))
	r += 0.02 * float64(100-p.Obscurity)
	r += 0.3 * math.Log1p(float64(len(p.Body))/200)
	r += 0.2 * math.Log1p(float64(len(p.Sources)))
	if p.PhotoCount > 0 {
		r += 0.5
	}
	if p.Subtitle != "" {
		r += 0.2
	}
	return float32(r)
}

// Docs gives the documents of those of the places that are published; the
// others are to be dropped from the finder.
func (s *Places) Docs(ctx context.Context, ids []int64) (docs []finder.Doc, drop []finder.Ref, err error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		docs, drop = nil, nil
		missing := make(map[int64]bool, len(ids))
		for _, id := range ids {
			missing[id] = true
		}
		args := db.Padded(ids)
		reader := newDocReader(s.gaz)
		rows, err := tx.Query(`SELECT `+docColumns+` FROM `+docRows+` WHERE id IN (`+db.In(len(args), 1)+`) AND state = 'published'`, args...)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			d, err := reader.read(r)
			if err == nil {
				docs = append(docs, d)
				delete(missing, d.ID)
			}
			return err
		})
		for id := range missing {
			drop = append(drop, finder.Ref{Kind: finder.Place, ID: id})
		}
		return err
	})
	return docs, drop, err
}

// EachDoc gives the document of every published place, all of one state of the
// database, to fill the finder from nothing. Read changes.Last before it, and
// follow the log from there: what changes meanwhile is then seen twice, which
// harms nothing.
func (s *Places) EachDoc(ctx context.Context, fn func(finder.Doc) error) error {
	return s.db.Snapshot(ctx, func(tx *db.Tx) error {
		reader := newDocReader(s.gaz)
		rows, err := tx.Query(`SELECT ` + docColumns + ` FROM ` + docRows + ` WHERE state = 'published' ORDER BY id`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			d, err := reader.read(r)
			if err != nil {
				return err
			}
			return fn(d)
		})
	})
}
