package keep

import (
	"encoding/binary"
	"math"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// A row is its values one after the other: a byte 0 for NULL, else
//
//	integer   1, then a zigzag varint
//	real      1, then 8 bytes, little endian; a negative zero is a zero, which
//	          is all that SQLite keeps of it
//	text      the length and 1 as a uvarint, then the bytes
//	blob      the same
func appendRow(b []byte, kinds string, row []db.Value) []byte {
	for i := range row {
		v := &row[i]
		switch {
		case v.Null:
			b = append(b, 0)
		case kinds[i] == byte(db.Integer):
			b = binary.AppendVarint(append(b, 1), v.Int)
		case kinds[i] == byte(db.Real):
			b = binary.LittleEndian.AppendUint64(append(b, 1), math.Float64bits(v.Real+0))
		default:
			b = append(binary.AppendUvarint(b, uint64(len(v.Bytes))+1), v.Bytes...)
		}
	}
	return b
}

// cutRow reads the first row of b and gives the rest; the row's bytes are b's.
func cutRow(b []byte, kinds string, row []db.Value) ([]byte, error) {
	for i := range row {
		v := &row[i]
		n, used := binary.Uvarint(b)
		if used <= 0 {
			return nil, errTorn
		}
		b = b[used:]
		v.Null = n == 0
		if v.Null {
			continue
		}
		switch kinds[i] {
		case byte(db.Integer):
			if v.Int, used = binary.Varint(b); used <= 0 || n != 1 {
				return nil, errTorn
			}
			b = b[used:]
		case byte(db.Real):
			if len(b) < 8 || n != 1 {
				return nil, errTorn
			}
			v.Real = math.Float64frombits(binary.LittleEndian.Uint64(b))
			b = b[8:]
		default:
			if n-1 > uint64(len(b)) {
				return nil, errTorn
			}
			v.Bytes, b = b[:n-1:n-1], b[n-1:]
		}
	}
	return b, nil
}

var errTorn = errs.New(errs.Invalid, "a row of the backup is damaged; use another backup")
