package tiles

import "math"

// spot2 is a position on a picture, in pixels from the top left corner.
type spot2 struct{ x, y float64 }

// plane is a window on the map: pixels across and down, what is in its middle
// and how large.
type plane struct {
	w, h float64
	// perDegree is pixels a degree of longitude; x and y of the middle are in
	// degrees of longitude and the same unit northwards (Mercator).
	perDegree    float64
	midX, midY   float64
	round        bool // Natural Earth projection instead of Mercator
	middleDegree float64
}

// north is the Mercator ordinate in degrees of longitude.
func north(lat float64) float64 {
	lat = math.Max(-85.05, math.Min(85.05, lat))
	return math.Log(math.Tan(math.Pi/4+lat*math.Pi/360)) * 180 / math.Pi
}

// latitude undoes north.
func latitude(y float64) float64 {
	return math.Atan(math.Sinh(y*math.Pi/180)) * 180 / math.Pi
}

func (p plane) project(lon, lat float64) spot2 {
	if p.round {
		x, y := naturalEarth(lon-p.middleDegree, lat)
		return spot2{p.w/2 + (x-p.midX)*p.perDegree, p.h/2 - (y-p.midY)*p.perDegree}
	}
	return spot2{p.w/2 + (lon-p.midX)*p.perDegree, p.h/2 - (north(lat)-p.midY)*p.perDegree}
}

// naturalEarth is Patterson's Natural Earth projection as a polynomial
// (Šavrič, Jenny, Patterson, Petrovič, Hurni 2011), in degrees of longitude at
// the equator.
func naturalEarth(lon, lat float64) (x, y float64) {
	f := lat * math.Pi / 180
	f2 := f * f
	f4 := f2 * f2
	x = lon * (.8707 - .131979*f2 + f4*(-.013791+f4*(.003971*f2-.001529*f4)))
	y = f * (1.007226 + f2*(.015085+f4*(-.044475+.028874*f2-.005916*f4)))
	return x, y * 180 / math.Pi
}

// view is the extent of what the window shows, in degrees.
func (p plane) view() extentOf {
	if p.round {
		return extentOf{p.middleDegree - 180, -90, p.middleDegree + 180, 90}
	}
	x, y := p.w/2/p.perDegree, p.h/2/p.perDegree
	return extentOf{p.midX - x, latitude(p.midY - y), p.midX + x, latitude(p.midY + y)}
}

// metresWide is the width of the window in metres, in its middle.
func (p plane) metresWide() float64 {
	return p.w / p.perDegree * metresADegree * math.Cos(latitude(p.midY)*math.Pi/180)
}

// metresADegree is the length of a degree on the mean sphere.
const metresADegree = 111195

// around is a window on a position, so many metres wide.
func around(w, h, lon, lat, metres float64) plane {
	degrees := metres / metresADegree / math.Cos(math.Max(-80, math.Min(80, lat))*math.Pi/180)
	return plane{w: w, h: h, perDegree: w / math.Min(degrees, 360), midX: lon, midY: north(lat)}
}

// fitting is a window in which a box takes the given share of the width or of
// the height, whichever is tighter.
func fitting(w, h float64, b extentOf, share float64) plane {
	top, bottom := north(b.north), north(b.south)
	scale := math.Min(w*share/math.Max(b.width(), 1e-6), h*share/math.Max(top-bottom, 1e-6))
	return plane{w: w, h: h, perDegree: scale, midX: (b.west + b.east) / 2, midY: (top + bottom) / 2}
}

// turns lists the whole turns by which a box must be moved to come into view.
func (p plane) turns(b extentOf, pad float64) []float64 {
	v := p.view()
	x := pad / p.perDegree
	if b.south > v.north+x || b.north < v.south-x {
		return nil
	}
	var out []float64
	for t := -720.0; t <= 720; t += 360 {
		if b.west+t <= v.east+x && b.east+t >= v.west-x {
			out = append(out, t)
		}
	}
	return out
}

// edge is how far shapes reach over the edge of a picture, in pixels: more
// than half the widest sea line.
const edge = 40

