package view

import "image"

// ChartName is the name of a dot, where it hides no other word: X is where its
// words begin, or end.
type ChartName struct {
	Text string
	X, Y int
	End  bool
}

// The words of a chart are measured roughly: a name that stands alone is read,
// two that touch are not.
const (
	chartSize   = 2 * ChartMiddle
	chartLetter = 6 // width of one, on average and a little more
	chartLine   = 13
)

// Names are the names that find room in the drawing, the nearest first, each below
// its dot or above it. One that finds none is left out: all of them stand in the
// list below the drawing, and in its description.
func (c Chart) Names() (out []ChartName) {
	taken := []image.Rectangle{image.Rect(ChartMiddle-12, ChartMiddle-34, ChartMiddle+12, ChartMiddle)} // the pin
	for i, r := range c.Rings {
		y := ChartMiddle - (i+1)*ChartRing + 12
		taken = append(taken, image.Rect(ChartMiddle+15, y-10, ChartMiddle+15+chartLetter*len(r), y+2))
	}
	for _, d := range c.Dots {
		taken = append(taken, image.Rect(d.X-3, d.Y-3, d.X+3, d.Y+3))
	}
	for _, d := range c.Dots {
		text := shorten(d.Label)
		wide := chartLetter * len([]rune(text))
		for _, n := range []ChartName{{text, d.X, d.Y + 18, false}, {text, d.X, d.Y + 18, true}, {text, d.X, d.Y - 9, false}, {text, d.X, d.Y - 9, true}} {
			box := image.Rect(n.X, n.Y-chartLine+2, n.X+wide, n.Y+2)
			if n.End {
				box = box.Sub(image.Pt(wide, 0))
			}
			if box.In(image.Rect(0, 0, chartSize, chartSize)) && !overlaps(box, taken) {
				taken, out = append(taken, box), append(out, n)
				break
			}
		}
	}
	return out
}

func overlaps(box image.Rectangle, taken []image.Rectangle) bool {
	for _, t := range taken {
		if box.Overlaps(t) {
			return true
		}
	}
	return false
}
