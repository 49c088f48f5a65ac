package ui

import (
	"context"
	"strconv"

	"mirabilia/internal/web/view/say"
)

// galleryClass lets the grid know how many pictures it holds.
func galleryClass(n int) string { return "g-" + strconv.Itoa(min(n, 5)) }

func openLabel(ctx context.Context, pictures []Picture, i int) string {
	name := pictures[i].Caption
	if name == "" {
		name = pictures[i].Alt
	}
	if i == min(4, len(pictures)-1) && len(pictures) > 1 {
		return say.T(ctx, "All %d, from picture %d: %s", len(pictures), i+1, name)
	}
	return say.T(ctx, "Open picture %d of %d: %s", i+1, len(pictures), name)
}

// coordinate writes degrees to about a metre.
func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 5, 64) }
