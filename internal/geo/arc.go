package geo

import "math"

// Vec is a point of the unit sphere, as Unit gives it.
type Vec [3]float64

// Vec is the position on the unit sphere.
func (p Public) Vec() Vec {
	x, y, z := p.Unit()
	return Vec{x, y, z}
}

// Public is the position of a vector of any length but none.
func (v Vec) Public() Public {
	return Public{Lat: math.Atan2(v[2], math.Hypot(v[0], v[1])) * 180 / math.Pi, Lon: math.Atan2(v[1], v[0]) * 180 / math.Pi}
}

func (v Vec) dot(w Vec) float64 { return v[0]*w[0] + v[1]*w[1] + v[2]*w[2] }

func (v Vec) cross(w Vec) Vec {
	return Vec{v[1]*w[2] - v[2]*w[1], v[2]*w[0] - v[0]*w[2], v[0]*w[1] - v[1]*w[0]}
}

func (v Vec) plus(w Vec) Vec  { return Vec{v[0] + w[0], v[1] + w[1], v[2] + w[2]} }
func (v Vec) minus(w Vec) Vec { return Vec{v[0] - w[0], v[1] - w[1], v[2] - w[2]} }

func (v Vec) times(f float64) Vec { return Vec{v[0] * f, v[1] * f, v[2] * f} }

func (v Vec) length() float64 { return math.Sqrt(v.dot(v)) }

// Chord2 is the square of the straight distance of two vectors.
func (v Vec) Chord2(w Vec) float64 {
	d := v.minus(w)
	return d.dot(d)
}

// ChordMetres is the great-circle distance that belongs to a squared chord of
// the unit sphere.
func ChordMetres(chord2 float64) float64 {
	return 2 * EarthRadius * math.Asin(math.Min(1, math.Sqrt(chord2)/2))
}

// Arc is the shorter great circle from one point to another. Between points
// opposite each other, where every way is as short, it goes over the north
// pole; from pole to pole along 0°.
type Arc struct {
	From, To Vec
	// Angle is its length in radians.
	Angle float64
	// normal is perpendicular to its plane; ahead and back are the directions
	// at its ends towards the other end. They are zero on an arc of no length.
	normal, ahead, back Vec
}

// NewArc is the arc between two points of the unit sphere.
func NewArc(from, to Vec) Arc {
	a := Arc{From: from, To: to}
	apart, sum := to.minus(from), to.plus(from)
	a.Angle = 2 * math.Atan2(apart.length(), sum.length())
	// (a+b)×(b-a) is twice a×b, and stays perpendicular to both ends where
	// these are so close that a×b itself would be mostly rounding.
	n := sum.cross(apart)
	if sum.length() < 1e-9 {
		n = from.cross(Vec{0, 0, 1})
		if n.length() < 1e-9 {
			n = from.cross(Vec{1, 0, 0})
		}
	}
	l := n.length()
	if l == 0 {
		return a
	}
	a.normal = n.times(1 / l)
	a.ahead, a.back = a.normal.cross(from), to.cross(a.normal)
	return a
}

// beside says whether the nearest point of the arc's great circle lies on the
// arc itself.
func (a *Arc) beside(p Vec) bool { return a.ahead.dot(p) >= 0 && a.back.dot(p) >= 0 && a.Angle > 0 }

// Chord2 is the squared chord from p to the nearest point of the arc.
func (a *Arc) Chord2(p Vec) float64 {
	if a.beside(p) {
		s := a.normal.dot(p)
		s2 := math.Min(1, s*s)
		// 2-2·cos, without what the subtraction would lose.
		return 2 * s2 / (1 + math.Sqrt(1-s2))
	}
	return math.Min(a.From.Chord2(p), a.To.Chord2(p))
}

// Along is how far the point of the arc that is nearest to p is from its
// beginning, in radians.
func (a *Arc) Along(p Vec) float64 {
	if a.beside(p) {
		return math.Min(a.Angle, math.Atan2(a.ahead.dot(p), a.From.dot(p)))
	}
	if a.From.Chord2(p) <= a.To.Chord2(p) {
		return 0
	}
	return a.Angle
}

// At is the point an angle from its beginning, in radians.
func (a *Arc) At(angle float64) Vec {
	if a.Angle == 0 {
		return a.From
	}
	s, c := math.Sincos(angle)
	return a.From.times(c).plus(a.ahead.times(s))
}
