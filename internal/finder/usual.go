package finder

import (
	"slices"
	"sync"

	"mirabilia/internal/finder/facet"
)

// usual keeps what the questions that come all the time keep of a part: those
// that narrow by kinds, and by having a position, and by nothing else. A part
// never changes, so each set is made once; a million documents take 125 KB.
type usual struct {
	mu   sync.Mutex
	sets map[usualKey]*usualSet
}

type usualKey struct {
	kinds  uint16 // a bit each; 0 is every kind
	placed bool
}

// usualSet is one of the sets; bits is nil where it is everything alive.
type usualSet struct {
	bits facet.Bits
	n    int
	// entries says that every living point of entryPoints is in it.
	entries bool
}

// usualSets bounds how many a part keeps.
const usualSets = 8

// usual is the name of the filter's set; false where it narrows by more.
func (flt *Filter) usual() (key usualKey, ok bool) {
	if len(flt.Tags) > 0 || flt.In != "" || flt.Box != nil || flt.Near != nil && flt.Radius > 0 || len(flt.Status) > 0 ||
		flt.Photos || len(flt.Facts) > 0 || flt.Obscurity != nil || flt.Text != "" || len(flt.Without) > 0 {
		return key, false
	}
	for _, k := range flt.Kinds {
		key.kinds |= 1 << k
	}
	key.placed = flt.Near != nil
	return key, true
}

// usually is what a filter that has a usual set keeps of the part; nil when
// the part keeps enough sets already.
func (f *Finder) usually(p *part, key usualKey, flt *Filter) *usualSet {
	u := &p.usual
	u.mu.Lock()
	defer u.mu.Unlock()
	if s := u.sets[key]; s != nil || len(u.sets) >= usualSets {
		return s
	}
	s := &usualSet{n: p.live}
	if bits, all := f.narrow(p, flt); !all {
		s.bits = slices.Clone(bits) // as long as it must be, where a lent one may be longer
		f.giveBits(bits)
		s.bits.AndNot(p.dead)
		s.n = s.bits.Count()
	}
	s.entries = s.bits == nil || p.entries(key.kinds) == p.entries(0)
	if u.sets == nil {
		u.sets = map[usualKey]*usualSet{}
	}
	u.sets[key] = s
	return s
}

// entries is how many entries of the kinds the part was built with.
func (p *part) entries(kinds uint16) (n int) {
	for k := range Kind(16) {
		if isEntry(k) && (kinds == 0 || kinds&(1<<k) != 0) {
			if t, ok := p.facet.Find(kindKey(k)); ok {
				n += p.facet.Card(t)
			}
		}
	}
	return n
}
