package finder_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

// model is the finder by the definition: a map, gone through for every
// question.
type model map[finder.Ref]finder.Doc

func name(r finder.Ref) finder.Ref {
	if r.Kind == finder.Eatery {
		r.Kind = finder.Place
	}
	return r
}

func (m model) apply(put []finder.Doc, drop []finder.Ref) {
	for _, r := range drop {
		delete(m, name(r))
	}
	for _, d := range put {
		m[name(d.Ref)] = d
	}
}

func entry(k finder.Kind) bool {
	return k == finder.Place || k == finder.Eatery || k == finder.Food
}

// keeps is a filter by the definition; words are not looked at.
func keeps(f *finder.Filter, d *finder.Doc) bool {
	if len(f.Kinds) > 0 && !slices.Contains(f.Kinds, d.Kind) || f.In != "" && !slices.Contains(d.In, f.In) {
		return false
	}
	for _, t := range f.Tags {
		if !slices.Contains(d.Tags, t) {
			return false
		}
	}
	for k, v := range f.Facts {
		if w, ok := d.Facts[k]; !ok || w != v {
			return false
		}
	}
	if len(f.Status) > 0 && !slices.Contains(f.Status, d.Status) || f.Photos && !d.HasPhotos {
		return false
	}
	if f.Obscurity != nil && (d.Obscurity < f.Obscurity[0] || d.Obscurity > f.Obscurity[1]) {
		return false
	}
	if (d.Kind == finder.Place || d.Kind == finder.Eatery) && slices.Contains(f.Without, d.ID) {
		return false
	}
	if f.Box != nil && (d.At == nil || !f.Box.Contains(*d.At)) {
		return false
	}
	return f.Near == nil || d.At != nil && (f.Radius <= 0 || geo.Metres(*f.Near, *d.At) <= f.Radius)
}

func (m model) kept(f *finder.Filter) []finder.Doc {
	var out []finder.Doc
	for _, d := range m {
		if keeps(f, &d) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b finder.Doc) int { return byID(a.Ref, b.Ref) })
	return out
}

func byID(a, b finder.Ref) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(name(a).Kind, name(b).Kind))
}

func (m model) list(f *finder.Filter, o finder.Order) []finder.Hit {
	ds := m.kept(f)
	slices.SortStableFunc(ds, func(a, b finder.Doc) int {
		switch o {
		case finder.Newest:
			return cmp.Compare(b.Published, a.Published)
		case finder.Wanted:
			return cmp.Compare(b.Want, a.Want)
		case finder.Been:
			return cmp.Compare(b.Been, a.Been)
		case finder.Obscure:
			return cmp.Compare(b.Obscurity, a.Obscurity)
		}
		return cmp.Compare(geo.Metres(*f.Near, *a.At), geo.Metres(*f.Near, *b.At))
	})
	return hits(ds, f.Near)
}

func hits(ds []finder.Doc, near *geo.Public) []finder.Hit {
	out := make([]finder.Hit, len(ds))
	for i, d := range ds {
		out[i].Ref = d.Ref
		if near != nil {
			out[i].Metres = geo.Metres(*near, *d.At)
		}
	}
	return out
}

func (m model) nearest(p geo.Public, f finder.Filter, k int, most float64) []finder.Hit {
	ds := slices.DeleteFunc(m.kept(&f), func(d finder.Doc) bool {
		return !entry(d.Kind) || d.At == nil || most > 0 && geo.Metres(p, *d.At) > most
	})
	slices.SortStableFunc(ds, func(a, b finder.Doc) int { return cmp.Compare(geo.Metres(p, *a.At), geo.Metres(p, *b.At)) })
	return hits(ds[:min(k, len(ds))], &p)
}

// facets counts by key: "tag:x", "in:mexico", "status:open", "fact:free=yes",
// "kind:place", "photos:".
func (m model) facets(f *finder.Filter) map[string]int {
	out := map[string]int{}
	for _, d := range m.kept(f) {
		tags := slices.Clone(d.Tags)
		slices.Sort(tags)
		for _, t := range slices.Compact(tags) { // documents, not mentions
			out["tag:"+t]++
		}
		for _, path := range d.In {
			rest, ok := strings.CutPrefix(path, f.In)
			if f.In != "" {
				if !ok || !strings.HasPrefix(rest, "/") {
					continue
				}
				rest = rest[1:]
			}
			if !strings.Contains(rest, "/") {
				out["in:"+path]++
			}
		}
		if d.Status != "" {
			out["status:"+d.Status]++
		}
		for k, v := range d.Facts {
			out["fact:"+k+"="+v]++
		}
		out["kind:"+d.Kind.String()]++
		if d.HasPhotos {
			out["photos:"]++
		}
	}
	return out
}

func flat(f finder.Facets) map[string]int {
	out := map[string]int{}
	for _, t := range f.Tags {
		out["tag:"+t.Tag] = t.Count
	}
	for _, d := range f.Destinations {
		out["in:"+d.Path] = d.Count
	}
	for _, s := range f.Statuses {
		out["status:"+s.Value] = s.Count
	}
	for _, v := range f.Facts {
		out["fact:"+v.Name+"="+v.Value] = v.Count
	}
	for k, n := range f.Kinds {
		if n > 0 {
			out["kind:"+finder.Kind(k).String()] = n
		}
	}
	if f.Photos > 0 {
		out["photos:"] = f.Photos
	}
	return out
}

