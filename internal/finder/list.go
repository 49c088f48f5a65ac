package finder

import (
	"math"
	"math/bits"
	"slices"
	"sort"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/geo"
)

// List is one page of at most limit documents that the filter keeps, in an
// order; equal ones by id. The cursor is that of the page before, "" for the
// first. A document keeps its place as others come and go.
//
// With Filter.Near, only documents that have a position are kept, and their
// distance is told; the order Near wants it. Errors are errs.Invalid.
func (f *Finder) List(flt Filter, o Order, limit int, cursor string) (Page, error) {
	if o >= orders {
		return Page{}, errs.InField("sort", "is none of newest, wanted, been, near, obscure")
	}
	if o == Near && flt.Near == nil {
		return Page{}, errs.InField("near", "say near which position: near=lat,lon")
	}
	var after *mark
	if cursor != "" {
		m, err := parseCursor(cursor, o)
		if err != nil {
			return Page{}, err
		}
		after = &m
	}
	s := f.keep(f.view(), &flt)
	defer s.release()
	page := Page{Total: s.total}
	if limit <= 0 {
		return page, nil
	}
	var rows []row
	if o == Near {
		rows = s.nearestAfter(*flt.Near, limit+1, after, flt.pointSets()...)
	} else {
		rows = s.firstAfter(o, limit+1, after)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = formatCursor(o, rows[limit-1].mark)
	}
	page.Hits = make([]Hit, len(rows))
	for i, r := range rows {
		page.Hits[i] = Hit{Ref: r.ref}
		if flt.Near != nil {
			page.Hits[i].Metres = geo.Metres(*flt.Near, r.part.docs.at.At(r.ord))
		}
	}
	return page, nil
}

// row is a document on its way into a page.
type row struct {
	mark
	part *part
	ord  uint32
}

// sortRows orders rows and keeps the first n.
func sortRows(rows []row, n int) []row {
	slices.SortFunc(rows, func(a, b row) int { return a.compare(b.mark) })
	return rows[:min(n, len(rows))]
}

// firstAfter is the first n documents after a mark.
func (s *selected) firstAfter(o Order, n int, after *mark) []row {
	var rows []row
	for i := range s.sel {
		if sel := &s.sel[i]; sel.n > 0 {
			rows = sel.firstAfter(o, n, after, rows)
		}
	}
	return sortRows(rows, n)
}

func (s *selection) mark(o Order, ord uint32) mark {
	return mark{s.docs.key(o, ord), s.docs.ref(ord)}
}

func (s *selection) firstAfter(o Order, n int, after *mark, rows []row) []row {
	order := s.order[o]
	// Walking the order passes len/s.n documents for each it takes; when few
	// are kept, picking the first of those is less work.
	if s.bits != nil && s.n*s.n < n*len(order) {
		return s.pickAfter(o, n, after, rows)
	}
	from := 0
	if after != nil {
		from = sort.Search(len(order), func(i int) bool { return s.mark(o, order[i]).compare(*after) > 0 })
	}
	for _, ord := range order[from:] {
		if !s.has(ord) {
			continue
		}
		rows = append(rows, row{s.mark(o, ord), s.part, ord})
		if n--; n == 0 {
			break
		}
	}
	return rows
}

// pickAfter is firstAfter by going through all that is kept.
func (s *selection) pickAfter(o Order, n int, after *mark, rows []row) []row {
	var picked []row
	worst := mark{key: math.MaxUint64, ref: Ref{kinds, math.MaxInt64}}
	s.bits.Each(func(ord uint32) bool {
		m := s.mark(o, ord)
		if m.compare(worst) >= 0 || after != nil && m.compare(*after) <= 0 {
			return true
		}
		picked = append(picked, row{m, s.part, ord})
		if len(picked) >= 2*n+64 {
			if picked = sortRows(picked, n); len(picked) == n {
				worst = picked[n-1].mark
			}
		}
		return true
	})
	return append(rows, sortRows(picked, n)...)
}

// pointSets are the sets that hold what the filter may keep.
func (flt *Filter) pointSets() []int {
	for _, k := range flt.Kinds {
		if !isEntry(k) {
			return []int{entryPoints, otherPoints}
		}
	}
	if len(flt.Kinds) > 0 {
		return []int{entryPoints}
	}
	return []int{entryPoints, otherPoints}
}

