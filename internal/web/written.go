package web

import (
	"context"
	"math"

	"github.com/a-h/templ"
	"github.com/maypok86/otter/v2"

	"mirabilia/internal/place"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const (
	// writtenKept is the memory for written cards and rows, in bytes.
	writtenKept = 6 << 20
	// besideKept is of how many places it is kept what stands beside them.
	besideKept = 4096
	// itselfKept is of how many places it is kept what their pages show of them
	// alone, some 50 kB each.
	itselfKept = 128
)

// writtenKey names a card or a row as it was written: of which place, for whom.
type writtenKey struct {
	id     int64
	unit   string // "" for cards, which show no distance
	metres uint64 // the bits of a row's distance
	spoken *say.Catalogue
}

// writtenCard is what was written of a place, as it was then.
type writtenCard struct {
	of   *place.Place
	html ui.Written
}

// written keeps cards, rows and parts of pages as their templates wrote them. One
// holds as long as its place is the very same in memory: place.Cards proves by
// the log, and place.Shown by the rows themselves, at each reading, that this is
// what the database says.
type written struct {
	cards  *otter.Cache[writtenKey, writtenCard]
	itself *otter.Cache[writtenKey, itself]
	beside *otter.Cache[int64, kin]
}

// kin is what the finder found beside a place, and in its destination, in one of
// its epochs.
type kin struct {
	of     *place.Place
	epoch  uint64
	around around
}

func newWritten() (w written, err error) {
	// Upkeep runs on the request that caused it: no goroutine of our own.
	here := func(fn func()) { fn() }
	w.cards, err = otter.New(&otter.Options[writtenKey, writtenCard]{
		MaximumWeight: writtenKept, Executor: here,
		Weigher: func(_ writtenKey, c writtenCard) uint32 { return uint32(c.html.Size()) + 250 },
	})
	if err != nil {
		return w, err
	}
	if w.itself, err = otter.New(&otter.Options[writtenKey, itself]{MaximumSize: itselfKept, Executor: here}); err != nil {
		return w, err
	}
	w.beside, err = otter.New(&otter.Options[int64, kin]{MaximumSize: besideKept, Executor: here})
	return w, err
}

// once gives what was written under the key of the same place, or writes it.
func (w written) once(ctx context.Context, key writtenKey, p *place.Place, c func() templ.Component) ui.Written {
	key.id, key.spoken = p.ID, say.Spoken(ctx)
	if kept, ok := w.cards.GetIfPresent(key); ok && kept.of == p {
		return kept.html
	}
	html, err := ui.Write(ctx, c())
	if err != nil {
		return ui.Written{} // the page writes it itself, and tells
	}
	w.cards.Set(key, writtenCard{p, html})
	return html
}

// writtenCards are the upright cards of places.
func (s *Site) writtenCards(ctx context.Context, places []*place.Place) []ui.Card {
	out := make([]ui.Card, len(places))
	for i, p := range places {
		out[i].Written = s.written.once(ctx, writtenKey{}, p, func() templ.Component { return ui.EntryCard(s.card(ctx, p), ui.Upright, "") })
		if out[i].Written.Empty() {
			out[i] = s.card(ctx, p)
		}
	}
	return out
}

// writtenRows are neighbours with their distances.
func (s *Site) writtenRows(ctx context.Context, places []*place.Place, metres map[int64]float64, unit string) []ui.Row {
	out := make([]ui.Row, len(places))
	for i, p := range places {
		m := metres[p.ID]
		out[i].Written = s.written.once(ctx, writtenKey{unit: unit, metres: math.Float64bits(m)}, p,
			func() templ.Component { return ui.NearRow(s.row(p, m), unit) })
		if out[i].Written.Empty() {
			out[i] = s.row(p, m)
		}
	}
	return out
}

// around is what stands beside a place: the finder finds the same as long as its
// epoch lasts and the place is the very same.
func (s *Site) around(p *place.Place) around {
	epoch := s.epoch()
	if k, ok := s.written.beside.GetIfPresent(p.ID); ok && k.epoch == epoch && k.of == p {
		return k.around
	}
	a := s.findAround(p)
	s.written.beside.Set(p.ID, kin{p, epoch, a})
	return a
}
