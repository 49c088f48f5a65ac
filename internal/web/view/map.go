package view

import (
	"context"
	"strconv"

	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// MapPage is the map of all places, and the same places as a list. Without
// script it is a picture of the world above the list.
type MapPage struct {
	Base
	// Lat, Lon and Zoom are where the map begins; Placed says whether the
	// address named them. Without, a script shows what the list holds.
	Lat, Lon, Zoom float64
	Placed         bool
	// Query narrows what is shown, as on /places ("tag=ruins"), without the
	// view itself.
	Query string
	// Picture is shown until the map runs, and where it cannot.
	Picture ui.Picture
	// Ground is what the places are drawn on; Credit names the source of the
	// picture.
	Ground ui.Ground
	Credit string

	Heading string
	Total   int
	Kinds   []ui.Chip // all, places, places to eat
	On      []ui.Chip // filters that are on; pressing one takes it away
	Filters Filters
	Cards   []ui.Card
	Empty   ui.Empty
	Forms   []ui.Link // the same in other forms
	All     ui.Link   // the list page
}

func (p MapPage) count(ctx context.Context) string {
	return say.N(ctx, p.Total, "%s place", "%s places")
}

// degrees writes a coordinate of a view: finer is not seen.
func degrees(f float64) string { return strconv.FormatFloat(f, 'f', 4, 64) }

func zoomText(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// frame is the base with the files of the map.
func (p MapPage) frame() Base {
	b := p.Base
	a := b.Assets
	if a.MapScript != "" {
		b.Assets.Scripts = append(append([]string(nil), a.Scripts...), a.MapScript)
		b.Assets.Styles = append(append([]string(nil), a.Styles...), a.MapStyle)
	}
	return b
}
