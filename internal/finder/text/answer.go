package text

import "slices"

// answer sums the search up.
func (s *searcher) answer() Answer {
	a := Answer{Hits: s.top.sorted(), Partial: s.partial}
	var best *combination
	for _, c := range s.runs {
		if best == nil || c.edits < best.edits {
			best = c
		}
	}
	if best != nil {
		for _, op := range best.options {
			a.Words = append(a.Words, op.text)
		}
		a.Corrected = best.edits > 0
	}
	if s.o.Visit != nil {
		s.count()
	}
	return a
}

// count calls Visit for what the readings that found something match.
func (s *searcher) count() {
	if len(s.runs) == 0 {
		for _, h := range s.top.hits {
			s.o.Visit(h.Part, h.Ord)
		}
		return
	}
	var seen []uint64
	left := VisitLimit
	once := len(s.runs) == 1
	s.work = 0
	for _, c := range s.runs {
		for part := range s.parts {
			e := &s.eval
			e.enter(part)
			e.options, e.n = c.options, len(c.options)
			e.visit = func(part int, ord uint32) bool {
				left--
				if once {
					s.o.Visit(part, ord)
				} else {
					seen = append(seen, uint64(part)<<32|uint64(ord))
				}
				return left > 0
			}
			if left > 0 {
				e.sweep(every, 0)
			}
		}
	}
	slices.Sort(seen)
	for _, key := range slices.Compact(seen) {
		s.o.Visit(int(key>>32), uint32(key))
	}
}