// world draws documents: clustered, with many equal keys and positions, at
// the poles and the date line too.
type world struct {
	*rand.Rand
	centres []geo.Public
}

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 11))}
	w.centres = []geo.Public{{Lat: 90}, {Lat: -90}, {Lat: 10, Lon: 180}, {Lat: -17, Lon: -180}, {Lat: 19.4, Lon: -99.1}}
	for range 30 {
		w.centres = append(w.centres, w.anywhere())
	}
	return w
}

func (w *world) anywhere() geo.Public {
	return geo.Public{Lat: math.Asin(2*w.Float64()-1) * 180 / math.Pi, Lon: w.Float64()*360 - 180}
}

func (w *world) position() geo.Public {
	c := w.centres[w.IntN(len(w.centres))]
	if w.IntN(10) == 0 {
		return c
	}
	d, a := w.ExpFloat64()*0.3, w.Float64()*2*math.Pi
	p := geo.Public{Lat: max(-90, min(90, c.Lat+d*math.Sin(a))), Lon: c.Lon + d*math.Cos(a)}
	p.Lon = math.Mod(p.Lon+540, 360) - 180
	if w.IntN(2) == 0 {
		p.Lat, p.Lon = math.Round(p.Lat*1e6)/1e6, math.Round(p.Lon*1e6)/1e6
	}
	return p
}

var (
	allTags  = []string{"skulls", "museums", "ruins", "caves", "clocks", "tiny", "lost-cities", "x", "y"}
	statuses = []string{"open", "open", "open", "closed", "lost", ""}
)

func (w *world) doc(id int64) finder.Doc {
	d := finder.Doc{Ref: finder.Ref{Kind: finder.Place, ID: id}, Published: int64(w.IntN(50)) * 1000,
		Obscurity: uint8(w.IntN(101)), Been: uint32(w.IntN(4) * w.IntN(300)), Want: uint32(w.IntN(5)), Rank: float32(w.IntN(40)),
		HasPhotos: w.IntN(3) == 0, Status: statuses[w.IntN(len(statuses))]}
	switch w.IntN(12) {
	case 0:
		d.Kind = finder.Eatery
	case 1:
		d.Kind = finder.Food
	case 2:
		d.Kind = []finder.Kind{finder.Destination, finder.Story, finder.Tag}[w.IntN(3)]
	}
	if w.IntN(20) > 0 {
		p := w.position()
		d.At = &p
	}
	for range w.IntN(5) {
		d.Tags = append(d.Tags, allTags[min(w.IntN(len(allTags)), w.IntN(len(allTags)))])
	}
	if w.IntN(15) > 0 {
		country := fmt.Sprintf("country-%d", w.IntN(6))
		d.In = []string{country}
		if city := w.IntN(5); city > 0 {
			d.In = append(d.In, country+"/region", fmt.Sprintf("%s/region/city-%d", country, city))
		}
	}
	if w.IntN(3) == 0 {
		d.Facts = map[string]string{"free": []string{"yes", "no"}[w.IntN(2)], "dogs": "yes"}
	}
	d.Title = fmt.Sprintf("The %s of %d", allTags[w.IntN(len(allTags))], id%97)
	d.Slug = fmt.Sprintf("the-%d", id)
	d.Subtitle = "A hook"
	d.Body = "Some words about " + strings.Join(d.Tags, " and ")
	return d
}

func (w *world) docs(n int) []finder.Doc {
	out := make([]finder.Doc, n)
	for i := range out {
		out[i] = w.doc(int64(i + 1))
	}
	return out
}

// filter draws a filter; most have one or two conditions.
func (w *world) filter() (f finder.Filter) {
	for range w.IntN(3) {
		switch w.IntN(11) {
		case 10:
			for id := range int64(40) {
				f.Without = append(f.Without, id*int64(1+w.IntN(9)))
			}
		case 0:
			f.Kinds = []finder.Kind{finder.Place, finder.Eatery}
		case 1:
			f.Kinds = []finder.Kind{finder.Kind(w.IntN(5))}
		case 2:
			f.Tags = append(f.Tags, allTags[w.IntN(len(allTags))])
		case 3:
			f.In = []string{"country-1", "country-2/region", "country-3/region/city-2", "nowhere"}[w.IntN(4)]
		case 4:
			a, b := w.position(), w.position()
			f.Box = &geo.Box{West: a.Lon, East: b.Lon, South: min(a.Lat, b.Lat), North: max(a.Lat, b.Lat)}
		case 5:
			p := w.position()
			f.Near, f.Radius = &p, w.ExpFloat64()*500_000
		case 6:
			f.Status = []string{"closed", "lost"}[:1+w.IntN(2)]
		case 7:
			f.Photos = true
		case 8:
			f.Facts = map[string]string{"free": "yes"}
		case 9:
			lo := uint8(w.IntN(100))
			f.Obscurity = &[2]uint8{lo, lo + uint8(w.IntN(100-int(lo)+1))}
		}
	}
	return f
}
