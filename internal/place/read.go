package place

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/maypok86/otter/v2"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/takedown"
)

// Places is the use cases of places.
type Places struct {
	db    *db.DB
	gaz   Gazetteer
	cards *Keep[*Place]
	told  *otter.Cache[string, telling]
	queue Queue // told what waits; nil for nobody
	// carriers take what others keep over to a place that another becomes a
	// part of.
	carriers []Carrier
	// recount counts anew who has confirmed a place; nil where nobody does.
	recount func(tx *db.Tx, id int64) error
}

// cardsKept is the memory for cards, in bytes: those of some 8,000 places.
const cardsKept = 8 << 20

// New makes the use cases on a database.
func New(d *db.DB, gaz Gazetteer) *Places {
	s := &Places{db: d, gaz: gaz}
	var err error
	s.cards, err = newKeep(s, cardsKept, s.cardsIn, func(p *Place) (*Place, error) { return p, nil }, (*Place).weight)
	if err != nil {
		panic(err) // the options are constants
	}
	if s.told, err = newTold(); err != nil {
		panic(err) // as above
	}
	return s
}

// DB is the database of the places, for transactions that reach further than
// they do.
func (s *Places) DB() *db.DB { return s.db }

// weight is about what a card takes in memory, in bytes.
func (p *Place) weight() int {
	n := 900 + len(p.Slug) + len(p.Title) + len(p.Subtitle)
	for _, t := range p.Tags {
		n += 16 + len(t)
	}
	for _, ph := range p.Photos {
		n += 200 + len(ph.Caption) + len(ph.Alt) + len(ph.Credit) + 64*len(ph.URLs)
	}
	return n
}

// BySlug finds a published place whole. errs.Moved carries the path of the page
// that a renamed or merged place has now; errs.Gone is for a withdrawn one.
func (s *Places) BySlug(ctx context.Context, slug string) (p *Place, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err = s.bySlug(tx, slug)
		return err
	})
	return p, err
}

func (s *Places) bySlug(tx *db.Tx, slug string) (*Place, error) {
	p, err := placeBySlug(tx, slug)
	if errs.Is(err, errs.NotFound) {
		return nil, s.movedTo(tx, slug)
	}
	err = s.shown(tx, &p, err)
	return p, err
}

// ByID finds a published place by its id as the API writes it, "p123". Errors
// are those of BySlug.
func (s *Places) ByID(ctx context.Context, id string) (p *Place, err error) {
	n, ok := ParseID(id)
	if !ok {
		return nil, notThere()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err = placeByID(tx, n)
		return s.shown(tx, &p, err)
	})
	return p, err
}

// Find is BySlug or ByID, by the form of name.
func (s *Places) Find(ctx context.Context, name string) (*Place, error) {
	if _, ok := ParseID(name); ok {
		return s.ByID(ctx, name)
	}
	if strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
		return nil, notThere() // PostgreSQL takes no such text, not even to look for it
	}
	return s.BySlug(ctx, name)
}

// ParseID reads an id as the API writes it.
func ParseID(s string) (int64, bool) {
	digits, ok := strings.CutPrefix(s, "p")
	if !ok || digits == "" || len(digits) > 19 || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n > 0
}

func notThere() error { return errs.New(errs.NotFound, "there is no such place") }

// movedTo follows an old slug, or an id, to the page of today: an id names its
// place for ever, and no slug looks like one.
func (s *Places) movedTo(tx *db.Tx, slug string) error {
	id, isID := ParseID(slug)
	var err error
	if !isID {
		id, err = idByOldSlug(tx, slug)
	}
	if errs.Is(err, errs.NotFound) {
		return notThere()
	}
	if err != nil {
		return err
	}
	p, err := placeByID(tx, id)
	if err = s.shown(tx, &p, err); err != nil {
		return err
	}
	return errs.MovedTo(p.Path())
}

// shown ends the reading of a row: it keeps what may be shown and turns every
// other state into its error.
func (s *Places) shown(tx *db.Tx, p **Place, err error) error {
	if err == nil {
		err = s.public(tx, *p)
	}
	if err != nil {
		*p = nil
		if errs.Is(err, errs.NotFound) {
			return notThere()
		}
	}
	return err
}

// maxMerges bounds a chain of merged places.
const maxMerges = 20

// public completes a published place, and gives the error of any other.
func (s *Places) public(tx *db.Tx, p *Place) error {
	switch p.State {
	case Published:
	case Withdrawn:
		return takedown.Gone(tx, LogKind, p.ID, errs.New(errs.Gone, "this place was withdrawn"))
	case Merged:
		for range maxMerges {
			next, err := placeByID(tx, p.Into)
			if err != nil {
				return err
			}
			if next.State == Published {
				return errs.MovedTo(next.Path())
			}
			if next.State != Merged {
				return s.public(tx, next)
			}
			p = next
		}
		return notThere()
	default:
		return notThere()
	}
	if p.PhotoCount > 0 {
		err := photosOf(tx, []int64{p.ID}, func(_ int64, ph Photo) { p.Photos = append(p.Photos, ph) })
		if err != nil {
			return err
		}
	}
	p.name(s.gaz)
	return confirm(tx, p)
}

// Cards gives the published ones of the places, in the order of ids, without
// their long texts and with at most one picture each. The finder proposes, the
// row decides: what was withdrawn a moment ago is left out. The places are
// shared and never changed.
func (s *Places) Cards(ctx context.Context, ids []int64) ([]*Place, error) {
	return s.cards.Of(ctx, ids)
}

