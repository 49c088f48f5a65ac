package finder

import (
	"slices"
	"sort"
	"strings"

	"mirabilia/internal/finder/facet"
)

// The groups of properties (first byte of a facet key).
const (
	groupTag         = 't'
	groupDestination = 'd' // then the depth, so that children are a range
	groupStatus      = 's'
	groupFact        = 'f' // name=value
	groupKind        = 'k'
	groupPhotos      = 'p'
	groupPosition    = '@'
	groupRough       = '~'
)

func tagKey(tag string) string          { return string(groupTag) + tag }
func statusKey(s string) string         { return string(groupStatus) + s }
func factKey(name, value string) string { return string(groupFact) + name + "=" + value }
func kindKey(k Kind) string             { return string([]byte{groupKind, byte('a' + k)}) }

const (
	photosKey   = string(groupPhotos)
	positionKey = string(groupPosition)
	roughKey    = string(groupRough)
)

// destinationKey is the key of a path; childrenPrefix that of the keys one
// level below it ("" for the countries).
func destinationKey(path string) string {
	return string([]byte{groupDestination, byte('0' + strings.Count(path, "/"))}) + path
}

func childrenPrefix(path string) string {
	if path == "" {
		return string(groupDestination) + "0"
	}
	return string([]byte{groupDestination, byte('1' + strings.Count(path, "/"))}) + path + "/"
}

// keys are the properties of a document.
func keys(d *Doc, buf []string) []string {
	buf = append(buf[:0], kindKey(d.Kind))
	for _, t := range d.Tags {
		buf = append(buf, tagKey(t))
	}
	for _, path := range d.In {
		buf = append(buf, destinationKey(path))
	}
	if d.Status != "" {
		buf = append(buf, statusKey(d.Status))
	}
	for name, value := range d.Facts {
		buf = append(buf, factKey(name, value))
	}
	if d.HasPhotos {
		buf = append(buf, photosKey)
	}
	if d.At != nil && d.At.Valid() {
		buf = append(buf, positionKey)
		if d.Rough {
			buf = append(buf, roughKey)
		}
	}
	return buf
}

// selection is what a filter keeps of one part.
type selection struct {
	*part
	bits facet.Bits // nil: every document that is alive
	n    int        // how many
	// lent says that bits belong to the part; entries that they hold every
	// living point of entryPoints.
	lent, entries bool
}

// has reports whether the filter keeps the document.
func (s *selection) has(ord uint32) bool {
	if s.bits == nil {
		return s.alive(ord)
	}
	return s.bits.Has(ord)
}

// inSet says which ordinals of a set of points are kept: those of keep, or
// where that is nil all but those of not.
func (s *selection) inSet(set int) (keep, not facet.Bits) {
	if s.bits == nil || set == entryPoints && s.entries {
		return nil, s.dead
	}
	return s.bits, nil
}

// selected is what a filter keeps of each part of a view; release gives its
// sets of bits back when the answer is made.
type selected struct {
	sel   []selection
	f     *Finder
	total int
}

func (s *selected) release() {
	for i := range s.sel {
		if !s.sel[i].lent {
			s.f.giveBits(s.sel[i].bits)
		}
		s.sel[i].bits = nil
	}
}

// keep narrows the view by a filter.
func (f *Finder) keep(v *view, flt *Filter) *selected {
	s := &selected{f: f, sel: make([]selection, len(v.parts))}
	var words []facet.Bits
	if flt.Text != "" {
		words = v.matchText(flt.Text)
	}
	if a := v.areas[flt.In]; a != nil {
		narrowed := *flt
		narrowed.area = a
		flt = &narrowed
	}
	usual, common := flt.usual()
	for i, p := range v.parts {
		if common {
			if u := f.usually(p, usual, flt); u != nil {
				s.sel[i] = selection{part: p, bits: u.bits, n: u.n, lent: true, entries: u.entries}
				s.total += u.n
				continue
			}
		}
		sel := selection{part: p, n: p.live}
		if bits, all := f.narrow(p, flt); !all {
			sel.bits = bits
		}
		if words != nil {
			if sel.bits == nil {
				sel.bits = f.takeBits(p.docs.len())
				sel.bits.Or(words[i])
			} else {
				sel.bits.And(words[i])
			}
		}
		if len(flt.Without) > 0 {
			sel.bits = f.leaveOut(p, flt.Without, sel.bits)
		}
		if sel.bits != nil {
			sel.bits.AndNot(p.dead)
			sel.n = sel.bits.Count()
		}
		s.sel[i] = sel
		s.total += sel.n
	}
	return s
}

