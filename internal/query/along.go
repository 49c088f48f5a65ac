package query

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
)

// The bounds of a corridor.
const (
	// DefaultWithin is how wide a corridor is to each side when nothing is
	// said, in kilometres.
	DefaultWithin = 10
	// MaxWithin is the widest to each side, in kilometres. Wider ones are no longer
	// a way but a part of the Earth, and among a million places finding what lies
	// in them takes more than the tenth of a second that an answer may.
	MaxWithin = 250
	// MaxStops is how many stops one may type.
	MaxStops = 12
	// MaxLine is the longest line in an address, in letters.
	MaxLine = 4800
	// maxLinePoints bounds what these letters may hold: two letters a point.
	maxLinePoints = MaxLine / 2
)

// Along is the query of /along: stops or a line, how far from it, and the
// filters of /places.
type Along struct {
	Stops []string // as typed, in order
	// Line is a line as geo.EncodeLine writes it, and Off how far in metres it
	// may be from the one it stands for.
	Line   string
	Points []geo.Public // of Line
	Off    int
	Within float64 // kilometres to each side
	Places Places  // filters, limit and cursor
}

// AlongParams names every parameter that /along understands.
var AlongParams = append([]string{"stop", "line", "off", "within"}, alongFilters()...)

// alongFilters are the parameters of /places that mean something beside a
// route: all but those of a point and of the order, which is the route's.
func alongFilters() []string {
	var out []string
	for _, name := range PlaceParams {
		if name != "near" && name != "radius" && name != "sort" {
			out = append(out, name)
		}
	}
	return out
}

// ParseAlong reads the query of /along.
func ParseAlong(v url.Values) (Along, error) {
	r := &reader{v: v}
	a := Along{Stops: r.stops("stop"), Line: r.one("line"), Within: r.within(), Off: r.whole("off", 0, 1_000_000, 0)}
	if a.Line != "" {
		var err error
		switch a.Points, err = geo.DecodeLine(a.Line, maxLinePoints); {
		case len(a.Line) > MaxLine || err != nil:
			r.fail("line", geo.ErrNoLine.Error())
		case len(a.Points) < 2:
			r.fail("line", "has fewer than two points; a way needs a beginning and an end")
		case len(a.Stops) > 0:
			r.fail("line", "stands for a whole way; give stops or a line, not both")
		}
	}
	var err error
	a.Places, err = alongPlaces(r, v)
	return a, err
}

// Corridor is the query of the API's along, whose line comes in the body.
type Corridor struct {
	Within float64 // kilometres to each side
	Places Places
}

// MaxAlong is the largest page of the API's along.
const MaxAlong = 1000

// ParseCorridor reads the query of the API's along. A page holds a hundred
// places unless a limit is asked for.
func ParseCorridor(v url.Values) (Corridor, error) {
	r := &reader{v: v}
	c := Corridor{Within: r.within()}
	limit := r.whole("limit", 1, MaxAlong, MaxLimit)
	rest := url.Values{}
	for name, values := range v {
		if name != "limit" {
			rest[name] = values
		}
	}
	var err error
	c.Places, err = alongPlaces(r, rest)
	c.Places.Limit = limit
	return c, err
}

// alongPlaces reads the filters and gathers what is wrong with everything.
func alongPlaces(r *reader, v url.Values) (Places, error) {
	known := url.Values{}
	for _, name := range alongFilters() {
		if values, ok := v[name]; ok {
			known[name] = values
		}
	}
	p, err := ParsePlaces(known)
	if e, ok := err.(*errs.Error); ok {
		r.bad = append(r.bad, e.Fields...)
	} else if err != nil {
		return Places{}, err
	}
	return p, r.err()
}

// within is the width of a corridor to each side, in kilometres.
func (r *reader) within() float64 {
	if r.one("within") == "" {
		return DefaultWithin
	}
	f, ok := r.decimal("within", 0, MaxWithin)
	if ok && f <= 0 {
		r.fail("within", "is above 0, and at most "+strconv.Itoa(MaxWithin)+" kilometres")
	}
	return f
}

// stops are typed lines in their order; blank ones are none.
func (r *reader) stops(name string) []string {
	var out []string
	for _, s := range r.v[name] {
		if utf8.RuneCountInString(s) > MaxText {
			r.fail(name, "has more than "+strconv.Itoa(MaxText)+" characters; shorten it")
			return nil
		}
		one := &reader{v: url.Values{name: {s}}}
		if s = one.text(name); len(one.bad) > 0 {
			r.bad = append(r.bad, one.bad...)
			return nil
		}
		if s != "" {
			out = append(out, s)
		}
	}
	if len(out) > MaxStops {
		r.fail(name, strconv.Itoa(MaxStops)+" of them at most")
		return nil
	}
	return out
}

// Values is the query as an address, without what is at its default.
func (a Along) Values() url.Values {
	v := a.Places.Values()
	for _, s := range a.Stops {
		v.Add("stop", s)
	}
	if a.Line != "" {
		v.Set("line", a.Line)
		if a.Off > 0 {
			v.Set("off", strconv.Itoa(a.Off))
		}
	}
	if a.Within != DefaultWithin && a.Within > 0 {
		v.Set("within", short(a.Within))
	}
	return v
}

// Encode is Values as the part of an address after the question mark.
func (a Along) Encode() string { return a.Values().Encode() }

// Wide is the query with another width; the page starts again.
func (a Along) Wide(km float64) Along {
	a.Within, a.Places.Cursor = km, ""
	return a
}

// After is the query for the page behind a cursor.
func (a Along) After(cursor string) Along {
	a.Places.Cursor = cursor
	return a
}

// Instead is the query with other words for one stop.
func (a Along) Instead(i int, words string) Along {
	a.Stops = append([]string(nil), a.Stops...)
	a.Stops[i], a.Places.Cursor = words, ""
	return a
}

// Given says whether a way is described at all.
func (a Along) Given() bool { return a.Line != "" || len(a.Stops) > 0 }

// Title is what the stops are called together: "Paris – Lyon".
func (a Along) Title() string { return strings.Join(a.Stops, " – ") }