func (s *Places) cardsIn(tx *db.Tx, ids []int64) ([]*Place, error) {
	list, err := s.published(tx, cardColumns, scanCard, ids)
	if err != nil {
		return nil, err
	}
	return list, s.illustrate(tx, list, 1)
}

// itemsIn reads all but the bodies.
func (s *Places) itemsIn(tx *db.Tx, ids []int64) ([]*Place, error) {
	list, err := s.published(tx, itemColumns, scanItem, ids)
	if err != nil {
		return nil, err
	}
	return list, s.illustrate(tx, list, maxPhotos)
}

// Whole gives the published ones of the places with all their texts and
// pictures, in the order of ids.
func (s *Places) Whole(ctx context.Context, ids []int64) (list []*Place, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if list, err = s.published(tx, wholeColumns, scanWhole, ids); err != nil {
			return err
		}
		for _, p := range list {
			if err := confirm(tx, p); err != nil {
				return err
			}
		}
		return s.illustrate(tx, list, maxPhotos)
	})
	return list, err
}

// Told tells which of the places have a story: a text beside their facts.
func (s *Places) Told(ctx context.Context, ids []int64) (told map[int64]bool, err error) {
	told = map[int64]bool{}
	if len(ids) == 0 {
		return told, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		clear(told)
		args := db.Padded(ids)
		rows, err := tx.Query(`SELECT id FROM places WHERE id IN (`+db.In(len(args), 1)+`) AND body <> ''`, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			told[id] = true
			return err
		})
	})
	return told, err
}

// published reads the rows of the places that are published, in the order of
// ids, each once.
func (s *Places) published(tx *db.Tx, columns string, scan func(scanner) (*Place, error), ids []int64) ([]*Place, error) {
	found := make(map[int64]*Place, len(ids))
	args := db.Padded(ids)
	rows, err := tx.Query(`SELECT `+columns+` FROM places WHERE id IN (`+db.In(len(args), 1)+`) AND state = 'published'`, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		p, err := scan(r)
		if err == nil {
			p.name(s.gaz)
			found[p.ID] = p
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	list := make([]*Place, 0, len(found))
	for _, id := range ids {
		if p := found[id]; p != nil {
			list = append(list, p)
		}
	}
	return list, nil
}

// maxPhotos is more than a place has.
const maxPhotos = 1 << 20

// illustrate adds the pictures of those that have some, at most so many each.
func (s *Places) illustrate(tx *db.Tx, list []*Place, most int) error {
	var pictured []int64
	byID := map[int64]*Place{}
	for _, p := range list {
		if p.PhotoCount > 0 && byID[p.ID] == nil {
			pictured = append(pictured, p.ID)
			byID[p.ID] = p
		}
	}
	if len(pictured) == 0 {
		return nil
	}
	return photosOf(tx, pictured, func(id int64, ph Photo) {
		if p := byID[id]; len(p.Photos) < most {
			p.Photos = append(p.Photos, ph)
		}
	})
}

// TruePosition is where a place really is, whatever its tier. It is for the
// desk of editors alone; each call belongs into their audit log.
func (s *Places) TruePosition(ctx context.Context, id int64) (at geo.True, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		h, err := hiddenOf(tx, id)
		if err != nil {
			return err
		}
		if h != nil {
			at = h.at
			return nil
		}
		var lat, lon sql.NullFloat64
		if err := tx.QueryRow(`SELECT lat, lon FROM places WHERE id = $1`, id).Scan(&lat, &lon); err != nil {
			return err
		}
		if !lat.Valid {
			return errs.New(errs.NotFound, "the place has no position")
		}
		at = geo.True{Lat: lat.Float64, Lon: lon.Float64}
		return nil
	})
	return at, err
}

// Count is how many places are published.
func (s *Places) Count(ctx context.Context) (n int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM places WHERE state = 'published'`).Scan(&n)
	})
	return n, err
}

// Empty reports whether no place was ever written.
func (s *Places) Empty(ctx context.Context) (empty bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT NOT EXISTS (SELECT 1 FROM places)`).Scan(&empty)
	})
	return empty, err
}

// Published tells which of the places are public now.
func (s *Places) Published(ctx context.Context, ids []int64) (public map[int64]bool, err error) {
	public = make(map[int64]bool, len(ids))
	for len(ids) > 0 && err == nil {
		n := min(len(ids), lookupSize)
		args := db.Padded(ids[:n])
		ids = ids[n:]
		err = s.db.Read(ctx, func(tx *db.Tx) error {
			rows, err := tx.Query(`SELECT id FROM places WHERE id IN (`+db.In(len(args), 1)+`) AND state = 'published'`, args...)
			return db.Each(rows, err, func(r *sql.Rows) error {
				var id int64
				err := r.Scan(&id)
				public[id] = true
				return err
			})
		})
	}
	return public, err
}

// Walk goes through all published places in the order of their numbers, a
// handful behind one: the ids of those in a destination ("" for all), and the
// last that was passed, 0 at the end.
func (s *Places) Walk(ctx context.Context, after int64, in string, most int) (ids []int64, last int64, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		ids, last = nil, 0
		n := 0
		rows, err := tx.Query(`SELECT id, state, destination FROM places WHERE id > $1 ORDER BY id LIMIT $2`, after, most)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var state, destination string
			if err := r.Scan(&last, &state, &destination); err != nil {
				return err
			}
			n++
			if State(state) == Published && (in == "" || destination == in || strings.HasPrefix(destination, in+"/")) {
				ids = append(ids, last)
			}
			return nil
		})
		if n < most {
			last = 0
		}
		return err
	})
	return ids, last, err
}
