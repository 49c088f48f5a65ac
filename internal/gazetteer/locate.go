package gazetteer

import (
	"math"

	"mirabilia/internal/gazetteer/border"
	"mirabilia/internal/gazetteer/table"
)

// Distances of Locate in metres.
const (
	// assertReach is how far a town answers for its country against the
	// borders, which are drawn for a map of 1 : 10 million.
	assertReach = 1_200
	// doubtReach is how far a town is asked across a border, borderError how
	// far the border may be drawn beside the truth, doubt how much nearer the
	// town must be than any on this side.
	doubtReach  = 4_000
	borderError = 1_500
	doubt       = 0.4
	// regionReach is how far a town tells its region.
	regionReach = 150_000
)

// Locate tells in which country, region and city a position in degrees lies:
// the country by its borders, off a shore up to 20 km; the region of the
// towns around; the city as the most populous whose radius reaches the
// position, never a section of a city. Positions out of range are nowhere.
func (g *Gazetteer) Locate(lat, lon float64) Where {
	if !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) {
		return Where{}
	}
	s := sight{g: g, lat: lat, lon: lon, wide: wideness(lat)}
	land, _ := g.borders.At(lat, lon)
	s.country = int(land) - 1
	s.askOutlines()
	s.askTowns()
	if s.country < 0 || s.country >= len(g.countries) {
		return Where{}
	}
	where := Where{Country: &g.countries[s.country].node}
	region, city := s.region(), -1
	if city = s.city(region); city < 0 {
		if city = s.city(-1); city >= 0 {
			region = g.town(city).Region
		}
	}
	if city >= 0 {
		where.City = g.cityNode(city)
	}
	if region >= 0 && g.regions[region].node.Name != "" {
		where.Region = &g.regions[region].node
	}
	return where
}

// sight is the surroundings of a position.
type sight struct {
	g              *Gazetteer
	lat, lon, wide float64
	country        int
	outline        int // the region whose outline holds the position, or -1
}

// askOutlines finds the region that an outline gives the position to. The
// outlines are finer than the borders: who stands on their land is in their
// country.
func (s *sight) askOutlines() {
	s.outline = -1
	if s.lat < 17 || s.country < 0 || !outlinedNeighbours[s.g.countries[s.country].node.CountryCode] {
		return
	}
	land, on := s.g.states.At(s.lat, s.lon)
	if r, ok := s.g.outlined[land]; ok {
		s.outline = r
		if on {
			s.country = s.g.regions[r].country
		}
	}
}

// outlinedNeighbours are the country with outlines and those it borders on.
var outlinedNeighbours = map[string]bool{"US": true, "CA": true, "MX": true}

// wideness is the length of a degree of longitude in degrees of latitude.
func wideness(lat float64) float64 { return math.Cos(lat * math.Pi / 180) }

// askTowns corrects the country by towns: one that the borders misplace and
// that is the nearest of all within assertReach, or off every mapped shore
// within reach of a shore; or one across a border hardly farther than the
// border's own error, when every town on this side is much farther.
func (s *sight) askTowns() {
	reach := float64(doubtReach)
	if s.country < 0 {
		reach = border.Reach
	}
	nearest, asserting := math.Inf(1), -1
	any, of, own := reach*reach, s.country, reach*reach
	s.g.grid.Around(s.lat, s.lon, reach, func(from, to int) {
		for i := from; i < to; i++ {
			t := s.g.town(i)
			d := table.Squared(s.lat, s.lon, t.Lat, t.Lon, s.wide)
			country := s.g.regions[t.Region].country
			if d < nearest {
				nearest, asserting = d, -1
				if t.Asserts {
					asserting = country
				}
			}
			if d >= maxHeft*maxHeft*max(any, own) {
				continue
			}
			h := heft(t.Population)
			d /= h * h
			if d < any {
				any, of = d, country
			}
			if country == s.country {
				own = min(own, d)
			}
		}
	})
	switch {
	case asserting >= 0 && (nearest < assertReach*assertReach || s.country < 0 && nearest < reach*reach):
		s.country = asserting
	case s.country >= 0 && of != s.country && s.outline < 0 && any < own*doubt*doubt && s.across(of):
		s.country = of
	}
}

// across reports whether land of that country is within borderError.
func (s *sight) across(country int) bool {
	for k := range 8 {
		sin, cos := math.Sincos(float64(k) * math.Pi / 4)
		lat := s.lat + borderError/table.MetresPerDegree*sin
		lon := s.lon + borderError/table.MetresPerDegree*cos/s.wide
		if land, _ := s.g.borders.At(lat, lon); int(land)-1 == country {
			return true
		}
	}
	return false
}

// heft is how much farther than a hamlet a town counts as near when regions
// are told apart.
func heft(population int64) float64 {
	if population <= 1_000 {
		return 1
	}
	return math.Min(math.Max(math.Pow(float64(population)/1_000, heftPower), 1), maxHeft)
}

// Chosen by comparison with the divisions of nine large countries: 99.2 % of
// 6,000 positions around towns agree, and so do they without any heft, but
// a capital's river bank stays with the capital.
const (
	heftPower = 0.15
	maxHeft   = 2
)

// region is the region whose outline holds the position, where outlines are
// known (the United States), else that of the nearest town, large ones
// counting as nearer, or -1.
func (s *sight) region() int {
	if s.outline >= 0 && s.g.regions[s.outline].country == s.country {
		return s.outline
	}
	region, best := -1, math.Inf(1)
	for _, reach := range [...]float64{8_000, 25_000, 75_000, regionReach} {
		s.g.grid.Around(s.lat, s.lon, reach, func(from, to int) {
			for i := from; i < to; i++ {
				t := s.g.town(i)
				d := table.Squared(s.lat, s.lon, t.Lat, t.Lon, s.wide)
				if d > reach*reach || d >= maxHeft*maxHeft*best || s.g.regions[t.Region].country != s.country {
					continue
				}
				if h := heft(t.Population); d < best*h*h {
					best, region = d/(h*h), t.Region
				}
			}
		})
		if best <= reach*reach/(maxHeft*maxHeft) {
			break
		}
	}
	return region
}

// city is the number of the most populous town of the region (-1: of the
// country) that reaches the position, or of a seat of government hardly
// smaller that is near, or -1.
func (s *sight) city(region int) int {
	best, most, seat, seated := -1, int64(-1), -1, int64(-1)
	ask := func(i int) {
		t := s.g.town(i)
		if t.Section || t.Population <= most && (!t.Seat || t.Population <= seated) ||
			region >= 0 && t.Region != region || s.g.regions[t.Region].country != s.country {
			return
		}
		d, r := table.Squared(s.lat, s.lon, t.Lat, t.Lon, s.wide), table.Radius(t.Population)
		if d <= r*r && t.Population > most {
			best, most = i, t.Population
		}
		if r *= table.SeatReach; t.Seat && d <= r*r && t.Population > seated {
			seat, seated = i, t.Population
		}
	}
	s.g.greatGrid.Around(s.lat, s.lon, 0, func(from, to int) {
		for i := from; i < to; i++ {
			ask(int(table.Uint24(s.g.great[3*i:])))
		}
	})
	if most < table.GreatPopulation {
		s.g.grid.Around(s.lat, s.lon, 8_000, func(from, to int) {
			for i := from; i < to; i++ {
				ask(i)
			}
		})
	}
	if seat >= 0 && table.SeatWins(seated, most) {
		return seat
	}
	return best
}
