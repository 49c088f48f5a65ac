package ui

import (
	"bytes"
	"context"
	"io"

	"github.com/a-h/templ"
)

// Written is a part of a page as its template wrote it, to be written again as
// it stands. Only Write makes one, so that nothing gets past the escaping of
// the templates.
type Written struct{ html []byte }

// Write writes a component once and for all. It must show nothing but what it
// was made with.
func Write(ctx context.Context, c templ.Component) (Written, error) {
	var b bytes.Buffer
	err := c.Render(ctx, &b)
	return Written{bytes.Clone(b.Bytes())}, err
}

// Render writes it again.
func (w Written) Render(_ context.Context, out io.Writer) error {
	_, err := out.Write(w.html)
	return err
}

// Size is its length in bytes.
func (w Written) Size() int { return len(w.html) }

// Empty reports that nothing was written.
func (w Written) Empty() bool { return len(w.html) == 0 }