// nearestAfter is the n nearest documents after a mark.
func (s *selected) nearestAfter(p geo.Public, n int, after *mark, sets ...int) []row {
	for k := n; ; k *= 2 {
		rows, more := s.nearest(p, k, 0, after, sets...)
		// Those exactly as far as the mark are found again and left out: when
		// they were many, ask for more.
		if len(rows) >= n || !more {
			return sortRows(rows, n)
		}
	}
}

// nearest is the k nearest documents not nearer than the mark, without those
// up to it; more says that there may be more than these.
func (s *selected) nearest(p geo.Public, k int, most float64, after *mark, sets ...int) (rows []row, more bool) {
	w := space.Within{Max: most}
	if after != nil {
		w.Least = math.Float64frombits(after.key)
	}
	// A set that gave k points may have more beyond the last of them, so what
	// others have beyond it is not yet an answer.
	sure := math.Inf(1)
	for i := range s.sel {
		sel := &s.sel[i]
		if sel.n == 0 {
			continue
		}
		for _, set := range sets {
			w.Keep, w.Not = sel.inSet(set)
			hits := sel.points[set].Nearest(p, k, w)
			if len(hits) >= k {
				sure = min(sure, hits[len(hits)-1].Metres)
			}
			for _, h := range hits {
				m := mark{math.Float64bits(h.Metres), sel.docs.ref(h.Ord)}
				if after == nil || m.compare(*after) > 0 {
					rows = append(rows, row{m, sel.part, h.Ord})
				}
			}
			// What is farther than the k nearest so far needs no look.
			if rows = sortRows(rows, k); len(rows) == k && math.Float64frombits(rows[k-1].key) <= sure {
				w.Max = math.Float64frombits(rows[k-1].key)
			}
		}
	}
	if after != nil {
		rows = slices.DeleteFunc(rows, func(r row) bool { return math.Float64frombits(r.key) > sure })
	}
	return rows, !math.IsInf(sure, 1)
}

// Nearest is the k nearest entries (places, eateries, foods) that the filter
// keeps, no farther than maxMetres unless that is 0, nearest first, equal ones
// by id. Distances are those of geo.Metres.
func (f *Finder) Nearest(p geo.Public, flt Filter, k int, maxMetres float64) []Hit {
	if k <= 0 || !p.Valid() {
		return nil
	}
	s := f.keep(f.view(), &flt)
	defer s.release()
	rows, _ := s.nearest(p, k, maxMetres, nil, entryPoints)
	hits := make([]Hit, len(rows))
	for i, r := range rows {
		hits[i] = Hit{Ref: r.ref, Metres: math.Float64frombits(r.key)}
	}
	return hits
}

// Count is the number of documents that the filter keeps.
func (f *Finder) Count(flt Filter) int {
	s := f.keep(f.view(), &flt)
	defer s.release()
	return s.total
}

// Random is one of the documents that the filter keeps, all with the same
// chance when n is a random number; false when it keeps none.
func (f *Finder) Random(flt Filter, n uint64) (Ref, bool) {
	s := f.keep(f.view(), &flt)
	defer s.release()
	if s.total == 0 {
		return Ref{}, false
	}
	hi, _ := bits.Mul64(scatter(n), uint64(s.total)) // scaled to 0..total-1
	for i, at := 0, int(hi); i < len(s.sel); i++ {
		sel := &s.sel[i]
		if at >= sel.n {
			at -= sel.n
			continue
		}
		set := sel.bits
		if set == nil && sel.dead != nil {
			set = facet.NewBits(sel.docs.len())
			set.Fill(0, uint32(sel.docs.len()))
			set.AndNot(sel.dead)
		}
		if set == nil {
			return sel.docs.ref(uint32(at)), true
		}
		if ord, ok := set.Nth(at); ok {
			return sel.docs.ref(ord), true
		}
	}
	return Ref{}, false
}

// scatter is the finaliser of SplitMix64: numbers close to each other go far
// apart, so that callers may give counters as well as random numbers.
func scatter(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
