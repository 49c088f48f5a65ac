package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Icon draws one of the icons, beside a word or in something that has a name.
func Icon(name string) templ.Component { return icon(name, "ico") }

// IconFlip is an icon that points, turned round in right-to-left pages.
func IconFlip(name string) templ.Component { return icon(name, "ico flip") }

// icon is two elements where it stands: drawn once and used from there (a symbol
// and <use>), an icon is five, and a browser styles and lays out each.
func icon(name, class string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<svg class="`+class+`" viewBox="0 0 24 24" aria-hidden="true"><path d="`+Drawing(name)+`"/></svg>`)
		return err
	})
}
