// Package gazetteer knows the countries, regions and cities of the world: the
// destination of a position, and the position and names of a destination, in
// many languages. Its tables are embedded and generated (see generate/), so
// that building the program needs none of their sources.
package gazetteer

import (
	_ "embed" // the tables
	"strconv"
	"strings"
	"sync/atomic"

	"mirabilia/internal/gazetteer/border"
	"mirabilia/internal/gazetteer/names"
	"mirabilia/internal/gazetteer/table"
	"mirabilia/internal/gazetteer/trie"
)

//go:generate sh -c "cd generate && npm ci && go run ."

//go:embed data/borders.bin
var borderTable []byte

//go:embed data/states.bin
var stateTable []byte

//go:embed data/towns.bin
var townTable []byte

//go:embed data/names.bin
var nameTable []byte

//go:embed data/index.bin
var nameIndex []byte

// Level is the kind of a destination that the gazetteer knows.
type Level uint8

// The levels of the tree.
const (
	Country Level = iota
	Region
	City
	// Section is a part of a city: found by name, never a destination. Its
	// path is the city's.
	Section
	// Area and Metro are what editors draw over the tree: the gazetteer itself
	// has none.
	Area
	Metro
)

func (l Level) String() string {
	return [...]string{"country", "region", "city", "section", "area", "metro"}[l]
}

// Node is a country, a region or a city. Where a region and its city share
// their name they share the path too, and the path stands for the city.
type Node struct {
	Level Level
	// Path is the destination path, from English names:
	// "mexico/mexico-city", "france/brittany/rennes".
	Path        string
	Name        string  // in English
	CountryCode string  // ISO 3166-1 alpha-2
	Population  int64   // of a region: of its towns together
	Lat, Lon    float64 // a label point: of a city its centre
}

// Where is the destination of a position: nil parts are not known.
type Where struct {
	Country, Region, City *Node
}

// Gazetteer answers from the embedded tables. It is safe for concurrent use.
type Gazetteer struct {
	borders   *border.Index
	states    *border.Index // outlines of regions, where there are any
	outlined  map[border.Land]int
	countries []country
	regions   []region
	grid      table.Grid
	towns     []byte
	greatGrid table.Grid
	great     []byte
	book      names.Book             // of towns, then regions, then countries
	index     trie.Trie              // of all their names
	nodes     []atomic.Pointer[Node] // of towns, made when first asked for
}

// country is a country's node and its regions' range.
type country struct {
	node        Node
	first, last int
}

// region is a region's node; without one (node.Name "") it gathers the towns
// of a country that belong to no region.
type region struct {
	node     Node
	code     string // of GeoNames, within the country
	country  int
	sameName int // the town that shares its path, or -1
}

// Open reads the embedded tables. Towns stay where they are; only the some
// four thousand countries and regions become values.
func Open() *Gazetteer {
	g := &Gazetteer{borders: border.Open(borderTable), states: border.Open(stateTable), outlined: map[border.Land]int{}}
	s, ok := table.Unpack(townTable, 6)
	n, ok2 := table.Unpack(nameTable, 4)
	if !ok || !ok2 {
		panic("gazetteer: the embedded tables do not fit this program; run go generate")
	}
	g.grid, g.towns, g.greatGrid, g.great = table.OpenGrid(s[2]), s[3], table.OpenGrid(s[4]), s[5]
	g.book, g.index = names.Open(n[0], n[1], n[2], n[3]), trie.Open(nameIndex)
	g.nodes = make([]atomic.Pointer[Node], len(g.towns)/table.TownSize)
	byCode := map[string]int{}
	lines(s[0], func(f []string) {
		byCode[f[0]] = len(g.countries)
		g.countries = append(g.countries, country{node: Node{
			Level: Country, CountryCode: f[0], Path: f[1], Name: f[2],
			Lat: number(f[3]), Lon: number(f[4]), Population: int64(number(f[5])),
		}})
	})
	lines(s[1], func(f []string) {
		cc, code, _ := strings.Cut(f[0], ".")
		of := byCode[cc]
		c := &g.countries[of]
		r := region{country: of, code: code, sameName: int(number(f[6])) - 1}
		if f[2] != "" {
			r.node = Node{
				Level: Region, CountryCode: cc, Path: c.node.Path + "/" + f[1], Name: f[2],
				Lat: number(f[3]), Lon: number(f[4]), Population: int64(number(f[5])),
			}
		}
		if n := int(number(f[7])); n > 0 {
			g.outlined[border.Land(n)] = len(g.regions)
		}
		if c.last == 0 {
			c.first = len(g.regions)
		}
		g.regions = append(g.regions, r)
		c.last = len(g.regions)
	})
	return g
}

// lines calls each with the fields of every line.
func lines(section []byte, each func(fields []string)) {
	for line := range strings.Lines(string(section)) {
		each(strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
}

func number(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("gazetteer: towns.bin holds a bad number; run go generate")
	}
	return f
}