// drawn projects a line moved by a turn and leaves out points that lie within
// tolerance, in pixels, of the line without them.
func (p plane) drawn(l line, turn, tolerance float64) []spot2 {
	points := l.points
	if p.round && (l.box.west+turn < p.middleDegree-180 || l.box.east+turn > p.middleDegree+180) {
		points = between(points, float32(p.middleDegree-180-turn), float32(p.middleDegree+180-turn))
	}
	on := make([]point, 0, len(points))
	for i, q := range points {
		s := p.project(float64(q[0])+turn, float64(q[1]))
		s32 := point{float32(s.x), float32(s.y)}
		if n := len(on); n > 0 && i < len(points)-1 && math.Abs(float64(s32[0]-on[n-1][0]))+math.Abs(float64(s32[1]-on[n-1][1])) < tolerance {
			continue
		}
		on = append(on, s32)
	}
	on = simplified(on, float32(tolerance))
	out := make([]spot2, len(on))
	for i, q := range on {
		out[i] = spot2{float64(q[0]), float64(q[1])}
	}
	return out
}

// between cuts a ring or line to a strip of longitudes: the world, drawn
// round, ends there.
func between(in []point, west, east float32) []point {
	for _, side := range []struct{ edge, sign float32 }{{west, 1}, {east, -1}} {
		var out []point
		for i, q := range in {
			if i > 0 {
				last := in[i-1]
				if a, b := (last[0]-side.edge)*side.sign, (q[0]-side.edge)*side.sign; (a < 0) != (b < 0) {
					f := a / (a - b)
					out = append(out, point{side.edge, last[1] + f*(q[1]-last[1])})
				}
			}
			if (q[0]-side.edge)*side.sign >= 0 {
				out = append(out, q)
			}
		}
		in = out
	}
	return in
}

// clipRing cuts a ring to the window and its edge (Sutherland and Hodgman
// 1974).
func (p plane) clipRing(in []spot2) []spot2 {
	low, high := spot2{-edge, -edge}, spot2{p.w + edge, p.h + edge}
	sides := []struct {
		inside func(spot2) bool
		cross  func(a, b spot2) spot2
	}{
		{func(s spot2) bool { return s.x >= low.x }, func(a, b spot2) spot2 { return atX(a, b, low.x) }},
		{func(s spot2) bool { return s.x <= high.x }, func(a, b spot2) spot2 { return atX(a, b, high.x) }},
		{func(s spot2) bool { return s.y >= low.y }, func(a, b spot2) spot2 { return atY(a, b, low.y) }},
		{func(s spot2) bool { return s.y <= high.y }, func(a, b spot2) spot2 { return atY(a, b, high.y) }},
	}
	for _, side := range sides {
		if len(in) == 0 {
			return nil
		}
		var out []spot2
		last := in[len(in)-1]
		for _, s := range in {
			if side.inside(s) != side.inside(last) {
				out = append(out, side.cross(last, s))
			}
			if side.inside(s) {
				out = append(out, s)
			}
			last = s
		}
		in = out
	}
	if len(in) < 3 {
		return nil
	}
	return in
}

func atX(a, b spot2, x float64) spot2 { return spot2{x, a.y + (x-a.x)/(b.x-a.x)*(b.y-a.y)} }
func atY(a, b spot2, y float64) spot2 { return spot2{a.x + (y-a.y)/(b.y-a.y)*(b.x-a.x), y} }

// clipLine cuts a line into the parts inside the window and its edge. Whole
// segments are kept when an end is inside; what is outside hides anyway.
func (p plane) clipLine(in []spot2) [][]spot2 {
	inside := func(s spot2) bool { return s.x > -edge && s.x < p.w+edge && s.y > -edge && s.y < p.h+edge }
	// crosses is generous: a segment whose box meets the window stays.
	crosses := func(a, b spot2) bool {
		return math.Max(a.x, b.x) > -edge && math.Min(a.x, b.x) < p.w+edge && math.Max(a.y, b.y) > -edge && math.Min(a.y, b.y) < p.h+edge
	}
	var out [][]spot2
	var part []spot2
	for i := 1; i < len(in); i++ {
		if inside(in[i-1]) || inside(in[i]) || crosses(in[i-1], in[i]) {
			if part == nil {
				part = []spot2{in[i-1]}
			}
			part = append(part, in[i])
			continue
		}
		if part != nil {
			out, part = append(out, part), nil
		}
	}
	if part != nil {
		out = append(out, part)
	}
	return out
}
