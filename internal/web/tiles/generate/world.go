package main

import (
	"bytes"
	"compress/gzip"
	"math"
	"sort"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"
)

// The basemap's layers and attributes are named as in the Protomaps basemap,
// version 4 (docs.protomaps.com/basemaps/layers), so that one style draws our
// tiles and an operator's own archive.
const (
	maxZoom = 5    // the finest source knows 400 m; a tile of this zoom, 300 m
	extent  = 4096 // units of a tile's edge
	// buffer is how far shapes reach over the edge: the outermost sea line
	// lies 12 px off the coast, a tile is 512 px.
	buffer = 14 * extent / 512
)

// thing is one feature before it is cut into tiles, in degrees.
type thing struct {
	layer string
	shape orb.Geometry
	props geojson.Properties
}

func buildWorld(src *sources) ([]byte, error) {
	a := newArchive()
	for z := 0; z <= maxZoom; z++ {
		c := &cutter{zoom: z, out: a}
		var all []projected
		for _, t := range thingsAt(src, z) {
			all = append(all, c.project(t)...)
		}
		if err := c.cut(0, 0, 0, all); err != nil {
			return nil, err
		}
	}
	return a.bytes()
}

// thingsAt lists what is drawn at a zoom.
func thingsAt(src *sources, z int) []thing {
	t := src.fine
	switch {
	case z <= 1:
		t = src.coarse
	case z <= 3:
		t = src.middle
	}
	var out []thing
	for _, p := range t.land {
		out = append(out, thing{"earth", p, geojson.Properties{"kind": "earth"}})
	}
	out = append(out, waters(src, z)...)
	if z == maxZoom {
		for _, f := range src.urban {
			for _, p := range polygonsOf(f.Geometry) {
				out = append(out, thing{"landcover", p, geojson.Properties{"kind": "urban_area"}})
			}
		}
	}
	for _, l := range t.borders {
		out = append(out, thing{"boundaries", l, geojson.Properties{"kind": "country"}})
	}
	if z >= 3 {
		for _, l := range src.regions {
			out = append(out, thing{"boundaries", l, geojson.Properties{"kind": "region"}})
		}
	}
	for _, l := range labels(src) {
		if l.props["min_zoom"].(float64) < float64(z)+1 || z == maxZoom {
			out = append(out, l)
		}
	}
	return out
}

func waters(src *sources, z int) []thing {
	var out []thing
	for _, f := range src.lakes {
		if f.Properties.MustInt("scalerank", 9) > z+1 {
			continue
		}
		for _, p := range polygonsOf(f.Geometry) {
			out = append(out, thing{"water", p, geojson.Properties{"kind": "lake"}})
		}
	}
	for _, f := range src.rivers {
		if z < 2 || f.Properties.MustInt("scalerank", 9) > z+1 {
			continue
		}
		for _, l := range linesOf(f.Geometry) {
			out = append(out, thing{"water", l, geojson.Properties{"kind": "river"}})
		}
	}
	return out
}

func labels(src *sources) []thing {
	var out []thing
	for _, c := range src.fine.countries {
		at, area := middleOf(c.areas)
		if c.code == "" || area == 0 || apartIsland(c.name) {
			continue
		}
		zoom := 5.2
		for _, step := range []struct{ area, zoom float64 }{{1, 4.2}, {8, 3.4}, {40, 2.6}, {150, 1.6}} {
			if area >= step.area {
				zoom = step.zoom
			}
		}
		out = append(out, thing{"places", at, geojson.Properties{"kind": "country", "name": fullName(c.name), "iso": c.code, "min_zoom": zoom, "rank": int(1000 - math.Min(area, 999))}})
	}
	seen := map[string]bool{}
	for _, f := range src.marine {
		name := title(strings.Join(strings.Fields(f.Properties.MustString("name", "")), " "))
		class := f.Properties.MustString("featurecla", "")
		at, area := middleOf(polygonsOf(f.Geometry))
		if name == "" || seen[name] || area == 0 || class == "river" || class == "reef" {
			continue
		}
		seen[name] = true
		rank := f.Properties.MustInt("scalerank", 4)
		zoom := [...]float64{1, 2.2, 3, 3.6, 4.6}[min(rank, 4)]
		out = append(out, thing{"water", at, geojson.Properties{"kind": class, "name": name, "min_zoom": zoom}})
	}
	for _, f := range src.towns {
		rank := f.Properties.MustInt("scalerank", 10)
		if rank > 8 {
			continue
		}
		zoom := [...]float64{2.6, 3.2, 3.8, 4.4, 5, 5.4, 5.8, 6.6, 7.4}[rank]
		props := geojson.Properties{"kind": "locality", "name": f.Properties.MustString("name", "")}
		if strings.HasPrefix(f.Properties.MustString("featurecla", ""), "Admin-0 capital") {
			props["capital"] = "yes"
			zoom = math.Min(zoom, 4.4)
		}
		props["min_zoom"] = zoom
		out = append(out, thing{"places", f.Geometry, props})
	}
	return out
}

