package main

import (
	"encoding/json"
	"math"

	"golang.org/x/text/language"

	"mirabilia/internal/gazetteer/border"
)

// Natural Earth's lands without an ISO number, as GeoNames has them. What is
// not here (Spratly Islands, Scarborough Reef) stays at sea.
var unnumbered = map[string]string{
	"Dhekelia": "CY", "Akrotiri": "CY", "N. Cyprus": "CY", "Cyprus U.N. Buffer Zone": "CY",
	"Somaliland": "SO", "Kosovo": "XK", "USNB Guantanamo Bay": "CU", "Siachen Glacier": "IN",
	"Baikonur": "KZ", "Coral Sea Is.": "AU", "Clipperton I.": "FR",
	"Bajo Nuevo Bank": "CO", "Serranilla Bank": "CO", "Indian Ocean Ter.": "CX",
}

// apart lists the parts of Natural Earth's lands that have a code of their
// own: polygons of a land whose first point lies in the box.
var apart = []struct {
	of, code                 string
	west, south, east, north float64
}{
	{"FR", "GF", -55, 2, -51, 6.5},
	{"FR", "GP", -62, 15.7, -60.9, 16.6},
	{"FR", "MQ", -61.3, 14.3, -60.7, 15},
	{"FR", "RE", 55, -21.5, 56, -20.7},
	{"FR", "YT", 44.9, -13.1, 45.4, -12.5},
	{"NO", "SJ", 7, 73, 36, 82},
	{"NO", "SJ", -9.5, 70.5, -7.5, 71.5},
	{"NO", "BV", 3, -55, 4, -54},
	{"NL", "BQ", -68.7, 11.9, -68, 12.4},
	{"NL", "BQ", -63.4, 17.3, -62.8, 17.8},
	{"NZ", "TK", -173, -10, -171, -8},
	{"CX", "CC", 96, -13, 98, -11},
	{"RU", "UA", 32.4, 44.3, 36.7, 46.3}, // Crimea, as GeoNames and the UN have it
}

// topology is what is used of a TopoJSON file.
type topology struct {
	Arcs      [][][2]float64
	Transform struct{ Scale, Translate [2]float64 }
	Objects   map[string]struct {
		Geometries []struct {
			Type       string
			ID         string
			Arcs       json.RawMessage
			Properties struct{ Name string }
		}
	}
}

// polygon is a land's part: rings of arcs (a negative number is the arc
// ^number backwards).
type polygon struct {
	code  string
	rings [][]int
}

// readLands reads the polygons and arcs of the packages world-atlas (object
// "countries") and us-atlas ("states", whose codes are their names).
func readLands(file, object string) ([]polygon, [][]border.Point, error) {
	var topo topology
	if err := readJSON(file, &topo); err != nil {
		return nil, nil, err
	}
	arcs := make([][]border.Point, len(topo.Arcs))
	for i, arc := range topo.Arcs {
		x, y := 0.0, 0.0
		for _, d := range arc {
			x, y = x+d[0], y+d[1]
			arcs[i] = append(arcs[i], border.Point{
				Lon: x*topo.Transform.Scale[0] + topo.Transform.Translate[0],
				Lat: y*topo.Transform.Scale[1] + topo.Transform.Translate[1],
			})
		}
	}
	var out []polygon
	for _, g := range topo.Objects[object].Geometries {
		code := g.Properties.Name
		if object == "countries" {
			code = landCode(g.ID, code)
		}
		var parts [][][]int
		if g.Type == "Polygon" {
			parts = make([][][]int, 1)
			if err := json.Unmarshal(g.Arcs, &parts[0]); err != nil {
				return nil, nil, err
			}
		} else if err := json.Unmarshal(g.Arcs, &parts); err != nil {
			return nil, nil, err
		}
		for _, rings := range parts {
			out = append(out, polygon{partCode(code, ringPoints(rings[0], arcs)), rings})
		}
	}
	return out, arcs, nil
}

func landCode(id, name string) string {
	if id == "" {
		return unnumbered[name]
	}
	n := 0
	for _, c := range id {
		n = n*10 + int(c-'0')
	}
	region, err := language.EncodeM49(n)
	if err != nil {
		panic("no country with the number " + id)
	}
	return region.String()
}

// partCode gives a part its own code: the part is apart when its middle lies
// in the box.
func partCode(code string, ring []border.Point) string {
	west, south, east, north := 180.0, 90.0, -180.0, -90.0
	for _, p := range ring {
		west, east = math.Min(west, p.Lon), math.Max(east, p.Lon)
		south, north = math.Min(south, p.Lat), math.Max(north, p.Lat)
	}
	lon, lat := (west+east)/2, (south+north)/2
	for _, a := range apart {
		if a.of == code && lon >= a.west && lon <= a.east && lat >= a.south && lat <= a.north {
			return a.code
		}
	}
	return code
}

func ringPoints(ring []int, arcs [][]border.Point) []border.Point {
	var out []border.Point
	for _, n := range ring {
		if n >= 0 {
			out = append(out, arcs[n]...)
			continue
		}
		arc := arcs[^n]
		for i := len(arc) - 1; i >= 0; i-- {
			out = append(out, arc[i])
		}
	}
	return out
}

