package tiles

import (
	"math"

	"mirabilia/internal/geo"
)

// Drawer draws the map pictures. It is safe for concurrent use; its table of
// outlines is unpacked when the first picture is drawn.
type Drawer struct{ atlas atlas }

// NewDrawer makes a drawer.
func NewDrawer() *Drawer { return &Drawer{} }

// PointNemo is the place farthest from land, in the South Pacific: 2,688 km
// from Ducie Island, Motu Nui and Maher Island (Lukatela 1992).
var PointNemo = geo.Public{Lat: -48.8767, Lon: -123.3933}

// OpenSea draws sea without land, for what is missing.
func (d *Drawer) OpenSea(size Size) []byte {
	w, h := size.Pixels()
	pic := &picture{pen: size.pen(), frame: 9 * size.pen()}
	pic.plane = around(float64(w), float64(h), -134, -40, 700_000)
	pic.drawGraticule()
	swell := func(x, y, wide float64) {
		var l []spot2
		for i := 0.0; i <= 24; i++ {
			l = append(l, spot2{x + wide*i/24, y + 4*pic.pen*math.Sin(i/24*4*math.Pi)})
		}
		pic.waves = append(pic.waves, l)
	}
	for _, s := range [][3]float64{{.2, .36, .16}, {.55, .3, .2}, {.34, .62, .2}, {.66, .68, .14}} {
		swell(pic.w*s[0], pic.h*s[1], pic.w*s[2])
	}
	return pic.svg()
}

// Nemo draws Point Nemo with the circle on which the nearest land lies, for
// the page that does not exist.
func (d *Drawer) Nemo(size Size) ([]byte, error) {
	w, h := size.Pixels()
	pic := &picture{pen: size.pen(), frame: 9 * size.pen(), lines: seaLines[2:]}
	pic.plane = around(float64(w), float64(h), PointNemo.Lon, PointNemo.Lat, 11_000_000)
	pic.midY -= 4
	o, err := d.atlas.level(.5 / pic.perDegree)
	if err != nil {
		return nil, err
	}
	pic.draw(o, .6*pic.pen, nil)
	at := pic.project(PointNemo.Lon, PointNemo.Lat)
	pic.pins = []spot2{at}
	pic.circles = []circle{{at, 2688e3 / metresADegree / math.Cos(PointNemo.Lat*math.Pi/180) * pic.perDegree}}
	pic.labels = []placed{{at: spot2{at.x + 18, at.y - 18}, text: "Point Nemo", class: "t"}}
	return pic.svg(), nil
}

// MaxPins is the most positions one picture shows.
const MaxPins = 100

// Pins draws a map that shows all positions, with a pin at each; the country
// of the given code, if any, is shaded. With one position it is a region
// around it; with none, the country.
func (d *Drawer) Pins(at []geo.Public, country string, size Size) ([]byte, error) {
	fine, err := d.atlas.fine()
	if err != nil {
		return nil, err
	}
	if len(at) > MaxPins {
		at = at[:MaxPins]
	}
	w, h := size.Pixels()
	pic := &picture{pen: size.pen(), frame: 9 * size.pen(), lines: seaLines}
	box, found := boxOf(at)
	if !found {
		if box, found = homeBox(fine, country, nil); !found {
			return d.OpenSea(size), nil
		}
	}
	pic.plane = fitting(float64(w), float64(h), box, .7)
	if pic.perDegree*360 < pic.w {
		pic.perDegree = pic.w / 360
	}
	if wide := pic.metresWide(); wide < 40_000 {
		pic.plane = around(pic.w, pic.h, pic.midX, latitude(pic.midY), 40_000)
	}
	o, err := d.atlas.level(.5 / pic.perDegree)
	if err != nil {
		return nil, err
	}
	pic.draw(o, .6*pic.pen, func(n *nation) []shape {
		if country != "" && n.code == country {
			return n.shapes
		}
		return nil
	})
	for _, p := range at {
		pic.pins = append(pic.pins, pic.near(p.Lon, p.Lat))
	}
	pic.nameThings(o)
	return pic.svg(), nil
}

// boxOf is the smallest extent that holds all positions, over the date line
// where that is shorter.
func boxOf(at []geo.Public) (extentOf, bool) {
	if len(at) == 0 {
		return extentOf{}, false
	}
	measure := func(turn bool) extentOf {
		b := extentOf{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
		for _, p := range at {
			lon := p.Lon
			if turn && lon < 0 {
				lon += 360
			}
			b = b.join(extentOf{lon, p.Lat, lon, p.Lat})
		}
		return b
	}
	plain, turned := measure(false), measure(true)
	if turned.width() < plain.width() {
		return turned, true
	}
	return plain, true
}

// World draws the whole Earth in the Natural Earth projection with a dot at
// each position.
func (d *Drawer) World(dots []geo.Public) ([]byte, error) {
	pic, err := d.world(dots)
	if err != nil {
		return nil, err
	}
	return pic.svg(), nil
}

func (d *Drawer) world(dots []geo.Public) (*picture, error) {
	o, err := d.atlas.level(.2)
	if err != nil {
		return nil, err
	}
	const middle = 11 // the cut then runs through the Bering Strait
	pic := &picture{pen: 1, lines: []float64{8, 5, 2.5}}
	pic.plane = plane{w: 1280, h: 620, perDegree: 1270 / (360 * .8707), round: true, middleDegree: middle}
	_, pic.midY = naturalEarth(0, 8)
	pic.draw(o, .9, nil)
	for lat := -90.0; lat <= 90; lat += 3 {
		pic.outline = append(pic.outline, pic.project(middle+180, lat))
	}
	for lat := 90.0; lat >= -90; lat -= 3 {
		pic.outline = append(pic.outline, pic.project(middle-180, lat))
	}
	for _, p := range dots {
		lon := p.Lon
		if lon < middle-180 {
			lon += 360
		}
		pic.dots = append(pic.dots, pic.project(lon, p.Lat))
	}
	return pic, nil
}
