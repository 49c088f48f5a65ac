package finder

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"math"

	"mirabilia/internal/errs"
)

// place in an order: the key, and the ref that breaks ties.
type mark struct {
	key uint64 // ascending; of Near the bits of the metres
	ref Ref
}

// compare orders marks of one order.
func (m mark) compare(o mark) int {
	if m.key != o.key {
		if m.key < o.key {
			return -1
		}
		return 1
	}
	return compareRef(m.ref.Kind, m.ref.ID, o.ref.Kind, o.ref.ID)
}

// A cursor names the last document of a page: version and order, key, id,
// kind, and a checksum that tells a cut or mistyped one. Everybody may read
// it; nothing in it is secret, and a forged one only begins elsewhere.
const (
	cursorVersion = 1
	cursorSize    = 1 + 1 + 8 + 8 + 1 + 4
)

// onRoute is the order of Along, which no list has.
const onRoute = orders + 1

func formatCursor(o Order, m mark) string {
	b := make([]byte, 0, cursorSize)
	b = append(b, cursorVersion, byte(o))
	b = binary.BigEndian.AppendUint64(b, m.key)
	b = binary.BigEndian.AppendUint64(b, uint64(m.ref.ID))
	b = append(b, byte(m.ref.Kind))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads a cursor of the order. Its errors are errs.Invalid in the
// field "cursor".
func parseCursor(s string, o Order) (mark, error) {
	bad := errs.InField("cursor", "not one that this list gave: begin without it")
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != cursorSize || b[0] != cursorVersion ||
		crc32.ChecksumIEEE(b[:cursorSize-4]) != binary.BigEndian.Uint32(b[cursorSize-4:]) {
		return mark{}, bad
	}
	m := mark{key: binary.BigEndian.Uint64(b[2:]), ref: Ref{Kind(b[18]), int64(binary.BigEndian.Uint64(b[10:]))}}
	if m.ref.Kind >= kinds || Order(b[1]) >= orders && Order(b[1]) != onRoute {
		return mark{}, bad
	}
	if Order(b[1]) != o {
		return mark{}, errs.InField("cursor", "belongs to another order: begin without it")
	}
	if metres := math.Float64frombits(m.key); (o == Near || o == onRoute) && !(metres >= 0 && metres < math.MaxFloat32) {
		return mark{}, bad
	}
	return m, nil
}
