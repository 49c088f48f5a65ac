// Package finder is an in-process, read-only model of all that is published,
// rebuilt from the database and kept up to date by the log of changes. It
// answers near, box, map tiles, search, suggestions, filters, counts, related,
// random and every order; the database then gives the rows by id.
//
// It knows no feature and no SQL: features turn what they publish into
// documents (Doc), and it holds public positions only, so that a protected
// position cannot leak through it.
//
// Documents live in immutable segments, sorted in each by static rank (best
// first), so that a document's number (its ordinal) is also its rank; writes
// make small segments, which Merge joins in the background.
package finder

import (
	"mirabilia/internal/finder/space"
	"mirabilia/internal/geo"
)

// Kind is the kind of a document.
type Kind uint8

// The kinds, in the order in which search results are grouped when equal.
const (
	Place Kind = iota
	Eatery
	Food
	Destination
	Tag
	Story
	List
	Itinerary
	Trip
	Member
	kinds // count
)

// String is the name of the kind as queries and answers spell it.
func (k Kind) String() string {
	return [...]string{"place", "eatery", "food", "destination", "tag", "story", "list", "itinerary", "trip", "member"}[k]
}

// Ref names a document: ids are unique within a kind family (places and
// eateries share one, since an entry may change from one to the other).
type Ref struct {
	Kind Kind
	ID   int64
}

// Alias is another name of a document.
type Alias struct {
	Name string
	Lang string // BCP 47, "" or "und" when unknown
}

// Doc is what the finder learns of one published thing.
type Doc struct {
	Ref
	Slug     string // slug, or destination path; unique within its kind family
	Title    string
	Subtitle string
	Aliases  []Alias
	Body     string // plain text, indexed and forgotten
	Tags     []string
	// In lists the destination paths that contain it, the widest first:
	// "mexico", "mexico/mexico-city". Never one that its tier hides.
	In []string
	// At is the public position; nil for none (tiers region and hidden, tags).
	At *geo.Public
	// Rough says that At is not where it is, only about there (tier approximate).
	Rough     bool
	Status    string            // physical status, "" for what is no entry
	Facts     map[string]string // fact name → value, as filters compare them
	HasPhotos bool
	Obscurity uint8 // 0 famous … 100 obscure
	Been      uint32
	Want      uint32
	// Rank orders what is otherwise equal, best first: places by fame and
	// quality, destinations by number of places.
	Rank      float32
	Published int64 // Unix milliseconds
	Updated   int64
}

// Order is a way to sort places.
type Order uint8

// The orders of /places; ties are broken by id.
const (
	Newest Order = iota
	Wanted
	Been
	Near
	Obscure
	orders // count
)

// Filter narrows a set of documents; its zero value keeps all. Every
// condition must hold.
type Filter struct {
	Kinds     []Kind // any of; empty: all
	Tags      []string
	In        string // path of a destination or an area
	Box       *geo.Box
	Near      *geo.Public
	Radius    float64  // metres around Near; 0: no limit
	Status    []string // any of
	Photos    bool
	Facts     map[string]string
	Obscurity *[2]uint8 // from, to, inclusive
	Text      string    // words that must be found, forgiving as Search is
	Without   []int64   // ids of places and eateries to leave out: those that a reader has been to

	area *Area // that In names in the view that is asked
}

// Hit is one document of an answer.
type Hit struct {
	Ref
	Metres float64 // from Filter.Near, when given, or from the route of Along
	Along  float64 // metres along the route of Along
	Score  float64 // of a search; higher is better
}

// Page is one page of a list, with the cursor of the next; "" at the end.
type Page struct {
	Hits []Hit
	Next string
	// Total is the number of documents that the filter keeps.
	Total int
}

// Card is what the finder itself can say of a document, enough to show a
// suggestion without the database.
type Card struct {
	Ref
	Slug     string
	Title    string
	Subtitle string // hook of an entry, or the name of what contains it
	Alias    string // the other name that matched, when the title did not
	Score    float64
}

// Result is the answer to a search: one ranked list.
type Result struct {
	Cards []Card
	// Counts tells how many documents of each kind match.
	Counts [kinds]int
	// More says that counting stopped before the last match: there are more.
	More bool
	// Suggestion is the query as it was understood, when words were
	// corrected; "" when not.
	Suggestion string
	// In is the destination that words of the query named, and Rest the words
	// left ("skulls prague": "czechia/prague", "skulls"); "" when none did.
	In   string
	Rest string
	// Corrected says that the best card has words only as others are spelt.
	Corrected bool
	// Partial says that nothing has all the words: what Cards hold has some.
	Partial bool
	// Elsewhere says that nothing in In has the words of Rest: what Cards hold
	// lies there and has none of them, or has them and lies elsewhere.
	Elsewhere bool
}

// Toponym is some words of a query that name a destination of the world,
// whether or not anything published lies there.
type Toponym struct {
	Words []string // folded, as the query has them, next to each other
	Path  string
	// Sure names are taken for the destination though names and tags of
	// documents have these words too; others only when they have not.
	Sure bool
}

// Cluster is a group of places on a map tile.
type Cluster struct {
	// X and Y say where it is drawn, the mean of its members, in the unit square
	// of the map (Web Mercator): x eastwards and y southwards.
	X, Y  float64
	Count int
	Best  Ref // the member of best rank
	Rank  float32
	// What follows is said where the cluster is one document, and left empty
	// where it is more. Rough: its position, which is Exact as far as it is known,
	// is rough.
	Rough  bool
	Exact  geo.Public
	Title  string
	Slug   string
	Status string
}

// At is where the cluster is drawn; of a single member, where that is.
func (c *Cluster) At() geo.Public {
	if c.Count == 1 {
		return c.Exact
	}
	return space.OnMap(c.X, c.Y)
}
