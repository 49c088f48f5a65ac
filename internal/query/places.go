package query

import (
	"net/url"
	"sort"
	"strconv"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
)

// Sorts are the orders of a list of places, as the address spells them.
var Sorts = []string{"newest", "wanted", "been", "near", "obscure"}

var orders = map[string]finder.Order{
	"newest": finder.Newest, "wanted": finder.Wanted, "been": finder.Been,
	"near": finder.Near, "obscure": finder.Obscure,
}

// Places is the query of /places, its suffix forms and the API's list.
type Places struct {
	Q         string
	Tags      []string // all must hold, sorted
	In        string   // destination path
	Box       *geo.Box
	Near      *geo.Public
	Radius    float64  // kilometres around Near; 0: no limit
	Status    []string // any of, sorted
	Kind      string   // "", "place" (with eateries), "eatery" or "food"
	Photos    bool
	Unvisited bool // only what the reader has not been to, which Without says
	// Without are ids of places to leave out. No address has them: who knows
	// the reader fills them in.
	Without   []int64
	Obscurity *[2]uint8
	Facts     map[string]string
	Sort      string // "" for the default
	Limit     int
	Cursor    string
}

// PlaceParams names every parameter that /places understands.
var PlaceParams = placeParams()

func placeParams() []string {
	names := []string{"q", "tag", "in", "bbox", "near", "radius", "status", "kind", "photos", "unvisited", "obscurity", "sort", "limit", "cursor"}
	return append(names, factParams()...)
}

// factParams are the facts one can filter by, in the order they are shown.
func factParams() []string {
	var names []string
	for _, f := range place.FactNames {
		if place.YesNo[f] {
			names = append(names, f)
		}
	}
	return names
}

// ParsePlaces reads the query of a list of places. The error names every bad
// field.
func ParsePlaces(v url.Values) (Places, error) {
	r := &reader{v: v}
	p := Places{
		Q:      r.text("q"),
		Tags:   r.many("tag", IsSlug, "is the short name of a tag, such as ruins"),
		In:     r.path("in"),
		Box:    r.box("bbox"),
		Near:   r.point("near"),
		Status: r.many("status", isStatus, "is "+oneOf(statusNames())),
		Kind:   r.choice("kind", "place", "eatery", "food"),
		Sort:   r.choice("sort", Sorts...),
		Limit:  r.whole("limit", 1, MaxLimit, DefaultLimit),
		Cursor: r.cursor("cursor"),
	}
	p.Radius = r.radius("radius", 1)
	p.Photos = r.choice("photos", "yes") == "yes"
	p.Unvisited = r.choice("unvisited", "yes") == "yes"
	p.Obscurity = r.obscurity("obscurity")
	for _, f := range factParams() {
		if s := r.choice(f, "yes", "no", "partly"); s != "" {
			if p.Facts == nil {
				p.Facts = map[string]string{}
			}
			p.Facts[f] = s
		}
	}
	if p.Sort == "near" && p.Near == nil && len(r.bad) == 0 {
		r.fail("sort", "by near needs near=latitude,longitude")
	}
	if err := r.err(); err != nil {
		return Places{}, err
	}
	return p, nil
}

func isStatus(s string) bool {
	for _, k := range place.Statuses {
		if s == string(k) {
			return true
		}
	}
	return false
}

func statusNames() []string {
	names := make([]string, len(place.Statuses))
	for i, s := range place.Statuses {
		names[i] = string(s)
	}
	return names
}

// radius is above 0 and at most half the way round the Earth; km is the length
// of its unit in kilometres.
func (r *reader) radius(name string, km float64) float64 {
	f, ok := r.decimal(name, 0, MaxRadius/km)
	if ok && f <= 0 {
		r.fail(name, "is above 0")
		return 0
	}
	return f
}

func (r *reader) obscurity(name string) *[2]uint8 {
	s := r.one(name)
	if s == "" {
		return nil
	}
	a, b, ok := strings.Cut(s, "-")
	from, ok1 := digits(a)
	to, ok2 := digits(b)
	if !ok || !ok1 || !ok2 || from > to || to > 100 {
		r.fail(name, "is from-to, two whole numbers from 0 (famous) to 100 (obscure)")
		return nil
	}
	return &[2]uint8{uint8(from), uint8(to)}
}

