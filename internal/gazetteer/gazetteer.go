// Package gazetteer knows the countries, regions and cities of the world: the
// destination of a position, and the position and names of a destination, in
// many languages. Its tables are embedded and generated (see generate/), so
// that building the program needs none of their sources.
package gazetteer

// Level is the kind of a destination that the gazetteer knows.
type Level uint8

// The levels of the tree.
const (
	Country Level = iota
	Region
	City
)

func (l Level) String() string { return [...]string{"country", "region", "city"}[l] }

// Node is a country, a region or a city.
type Node struct {
	Level Level
	// Path is the destination path, from English names:
	// "mexico/mexico-city", "france/brittany/rennes".
	Path        string
	Name        string // in English
	CountryCode string // ISO 3166-1 alpha-2
	Population  int64
	Lat, Lon    float64 // a label point: of a city its centre
}

// Where is the destination of a position: nil parts are not known.
type Where struct {
	Country, Region, City *Node
}

// Name is a name of a node in a language.
type Name struct {
	Name string
	Lang string
}

// Match is an answer to a search by name.
type Match struct {
	Node
	Matched string  // the name that matched
	Score   float64 // higher is better
}