// apartIsland reports areas whose name on a world map would only be clutter.
func apartIsland(name string) bool {
	return strings.Contains(name, "Is.") && strings.Contains(name, "Minor") || strings.HasPrefix(name, "USNB") ||
		strings.Contains(name, "Buffer") || name == "Akrotiri" || name == "Dhekelia" || name == "Baikonur"
}

// fullName writes out Natural Earth's abbreviations.
func fullName(s string) string {
	if n, ok := map[string]string{
		"Bosnia and Herz.": "Bosnia and Herzegovina", "Central African Rep.": "Central African Republic",
		"Dem. Rep. Congo": "DR Congo", "Dominican Rep.": "Dominican Republic", "Eq. Guinea": "Equatorial Guinea",
		"S. Sudan": "South Sudan", "W. Sahara": "Western Sahara", "N. Cyprus": "Northern Cyprus", "eSwatini": "Eswatini",
		"Fr. Polynesia": "French Polynesia", "Antigua and Barb.": "Antigua and Barbuda", "Macedonia": "North Macedonia",
		"St. Vin. and Gren.": "Saint Vincent and the Grenadines", "St. Kitts and Nevis": "Saint Kitts and Nevis",
		"Br. Indian Ocean Ter.": "British Indian Ocean Territory", "British Virgin Is.": "British Virgin Islands",
		"U.S. Virgin Is.": "US Virgin Islands", "Fr. S. Antarctic Lands": "French Southern Lands",
		"S. Geo. and the Is.": "South Georgia", "Heard I. and McDonald Is.": "Heard and McDonald Islands",
	}[s]; ok {
		return n
	}
	return strings.NewReplacer(" Is.", " Islands", " I.", " Island", "St. ", "Saint ").Replace(s)
}

// projected is a thing in the units of one zoom: the world is extent·2^zoom
// wide, y down.
type projected struct {
	thing
	bound orb.Bound
}

type cutter struct {
	zoom int
	out  *archive
}

// project turns degrees into units, simplifies, and writes out the copies
// that reach into the map from over the date line.
func (c *cutter) project(t thing) []projected {
	world := float64(extent) * math.Exp2(float64(c.zoom))
	g := orb.Clone(t.shape)
	g = mapped(g, func(p orb.Point) orb.Point { return mercator(p, world) })
	// A third of a pixel (a tile is 512) is not seen.
	g = simplify.DouglasPeucker(2.4).Simplify(g)
	if p, ok := g.(orb.Polygon); ok {
		if g = dropSpecks(p); g == nil {
			return nil
		}
	}
	var out []projected
	for turn := -1.0; turn <= 1; turn++ {
		b := g.Bound()
		b.Min[0] += turn * world
		b.Max[0] += turn * world
		if b.Max[0] < -buffer || b.Min[0] > world+buffer {
			continue
		}
		if _, point := g.(orb.Point); point && turn != 0 {
			continue
		}
		moved := mapped(orb.Clone(g), func(p orb.Point) orb.Point { return orb.Point{p[0] + turn*world, p[1]} })
		out = append(out, projected{thing{t.layer, moved, t.props}, b})
	}
	return out
}

// dropSpecks leaves out rings of less than half a pixel.
func dropSpecks(p orb.Polygon) orb.Geometry {
	var out orb.Polygon
	for i, r := range p {
		if len(r) < 4 || math.Abs(planar.Area(r)) < 32 {
			if i == 0 {
				return nil
			}
			continue
		}
		out = append(out, r)
	}
	return out
}

// mercator projects to a square of the given width (EPSG:3857), y down.
func mercator(p orb.Point, width float64) orb.Point {
	lat := math.Max(-88, math.Min(88, p[1])) * math.Pi / 180
	y := .5 - math.Log(math.Tan(math.Pi/4+lat/2))/(2*math.Pi)
	return orb.Point{(p[0]/360 + .5) * width, y * width}
}

// mapped moves every point of a shape, in place where it can.
func mapped(g orb.Geometry, f func(orb.Point) orb.Point) orb.Geometry {
	each := func(ps []orb.Point) {
		for i, p := range ps {
			ps[i] = f(p)
		}
	}
	switch g := g.(type) {
	case orb.Point:
		return f(g)
	case orb.Polygon:
		for _, r := range g {
			each(r)
		}
	case orb.LineString:
		each(g)
	}
	return g
}

