package tiles

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sync"
)

//go:embed outlines.bin
var outlinesFile []byte

// point is longitude and latitude in degrees. Longitudes run on past ±180 along
// a ring, so that no shape is cut at the date line.
type point [2]float32

// extentOf is a box in degrees.
type extentOf struct{ west, south, east, north float64 }

func (e extentOf) width() float64  { return e.east - e.west }
func (e extentOf) height() float64 { return e.north - e.south }

func (e extentOf) join(o extentOf) extentOf {
	return extentOf{math.Min(e.west, o.west), math.Min(e.south, o.south), math.Max(e.east, o.east), math.Max(e.north, o.north)}
}

// line is an open or closed line with its extent.
type line struct {
	points []point
	box    extentOf
}

// shape is a polygon: the outer ring, then holes.
type shape []line

func (s shape) box() extentOf { return s[0].box }

// nation is a country or an area with a country code of its own.
type nation struct {
	code, name string
	shapes     []shape
}

// name is a label of a picture: a country, a sea or a town. Rank is ten times
// the zoom from which the map shows it.
type name struct {
	kind, text string
	rank       int
	at         point
}

// outlines is the table that generate/ made, at one fineness.
type outlines struct {
	land, lakes []shape
	nations     []nation
	borders     []line
	names       []name
}

// atlas holds the table at three finenesses, each made when it is first needed.
type atlas struct {
	once   [3]sync.Once
	levels [3]*outlines
	err    error
}

// coarseness is how far, in degrees, the lines of a level may stray.
var coarseness = [3]float64{0, .03, .14}

// level is the coarsest table whose error stays under the given degrees.
func (a *atlas) level(degrees float64) (*outlines, error) {
	i := 0
	for i+1 < len(coarseness) && coarseness[i+1] <= degrees {
		i++
	}
	fine, err := a.fine()
	if i == 0 || err != nil {
		return fine, err
	}
	a.once[i].Do(func() { a.levels[i] = fine.thin(float32(coarseness[i])) })
	return a.levels[i], nil
}

func (a *atlas) fine() (*outlines, error) {
	a.once[0].Do(func() { a.levels[0], a.err = readOutlines(outlinesFile) })
	return a.levels[0], a.err
}

func readOutlines(packed []byte) (*outlines, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("outlines: %w", err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("outlines: %w", err)
	}
	r := &outlineReader{b: raw}
	o := &outlines{land: r.shapes()}
	o.nations = make([]nation, r.count())
	for i := range o.nations {
		o.nations[i] = nation{code: r.text(), name: r.text(), shapes: r.shapes()}
	}
	o.borders = make([]line, r.count())
	for i := range o.borders {
		o.borders[i] = r.line()
	}
	o.lakes = r.shapes()
	o.names = make([]name, r.count())
	for i := range o.names {
		o.names[i] = name{kind: r.text(), rank: r.count(), text: r.text(), at: r.line().points[0]}
	}
	if len(r.b) != 0 {
		return nil, fmt.Errorf("outlines: %d bytes left over: generate the table again", len(r.b))
	}
	return o, nil
}

// outlineReader reads the format that generate/outlines.go documents. The
// table is ours, so a broken one is a broken build and may panic.
type outlineReader struct{ b []byte }

func (r *outlineReader) count() int {
	v, n := binary.Uvarint(r.b)
	r.b = r.b[n:]
	return int(v)
}

func (r *outlineReader) text() string {
	n := r.count()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *outlineReader) line() line {
	const step = 1000
	l := make([]point, r.count())
	var x, y int64
	for i := range l {
		dx, n := binary.Varint(r.b)
		dy, m := binary.Varint(r.b[n:])
		r.b = r.b[n+m:]
		x, y = x+dx, y+dy
		l[i] = point{float32(x) / step, float32(y) / step}
	}
	return measured(l)
}

func (r *outlineReader) shapes() []shape {
	out := make([]shape, r.count())
	for i := range out {
		out[i] = make(shape, r.count())
		for j := range out[i] {
			out[i][j] = r.line()
		}
	}
	return out
}