// Order is the order asked for: near when a position is given, else newest.
func (p Places) Order() finder.Order {
	if o, ok := orders[p.Sort]; ok {
		return o
	}
	if p.Near != nil {
		return finder.Near
	}
	return finder.Newest
}

// SortName is the order in the word of the address.
func (p Places) SortName() string {
	for name, o := range orders {
		if o == p.Order() {
			return name
		}
	}
	return "newest"
}

// Filter is the query as the finder understands it.
func (p Places) Filter() finder.Filter {
	f := finder.Filter{
		Tags: p.Tags, In: p.In, Box: p.Box, Near: p.Near, Radius: p.Radius * 1000,
		Status: p.Status, Photos: p.Photos, Facts: p.Facts, Obscurity: p.Obscurity, Text: p.Q, Without: p.Without,
	}
	switch p.Kind {
	case "eatery":
		f.Kinds = []finder.Kind{finder.Eatery}
	case "food":
		f.Kinds = []finder.Kind{finder.Food}
	default:
		f.Kinds = []finder.Kind{finder.Place, finder.Eatery}
	}
	return f
}

// Values is the query as an address, without what is at its default: two
// queries that mean the same have the same.
func (p Places) Values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", p.Q)
	for _, t := range p.Tags {
		v.Add("tag", t)
	}
	set("in", p.In)
	if b := p.Box; b != nil {
		set("bbox", short(b.West)+","+short(b.South)+","+short(b.East)+","+short(b.North))
	}
	if p.Near != nil {
		set("near", short(p.Near.Lat)+","+short(p.Near.Lon))
	}
	if p.Radius > 0 {
		set("radius", short(p.Radius))
	}
	for _, s := range p.Status {
		v.Add("status", s)
	}
	set("kind", p.Kind)
	if p.Photos {
		set("photos", "yes")
	}
	if p.Unvisited {
		set("unvisited", "yes")
	}
	if o := p.Obscurity; o != nil {
		set("obscurity", strconv.Itoa(int(o[0]))+"-"+strconv.Itoa(int(o[1])))
	}
	for name, value := range p.Facts {
		set(name, value)
	}
	set("sort", p.Sort)
	if p.Limit != DefaultLimit && p.Limit != 0 {
		set("limit", strconv.Itoa(p.Limit))
	}
	set("cursor", p.Cursor)
	return v
}

// Encode is Values as the part of an address after the question mark, "" when
// nothing is asked.
func (p Places) Encode() string { return p.Values().Encode() }

// WithTag is the query with a tag added, or taken away when it is there; the
// page starts again.
func (p Places) WithTag(tag string) Places {
	p.Tags, p.Cursor = toggled(p.Tags, tag), ""
	return p
}

// WithStatus is the query with a status added, or taken away when it is there.
func (p Places) WithStatus(status string) Places {
	p.Status, p.Cursor = toggled(p.Status, status), ""
	return p
}

// WithFact is the query with a fact asked for, or no more when value is "".
func (p Places) WithFact(name, value string) Places {
	facts := map[string]string{}
	for k, v := range p.Facts {
		facts[k] = v
	}
	if value == "" {
		delete(facts, name)
	} else {
		facts[name] = value
	}
	p.Facts, p.Cursor = facts, ""
	return p
}

// WithSort is the query in another order.
func (p Places) WithSort(sort string) Places {
	p.Sort, p.Cursor = sort, ""
	return p
}

// After is the query for the page behind a cursor.
func (p Places) After(cursor string) Places {
	p.Cursor = cursor
	return p
}

// Narrowed tells how many conditions the query sets.
func (p Places) Narrowed() int {
	n := len(p.Tags) + len(p.Facts)
	for _, set := range []bool{p.Q != "", p.In != "", p.Box != nil, p.Near != nil && p.Radius > 0, len(p.Status) > 0, p.Kind != "", p.Photos, p.Unvisited, p.Obscurity != nil} {
		if set {
			n++
		}
	}
	return n
}

func toggled(set []string, s string) []string {
	out := make([]string, 0, len(set)+1)
	found := false
	for _, v := range set {
		if v == s {
			found = true
			continue
		}
		out = append(out, v)
	}
	if !found {
		out = append(out, s)
		sort.Strings(out)
	}
	return out
}

// BadCursor is the error for a cursor that the finder does not know.
func BadCursor() error {
	return errs.InField("cursor", "is not one this atlas gave; start again without it")
}
