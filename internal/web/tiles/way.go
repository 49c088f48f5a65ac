package tiles

import (
	"math"
	"net/http"
	"net/url"

	"mirabilia/internal/geo"
)

const (
	// maxWayPoints bounds the points of a drawn way, and maxWayLetters what an
	// address may hold of them.
	maxWayPoints  = 600
	maxWayLetters = 3000
)

// Way draws a way on the map: its line along the great circles, a ring where
// it begins and where it ends, a pin at each place beside it.
func (d *Drawer) Way(line, places []geo.Public, size Size) ([]byte, error) {
	if len(places) > MaxPins {
		places = places[:MaxPins]
	}
	line = geo.Between(line, 60_000, 2*maxWayPoints)
	w, h := size.Pixels()
	pic := &picture{pen: size.pen(), frame: 9 * size.pen(), lines: seaLines}
	box, _ := boxOf(append(append([]geo.Public(nil), line...), places...))
	// The page lays a button over the lower edge: the way keeps clear of it.
	pic.plane = fitting(float64(w), float64(h), box, .62)
	pic.midY -= .1 * pic.h / pic.perDegree
	if pic.perDegree*360 < pic.w {
		pic.perDegree = pic.w / 360
	}
	if pic.metresWide() < 40_000 {
		pic.plane = around(pic.w, pic.h, pic.midX, latitude(pic.midY), 40_000)
	}
	o, err := d.atlas.level(.5 / pic.perDegree)
	if err != nil {
		return nil, err
	}
	pic.draw(o, .6*pic.pen, nil)
	pic.drawWay(line)
	for _, p := range places {
		pic.pins = append(pic.pins, pic.near(p.Lon, p.Lat))
	}
	pic.nameThings(o)
	return pic.svg(), nil
}

// drawWay projects a line without the leap that the date line makes.
func (pic *picture) drawWay(line []geo.Public) {
	if len(line) == 0 {
		return
	}
	var at []spot2
	lon := line[0].Lon + 360*math.Round((pic.midX-line[0].Lon)/360)
	for _, p := range line {
		lon = p.Lon + 360*math.Round((lon-p.Lon)/360)
		at = append(at, pic.project(lon, math.Max(-84, math.Min(84, p.Lat))))
	}
	for _, s := range []spot2{at[0], at[len(at)-1]} {
		pic.circles = append(pic.circles, circle{s, 7 * pic.pen})
	}
	for _, turn := range []float64{-360, 0, 360} {
		moved := make([]spot2, len(at))
		for i, s := range at {
			moved[i] = spot2{s.x + turn*pic.perDegree, s.y}
		}
		pic.ways = append(pic.ways, pic.clipLine(moved)...)
	}
}

// way answers with the picture of a way that the address itself holds. A
// reader's way is kept nowhere.
func (l *locators) way(w http.ResponseWriter, r *http.Request) {
	v, err := url.ParseQuery(r.URL.RawQuery)
	size, known := parseSize(r.PathValue("file"))
	letters, at := v.Get("line"), v.Get("at")
	if err != nil || !known || len(letters)+len(at) > maxWayLetters {
		problem(w, http.StatusBadRequest, "The way in this address cannot be read.")
		return
	}
	line, err1 := geo.DecodeLine(letters, maxWayPoints)
	places, err2 := geo.DecodeLine(at, MaxPins)
	if err1 != nil || err2 != nil || len(line) < 2 {
		problem(w, http.StatusBadRequest, "The way in this address cannot be read.")
		return
	}
	svg, err := l.Drawer.Way(line, places, size)
	if err != nil {
		l.fail(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "private, max-age=300")
	_, _ = w.Write(svg)
}

// WayPath is the address of the picture of a way and of places beside it; the
// line is thinned out to fit.
func WayPath(line, places []geo.Public, size Size) string {
	if len(places) > MaxPins {
		places = places[:MaxPins]
	}
	at := geo.EncodeLine(places)
	kept, _ := geo.Simplify(line, func(l []geo.Public) bool {
		return len(l) <= maxWayPoints/2 && len(geo.EncodeLine(l)) <= 1500
	})
	if kept == nil {
		kept = []geo.Public{line[0], line[len(line)-1]}
	}
	return "/pictures/way/" + string(size) + ".svg?line=" + geo.EncodeLine(kept) + "&at=" + at
}
