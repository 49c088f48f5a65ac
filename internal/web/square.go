package web

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"

	"mirabilia/internal/web/view"
)

// newSquare draws a text as the square that telephones scan (ISO 18004), as one
// path in which each run of dark cells is a bar.
func newSquare(text string) (view.Square, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return view.Square{}, err
	}
	size := code.Bounds().Dx()
	dark := func(x, y int) bool { return x < size && color.GrayModel.Convert(code.At(x, y)).(color.Gray).Y < 128 }
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	return view.Square{Size: size, Path: path.String()}, nil
}
