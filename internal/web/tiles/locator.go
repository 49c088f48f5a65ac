package tiles

import (
	"hash/fnv"
	"math"
	"strconv"
	"strings"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
)

// Spot is all that a locator picture may know of a place: its country and its
// public position. It has no field for anything else, so that a picture cannot
// show what a tier hides.
type Spot struct {
	CountryCode string      // ISO 3166-1 alpha-2, "" when unknown
	At          *geo.Public // nil for tiers region and hidden
	// Rough marks a position that is only approximate.
	Rough bool
}

// SpotOf is what may be drawn of a place.
func SpotOf(p *place.Place) Spot {
	s := Spot{CountryCode: p.CountryCode}
	switch p.Tier {
	case place.Region, place.Hidden:
		return s
	case place.Approximate:
		s.Rough = true
	}
	s.At = p.At
	return s
}

// drawingVersion is part of every address of a picture: raise it when the
// drawing changes.
const drawingVersion = "1"

// version names what the picture of a spot looks like.
func (s Spot) version() string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(drawingVersion + s.CountryCode)) // a hash takes all
	if s.At != nil {
		_, _ = h.Write([]byte(coordinate(s.At.Lat) + "," + coordinate(s.At.Lon)))
	}
	if s.Rough {
		_, _ = h.Write([]byte("~"))
	}
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// coordinate writes degrees to about a metre.
func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 5, 64) }

// LocatorPath is the address of the locator picture of a place: it changes
// with what the picture shows, so that it may be kept for ever.
func LocatorPath(p *place.Place, size Size) string {
	return "/pictures/locator/" + p.PublicID() + "-" + string(size) + "-" + SpotOf(p).version() + ".svg"
}

// parseLocator reads the last part of such an address: "p12-card-1x2y3z.svg".
// Without a version ("p12-card.svg") the picture is the present one, and may
// only be kept for a while.
func parseLocator(file string) (id int64, size Size, version string, ok bool) {
	stem, ok := strings.CutSuffix(file, ".svg")
	if !ok {
		return 0, "", "", false
	}
	parts := strings.Split(stem, "-")
	if len(parts) < 2 || len(parts) > 3 || len(parts[0]) < 2 || len(parts[0]) > 20 || parts[0][0] != 'p' || parts[0][1] == '0' || parts[0][1] == '+' {
		return 0, "", "", false
	}
	id, err := strconv.ParseInt(parts[0][1:], 10, 64)
	size = Size(parts[1])
	if w, _ := size.Pixels(); err != nil || id < 1 || w == 0 {
		return 0, "", "", false
	}
	if len(parts) == 3 {
		version = parts[2]
	}
	return id, size, version, true
}

// Locator draws the locator picture of a spot: its country shaded and filling
// about two thirds of the frame, or 1,500 km around the place where the country
// is larger than that.
func (d *Drawer) Locator(s Spot, size Size) ([]byte, error) {
	pic, err := d.locator(s, size)
	if err != nil {
		return nil, err
	}
	return pic.svg(), nil
}

func (d *Drawer) locator(s Spot, size Size) (*picture, error) {
	fine, err := d.atlas.fine()
	if err != nil {
		return nil, err
	}
	w, h := size.Pixels()
	if w == 0 {
		w, h = Card.Pixels()
	}
	pic := &picture{pen: size.pen(), frame: 9 * size.pen(), lines: seaLines}
	if size == Thumb {
		pic.frame, pic.lines = 7, seaLines[1:]
	}
	if size == Share {
		pic.frame = 0 // the picture around it has one
	}
	pic.plane = lookAt(fine, s, float64(w), float64(h), size)
	o, err := d.atlas.level(.5 / pic.perDegree)
	if err != nil {
		return nil, err
	}
	code := countryOf(fine, s)
	pic.draw(o, .6*pic.pen, func(n *nation) []shape {
		if n.code == code && code != "" {
			return n.shapes
		}
		return nil
	})
	if s.At != nil {
		at := pic.near(s.At.Lon, s.At.Lat)
		if s.Rough {
			pic.discs = []spot2{at}
		} else {
			pic.pins = []spot2{at}
		}
	}
	if size == Where || size == Cover {
		pic.nameThings(o)
	}
	return pic, nil
}

