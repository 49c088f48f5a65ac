package view

import (
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// Parts keeps parts of pages as their templates wrote them: of a Site those that
// are the same on every page, bar and footer, and of a PlaceItself those that
// show nothing else, together more than half of what a page of a place costs.
// They are made of that one thing, never of a page or of who reads it; another
// state of it needs new ones.
type Parts struct{ written sync.Map } // partKey → ui.Written

type partKey struct {
	name   string
	number uint64
	spoken *say.Catalogue
}

// part is the component as it was written before, where parts are kept. The
// number is what it shows beside the thing that the parts are of.
func (p *Parts) part(name string, number uint64, c templ.Component) templ.Component {
	if p == nil {
		return c
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		key := partKey{name, number, say.Spoken(ctx)}
		if kept, ok := p.written.Load(key); ok {
			return kept.(ui.Written).Render(ctx, w)
		}
		written, err := ui.Write(ctx, c)
		if err != nil {
			return err
		}
		p.written.Store(key, written)
		return written.Render(ctx, w)
	})
}

// twice is a component that a page shows more than once: its template runs for
// the first time alone.
func twice(c templ.Component) templ.Component {
	var written ui.Written
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) (err error) {
		if written.Empty() {
			if written, err = ui.Write(ctx, c); err != nil {
				return err
			}
		}
		return written.Render(ctx, w)
	})
}

// marked is the menu's entries that cover the page, a bit each.
func (b Base) marked() (bits uint64) {
	for i, l := range b.Site.Menu {
		if i < 64 && b.current(l.Path) {
			bits |= 1 << i
		}
	}
	return bits
}
