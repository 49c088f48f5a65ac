package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/paulmach/orb"
)

// topology is a world-atlas file: countries and land that share their arcs.
// Longitudes along a ring run on past ±180 instead of jumping, so that no
// shape is cut at the date line; whoever draws also draws the copies one turn
// east and west.
type topology struct {
	countries []country
	land      []orb.Polygon
	borders   []orb.LineString // between two countries
}

type country struct {
	name  string
	code  string // ISO 3166-1 alpha-2, "" when it has none
	areas []orb.Polygon
}

type topoFile struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int
	Objects   struct{ Countries, Land topoObject }
}

type topoObject struct {
	Type       string
	Geometries []topoObject
	Arcs       json.RawMessage
	Properties struct{ Name string }
}

func readTopology(path string) (*topology, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f topoFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t := &topology{}
	arcs := f.decode()
	owners := make([][]int, len(arcs))
	for i, g := range f.Objects.Countries.Geometries {
		refs, err := g.polygons()
		if err != nil {
			return nil, err
		}
		for _, polygon := range refs {
			for _, ring := range polygon {
				for _, a := range ring {
					owners[index(a)] = append(owners[index(a)], i)
				}
			}
		}
		t.countries = append(t.countries, country{name: g.Properties.Name, areas: assemble(arcs, refs)})
	}
	for _, g := range f.Objects.Land.Geometries {
		refs, err := g.polygons()
		if err != nil {
			return nil, err
		}
		t.land = append(t.land, assemble(arcs, refs)...)
	}
	for i, who := range owners {
		if len(who) > 1 && who[0] != who[1] {
			t.borders = append(t.borders, unroll(arcs[i]))
		}
	}
	return t, nil
}

func (f *topoFile) decode() []orb.LineString {
	out := make([]orb.LineString, len(f.Arcs))
	for i, arc := range f.Arcs {
		var x, y int
		line := make(orb.LineString, len(arc))
		for j, p := range arc {
			x, y = x+p[0], y+p[1]
			line[j] = orb.Point{
				float64(x)*f.Transform.Scale[0] + f.Transform.Translate[0],
				float64(y)*f.Transform.Scale[1] + f.Transform.Translate[1],
			}
		}
		out[i] = line
	}
	return out
}

// polygons reads the arc numbers of an object, whatever its type.
func (o topoObject) polygons() ([][][]int, error) {
	switch o.Type {
	case "Polygon":
		var one [][]int
		err := json.Unmarshal(o.Arcs, &one)
		return [][][]int{one}, err
	case "MultiPolygon":
		var many [][][]int
		err := json.Unmarshal(o.Arcs, &many)
		return many, err
	case "":
		return nil, nil
	}
	return nil, fmt.Errorf("cannot read a topology of type %q", o.Type)
}

// index is the number of the arc that a reference means: ~n is arc n reversed.
func index(ref int) int {
	if ref < 0 {
		return ^ref
	}
	return ref
}

func assemble(arcs []orb.LineString, refs [][][]int) []orb.Polygon {
	var out []orb.Polygon
	for _, polygon := range refs {
		var p orb.Polygon
		for i, ring := range polygon {
			r := closeOverPole(orb.Ring(unroll(join(arcs, ring))))
			if len(r) < 4 || wholeWorld(r) {
				if i == 0 {
					break
				}
				continue
			}
			if i > 0 {
				r = beside(r, p[0])
			}
			p = append(p, wind(r, i == 0))
		}
		if len(p) > 0 {
			out = append(out, p)
		}
	}
	return out
}

func join(arcs []orb.LineString, refs []int) orb.LineString {
	var out orb.LineString
	for _, ref := range refs {
		arc := arcs[index(ref)]
		for i := range arc {
			p := arc[i]
			if ref < 0 {
				p = arc[len(arc)-1-i]
			}
			if i == 0 && len(out) > 0 {
				continue // the joint is already there
			}
			out = append(out, p)
		}
	}
	return out
}

// unroll lets longitudes run on where the line crosses the date line.
func unroll(line orb.LineString) orb.LineString {
	out := make(orb.LineString, len(line))
	var turn float64
	for i, p := range line {
		if i > 0 {
			switch step := p[0] - line[i-1][0]; {
			case step > 180:
				turn -= 360
			case step < -180:
				turn += 360
			}
		}
		out[i] = orb.Point{p[0] + turn, p[1]}
	}
	return out
}

// closeOverPole closes a ring that goes once round the Earth (Antarctica) below
// the edge of the map. It is written out three times, so that its open ends lie
// outside of every view.
func closeOverPole(r orb.Ring) orb.Ring {
	if len(r) < 2 || r[0] == r[len(r)-1] {
		return r
	}
	step := r[len(r)-1][0] - r[0][0]
	if step > -300 && step < 300 {
		return append(r, r[0])
	}
	var out orb.Ring
	for turn := -1.0; turn <= 1; turn++ {
		for _, p := range r[:len(r)-1] {
			out = append(out, orb.Point{p[0] + turn*step, p[1]})
		}
	}
	first, last := out[0], out[len(out)-1]
	return append(out, orb.Point{last[0], -90}, orb.Point{first[0], -90}, first)
}

// wholeWorld recognises the ring round everything that the finest set has in
// the Maldives.
func wholeWorld(r orb.Ring) bool {
	b := r.Bound()
	return b.Max[0]-b.Min[0] > 359 && b.Max[1]-b.Min[1] > 179
}

// beside moves a hole by whole turns to where its outer ring is.
func beside(hole, outer orb.Ring) orb.Ring {
	h, o := hole.Bound().Center()[0], outer.Bound()
	for h < o.Min[0] {
		hole, h = shift(hole, 360), h+360
	}
	for h > o.Max[0] {
		hole, h = shift(hole, -360), h-360
	}
	return hole
}

func shift(r orb.Ring, by float64) orb.Ring {
	out := make(orb.Ring, len(r))
	for i, p := range r {
		out[i] = orb.Point{p[0] + by, p[1]}
	}
	return out
}

// wind makes outer rings counter-clockwise and holes clockwise, as GeoJSON
// has them.
func wind(r orb.Ring, outer bool) orb.Ring {
	if (r.Orientation() == orb.CCW) != outer {
		r.Reverse()
	}
	return r
}