// cut splits the map into quarters until the zoom is reached, so that each
// shape is only cut where it is.
func (c *cutter) cut(z, x, y int, things []projected) error {
	size := float64(extent) * math.Exp2(float64(c.zoom-z))
	origin := orb.Point{float64(x) * size, float64(y) * size}
	box := orb.Bound{Min: origin, Max: orb.Point{origin[0] + size, origin[1] + size}}.Pad(buffer)
	var here []projected
	for _, t := range things {
		if !t.bound.Intersects(box) {
			continue
		}
		var g orb.Geometry
		switch s := t.shape.(type) {
		case orb.Polygon:
			if p := clip.Polygon(box, s.Clone()); len(p) > 0 {
				g = p
			}
		case orb.LineString:
			if l := clip.LineString(box, s); len(l) > 0 {
				g = l
			}
		case orb.MultiLineString:
			if l := clip.MultiLineString(box, s); len(l) > 0 {
				g = l
			}
		default:
			g = s
		}
		if g != nil {
			here = append(here, projected{thing{t.layer, g, t.props}, g.Bound()})
		}
	}
	if z == c.zoom {
		return c.write(x, y, origin, here)
	}
	for i := range 4 {
		if err := c.cut(z+1, 2*x+i&1, 2*y+i>>1, here); err != nil {
			return err
		}
	}
	return nil
}

// order of the layers in a tile.
var order = []string{"earth", "landcover", "water", "boundaries", "places"}

func (c *cutter) write(x, y int, origin orb.Point, things []projected) error {
	// Features with the same attributes become one.
	layers := map[string]*geojson.FeatureCollection{}
	merged := map[string]*geojson.Feature{}
	for _, t := range things {
		g := orb.Clone(t.shape)
		g = toUnits(g, origin)
		if g == nil {
			continue
		}
		fc := layers[t.layer]
		if fc == nil {
			fc = geojson.NewFeatureCollection()
			layers[t.layer] = fc
		}
		key := t.layer + "/" + g.GeoJSONType() + "/" + t.props.MustString("kind", "")
		if f := merged[key]; f != nil && g.GeoJSONType() != "Point" {
			switch have := f.Geometry.(type) {
			case orb.MultiPolygon:
				f.Geometry = append(have, g.(orb.MultiPolygon)...)
			case orb.MultiLineString:
				f.Geometry = append(have, g.(orb.MultiLineString)...)
			}
			continue
		}
		f := geojson.NewFeature(g)
		f.Properties = t.props
		merged[key] = f
		fc.Append(f)
	}
	var tile mvt.Layers
	for _, name := range order {
		if fc := layers[name]; fc != nil {
			l := mvt.NewLayer(name, fc)
			l.Version, l.Extent = 2, extent
			tile = append(tile, l)
		}
	}
	raw, err := mvt.Marshal(tile)
	if err != nil {
		return err
	}
	packed, err := pack(raw)
	if err != nil {
		return err
	}
	c.out.put(c.zoom, x, y, packed)
	return nil
}

// toUnits rounds to the tile's grid and drops what rounding made flat.
func toUnits(g orb.Geometry, origin orb.Point) orb.Geometry {
	to := func(p orb.Point) orb.Point {
		return orb.Point{math.Round(p[0] - origin[0]), math.Round(p[1] - origin[1])}
	}
	line := func(ps []orb.Point) []orb.Point {
		var out []orb.Point
		for _, p := range ps {
			if q := to(p); len(out) == 0 || out[len(out)-1] != q {
				out = append(out, q)
			}
		}
		return out
	}
	switch g := g.(type) {
	case orb.Polygon:
		var p orb.Polygon
		for i, r := range g {
			q := orb.Ring(line(r))
			if len(q) < 4 || planar.Area(q) == 0 {
				if i == 0 {
					return nil
				}
				continue
			}
			// y runs down here: outer rings must turn clockwise on the screen,
			// which is a positive area in the tile's own axes (MVT 2.1, 4.3.4.4).
			if (planar.Area(q) > 0) != (i == 0) {
				q.Reverse()
			}
			p = append(p, q)
		}
		return orb.MultiPolygon{p}
	case orb.LineString:
		if l := line(g); len(l) > 1 {
			return orb.MultiLineString{l}
		}
		return nil
	case orb.MultiLineString:
		var m orb.MultiLineString
		for _, l := range g {
			if q := line(l); len(q) > 1 {
				m = append(m, q)
			}
		}
		if len(m) == 0 {
			return nil
		}
		return m
	case orb.Point:
		q := to(g)
		// A label on the edge belongs to one tile only.
		if q[0] < 0 || q[1] < 0 || q[0] >= extent || q[1] >= extent {
			return nil
		}
		return q
	}
	return nil
}

func pack(raw []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func sortFloats(xs []float64) { sort.Float64s(xs) }
