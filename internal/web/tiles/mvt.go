package tiles

import (
	"encoding/binary"
	"math"
	"strconv"

	"mirabilia/internal/finder"
)

// The layer of places is written straight to the wire (Mapbox Vector Tile 2.1,
// github.com/mapbox/vector-tile-spec): one point a cluster. With the
// generic encoder the world's tile of a million places takes four times as
// long, most of it for maps of attributes.
//
// Attributes of every feature: "count", and "id" ("p123") of the cluster's best
// place. Of a single place also "slug", "title", "kind" and "status"; of one
// that stands only about there also "tier": "approximate". A cluster's titles
// were two thirds of a wide tile, and nobody read them: its places are asked
// for when it is opened.
const (
	tileExtent = 4096

	wireVarint = 0
	wireBytes  = 2
)

// Key numbers, in the order of keys.
var keys = [...]string{"count", "id", "slug", "title", "kind", "status", "tier"}

const (
	keyCount = iota
	keyID
	keySlug
	keyTitle
	keyKind
	keyStatus
	keyTier
)

// encoder holds the buffers of one tile; it is used again.
type encoder struct {
	room                  []finder.Cluster // what the finder fills
	features, values, out []byte
	count                 uint32 // of values so far
	// Values that repeat: small counts, kinds, statuses. 0 is unset, else the
	// value's number plus one.
	counts   [256]uint32
	kinds    [16]uint32
	statuses map[string]uint32
}

func newEncoder() *encoder { return &encoder{statuses: map[string]uint32{}} }

func (e *encoder) reset() {
	e.features, e.values, e.out, e.count = e.features[:0], e.values[:0], e.out[:0], 0
	clear(e.counts[:])
	clear(e.kinds[:])
	clear(e.statuses)
}

// tile writes the tile. The bytes are the encoder's own, until it is used
// again.
func (e *encoder) tile(t address, clusters []finder.Cluster) []byte {
	e.reset()
	size := math.Exp2(float64(t.z))
	for i := range clusters {
		e.feature(t, size, &clusters[i])
	}
	if len(clusters) == 0 {
		return e.out
	}
	var head []byte
	head = append(head, 0x78, 2) // version
	head = appendString(head, 1, "places")
	for _, k := range keys {
		head = appendString(head, 3, k)
	}
	head = append(head, 5<<3|wireVarint)
	head = binary.AppendUvarint(head, tileExtent)
	e.out = append(e.out, 3<<3|wireBytes)
	e.out = binary.AppendUvarint(e.out, uint64(len(head)+len(e.values)+len(e.features)))
	e.out = append(e.out, head...)
	e.out = append(e.out, e.values...)
	e.out = append(e.out, e.features...)
	return e.out
}

func (e *encoder) feature(t address, size float64, c *finder.Cluster) {
	px := clamp((c.X*size - float64(t.x)) * tileExtent)
	py := clamp((c.Y*size - float64(t.y)) * tileExtent)

	// The feature is shorter than 128 bytes, so its length is one byte, set at
	// the end: seven pairs of at most 1 + 5, a geometry of at most 13.
	start := len(e.features) + 2
	f := append(e.features, 2<<3|wireBytes, 0)
	// Tags: pairs of key and value.
	tags := len(f)
	f = append(f, 2<<3|wireBytes, 0)
	f = append(f, keyCount)
	f = binary.AppendUvarint(f, uint64(e.number(c.Count)))
	f = append(f, keyID)
	f = binary.AppendUvarint(f, uint64(e.id(c.Best.ID)))
	if c.Count == 1 {
		f = e.single(f, c)
	}
	f[tags+1] = byte(len(f) - tags - 2)
	f = append(f, 3<<3|wireVarint, 1)
	geometry := len(f)
	f = append(f, 4<<3|wireBytes, 0, 1<<3|1) // one MoveTo
	f = binary.AppendUvarint(f, zigzag(px))
	f = binary.AppendUvarint(f, zigzag(py))
	f[geometry+1] = byte(len(f) - geometry - 2)
	f[start-1] = byte(len(f) - start)
	e.features = f
}

// single appends what only a mark of one place says.
func (e *encoder) single(f []byte, c *finder.Cluster) []byte {
	f = append(f, keySlug)
	f = binary.AppendUvarint(f, uint64(e.text(c.Slug)))
	f = append(f, keyTitle)
	f = binary.AppendUvarint(f, uint64(e.text(c.Title)))
	f = append(f, keyKind)
	f = binary.AppendUvarint(f, uint64(e.kind(c.Best.Kind)))
	if c.Status != "" {
		f = append(f, keyStatus)
		f = binary.AppendUvarint(f, uint64(e.status(c.Status)))
	}
	if c.Rough {
		f = append(f, keyTier)
		f = binary.AppendUvarint(f, uint64(e.status("approximate")))
	}
	return f
}

// text adds a string value and gives its number.
func (e *encoder) text(s string) uint32 {
	inner := 1 + uvarintLen(len(s)) + len(s)
	e.values = append(e.values, 4<<3|wireBytes)
	e.values = binary.AppendUvarint(e.values, uint64(inner))
	e.values = appendString(e.values, 1, s)
	e.count++
	return e.count - 1
}

// id adds a public id ("p123") and gives its number.
func (e *encoder) id(n int64) uint32 {
	var room [24]byte
	s := strconv.AppendInt(append(room[:0], 'p'), n, 10)
	e.values = append(e.values, 4<<3|wireBytes, byte(2+len(s)), 1<<3|wireBytes, byte(len(s)))
	e.values = append(e.values, s...)
	e.count++
	return e.count - 1
}

// number adds an unsigned value, each small one once.
func (e *encoder) number(n int) uint32 {
	if n < len(e.counts) && e.counts[n] > 0 {
		return e.counts[n] - 1
	}
	e.values = append(e.values, 4<<3|wireBytes, byte(1+uvarintLen(n)), 5<<3|wireVarint)
	e.values = binary.AppendUvarint(e.values, uint64(n))
	e.count++
	if n < len(e.counts) {
		e.counts[n] = e.count
	}
	return e.count - 1
}

func (e *encoder) kind(k finder.Kind) uint32 {
	if e.kinds[k&15] == 0 {
		e.kinds[k&15] = e.text(k.String()) + 1
	}
	return e.kinds[k&15] - 1
}

func (e *encoder) status(s string) uint32 {
	n, ok := e.statuses[s]
	if !ok {
		n = e.text(s)
		e.statuses[s] = n
	}
	return n
}

func appendString(b []byte, field byte, s string) []byte {
	b = append(b, field<<3|wireBytes)
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func uvarintLen(n int) int {
	l := 1
	for ; n >= 0x80; n >>= 7 {
		l++
	}
	return l
}

func zigzag(n int) uint64 { return uint64(uint32(n<<1) ^ uint32(n>>31)) }

// clamp keeps a point inside its tile: beyond 85.05° it is drawn at the edge.
func clamp(v float64) int { return max(0, min(tileExtent-1, int(v))) }
