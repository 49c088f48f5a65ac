package search

import (
	"regexp"
	"strings"

	"mirabilia/internal/geo"
)

// Position reads a position in any notation that geo.ParsePosition knows, and
// short plus codes with the town they go with ("9G8F+6W Zurich").
func (s *Search) Position(q string) (geo.Public, bool) {
	if code, town, ok := geo.ShortPlusCode(q); ok {
		for _, m := range s.Gazetteer.Search(town, 1) {
			if at, err := geo.RecoverPlusCode(code, geo.Public{Lat: m.Lat, Lon: m.Lon}); err == nil {
				return at, true
			}
		}
	}
	at, err := geo.ParsePosition(q)
	return at, err == nil
}

// clearly is what no words for a search look like: degree signs, two decimals,
// addresses, squares of the grids, hemispheres beside numbers.
var clearly = regexp.MustCompile(`(?i)[°º˚]|\d[.,]\d+\D+\d+[.,]\d+|^geo:|://|^(maps|www)\.|^(utm|mgrs)?\s*\d{1,2}\s*[c-x]\s*[a-z]{0,2}\s*\d{2,}|^[+-]\d{2,6}(\.\d+)?[+-]\d{3}|[ns北南]\s*\d|\d\s*[ns北南]`)

// position is Position for the box that takes words too: "24 7" and "9/11"
// are none.
func (s *Search) position(q string) (geo.Public, bool) {
	q = strings.TrimSpace(q)
	if !clearly.MatchString(q) && !geo.IsPlusCode(q) {
		return geo.Public{}, false
	}
	return s.Position(q)
}
