package place

import "math"

// Renown is what the obscurity of a place is judged by.
type Renown struct {
	Been, Want int
	Names      int // other names
	Languages  int // of the names, the title's included
	Sources    int
	Photos     int
	// Population of the city it is in, 0 for none.
	Population int64
}

// Reason is one part of the score: how many of its points the place has.
type Reason struct {
	Name   string // "marks", "names", "sources", "photos", "remote"
	Points int
	Of     int
}

// The most points each part can give; they add up to 100.
const (
	ofMarks   = 40
	ofRemote  = 20
	ofNames   = 20
	ofSources = 10
	ofPhotos  = 10
)

// Obscurity is how little known a place is: 0 famous … 100 obscure, the sum of
// its reasons. Each part falls with the logarithm of what makes a place known:
// the tenth mark says less than the first.
func (r Renown) Obscurity() (score int, reasons []Reason) {
	part := func(name string, of int, known, enough float64) {
		left := 1 - math.Log1p(max(known, 0))/math.Log1p(enough)
		points := int(math.Round(float64(of) * min(max(left, 0), 1)))
		score += points
		reasons = append(reasons, Reason{name, points, of})
	}
	part("marks", ofMarks, float64(r.Been+r.Want), 1000)
	part("remote", ofRemote, float64(r.Population)/1000, 5000) // a city of five million
	part("names", ofNames, float64(r.Names+2*max(r.Languages-1, 0)), 25)
	part("sources", ofSources, float64(r.Sources), 8)
	part("photos", ofPhotos, float64(r.Photos), 12)
	return score, reasons
}

// Renown gathers what is known of p; population is that of its city.
func (p *Place) Renown(population int64) Renown {
	langs := map[string]bool{p.Lang: true}
	for _, a := range p.Aliases {
		langs[a.Lang] = true
	}
	delete(langs, "")
	return Renown{
		Been: p.Been, Want: p.Want, Names: len(p.Aliases), Languages: len(langs),
		Sources: len(p.Sources), Photos: len(p.Photos), Population: population,
	}
}