// near projects a position to where it is in the window, which may lie a turn
// away.
func (p plane) near(lon, lat float64) spot2 {
	if !p.round {
		lon += 360 * math.Round((p.midX-lon)/360)
	}
	return p.project(lon, lat)
}

// countryOf is the code under which the table knows the spot's country: its
// own, or that of the country around a position without one. "" where the table
// has no shape, as of the Vatican, which is smaller than the table's grid.
func countryOf(o *outlines, s Spot) string {
	for i := range o.nations {
		if o.nations[i].code == s.CountryCode && len(o.nations[i].shapes) > 0 {
			return s.CountryCode
		}
	}
	if s.At == nil || len(s.CountryCode) == 2 {
		return ""
	}
	for i := range o.nations {
		for _, sh := range o.nations[i].shapes {
			if inTurn(sh, s.At.Lon, s.At.Lat) {
				return o.nations[i].code
			}
		}
	}
	return ""
}

// inTurn is contains for a position that may have to be moved by a turn.
func inTurn(s shape, lon, lat float64) bool {
	b := s.box()
	if lat < b.south || lat > b.north {
		return false
	}
	for t := -360.0; t <= 360; t += 360 {
		if lon+t >= b.west && lon+t <= b.east && s.contains(lon+t, lat) {
			return true
		}
	}
	return false
}

const (
	// farthest is how much of the world a locator shows to each side of the
	// place, in metres, when the country is larger.
	farthest = 1_500_000
	// fill is the share of the frame that the country takes.
	fill = .66
	// closest is the narrowest window in metres, and closestRough that of a
	// position which is only approximate.
	closest      = 24_000
	closestRough = 90_000
	// whereWide is the width of the map on a place's page.
	whereWide = 620_000
)

// lookAt chooses the window.
func lookAt(o *outlines, s Spot, w, h float64, size Size) plane {
	box, found := homeBox(o, countryOf(o, s), s.At)
	if !found {
		if s.At == nil {
			return around(w, h, -123.393, -48.877, 2*farthest)
		}
		wide := 2.0 * farthest
		if s.CountryCode != "" {
			wide = whereWide
		}
		return lift(around(w, h, s.At.Lon, s.At.Lat, wide), *s.At, box, false)
	}
	p := fitting(w, h, box, fill)
	limit := 2.0 * farthest
	if size == Where && s.At != nil {
		limit = whereWide
	}
	least := float64(closest)
	if s.Rough {
		least = closestRough
	}
	middle := latitude(p.midY)
	switch wide := p.metresWide(); {
	case wide < least:
		p = around(w, h, p.midX, middle, least)
	case wide > limit && s.At != nil:
		lon := s.At.Lon + 360*math.Round((p.midX-s.At.Lon)/360)
		return lift(around(w, h, lon, s.At.Lat, limit), *s.At, box, false)
	case wide > 2.6*limit:
		// The largest countries without a position are shown whole.
		return p
	}
	if s.At != nil {
		p = lift(p, *s.At, box, true)
	}
	return p
}

// lift moves the window so that the pin stands a third up from the middle; as
// far as that leaves the country in the frame, when whole.
func lift(p plane, at geo.Public, box extentOf, whole bool) plane {
	lon := at.Lon + 360*math.Round((p.midX-at.Lon)/360)
	x, y := lon, north(at.Lat)-p.h/6/p.perDegree
	if !whole {
		p.midX, p.midY = x, y
		return p
	}
	const margin = 26 // pixels between country and edge
	// spare is how far the middle may go before the country touches the edge.
	spare := func(size, from, to float64) (low, high float64) {
		half := (size/2 - margin) / p.perDegree
		if to-from > 2*half {
			return (from + to) / 2, (from + to) / 2
		}
		return to - half, from + half
	}
	west, east := spare(p.w, box.west, box.east)
	south, top := spare(p.h, north(box.south), north(box.north))
	p.midX = math.Max(west, math.Min(east, x))
	p.midY = math.Max(south, math.Min(top, y))
	return p
}

