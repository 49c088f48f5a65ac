package polygon

import (
	"mirabilia/internal/geo"
)

const (
	// edgesABand is how many edges there are to a band of latitude.
	edgesABand = 2
	// spread bounds how many entries the bands have, by the number of edges.
	spread = 8
)

// bands keeps edges by latitude: those that reach into a band are a row.
type bands struct {
	edges  []edge
	low    int64 // where the first band begins
	height int64
	start  []int32 // of each band in row, and its end
	row    []int32
}

// newBands sorts edges into as many bands as their lengths allow.
func newBands(edges []edge) bands {
	b := bands{edges: edges, low: edges[0].low()}
	high := edges[0].high()
	for _, e := range edges {
		b.low, high = min(b.low, e.low()), max(high, e.high())
	}
	count := int64(max(1, len(edges)/edgesABand))
	for {
		b.height = (high-b.low)/count + 1
		total := int64(0)
		for _, e := range edges {
			total += b.of(e.high()) - b.of(e.low()) + 1
		}
		if count == 1 || total <= int64(spread*len(edges)) {
			break
		}
		count /= 2
	}
	b.start = make([]int32, count+1)
	for _, e := range edges {
		for i := b.of(e.low()); i <= b.of(e.high()); i++ {
			b.start[i+1]++
		}
	}
	for i := range count {
		b.start[i+1] += b.start[i]
	}
	b.row = make([]int32, b.start[count])
	next := append([]int32(nil), b.start...)
	for n, e := range edges {
		for i := b.of(e.low()); i <= b.of(e.high()); i++ {
			b.row[next[i]] = int32(n)
			next[i]++
		}
	}
	return b
}

func (b *bands) count() int64 { return int64(len(b.start) - 1) }

// of is the band of a latitude, which may lie outside.
func (b *bands) of(y int64) int64 {
	if y < b.low {
		return -1
	}
	return (y - b.low) / b.height
}

func (b *bands) in(i int64) []int32 { return b.row[b.start[i]:b.start[i+1]] }

// winding counts how often the rings go around p, counterclockwise ones as 1
// and clockwise ones as -1; on says that p lies on one of them. It follows the
// ray from p eastwards, and of each edge counts the lower end and not the
// upper.
func (b *bands) winding(p point) (n int, on bool) {
	i := b.of(p.y)
	if i < 0 || i >= b.count() {
		return 0, false
	}
	for _, k := range b.in(i) {
		e := &b.edges[k]
		up := e.a.y <= e.b.y
		if up && (p.y < e.a.y || p.y > e.b.y) || !up && (p.y < e.b.y || p.y > e.a.y) || p.x > e.east() {
			continue
		}
		if e.a.y == e.b.y {
			if p.x >= e.west() {
				return n, true
			}
			continue
		}
		s := 1 // of an upward edge that p is left of
		if p.x >= e.west() {
			if s = side(e.a, e.b, p); s == 0 {
				return n, true
			}
			if !up {
				s = -s
			}
		}
		switch {
		case s < 0: // p lies east of it
		case up && p.y < e.b.y:
			n++
		case !up && p.y < e.a.y:
			n--
		}
	}
	return n, false
}

// holds reports whether p, whose longitude may be given in any turn, lies
// inside or on the outline. Whole turns are counted together, since a hole may
// lie on another one than the ring around it.
func (b *bands) holds(p point) bool {
	sum := 0
	for x := p.x - turn; x <= p.x+2*turn; x += turn {
		n, on := b.winding(point{x, p.y})
		if on {
			return true
		}
		sum += n
	}
	return sum > 0
}

// Holds reports whether a position lies inside the outline or on it.
func (s *Shape) Holds(at geo.Public) bool {
	p := onGrid(at)
	if p.y == pole || p.y == -pole {
		return s.holdsPole(p.y)
	}
	if !s.reach.Contains(at) {
		return false
	}
	sum := 0
	for _, x := range [...]int64{p.x - turn, p.x, p.x + turn, p.x + 2*turn} {
		if x < s.west || x > s.east {
			continue
		}
		n, on := s.bands.winding(point{x, p.y})
		if on {
			return true
		}
		sum += n
	}
	return sum > 0
}

// holdsPole reports whether the pole belongs to it: some polygon reaches it,
// whatever the longitude, and that one has no hole around it.
func (s *Shape) holdsPole(y int64) bool {
	for _, p := range s.parts {
		reaches, open := false, false
		for i, r := range p {
			length := int64(0)
			for k, a := range r {
				b := r[(k+1)%len(r)]
				reaches = reaches || i == 0 && a.y == y
				if a.y == y && b.y == y {
					length += b.x - a.x
				}
			}
			open = open || i > 0 && (length == turn || length == -turn)
		}
		if reaches && !open {
			return true
		}
	}
	return false
}
