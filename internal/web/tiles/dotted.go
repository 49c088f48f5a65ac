package tiles

import (
	"math"
	"net/http"
	"net/url"

	"mirabilia/internal/geo"
)

const (
	// maxDots is how many dots a map of somebody's places has, and dotGrid how
	// far apart they lie, in degrees: closer ones would be one blot.
	maxDots = 400
	dotGrid = 2.0
)

// dots answers with the map of the world with the dots that the address itself
// holds: where one member has been is kept nowhere, and told to nobody who does
// not have it already.
func (l *locators) dots(w http.ResponseWriter, r *http.Request) {
	v, err := url.ParseQuery(r.URL.RawQuery)
	letters := v.Get("at")
	if err != nil || len(letters) > maxWayLetters {
		problem(w, http.StatusBadRequest, "The dots in this address cannot be read.")
		return
	}
	var at []geo.Public
	if letters != "" {
		if at, err = geo.DecodeLine(letters, maxDots); err != nil {
			problem(w, http.StatusBadRequest, "The dots in this address cannot be read.")
			return
		}
	}
	svg, err := l.Drawer.World(at)
	if err != nil {
		l.fail(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "private, max-age=300")
	_, _ = w.Write(svg)
}

// DotsPath is the address of a map of the world with a dot at each position;
// what lies close together is one dot, in the middle of its square of the grid.
func DotsPath(at []geo.Public) string {
	seen := map[[2]int]bool{}
	var dots []geo.Public
	for _, p := range at {
		square := [2]int{int(math.Floor(p.Lat / dotGrid)), int(math.Floor(p.Lon / dotGrid))}
		if seen[square] || len(dots) == maxDots {
			continue
		}
		seen[square] = true
		dots = append(dots, geo.Public{Lat: min((float64(square[0])+.5)*dotGrid, 90), Lon: min((float64(square[1])+.5)*dotGrid, 180)})
	}
	for len(geo.EncodeLine(dots)) > maxWayLetters {
		dots = dots[:len(dots)*9/10]
	}
	return "/pictures/dots.svg?at=" + geo.EncodeLine(dots)
}
