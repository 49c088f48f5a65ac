package web

import (
	"context"
	"math"

	"github.com/a-h/templ"
	"github.com/maypok86/otter/v2"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const (
	// writtenKept is the memory for written cards and rows, in bytes.
	writtenKept = 6 << 20
	// relatedKept is of how many places the related ones are kept.
	relatedKept = 4096
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

// written keeps cards and rows as their templates wrote them. One holds as long
// as its place is the very same in memory, and place.Cards proves by the log,
// at each reading, that this is what the row says.
type written struct {
	cards   *otter.Cache[writtenKey, writtenCard]
	related *otter.Cache[finder.Ref, kin]
}

// kin is what the finder found related to a place, in one of its epochs.
type kin struct {
	epoch uint64
	hits  []finder.Hit
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
	w.related, err = otter.New(&otter.Options[finder.Ref, kin]{MaximumSize: relatedKept, Executor: here})
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

// related is Finder.Related, which finds the same as long as its epoch lasts.
func (s *Site) related(ref finder.Ref) []finder.Hit {
	epoch := s.epoch()
	if k, ok := s.written.related.GetIfPresent(ref); ok && k.epoch == epoch {
		return k.hits
	}
	hits := s.Finder.Related(ref, relatedShown)
	s.written.related.Set(ref, kin{epoch, hits})
	return hits
}
