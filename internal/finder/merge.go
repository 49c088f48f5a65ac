package finder

import (
	"cmp"
	"slices"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/space"
)

// The segments are a log-structured merge tree in memory. While documents
// stream in, eight segments of about a size become one, so that a document is
// moved once for each factor of eight; in a quiet time the small ones are
// joined further, for the reader's sake.
const (
	fanOut = 8
	// smallest is the size up to which segments count as of one size.
	smallest = 64
	// inline is the number of documents that Apply itself may join: a few
	// milliseconds.
	inline = 256
)

// Merge joins some segments and reports whether it did: call it until it says
// false, after changes and once more when they have paused for a second or
// so. It holds up neither readers nor Apply.
func (f *Finder) Merge() bool {
	f.merging.Lock()
	defer f.merging.Unlock()
	v := f.view()
	parts := choose(v.parts, v.epoch == f.seen)
	if len(parts) == 0 {
		f.seen = v.epoch
		return false
	}
	s, to := join(parts)
	for _, a := range v.areas { // ahead of the readers, who need not wait
		s.inside(a)
	}
	f.replace(parts, s, to)
	return true
}

// replace puts the joined segment into the view in place of its sources. What
// Apply has changed in them meanwhile is changed in the new one.
func (f *Finder) replace(parts []*part, s *segment, to [][]uint32) {
	f.writing.Lock()
	defer f.writing.Unlock()
	old := f.view()
	next := &view{epoch: old.epoch, areas: old.areas}
	joined := &part{segment: s, live: s.docs.len()}
	found := make([]bool, len(parts))
	for _, p := range old.parts {
		i := slices.IndexFunc(parts, func(q *part) bool { return q.segment == p.segment })
		if i < 0 {
			next.parts = append(next.parts, p)
			continue
		}
		found[i] = true
		joined.bury(p.dead, to[i])
	}
	for i, still := range found {
		if still {
			continue
		}
		// Apply left the part out: all its documents have died meanwhile.
		// Or Load has replaced everything: then nothing of it is wanted.
		all := facet.NewBits(len(to[i]))
		all.Fill(0, uint32(len(to[i])))
		joined.bury(all, to[i])
	}
	if joined.live > 0 {
		next.parts = append([]*part{joined}, next.parts...)
	}
	f.now.Store(next)
	s.forgetOthers(next.areas)
}

// bury marks documents dead, named by where they went.
func (p *part) bury(dead facet.Bits, to []uint32) {
	dead.Each(func(ord uint32) bool {
		if n := to[ord]; n != gone && p.alive(n) {
			if p.dead == nil {
				p.dead = facet.NewBits(p.docs.len())
			}
			p.dead.Set(n)
			p.live--
		}
		return true
	})
}

// fits reports whether the parts may become one segment.
func fits(parts []*part) bool {
	docs, arena := 0, 0
	for _, p := range parts {
		docs += p.live
		arena += len(p.docs.arena)
	}
	return docs <= space.MaxOrdinal && arena <= maxArena
}

// choose picks the parts to join next; none when all is well.
func choose(parts []*part, quiet bool) []*part {
	bySize := slices.Clone(parts)
	slices.SortStableFunc(bySize, func(a, b *part) int { return cmp.Compare(a.live, b.live) })
	if run := sameSize(bySize); run != nil {
		return run
	}
	for _, p := range bySize { // a third dead: make it anew
		if n := p.docs.len(); n > smallest && 3*(n-p.live) > n {
			return []*part{p}
		}
	}
	if !quiet {
		return nil
	}
	// In a quiet time, join the small ones that together come to more than a
	// quarter of the next larger one, and with them that one.
	sum := 0
	for i, p := range bySize {
		if i > 0 && 4*sum > p.live && fits(bySize[:i+1]) {
			n := i + 1
			for s := sum + p.live; n < len(bySize) && 4*s > bySize[n].live && fits(bySize[:n+1]); n++ {
				s += bySize[n].live
			}
			return bySize[:n]
		}
		sum += p.live
	}
	return nil
}

// sameSize finds the first fanOut or more parts, given in ascending order,
// whose sizes are within a factor of fanOut.
func sameSize(bySize []*part) []*part {
	for i := 0; i+fanOut <= len(bySize); {
		most := max(bySize[i].live, smallest) * fanOut
		j := i
		for j < len(bySize) && bySize[j].live < most && fits(bySize[i:j+1]) {
			j++
		}
		if j-i >= fanOut {
			return bySize[i:j]
		}
		i = max(j, i+1)
	}
	return nil
}

// joinSmall joins the smallest parts when there are many, as far as that is a
// matter of a few milliseconds, so that single edits do not pile up.
func joinSmall(parts []*part) []*part {
	var small []*part
	sum := 0
	for _, p := range parts {
		if p.live <= inline/fanOut {
			small = append(small, p)
			sum += p.live
		}
	}
	if len(small) < fanOut || sum > inline {
		return parts
	}
	s, _ := join(small)
	out := slices.DeleteFunc(slices.Clone(parts), func(p *part) bool { return slices.Contains(small, p) })
	return append(out, &part{segment: s, live: s.docs.len()})
}
