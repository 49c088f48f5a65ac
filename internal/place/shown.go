package place

import (
	"context"
	"database/sql"
	"reflect"
	"strings"

	"github.com/maypok86/otter/v2"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// telling is a place as the database last told it.
type telling struct {
	row   []any  // of wholeColumns
	bare  *Place // as the row alone says
	whole *Place // with what other rows add
}

// toldKept is the memory for them, in bytes.
const toldKept = 4 << 20

func newTold() (*otter.Cache[string, telling], error) {
	return otter.New(&otter.Options[string, telling]{
		MaximumWeight: toldKept,
		Weigher: func(_ string, t telling) uint32 {
			n := t.whole.weight() + 4*len(wholeColumns)
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
	is, err := readTold(tx, slug, was)
	if errs.Is(err, errs.NotFound) {
		return nil, s.movedTo(tx, slug)
	}
	if err != nil {
		return nil, err
	}
	whole := *is.bare
	is.whole = &whole
	if err := s.shown(tx, &is.whole, nil); err != nil {
		return nil, err
	}
	if known && is.bare == was.bare && reflect.DeepEqual(is.whole.Photos, was.whole.Photos) && reflect.DeepEqual(is.whole.Confirmed, was.whole.Confirmed) {
		return was.whole, nil
	}
	s.told.Set(slug, is)
	return is.whole, nil
}

// wholeWidth is the number of wholeColumns.
var wholeWidth = strings.Count(wholeColumns, ",") + 1

// readTold reads the row of a place; what it says is decoded where it is not
// what it said before.
func readTold(tx *db.Tx, slug string, was telling) (is telling, err error) {
	rows, err := tx.Query(`SELECT `+wholeColumns+` FROM places WHERE slug = $1`, slug)
	err = db.Each(rows, err, func(r *sql.Rows) (err error) {
		is.row = make([]any, wholeWidth)
		targets := make([]any, wholeWidth)
		for i := range targets {
			targets[i] = &is.row[i]
		}
		if err = r.Scan(targets...); err != nil {
			return err
		}
		if sameRow(is.row, was.row) {
			is = was
			return nil
		}
		is.bare, err = scanWhole(r)
		return err
	})
	if err == nil && is.bare == nil {
		err = errs.Wrap(sql.ErrNoRows, errs.NotFound, "not found")
	}
	return is, err
}

// sameRow reports whether two rows say the same.
func sameRow(a, b []any) bool {
	if len(a) != len(b) {
		return false
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
		}
		if !same { // or of a kind that no column of a place has
			return false
		}
	}
	return true
}
