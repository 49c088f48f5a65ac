package view

import (
	"slices"
	"testing"
)

// TestChart_names holds that names of dots that lie close together never cover
// one another, and that none leaves the drawing.
func TestChart_names(t *testing.T) {
	c := Chart{Rings: []string{"2.5 km", "5.0 km", "7.5 km"}, Dots: []ChartDot{
		{X: 152, Y: 153, Label: "Museo Casa de León Trotsky"}, {X: 150, Y: 156, Label: "Museo Nacional de las Intervenciones"},
		{X: 160, Y: 151, Label: "Café El Jarocho"}, {X: 296, Y: 290, Label: "At the edge"},
	}}
	var names []string
	for _, n := range c.Names() {
		names = append(names, n.Text)
		wide := chartLetter * len([]rune(n.Text))
		if left := n.X; n.End && left-wide < 0 || !n.End && left+wide > chartSize {
			t.Errorf("%q leaves the drawing", n.Text)
		}
		for _, o := range c.Names() {
			if o.Text != n.Text && o.End == n.End && o.X == n.X && o.Y == n.Y {
				t.Errorf("%q covers %q", n.Text, o.Text)
			}
		}
	}
	if !slices.Contains(names, "At the edge") || !slices.Contains(names, "Museo Casa de León Tr…") {
		t.Errorf("named are only %q", names)
	}
	if len(names) == len(c.Dots) {
		t.Errorf("all of %q found room, though three lie in one spot", names)
	}
}
