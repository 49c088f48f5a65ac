// Package ui is the kit of components that pages are built from: cards, chips,
// badges, banners, facts, meters, pagers, pictures, forms. They know plain
// values only, carry no style or event attributes (the content policy forbids
// them) and read without script.
//
// A distance is always metres; how it is written depends on the unit of the
// atlas ("km" or "mi"), and a script may rewrite it in the reader's own.
package ui

import (
	"context"
	"math"
	"strconv"
	"strings"

	"mirabilia/internal/text"
	"mirabilia/internal/web/view/say"
)

// Link is a way to another page.
type Link struct {
	Text    string
	Path    string
	Icon    string // name of an icon, "" for none
	Current bool   // the page we are on
	Rel     string // of links that leave the atlas
}

// Picture is a photograph, a drawing or a locator map with its rights.
type Picture struct {
	Src    string // path of the variant to show; "" draws open sea
	Srcset string
	Sizes  string
	Width  int // of Src, pixels
	Height int
	// Alt is what a friend on the phone would want; "" where a title beside
	// the picture says it already.
	Alt        string
	Caption    string
	Credit     string
	Licence    string
	LicenceURL string
	// Full is the largest variant, for the lightbox; "" means Src.
	Full string
	// Blur is a picture of a few pixels as a data: address, which the gallery
	// shows until the variant is there; "" for none.
	Blur string
	// Focus is the class of the focal point, as FocusClass gives it.
	Focus string
	// Locator marks a drawn map that stands in for a missing photograph.
	Locator bool
	// Square is the path of the same drawing in a square, for rows: a drawing
	// that is cut to a square loses two sides of its frame.
	Square string
}

// rowSize is the side of the picture at the start of a row, and its pixels
// where it is drawn.
const (
	rowSize   = "6.5rem"
	rowPixels = 240
)

// inRow is the picture as a row shows it: small and square.
func (p Picture) inRow() Picture {
	if p.Srcset != "" {
		p.Sizes = rowSize
	}
	if p.Square != "" {
		p.Src, p.Width, p.Height = p.Square, rowPixels, rowPixels
	}
	return p
}

// largest is the full variant, or the picture itself.
func (p Picture) largest() string {
	if p.Full != "" {
		return p.Full
	}
	return p.Src
}

// class lets the style sheet know a drawn map, and the focal point.
func (p Picture) class() string {
	if p.Locator {
		return "loc"
	}
	return p.Focus
}

func (p Picture) rights() string {
	switch {
	case p.Credit != "" && p.Licence != "":
		return p.Credit + ", " + p.Licence
	case p.Credit != "":
		return p.Credit
	}
	return p.Licence
}

// FocusClass is the class of a focal point, each part 0 (start, top) to 1: one
// of 25, since style attributes are forbidden.
func FocusClass(x, y float64) string {
	step := func(v float64) string {
		return strconv.Itoa(int(math.Round(math.Max(0, math.Min(1, v)) * 4)))
	}
	return "fp-" + step(x) + step(y)
}

// Badge is one word of state.
type Badge struct {
	Text string
	Tone string // "", "been", "warn", "bad", "info"
	Icon string
}

// Card is an entry or a story as lists show it.
type Card struct {
	Path    string
	Title   string
	Lang    string // BCP 47 of the title, "" when it is the page's
	Hook    string
	Where   string // "Mexico City, Mexico"
	Kicker  string // of stories, instead of Where
	Metres  *float64
	Along   *float64 // metres along a route
	Picture Picture
	Badge   *Badge
	// Want is where the bookmark leads; "" leaves it out.
	Want string
	// Written is the whole card as it was written before, instead of the rest.
	Written Written
}

// Form is the shape of a card.
type Form string

// The forms: upright; with a larger title; picture 4:5; 16:9; picture at the
// side.
const (
	Upright Form = ""
	Lead    Form = "lead"
	Tall    Form = "tall"
	Wide    Form = "wide"
	Line    Form = "line"
)

// Chip is a tag (a link) or a filter that is on or off.
type Chip struct {
	Text    string
	Path    string
	Count   *int
	Over    bool // Count is as far as was counted: there are more
	Current bool
	// Remove says that pressing a Current chip takes the filter away.
	Remove bool
	Icon   string
}

// many is the count of a chip as people read it.
func (c Chip) many(ctx context.Context) string {
	n := say.Number(ctx, *c.Count)
	if c.Over {
		return say.T(ctx, "%s+", n)
	}
	return n
}

