package keep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// maxRow is the longest row that is kept, in bytes; the longest that the atlas
// can have is a few MiB.
const maxRow = 64 << 20

// readTables sends every table that tx sees.
func readTables(ctx context.Context, tx *db.Tx, out chan<- piece, free <-chan []byte) error {
	list, err := tx.Tables()
	if err != nil {
		return err
	}
	for _, t := range list {
		h := headOf(t)
		if err := send(ctx, out, piece{is: tablePiece, table: h}); err != nil {
			return err
		}
		b, rows, sent := fresh(free), int64(0), int64(0)
		err := tx.EachRow(t, func(row []db.Value) error {
			before := len(b)
			rows++
			b = appendRow(b, h.Kinds, row)
			if len(b)-before > maxRow {
				return errs.New(errs.TooLarge, "a row of table %s is over %d MiB and cannot be kept", h.Name, maxRow>>20)
			}
			if len(b) < chunk {
				return nil
			}
			err := send(ctx, out, piece{is: rowsPiece, raw: b, part: Part{Rows: rows - sent}})
			b, sent = fresh(free), rows
			return err
		})
		if err != nil {
			return err
		}
		if len(b) > 0 {
			if err := send(ctx, out, piece{is: rowsPiece, raw: b, part: Part{Rows: rows - sent}}); err != nil {
				return err
			}
		}
		if err := send(ctx, out, piece{is: endPiece, part: Part{Rows: rows}}); err != nil {
			return err
		}
	}
	return nil
}

func send(ctx context.Context, out chan<- piece, p piece) error {
	select {
	case out <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fresh takes a buffer that was given back, or makes one.
func fresh(free <-chan []byte) []byte {
	select {
	case b := <-free:
		return b[:0]
	default:
		return make([]byte, 0, chunk+chunk/4)
	}
}

func giveBack(free chan<- []byte, b []byte) {
	if cap(b) > 4*chunk { // one long row need not be remembered for ever
		return
	}
	select {
	case free <- b:
	default:
	}
}

// tally counts and sums a table's rows as they pass.
type tally struct {
	head head
	hash hash.Hash
	rows int64
	row  []db.Value
}

func newTally(h head) *tally {
	return &tally{head: h, hash: sha256.New(), row: make([]db.Value, len(h.Columns))}
}

// add counts the rows of a chunk, reading each.
func (t *tally) add(raw []byte) (err error) {
	t.hash.Write(raw)
	for len(raw) > 0 {
		if raw, err = cutRow(raw, t.head.Kinds, t.row); err != nil {
			return err
		}
		t.rows++
	}
	return nil
}

func (t *tally) part() Part { return Part{t.rows, hex.EncodeToString(t.hash.Sum(nil))} }

// sumTables counts and sums what tx sees, as readTables would send it.
func sumTables(tx *db.Tx, list []db.Table, m *meter) (map[string]Part, error) {
	sums := map[string]Part{}
	b := make([]byte, 0, 2*chunk)
	for _, t := range list {
		y, told := newTally(headOf(t)), int64(0)
		err := tx.EachRow(t, func(row []db.Value) error {
			b = appendRow(b, y.head.Kinds, row)
			y.rows++
			if len(b) >= chunk {
				y.hash.Write(b)
				b = b[:0]
				m.rows(y.rows - told)
				told = y.rows
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		y.hash.Write(b)
		b = b[:0]
		m.rows(y.rows - told)
		sums[t.Name] = y.part()
	}
	return sums, nil
}
