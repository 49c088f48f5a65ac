// Package place holds somewhere to go: its text, facts, physical status,
// position and the tier that protects it, its sources and its credits. An
// eatery is a place listed under "Places to eat".
//
// The position of a row is the public one. The true position of a protected
// place lies in a table of its own and is read by TruePosition alone.
package place

import (
	"slices"
	"strconv"
	"time"

	"mirabilia/internal/geo"
)

// Kind tells a place from an eatery.
type Kind string

// The kinds of places.
const (
	KindPlace  Kind = "place"
	KindEatery Kind = "eatery"
)

// State is where a place stands between being written and being public.
type State string

// The states. Only published places are found; withdrawn ones answer 410.
const (
	Waiting   State = "waiting"
	Published State = "published"
	Withdrawn State = "withdrawn"
	Merged    State = "merged" // Into names the place it became part of
)

// Status is the physical state of a place.
type Status string

// The statuses, in the contract's order.
const (
	Open              Status = "open"
	Seasonal          Status = "seasonal"
	ByAppointment     Status = "by_appointment"
	TemporarilyClosed Status = "temporarily_closed"
	Closed            Status = "closed"
	Moved             Status = "moved"
	Altered           Status = "altered"
	Lost              Status = "lost"
	NoAccess          Status = "no_access"
	Unverified        Status = "unverified"
)

// Statuses lists every status.
var Statuses = []Status{Open, Seasonal, ByAppointment, TemporarilyClosed, Closed, Moved, Altered, Lost, NoAccess, Unverified}

// Tier says how precisely the position of a place may be known.
type Tier string

// The tiers: exact, as is; approximate, one fixed public point 1–5 km off;
// region, no position but country and region; hidden, only the country.
const (
	Exact       Tier = "exact"
	Approximate Tier = "approximate"
	Region      Tier = "region"
	Hidden      Tier = "hidden"
)

// Fact is one checkable statement of fixed meaning ("free": "yes").
type Fact struct {
	Value   string `json:"value"`
	Checked string `json:"checked,omitempty"` // date, YYYY-MM-DD
	Source  string `json:"source,omitempty"`  // who says so: a name or an address
}

// FactNames lists the facts that have a meaning, in the order they are shown.
// Those in YesNo answer a filter of the same name.
var FactNames = []string{"hours", "price", "free", "booking", "stepfree", "transit", "parking", "dogs", "children", "season", "danger"}

// YesNo holds the facts whose value is yes, no or partly.
var YesNo = map[string]bool{"free": true, "booking": true, "stepfree": true, "parking": true, "dogs": true, "children": true}

// Source is where a statement comes from.
type Source struct {
	URL      string `json:"url,omitempty"`
	Title    string `json:"title,omitempty"`
	Author   string `json:"author,omitempty"`
	Date     string `json:"date,omitempty"`
	Archived string `json:"archived,omitempty"`
}

// Alias is another name, with the language it belongs to (BCP 47; "" unknown).
type Alias struct {
	Name string `json:"name"`
	Lang string `json:"lang,omitempty"`
}

// Credit names a person in the making of an entry.
type Credit struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"` // path of the profile; "" for who has none
}

// Photo is one picture with its rights and its variants.
type Photo struct {
	ID      int64
	Caption string
	Alt     string
	Credit  string
	Licence string // SPDX id or "permission"
	Width   int    // of the original, pixels
	Height  int
	Drawing bool           // drawn by the project, not a photograph
	URLs    map[int]string // width of the variant → path of the WebP
	Blur    string         // a picture of a few pixels as a data: address, "" for none
	// FocusX and FocusY are the point to keep when it is cropped, 0 (start, top) to 4.
	FocusX, FocusY int
}

// Fields is what an editor or an import may set: the content of a revision.
type Fields struct {
	Kind         Kind
	Title        string
	Subtitle     string
	Body         string // Markdown
	Know         string // "Know before you go", Markdown
	Lang         string // BCP 47 of title and text; "" unknown
	Tier         Tier
	TierReason   string
	Address      string
	Website      string
	Status       Status
	StatusDate   string // YYYY-MM-DD, or YYYY, or YYYY-MM
	StatusUntil  string // for TemporarilyClosed
	StatusSource string
	Tags         []string // slugs
	Facts        map[string]Fact
	Sources      []Source
	Aliases      []Alias
	Licence      string // of the text, SPDX id
}

// Place is one place as the public may see it.
type Place struct {
	ID    int64
	Slug  string
	State State
	Fields
	// At is the public position; nil for tiers region and hidden.
	At *geo.Public
	// Destination is the path of the narrowest destination that may be told,
	// with the names along the way.
	CountryCode string
	Country     string
	Region      string
	City        string
	Destination string

	Source    string // identity in the import it came from, "" if written here
	SourceID  string
	SourceURL string
	ImageURL  string // a link, never fetched
	Extra     map[string]any

	Photos     []Photo // of a card: the first one at most
	PhotoCount int
	Been       int
	Want       int
	Obscurity  int // 0 famous … 100 obscure
	AddedBy    Credit
	EditedBy   []Credit
	Confirmed  *Confirmation // by visitors; nil where nobody has; of whole ones only
	Revision   int
	Into       int64 // of a merged place: the one it became part of
	Published  time.Time
	Updated    time.Time
}

// Valid reports whether s is a status of the contract.
func (s Status) Valid() bool { return slices.Contains(Statuses, s) }

// Protected reports whether the true position is kept from the public.
func (p *Place) Protected() bool { return p.Tier != Exact }

// PublicID is the id as the API writes it: "p" and the number.
func (p *Place) PublicID() string { return PublicID(p.ID) }

// PublicID is the id as the API writes it.
func PublicID(id int64) string { return "p" + strconv.FormatInt(id, 10) }

// Path is the path of the page.
func (p *Place) Path() string { return "/places/" + p.Slug }