func measured(l []point) line {
	b := extentOf{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range l {
		b = b.join(extentOf{float64(p[0]), float64(p[1]), float64(p[0]), float64(p[1])})
	}
	return line{l, b}
}

// thin makes a coarser table. What is smaller than the tolerance is left out,
// but for the last shape of a country.
func (o *outlines) thin(tolerance float32) *outlines {
	small := func(b extentOf) bool { return math.Max(b.width(), b.height()) < float64(tolerance)*1.5 }
	shapes := func(in []shape, keepOne bool) []shape {
		var out []shape
		for _, s := range in {
			if small(s.box()) && (!keepOne || len(out) > 0) {
				continue
			}
			var t shape
			for i, l := range s {
				if i == 0 || !small(l.box) {
					t = append(t, line{simplified(l.points, tolerance), l.box})
				}
			}
			out = append(out, t)
		}
		return out
	}
	c := &outlines{land: shapes(o.land, false), lakes: shapes(o.lakes, false), names: o.names}
	for _, n := range o.nations {
		c.nations = append(c.nations, nation{n.code, n.name, shapes(n.shapes, true)})
	}
	for _, b := range o.borders {
		c.borders = append(c.borders, line{simplified(b.points, tolerance), b.box})
	}
	return c
}

// simplified leaves out points that lie within tolerance of the line between
// those that stay (Douglas and Peucker 1973). A ring keeps at least four.
func simplified(in []point, tolerance float32) []point {
	if len(in) < 5 {
		return in
	}
	keep := make([]bool, len(in))
	keep[0], keep[len(in)-1] = true, true
	if in[0] == in[len(in)-1] { // a ring needs a second fixed point
		far, at := float32(0), len(in)/2
		for i, p := range in {
			if d := (p[0]-in[0][0])*(p[0]-in[0][0]) + (p[1]-in[0][1])*(p[1]-in[0][1]); d > far {
				far, at = d, i
			}
		}
		keep[at] = true
		mark(in, 0, at, tolerance*tolerance, keep)
		mark(in, at, len(in)-1, tolerance*tolerance, keep)
	} else {
		mark(in, 0, len(in)-1, tolerance*tolerance, keep)
	}
	var out []point
	for i, k := range keep {
		if k {
			out = append(out, in[i])
		}
	}
	if len(out) < 4 && in[0] == in[len(in)-1] {
		return in
	}
	return out
}

func mark(in []point, from, to int, limit float32, keep []bool) {
	type part struct{ from, to int }
	todo := []part{{from, to}}
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		far, at := limit, -1
		for i := p.from + 1; i < p.to; i++ {
			if d := fromSegment(in[i], in[p.from], in[p.to]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			todo = append(todo, part{p.from, at}, part{at, p.to})
		}
	}
}

// fromSegment is the square of the distance of p from the segment a–b.
func fromSegment(p, a, b point) float32 {
	x, y := a[0], a[1]
	dx, dy := b[0]-x, b[1]-y
	if dx != 0 || dy != 0 {
		t := ((p[0]-x)*dx + (p[1]-y)*dy) / (dx*dx + dy*dy)
		switch {
		case t > 1:
			x, y = b[0], b[1]
		case t > 0:
			x, y = x+dx*t, y+dy*t
		}
	}
	dx, dy = p[0]-x, p[1]-y
	return dx*dx + dy*dy
}

// contains reports whether a position lies in the shape (even-odd rule).
func (s shape) contains(lon, lat float64) bool {
	inside := false
	for _, l := range s {
		for i := 1; i < len(l.points); i++ {
			ax, ay := float64(l.points[i-1][0]), float64(l.points[i-1][1])
			bx, by := float64(l.points[i][0]), float64(l.points[i][1])
			if (ay > lat) != (by > lat) && lon < ax+(lat-ay)/(by-ay)*(bx-ax) {
				inside = !inside
			}
		}
	}
	return inside
}

// distance is how far, in degrees of latitude, a position lies outside of the
// shape's corners; 0 inside.
func (s shape) distance(lon, lat float64) float64 {
	if s.contains(lon, lat) {
		return 0
	}
	squeeze := math.Cos(lat * math.Pi / 180)
	best := math.Inf(1)
	for _, p := range s[0].points {
		dx, dy := (float64(p[0])-lon)*squeeze, float64(p[1])-lat
		best = math.Min(best, dx*dx+dy*dy)
	}
	return math.Sqrt(best)
}
