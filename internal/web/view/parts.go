package view

import (
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// Parts keeps the parts of the frame that are the same on every page of a Site,
// bar and footer, as their templates wrote them: together they are a seventh
// of what a page of a place costs. They are made of the Site alone, never of a
// page or of who reads it. A changed Site needs new ones.
type Parts struct{ written sync.Map } // partKey → ui.Written

type partKey struct {
	name   string
	marked uint64 // the entries of the menu that cover the page
	spoken *say.Catalogue
}

// part is the component as it was written before, where parts are kept.
func (s *Site) part(name string, marked uint64, c templ.Component) templ.Component {
	if s.Parts == nil {
		return c
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		key := partKey{name, marked, say.Spoken(ctx)}
		if kept, ok := s.Parts.written.Load(key); ok {
			return kept.(ui.Written).Render(ctx, w)
		}
		written, err := ui.Write(ctx, c)
		if err != nil {
			return err
		}
		s.Parts.written.Store(key, written)
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