// Crumb is one step of the breadcrumb.
type Crumb struct{ Name, Path string }

// Banner is a plain statement and what still holds.
type Banner struct {
	Tone      string // "info", "warn", "bad", "ok"
	Statement string
	Rest      string
	Source    string // who says so and since when
	Link      *Link
}

// Fact is one row of the table of facts.
type Fact struct {
	Name    string // as it is shown: "Step-free"
	Value   string
	Checked string // day it was checked, as it is shown
	Source  string
	URL     string // of the source, "" when it is a name
}

// Person is someone who made something.
type Person struct {
	Name string
	Path string // of the profile, "" for who has none
	// Picture is the path of the small size of their own picture, "" for none.
	Picture string
}

// initial is the letter of the avatar.
func (p Person) initial() string {
	for _, r := range p.Name {
		return strings.ToUpper(string(r))
	}
	return "·"
}

// shade chooses one of six colours by name, so that a person keeps theirs.
func (p Person) shade() string {
	var h uint32 = 2166136261 // FNV-1a
	for i := range len(p.Name) {
		h = (h ^ uint32(p.Name[i])) * 16777619
	}
	return "av av-" + strconv.Itoa(int(h%6))
}

// Source is where a statement comes from.
type Source struct{ URL, Title, Author, Date, Archived string }

// Pager moves through a list that has no page numbers.
type Pager struct {
	Text string // "1–24 of 182"
	Prev string // path, "" at the start
	Next string
	More string // words of the way on: "More places"
}

// Row is one line of a list of neighbours: thumbnail, name, hook, distance.
type Row struct {
	Path    string
	Title   string
	Lang    string
	Hook    string
	Metres  *float64
	Note    string // after the distance
	Picture Picture
	// Written is the whole row as it was written before, instead of the rest.
	Written Written
}

// Empty says what is missing and gives ways on.
type Empty struct {
	Title string
	Text  string
	Ways  []Link
	// Picture is the drawing above; none by default.
	Picture *Picture
}

// Name is an entry of an index in large serif, with its count.
type Name struct {
	Text  string
	Path  string
	Count int
}

// Letter is one letter of an A–Z index.
type Letter struct {
	Letter string
	Names  []Name
}

// MapPicture is a map that is a picture until touched.
type MapPicture struct {
	Src           string
	Width, Height int
	Alt           string
	// Path is the page of the moving map, for who has no script.
	Path     string
	Lat, Lon float64
	Zoom     float64
	// Script, Style and Worker are the files of the moving map, loaded on
	// touch; without Script the button is a link.
	Script, Style, Worker string
	// Way is a line to draw, as geo.EncodeLine writes it, and Found the address
	// of the GeoJSON of the places beside it, which are then the only ones.
	Way, Found string
	// Outline is the address of the GeoJSON of an outline to draw, "" for none.
	Outline string
	// Query narrows the places it shows, as on /places ("tag=ruins").
	Query string
	// Ground is what the places are drawn on.
	Ground Ground
	// Caption is under the picture.
	Caption string
	// Priority marks the picture as the page's largest.
	Priority bool
}

// Ground is the map under the places: tiles drawn in our own style, or a style
// of somebody else's.
type Ground struct {
	// Tiles is the address of the vector tiles, a path with {z}, {x} and {y};
	// their layers are those of the Protomaps basemap.
	Tiles   string
	MaxZoom int
	// Style is the address of a foreign MapLibre style, "" for our own.
	Style string
	// Credit names the source of the tiles, as plain text.
	Credit string
}

// Field is one control of a form with its label, hint and error.
type Field struct {
	ID, Name, Label, Hint, Error string
	Type                         string // of the input, "text" by default
	Value, Placeholder           string
	Required                     bool
	Autocomplete                 string
	Inputmode                    string
	Options                      []Option // makes it a select
	Lines                        int      // makes it a text area
	// Class is added to that of the control: "title", "low".
	Class string
	// List is the id of the words that the browser may offer.
	List string
}

// Option is one choice of a select, radio or checkbox.
type Option struct {
	Value, Text string
	Selected    bool
	Count       *int
}

// describedBy lists the ids of what explains a field.
func (f Field) describedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-err")
	}
	return strings.Join(ids, " ")
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// prose is the class of running text.
func prose(dropCap bool) string {
	if dropCap {
		return "prose drop"
	}
	return "prose"
}

// raw is the only door through which markup reaches a page unescaped.
func raw(h text.SafeHTML) string { return string(h) }
