package place

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/maypok86/otter/v2"

	"mirabilia/internal/db"
)

// telling is a place as the database last told it.
type telling struct {
	row    []any   // of wholeColumns
	bare   *Place  // as the row alone says
	photos [][]any // of photoColumns, a row a picture
	whole  *Place  // with what other rows add
}

// toldKept is the memory for them, in bytes.
const toldKept = 4 << 20

func newTold() (*otter.Cache[string, telling], error) {
	return otter.New(&otter.Options[string, telling]{
		MaximumWeight: toldKept,
		Weigher: func(_ string, t telling) uint32 {
			n := t.whole.weight() + 32*(wholeWidth+len(t.photos)*photoWidth)
			for _, v := range t.row {
				if s, ok := v.(string); ok {
					n += 2 * len(s) // what is decoded of it is about as large
				}
			}
			return uint32(n)
		},
		// Upkeep runs on the request that caused it: no goroutine of our own.
		Executor: func(fn func()) { fn() },
	})
}

// Shown is BySlug with the Cards of those that stand beside the place: around
// gives their ids. As long as its rows, which are read each time, say the same,
// it is the very same place, so that what was made of it holds too. It is shared
// and never changed.
func (s *Places) Shown(ctx context.Context, slug string, around func(*Place) []int64) (p *Place, beside []*Place, err error) {
	stamp, stamped := s.db.Stamp() // before the transaction: it sees that and what came after
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p, err = s.sameBySlug(tx, slug); err != nil {
			return err
		}
		ids := around(p)
		if len(ids) == 0 {
			return nil
		}
		var known bool
		if beside, known = s.cards.Kept(ids); known {
			return nil
		}
		var mark standing
		if beside, mark, err = s.cards.in(tx, ids); err == nil && stamped {
			s.cards.stand(mark, stamp)
		}
		return err
	})
	return p, beside, err
}

// sameBySlug is bySlug that gives the same place for the same rows.
func (s *Places) sameBySlug(tx *db.Tx, slug string) (*Place, error) {
	was, known := s.told.GetIfPresent(slug)
	if known && was.bare.PhotoCount > 0 {
		if err := tx.Several(); err != nil {
			return nil, err
		}
	}
	is := telling{}
	if err := is.readRow(tx, slug, was); err != nil || is.bare == nil {
		if err == nil {
			err = s.movedTo(tx, slug)
		}
		return nil, err
	}
	whole := *is.bare
	if is.whole = &whole; whole.State != Published {
		err := s.shown(tx, &is.whole, nil)
		return is.whole, err
	}
	if whole.PhotoCount > 0 {
		if err := is.readPhotos(tx, was); err != nil {
			return nil, err
		}
	}
	if err := confirm(tx, is.whole); err != nil {
		return nil, err
	}
	if known && is.bare == was.bare && sameRows(is.photos, was.photos) && sameConfirmation(whole.Confirmed, was.whole.Confirmed) {
		return was.whole, nil
	}
	whole.name(s.gaz)
	s.told.Set(slug, is)
	return is.whole, nil
}

// wholeWidth and photoWidth are the numbers of columns.
var (
	wholeWidth = len((&card{p: new(Place)}).wholeTargets())
	photoWidth = strings.Count(photoColumns, ",") + 1
)

// readRow reads the row of a place; what it says is decoded where it is not what
// it said before. Where there is none, bare stays nil.
func (t *telling) readRow(tx *db.Tx, slug string, was telling) error {
	rows, err := tx.Query(`SELECT `+wholeColumns+` FROM places WHERE slug = $1`, slug)
	return db.Each(rows, err, func(r *sql.Rows) (err error) {
		if t.row, err = values(r, wholeWidth); err != nil {
			return err
		}
		if sameRow(t.row, was.row) {
			t.row, t.bare = was.row, was.bare
			return nil
		}
		t.bare, err = scanWhole(r)
		return err
	})
}

// readPhotos reads the rows of the place's pictures; those that say what they
// said before are not decoded again.
func (t *telling) readPhotos(tx *db.Tx, was telling) error {
	return photoRows(tx, []int64{t.bare.ID}, func(r *sql.Rows) error {
		row, err := values(r, photoWidth)
		if err != nil {
			return err
		}
		n := len(t.photos)
		if n < len(was.photos) && sameRow(row, was.photos[n]) {
			t.photos, t.whole.Photos = append(t.photos, was.photos[n]), append(t.whole.Photos, was.whole.Photos[n])
			return nil
		}
		_, ph, err := scanPhoto(r)
		t.photos, t.whole.Photos = append(t.photos, row), append(t.whole.Photos, ph)
		return err
	})
}

// values are the columns of a row as they came.
func values(r *sql.Rows, width int) ([]any, error) {
	row, targets := make([]any, width), make([]any, width)
	for i := range targets {
		targets[i] = &row[i]
	}
	return row, r.Scan(targets...)
}

func sameConfirmation(a, b *Confirmation) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func sameRows(a, b [][]any) bool { return slices.EqualFunc(a, b, sameRow) }

// sameRow reports whether two rows say the same.
func sameRow(a, b []any) bool {
	if len(a) != len(b) || len(a) > 0 && &a[0] == &b[0] {
		return len(a) == len(b)
	}
	for i := range a {
		var same bool
		switch x := a[i].(type) {
		case nil:
			same = b[i] == nil
		case string:
			y, ok := b[i].(string)
			same = ok && x == y
		case int64:
			y, ok := b[i].(int64)
			same = ok && x == y
		case float64:
			y, ok := b[i].(float64)
			same = ok && x == y
		case bool:
			y, ok := b[i].(bool)
			same = ok && x == y
		}
		if !same { // or of a kind that no column of a place has
			return false
		}
	}
	return true
}
