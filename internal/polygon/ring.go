package polygon

import (
	"math"
	"slices"
)

// newRing makes a ring of the corners of a line: closed, without corners that
// are given twice, and running on over the date line.
func newRing(line []point) (ring, error) {
	literal := upright(line)
	same := func(a, b point) bool {
		return a == b || !literal && a.y == b.y && (a.x-b.x)%turn == 0 && a.y != pole && a.y != -pole
	}
	line = slices.CompactFunc(line, same)
	for len(line) > 1 && same(line[0], line[len(line)-1]) {
		line = line[:len(line)-1]
	}
	if len(line) < 3 {
		return nil, invalid("A ring has fewer than three different points; it encloses nothing.")
	}
	r, around := unroll(line, literal)
	switch around {
	case 0:
	case turn, -turn:
		r = r.overPole(around)
	default:
		return nil, tooFar()
	}
	west, east := r.span()
	if east-west > turn {
		return nil, tooFar()
	}
	if r.flat() {
		return nil, invalid("A ring has no extent: all its points lie on one line.")
	}
	return r.moved(frame(west)), nil
}

func tooFar() error { return invalid("A ring goes around the Earth more than once.") }

// unroll lets x run on: each edge the short way. around is how far the ring is
// from where it began when it is back: 0, or once around a pole.
func unroll(line []point, literal bool) (r ring, around int64) {
	r = make(ring, len(line), len(line)+2)
	x := line[0].x
	for i, p := range line {
		r[i] = point{x, p.y}
		x += short(p, line[(i+1)%len(line)], literal)
	}
	return r, x - line[0].x
}

// upright reports whether all corners off the poles lie on one meridian: then
// the ring is a belt or a cap around the whole Earth, as rectangles are written.
func upright(line []point) bool {
	for _, p := range line {
		if (p.x-line[0].x)%turn != 0 && p.y != pole && p.y != -pole {
			return false
		}
	}
	return true
}

// short is how far east the edge from a to b goes.
func short(a, b point, literal bool) int64 {
	d := b.x - a.x
	alongPole := a.y == b.y && (a.y == pole || a.y == -pole)
	if alongPole || literal && (d == turn || d == -turn) {
		return d
	}
	for d > turn/2 {
		d -= turn
	}
	for d < -turn/2 {
		d += turn
	}
	return d
}

// overPole closes a ring that goes around the Earth along the pole on its
// smaller side.
func (r ring) overPole(around int64) ring {
	sum := 0.0 // of the sine of the latitude: above 0 the smaller side is the northern one
	for i, p := range r {
		to := r[0].x + around
		if i+1 < len(r) {
			to = r[i+1].x
		}
		q := r[(i+1)%len(r)]
		sum += math.Sin(float64(p.y+q.y)/2/unit*math.Pi/180) * float64(to-p.x)
	}
	if around < 0 {
		sum = -sum
	}
	y := int64(pole)
	if sum < 0 {
		y = -pole
	}
	first := r[0]
	return append(r, point{first.x + around, first.y}, point{first.x + around, y}, point{first.x, y})
}

// flat reports whether all corners lie on one line. A ring without extent that
// does not is one that crosses itself.
func (r ring) flat() bool {
	for _, p := range r[2:] {
		if side(r[0], r[1], p) != 0 {
			return false
		}
	}
	return true
}

func (r ring) span() (west, east int64) {
	west, east = r[0].x, r[0].x
	for _, p := range r {
		west, east = min(west, p.x), max(east, p.x)
	}
	return west, east
}

// frame is by how much x is to be moved to lie in [-180°, 180°).
func frame(x int64) int64 {
	by := int64(0)
	for x+by >= turn/2 {
		by -= turn
	}
	for x+by < -turn/2 {
		by += turn
	}
	return by
}

func (r ring) moved(by int64) ring {
	for i := range r {
		r[i].x += by
	}
	return r
}

// area is twice the ring's extent in square degrees; above 0 where it runs
// counterclockwise.
func (r ring) area() float64 {
	sum := 0.0
	for i, a := range r {
		b := r[(i+1)%len(r)]
		sum += float64(a.x-r[0].x)/unit*float64(b.y-r[0].y)/unit - float64(b.x-r[0].x)/unit*float64(a.y-r[0].y)/unit
	}
	return sum
}

// align turns the outer ring counterclockwise and the holes clockwise, and
// moves the holes to where the outer ring has them.
func (p part) align() (part, error) {
	west, east := p[0].span()
	for i, r := range p {
		if (r.area() > 0) != (i == 0) {
			slices.Reverse(r)
		}
		if i == 0 {
			continue
		}
		w, e := r.span()
		switch {
		case w >= west && e <= east:
		case w+turn >= west && e+turn <= east:
			r.moved(turn)
		case east-west == turn && w+turn >= west: // it lies over the seam of a ring around a pole
			r.moved(turn)
		default:
			return nil, invalid("A hole lies outside of the ring that it should be in, near %s.", r[0].words())
		}
	}
	return p, nil
}