// leaveOut takes places and eateries by their ids out of what is kept of a part;
// bits is nil where that is everything.
func (f *Finder) leaveOut(p *part, ids []int64, bits facet.Bits) facet.Bits {
	if bits == nil {
		bits = f.takeBits(p.docs.len())
		bits.Fill(0, uint32(p.docs.len()))
	}
	for _, id := range ids {
		if ord, ok := p.docs.find(Ref{Place, id}); ok {
			bits.Clear(ord)
		}
	}
	return bits
}

// narrow is the documents of a part, dead ones among them, that every
// condition of the filter but the words keeps; all says that none of them
// narrows, bits is then nil.
func (f *Finder) narrow(p *part, flt *Filter) (bits facet.Bits, all bool) {
	n := narrowing{f: f, p: p}
	terms, any, possible := p.required(flt)
	if !possible {
		return f.takeBits(p.docs.len()), false
	}
	if len(terms) > 0 {
		n.bits = f.takeBits(p.docs.len())
		p.facet.All(terms, n.bits)
	}
	for _, of := range any {
		n.and(func(b facet.Bits) {
			for _, t := range of {
				p.facet.Or(t, b)
			}
		})
	}
	if flt.area != nil {
		n.and(p.inside(flt.area).or)
	}
	if flt.Box != nil {
		n.and(func(b facet.Bits) {
			for _, x := range p.points {
				x.Box(*flt.Box, b)
			}
		})
	}
	if flt.Near != nil && flt.Radius > 0 {
		n.and(func(b facet.Bits) {
			for _, x := range p.points {
				x.Circle(*flt.Near, flt.Radius, b)
			}
		})
	}
	if o := flt.Obscurity; o != nil {
		n.and(func(b facet.Bits) { p.obscureBetween(o[0], o[1], b) })
	}
	return n.bits, n.bits == nil
}

// narrowing intersects sets one after the other.
type narrowing struct {
	f    *Finder
	p    *part
	bits facet.Bits
}

// and keeps what fill puts into an empty set.
func (n *narrowing) and(fill func(b facet.Bits)) {
	b := n.f.takeBits(n.p.docs.len())
	fill(b)
	if n.bits == nil {
		n.bits = b
		return
	}
	n.bits.And(b)
	n.f.giveBits(b)
}

// required translates a filter into terms that a document must all have, and
// groups of which it must have any; possible is false when the part knows no
// document that could.
func (p *part) required(flt *Filter) (terms []facet.Term, any [][]facet.Term, possible bool) {
	possible = true
	all := func(key string) {
		t, ok := p.facet.Find(key)
		if !ok {
			possible = false
			return
		}
		if p.facet.Card(t) < p.docs.len() {
			terms = append(terms, t)
		}
	}
	for _, tag := range flt.Tags {
		all(tagKey(tag))
	}
	if flt.In != "" && flt.area == nil {
		all(destinationKey(flt.In))
	}
	if flt.Photos {
		all(photosKey)
	}
	for name, value := range flt.Facts {
		all(factKey(name, value))
	}
	if flt.Near != nil || flt.Box != nil {
		all(positionKey)
	}
	oneOf := func(n int, key func(i int) string) {
		var of []facet.Term
		covered := 0
		for i := range n {
			if t, ok := p.facet.Find(key(i)); ok && !slices.Contains(of, t) {
				of = append(of, t)
				covered += p.facet.Card(t)
			}
		}
		switch {
		case n == 0 || covered == p.docs.len(): // a document has one of each
		case len(of) == 0:
			possible = false
		case len(of) == 1:
			terms = append(terms, of[0])
		default:
			any = append(any, of)
		}
	}
	oneOf(len(flt.Kinds), func(i int) string { return kindKey(flt.Kinds[i]) })
	oneOf(len(flt.Status), func(i int) string { return statusKey(flt.Status[i]) })
	return terms, any, possible
}

// obscureBetween adds the documents with a score from lo to hi to b.
func (p *part) obscureBetween(lo, hi uint8, b facet.Bits) {
	d, order := p.docs, p.order[Obscure] // descending
	from := sort.Search(len(order), func(i int) bool { return d.obscurity[order[i]] <= hi })
	to := sort.Search(len(order), func(i int) bool { return d.obscurity[order[i]] < lo })
	for _, ord := range order[from:max(from, to)] {
		b.Set(ord)
	}
}

// takeBits lends an empty set for n ordinals.
func (f *Finder) takeBits(n int) facet.Bits {
	words := (n + 63) / 64
	if b, _ := f.spare.Get().(*facet.Bits); b != nil && cap(*b) >= words {
		s := (*b)[:words]
		clear(s)
		return s
	}
	return facet.NewBits(n)
}

// giveBits takes a set back. Small ones are not worth keeping.
func (f *Finder) giveBits(b facet.Bits) {
	if cap(b) >= 256 {
		f.spare.Put(&b)
	}
}
