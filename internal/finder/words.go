package finder

import (
	"mirabilia/internal/finder/facet"
	findtext "mirabilia/internal/finder/text"
)

// matchText is, for each part of the view, the documents that hold the words,
// as forgivingly as Search finds them, but never only some of them.
func (v *view) matchText(words string) []facet.Bits {
	out := make([]facet.Bits, len(v.parts))
	for i, p := range v.parts {
		out[i] = facet.NewBits(p.docs.len())
	}
	q := v.understand(words, nil)
	visit := findtext.Options{Limit: 20, All: true, Visit: func(part int, ords []uint32) bool {
		for _, ord := range ords {
			out[part].Set(ord)
		}
		return true
	}}
	findtext.Search(v.textParts(nil), q.words, visit)
	switch {
	case q.in == "":
	case len(q.rest) == 0:
		for i, p := range v.parts {
			out[i].Or(v.within(p, q.in))
		}
	default:
		findtext.Search(v.textParts(func(p *part) facet.Bits { return v.within(p, q.in) }), q.rest, visit)
	}
	return out
}

// textParts is what the text index may find in each part of the view: what is
// alive and, with only given, in its set.
func (v *view) textParts(only func(p *part) facet.Bits) []findtext.Part {
	parts := make([]findtext.Part, len(v.parts))
	for i, p := range v.parts {
		parts[i] = p.searchable(nil)
		if only != nil {
			parts[i] = p.searchable(only(p))
		}
	}
	return parts
}

// leadFrom is the size of a set under which the text index walks the set
// rather than its own lists.
const leadFrom = 20_000

// searchable is the part as the text index sees it, with set given only what
// of it is in the set.
func (p *part) searchable(set facet.Bits) findtext.Part {
	t := findtext.Part{Index: p.text}
	switch {
	case set == nil && p.dead != nil:
		t.Keep = p.alive
	case set != nil:
		t.Keep = func(ord uint32) bool { return set.Has(ord) && p.alive(ord) }
		if n := set.Count(); n < leadFrom {
			t.Only = make([]uint32, 0, n)
			set.Each(func(ord uint32) bool {
				t.Only = append(t.Only, ord)
				return true
			})
		}
	}
	return t
}

// within is the documents of a part that lie in a destination or an area, not
// the destination's own.
func (v *view) within(p *part, path string) facet.Bits {
	b := facet.NewBits(p.docs.len())
	if a := v.areas[path]; a != nil {
		p.inside(a).or(b)
	} else if t, ok := p.facet.Find(destinationKey(path)); ok {
		p.facet.Or(t, b)
	}
	return b
}
