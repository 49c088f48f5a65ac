package main

import (
	"encoding/binary"
	"math"
	"sort"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"
)

// The table of outlines is read by package tiles (outlines.go there), gzipped
// as a whole. All numbers are varints; coordinates are steps of 1/1000° from
// the point before.
//
//	land      count, polygons
//	countries count, then of each: code, name, polygons
//	borders   count, lines
//	lakes     count, polygons
//	names     count, then of each: kind, rank, name, position
const step = 1000

type writer struct{ b []byte }

func (w *writer) count(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

func (w *writer) text(s string) {
	w.count(len(s))
	w.b = append(w.b, s...)
}

func (w *writer) line(ps []orb.Point) {
	w.count(len(ps))
	var x, y int64
	for _, p := range ps {
		nx, ny := int64(math.Round(p[0]*step)), int64(math.Round(p[1]*step))
		w.b = binary.AppendVarint(w.b, nx-x)
		w.b = binary.AppendVarint(w.b, ny-y)
		x, y = nx, ny
	}
}

func (w *writer) polygons(ps []orb.Polygon) {
	w.count(len(ps))
	for _, p := range ps {
		w.count(len(p))
		for _, r := range p {
			w.line(r)
		}
	}
}

func encodeOutlines(src *sources) []byte {
	w := &writer{}
	w.polygons(thin(src.fine.land, false))
	w.count(len(src.fine.countries))
	for _, c := range src.fine.countries {
		w.text(c.code)
		w.text(fullName(c.name))
		w.polygons(thin(c.areas, true))
	}
	var borders []orb.LineString
	for _, l := range src.fine.borders {
		borders = append(borders, simplify.DouglasPeucker(tolerance(l.Bound())).LineString(l.Clone()))
	}
	w.count(len(borders))
	for _, l := range borders {
		w.line(l)
	}
	var lakes []orb.Polygon
	for _, f := range src.lakes {
		if f.Properties.MustInt("scalerank", 9) <= 1 {
			lakes = append(lakes, polygonsOf(f.Geometry)...)
		}
	}
	w.polygons(thin(lakes, false))
	names := namesOf(src)
	w.count(len(names))
	for _, n := range names {
		w.text(n.kind)
		w.count(n.rank)
		w.text(n.name)
		w.line([]orb.Point{n.at})
	}
	packed, err := pack(w.b)
	if err != nil {
		panic(err) // a buffer takes all
	}
	return packed
}

// tolerance is how far a simplified line may stray: 1 km for what is wide,
// less for what is small, so that a small country keeps its shape.
func tolerance(b orb.Bound) float64 {
	wide := math.Max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
	return math.Max(.0006, math.Min(.01, wide/320))
}

// thin simplifies. Islands under about 4 km² are left out, unless a country
// would lose more than a tenth of its islands' area by it.
func thin(ps []orb.Polygon, all bool) []orb.Polygon {
	var total float64
	for _, p := range ps {
		total += planar.Area(p)
	}
	var out []orb.Polygon
	for _, p := range ps {
		area := planar.Area(p)
		if area < .0004 && (!all || area < total/50) {
			continue
		}
		var q orb.Polygon
		for i, r := range p {
			if i > 0 && math.Abs(planar.Area(r)) < .0004 {
				continue
			}
			s := simplify.DouglasPeucker(tolerance(r.Bound())).Ring(r.Clone())
			if len(s) < 4 {
				s = r
			}
			q = append(q, s)
		}
		out = append(out, q)
	}
	return out
}

type named struct {
	kind, name string
	rank       int
	at         orb.Point
}

// namesOf lists the labels of pictures: countries, seas, and towns down to
// the ninth part of the map's own.
func namesOf(src *sources) []named {
	var out []named
	for _, l := range labels(src) {
		kind := l.props.MustString("kind", "")
		rank := int(l.props["min_zoom"].(float64) * 10)
		if kind == "locality" && rank > 58 {
			continue
		}
		if l.layer == "water" {
			kind = "water"
		}
		at, ok := l.shape.(orb.Point)
		if !ok {
			continue
		}
		out = append(out, named{kind, strings.TrimSpace(l.props.MustString("name", "")), rank, at})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].rank < out[j].rank })
	return out
}