// linesBetween turns polygons into lines between two lands.
func linesBetween(parts []polygon, arcs [][]border.Point, number map[string]border.Land) []border.Line {
	sides := make([][]border.Land, len(arcs))
	for _, p := range parts {
		land := number[p.code]
		for _, ring := range p.rings {
			for _, n := range ring {
				if n < 0 {
					n = ^n
				}
				sides[n] = append(sides[n], land)
			}
		}
	}
	var lines []border.Line
	for i, arc := range arcs {
		line := border.Line{Points: arc}
		for k, land := range sides[i] {
			if k == 0 {
				line.A = land
			} else {
				line.B = land
			}
		}
		if line.A != line.B {
			lines = append(lines, line)
		}
	}
	return lines
}

// stateLines are the outlines of the United States' states. They are drawn
// finer than the countries, and so tell the United States from Canada and
// Mexico too.
func stateLines(parts []polygon, arcs [][]border.Point, number map[string]border.Land) []border.Line {
	lines := linesBetween(parts, arcs, number)
	for i, l := range lines {
		lines[i].Points = simplify(l.Points, borderTolerance)
	}
	return lines
}

// borderLines are the borders and coasts of countries. Coasts far from any
// other land are simplified most: off such a coast the same shore is the
// nearest, wherever exactly it runs. Dwarfs are drawn as fine as they need.
func borderLines(parts []polygon, arcs [][]border.Point, number map[string]border.Land) []border.Line {
	lines := linesBetween(parts, arcs, number)
	lines = redraw(lines, number)
	strait := strait{}
	for _, l := range lines {
		strait.add(l)
	}
	for i, l := range lines {
		if l.A != 0 && l.B != 0 {
			lines[i].Points = simplify(l.Points, math.Min(borderTolerance, extent(l.Points)/40))
			continue
		}
		lines[i].Points = nil
		for from := 0; from+1 < len(l.Points); {
			to, near := from+1, strait.near(l.Points[from], l.A^l.B)
			for to+1 < len(l.Points) && strait.near(l.Points[to], l.A^l.B) == near {
				to++
			}
			tolerance := coastTolerance
			if near {
				tolerance = straitTolerance
			}
			run := simplify(l.Points[from:to+1], tolerance)
			if from > 0 {
				run = run[1:]
			}
			lines[i].Points = append(lines[i].Points, run...)
			from = to
		}
	}
	return lines
}

// Tolerances of simplification in degrees of latitude.
const (
	borderTolerance = 0.001
	straitTolerance = 0.002
	coastTolerance  = 0.015
)

// strait knows which lands have a coast or border near a position.
type strait map[[2]int]map[border.Land]bool

func straitCell(p border.Point) [2]int {
	return [2]int{int(math.Floor(p.Lon * 5)), int(math.Floor(p.Lat * 5))}
}

func (s strait) add(l border.Line) {
	for _, p := range l.Points {
		cell := straitCell(p)
		if s[cell] == nil {
			s[cell] = map[border.Land]bool{}
		}
		s[cell][l.A], s[cell][l.B] = true, true
	}
}

// near reports whether a land other than this and the sea is near.
func (s strait) near(p border.Point, land border.Land) bool {
	cell := straitCell(p)
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for other := range s[[2]int{cell[0] + dx, cell[1] + dy}] {
				if other != 0 && other != land {
					return true
				}
			}
		}
	}
	return false
}

// extent is the larger side of a line's box, in degrees.
func extent(line []border.Point) float64 {
	west, south, east, north := 180.0, 90.0, -180.0, -90.0
	for _, p := range line {
		west, east = math.Min(west, p.Lon), math.Max(east, p.Lon)
		south, north = math.Min(south, p.Lat), math.Max(north, p.Lat)
	}
	return math.Max(east-west, north-south)
}

// simplify is Douglas and Peucker's line simplification; a closed line keeps
// at least four points.
func simplify(line []border.Point, tolerance float64) []border.Point {
	if len(line) < 6 {
		return line
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	if line[0] == line[len(line)-1] {
		third := len(line) / 3
		keep[third], keep[2*third] = true, true
		reduce(line[:third+1], keep[:third+1], tolerance)
		reduce(line[third:2*third+1], keep[third:2*third+1], tolerance)
		reduce(line[2*third:], keep[2*third:], tolerance)
	} else {
		reduce(line, keep, tolerance)
	}
	var out []border.Point
	for i, p := range line {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}

func reduce(line []border.Point, keep []bool, tolerance float64) {
	if len(line) < 3 {
		return
	}
	a, b := line[0], line[len(line)-1]
	wide := math.Cos(a.Lat * math.Pi / 180)
	far, at := tolerance*tolerance, -1
	dx, dy := (b.Lon-a.Lon)*wide, b.Lat-a.Lat
	if math.Abs(b.Lon-a.Lon) > 180 { // over the date line
		far = -1
	}
	for i := 1; i < len(line)-1; i++ {
		x, y := (line[i].Lon-a.Lon)*wide, line[i].Lat-a.Lat
		if l := dx*dx + dy*dy; l > 0 {
			t := math.Min(math.Max((x*dx+y*dy)/l, 0), 1)
			x, y = x-t*dx, y-t*dy
		}
		if d := x*x + y*y; d > far {
			far, at = d, i
		}
	}
	if at < 0 {
		return
	}
	keep[at] = true
	reduce(line[:at+1], keep[:at+1], tolerance)
	reduce(line[at:], keep[at:], tolerance)
}
