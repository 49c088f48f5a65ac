package saved

import (
	"cmp"
	"context"
	"math"
	"slices"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
)

const (
	// around is how many of the nearest places an entry is held against, and
	// reach how far they may lie: as far as the public point of a place that is
	// shown only roughly is off.
	around = 40
	reach  = 5500.0 // metres
	// fade is the distance at which the score of equal names has halved by some
	// two thirds: what two maps say of one place differs by tens of metres, the
	// gate and the middle of a park by hundreds.
	fade = 1500.0
	// Nearer than this and at least so alike is hardly anything else.
	sureMetres, sureLike = 300.0, 0.85
	// So near, a place is shown whatever the entry calls it; else names must be
	// at least so alike.
	sameSpot  = 40.0
	leastLike = 0.6
	nameLike  = 0.8 // where only names can be compared
	mostFound = 3
	lookedUp  = 200 // names read in one query
)

// match finds for each entry the places that it may be: near it and called
// alike. Only public positions are compared; a place that has none, and an entry
// that tells none, are compared by name alone, and never sure.
func (s *Saved) match(ctx context.Context, entries []Entry) error {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	near := make([][]int64, len(entries))
	var all []int64
	for i := range entries {
		if ctx.Err() != nil {
			return errs.InField("file", "takes too long to compare; bring it in parts")
		}
		near[i] = s.candidates(&entries[i])
		all = append(all, near[i]...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	named := make(map[int64]place.Named, len(all))
	for part := range slices.Chunk(all, lookedUp) {
		list, err := s.places.Names(ctx, part)
		if err != nil {
			return err
		}
		for _, n := range list {
			named[n.ID] = n
		}
	}
	for i := range entries {
		entries[i].hold(near[i], named)
	}
	return nil
}

// candidates are the places that lie near an entry, or where it tells no position
// those that a search for its name finds.
func (s *Saved) candidates(e *Entry) (ids []int64) {
	kinds := []finder.Kind{finder.Place, finder.Eatery}
	if at := e.at(); at != nil {
		for _, h := range s.finder.Nearest(*at, finder.Filter{Kinds: kinds}, around, reach) {
			ids = append(ids, h.ID)
		}
		return ids
	}
	for _, c := range s.finder.Search(searchable(e.Title), finder.SearchOptions{Kinds: kinds, Limit: 5}).Cards {
		ids = append(ids, c.ID)
	}
	return ids
}

func (e *Entry) at() *geo.Public {
	if e.Lat == nil || e.Lon == nil {
		return nil
	}
	return &geo.Public{Lat: *e.Lat, Lon: *e.Lon}
}

// hold keeps the likeliest of the candidates.
func (e *Entry) hold(ids []int64, named map[int64]place.Named) {
	e.Found = nil
	score := map[int64]float64{}
	for _, id := range ids {
		n, ok := named[id]
		if !ok {
			continue
		}
		f := compare(e, n)
		least := leastLike
		switch {
		case f.Metres < 0:
			least = nameLike
		case f.Metres <= sameSpot:
			least = 0
		case f.Metres > reach:
			continue
		}
		if f.Likeness < least {
			continue
		}
		closeness := 0.5
		if f.Metres >= 0 {
			closeness = math.Exp(-f.Metres / fade)
		}
		score[id] = (f.Likeness + 0.1) * closeness
		e.Found = append(e.Found, f)
	}
	slices.SortStableFunc(e.Found, func(a, b Found) int { return cmp.Compare(score[b.Place], score[a.Place]) })
	e.Found = e.Found[:min(len(e.Found), mostFound)]
	for i := 1; i < len(e.Found); i++ { // one entry is one place
		e.Found[i].Sure = false
	}
}

// compare holds one entry against one place.
func compare(e *Entry, n place.Named) Found {
	f := Found{Place: n.ID, Metres: -1}
	for _, name := range n.Names {
		f.Likeness = max(f.Likeness, text.Similarity(e.Title, name))
	}
	if at := e.at(); at != nil && n.At != nil {
		f.Metres = math.Round(geo.Metres(*at, *n.At))
		f.Sure = f.Metres <= sureMetres && f.Likeness >= sureLike
	}
	return f
}
