package ui

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"mirabilia/internal/geo"
)

// Distance writes metres in the unit of the atlas, with the metres in the
// value for the script that knows the reader's own unit.
func Distance(metres float64, unit string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<data class="num" value="`+strconv.FormatFloat(metres, 'f', 0, 64)+`">`+
			templ.EscapeString(geo.FormatDistance(metres, unit))+`</data>`)
		return err
	})
}
