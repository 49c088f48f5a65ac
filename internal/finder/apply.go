package finder

import "mirabilia/internal/finder/facet"

// Apply publishes documents, in place of those of the same ref, and drops
// others. What it changes is found when it returns. Of a ref given twice the
// last document counts; a ref both put and dropped stays.
func (f *Finder) Apply(put []Doc, drop []Ref) {
	ds := lastOfEach(put)
	refs := make([]Ref, 0, len(ds)+len(drop))
	for i := range ds {
		refs = append(refs, ds[i].Ref)
	}
	refs = append(refs, drop...)
	var added *segment
	if len(ds) > 0 {
		added = buildSegment(ds)
	}

	f.writing.Lock()
	defer f.writing.Unlock()
	old := f.view()
	next := &view{epoch: old.epoch + 1, areas: old.areas, parts: make([]*part, 0, len(old.parts)+1)}
	for _, p := range old.parts {
		if p = p.without(refs); p.live > 0 {
			next.parts = append(next.parts, p)
		}
	}
	if added != nil {
		next.parts = append(next.parts, &part{segment: added, live: added.docs.len()})
	}
	next.parts = joinSmall(next.parts)
	f.now.Store(next)
}

// without is the part with refs dead; itself when it holds none of them.
func (p *part) without(refs []Ref) *part {
	var dead facet.Bits
	live := p.live
	for _, r := range refs {
		ord, ok := p.docs.find(r)
		if !ok || !p.alive(ord) || dead.Has(ord) {
			continue
		}
		if dead == nil {
			if dead = p.dead.Clone(); dead == nil {
				dead = facet.NewBits(p.docs.len())
			}
		}
		dead.Set(ord)
		live--
	}
	if dead == nil {
		return p
	}
	return &part{segment: p.segment, dead: dead, live: live}
}

// lastOfEach copies the documents, of those with the same ref the last.
func lastOfEach(put []Doc) []Doc {
	ds := make([]Doc, 0, len(put))
	at := make(map[Ref]int, len(put))
	for _, d := range put {
		name := Ref{family(d.Kind), d.ID}
		if i, ok := at[name]; ok {
			ds[i] = d
			continue
		}
		at[name] = len(ds)
		ds = append(ds, d)
	}
	return ds
}

// batch is how many documents are handed on at a time while all are loaded.
const batch = 1 << 12

// Load replaces all documents by those that next gives until it says false.
// It holds no more than a few thousands of them with their texts at a time.
// Refs must differ. What Apply publishes while it runs is lost.
func (f *Finder) Load(next func() (Doc, bool)) {
	var parts []*part
	build := func(l *layer) {
		if l.docs > 0 {
			parts = append(parts, &part{segment: l.segment(), live: l.docs})
		}
	}
	l := newLayer()
	for more := true; more; {
		ds := make([]Doc, 0, batch)
		for len(ds) < batch {
			var d Doc
			if d, more = next(); !more {
				break
			}
			ds = append(ds, d)
		}
		l.take(ds)
		if l.full() {
			build(l)
			l = newLayer()
		}
	}
	build(l)
	parts = joinAll(parts)

	f.writing.Lock()
	defer f.writing.Unlock()
	f.now.Store(&view{parts: parts, epoch: f.view().epoch + 1, areas: f.view().areas})
}

// joinAll joins parts into as few as segments can be large.
func joinAll(parts []*part) []*part {
	var out []*part
	for len(parts) > 0 {
		n := 1
		for n < len(parts) && fits(parts[:n+1]) {
			n++
		}
		if n == 1 {
			out = append(out, parts[0])
		} else {
			s, _ := join(parts[:n])
			out = append(out, &part{segment: s, live: s.docs.len()})
		}
		parts = parts[n:]
	}
	return out
}