// homeBox is the extent of that part of a country to which a position belongs:
// the area around or next to it, joined by the neighbouring areas that do not
// blow the box up. Without a position it starts from the largest area.
func homeBox(o *outlines, code string, at *geo.Public) (extentOf, bool) {
	var shapes []shape
	for i := range o.nations {
		if o.nations[i].code == code && code != "" {
			shapes = append(shapes, o.nations[i].shapes...)
		}
	}
	if len(shapes) == 0 {
		return extentOf{}, false
	}
	area := func(s shape) float64 {
		b := s.box()
		return b.width() * b.height()
	}
	first, score := 0, math.Inf(1)
	for i, s := range shapes {
		v := -area(s)
		if at != nil {
			v = math.Inf(1)
			for t := -360.0; t <= 360; t += 360 {
				v = math.Min(v, s.distance(at.Lon+t, at.Lat))
			}
		}
		if v < score {
			first, score = i, v
		}
	}
	box := shapes[first].box()
	used := make([]bool, len(shapes))
	used[first] = true
	for grown := true; grown; {
		grown = false
		for i, s := range shapes {
			if used[i] {
				continue
			}
			b := s.box()
			b.west, b.east = b.west+turnTo(b, box), b.east+turnTo(b, box)
			joined := box.join(b)
			if longest(joined) <= longest(box)*1.12 || area(s) > .04*box.width()*box.height() && longest(joined) <= longest(box)*2.2 {
				box, used[i], grown = joined, true, true
			}
		}
	}
	return box, true
}

// turnTo is the whole turn that brings a nearest to b.
func turnTo(a, b extentOf) float64 {
	return 360 * math.Round(((b.west+b.east)-(a.west+a.east))/2/360)
}

// longest is the longer side of a box in degrees of latitude.
func longest(b extentOf) float64 {
	return math.Max(b.width()*math.Cos((b.south+b.north)/2*math.Pi/180), b.height())
}

// nameThings writes the names that have room: seas, then towns.
func (pic *picture) nameThings(o *outlines) {
	v := pic.view()
	zoom := int(math.Log2(pic.perDegree*360/512)*10) + 6
	busy := []extentOf{}
	for _, s := range append(append([]spot2{}, pic.pins...), pic.discs...) {
		busy = append(busy, extentOf{s.x - 20, s.y - 46, s.x + 20, s.y + 14})
	}
	count := 0
	for _, n := range o.names {
		if n.rank > zoom || count >= 14 {
			break
		}
		lon := float64(n.at[0]) + 360*math.Round((pic.midX-float64(n.at[0]))/360)
		lat := float64(n.at[1])
		if lon < v.west || lon > v.east || lat < v.south || lat > v.north {
			continue
		}
		l := placed{at: pic.project(lon, lat), text: n.text, class: "t", dot: true}
		wide := 6.8 * float64(len([]rune(n.text)))
		box := extentOf{l.at.x - 4, l.at.y - 10, l.at.x + 10 + wide, l.at.y + 8}
		switch n.kind {
		case "country":
			l.text, l.class, l.dot, l.anchored = strings.ToUpper(n.text), "c", false, true
			wide *= 1.6
		case "water":
			l.class, l.dot, l.anchored = "w", false, true
		}
		if l.anchored {
			box.west, box.east = l.at.x-wide/2-4, l.at.x+wide/2+4
		}
		if box.west < pic.frame+4 || box.east > pic.w-pic.frame-4 || box.south < pic.frame || box.north > pic.h-pic.frame || meets(box, busy) {
			continue
		}
		busy = append(busy, box)
		pic.labels = append(pic.labels, l)
		count++
	}
}

func meets(a extentOf, others []extentOf) bool {
	for _, b := range others {
		if a.west < b.east && b.west < a.east && a.south < b.north && b.south < a.north {
			return true
		}
	}
	return false
}
