package view

import (
	"mirabilia/internal/text"
	"mirabilia/internal/web/view/ui"
)

// Listing is one page of a list of entries, or what is said when it is empty.
type Listing struct {
	Cards []ui.Card
	Total int
	Pager ui.Pager
	Empty ui.Empty
}

// Filters is the form that narrows a list. It is a plain GET form, so that the
// address says what is shown.
type Filters struct {
	Action  string
	Keep    []ui.Option // parameters without a control of their own: Value is the name, Text the value
	Query   ui.Field
	In      ui.Field // left out without options
	Kind    ui.Field
	Obscure ui.Field
	Sort    ui.Field
	Tags    []ui.Option
	Status  []ui.Option
	Facts   []ui.Option // Value is the fact; ticked it asks for "yes"
	Photos  bool
	// On counts the conditions that hold now; Clear takes all away.
	On    int
	Clear string
}

// PlacesPage is all places, narrowed and sorted.
type PlacesPage struct {
	Base
	Crumbs  []ui.Crumb
	Heading string
	Dek     string
	Sorts   []ui.Chip
	On      []ui.Chip // what is on; pressing one takes it away
	Filters Filters
	Forms   []ui.Link // the same in other forms
	Take    *TakeAlong
	Map     ui.Link
	Listing Listing
}

// Count is a number with its word: "58 to eat".
type Count struct {
	N                int
	Singular, Plural string
}

// DestinationPage is the guide to a country, a region or a city.
type DestinationPage struct {
	Base
	Crumbs  []ui.Crumb
	Name    string
	Kicker  string // "The guide to"
	Follow  *Follow
	Picture ui.Picture
	Intro   text.SafeHTML
	Counts  []Count
	Tabs    []ui.Link
	Unusual []ui.Card // most unusual first
	// Nearest are the nearest places outside of a city that holds none.
	Nearest []ui.Row
	Map     *ui.MapPicture
	Before  string // what kind of place it is, in a sentence
	// Parts are the destinations inside it, A–Z, under PartsTitle.
	PartsTitle string
	Parts      []ui.Letter
	Tags       []ui.Chip
	Eat        []ui.Card
	EatMore    *ui.Link
	Sorts      []ui.Chip
	Listing    Listing
	Forms      []ui.Link
	Embed      *Embed // the map of the same places for other sites
	Take       *TakeAlong
	Stories    ui.Empty
	Lists      []ListCard // that name places in it
	Near       []ui.Name  // other destinations close by
}

// DestinationsPage is the index of the whole world.
type DestinationsPage struct {
	Base
	Popular []ui.Name
	Letters []ui.Letter
	Counts  []Count
	Map     *ui.MapPicture
	Empty   ui.Empty
}

// TagPage is a theme, in the whole world or within a destination.
type TagPage struct {
	Base
	Crumbs  []ui.Crumb
	Kicker  string
	Heading string
	Intro   text.SafeHTML
	Counts  []Count
	Follow  *Follow // nil where it is narrowed to a destination
	Related []ui.Chip
	Where   []ui.Chip // destinations in which there are some
	Sorts   []ui.Chip
	Listing Listing
	Forms   []ui.Link
	Embed   *Embed // the map of the same places for other sites
	Take    *TakeAlong
	Map     ui.Link
	Random  ui.Link
}

// TagsPage is the index of themes.
type TagsPage struct {
	Base
	Common  []ui.Name
	Letters []ui.Letter
	Empty   ui.Empty
}

// SearchGroup is the results of one kind.
type SearchGroup struct {
	ID    string
	Title string
	Cards []ui.Card
	Rows  []ui.Row // kinds that have no picture
	More  *ui.Link
}

// SearchPage is a search and what it found.
type SearchPage struct {
	Base
	Asked string // the query as it was typed, "" before one was
	// Line says what was found: 14 for “skulls”, in Prague.
	Line string
	// Read is the query as it was understood, when words were corrected, and
	// Exact leads to the one that was typed.
	Read, Exact string
	Kinds       []ui.Chip
	On          []ui.Chip
	Groups      []SearchGroup
	Pager       ui.Pager
	Map         *ui.Link
	Take        *TakeAlong
	// Nothing is what is said instead, with Meant as spellings to try and
	// Popular as places others go to.
	Nothing *ui.Empty
	Meant   []ui.Link
	Popular []ui.Link
	Tags    []ui.Chip
	// Place is said before the results, of the place that the query names.
	Place *SearchPlace
}

// SearchPlace says of a place that a query names what its results do not.
type SearchPlace struct {
	Title     string
	Text      string
	Ways      []ui.Link
	NearTitle string
	Near      []ui.Row
}

// NearPage is what lies around a point.
type NearPage struct {
	Base
	Asked string // typed words
	Where string // what the point is called, "" before one is known
	Form  NearForm
	Map   *ui.MapPicture
	Rows  []ui.Card
	Total int
	Pager ui.Pager
	// Read is the name that was taken for what was typed when they differ.
	Read    string
	Choices []ui.Link // when words named several points
	Along   ui.Link   // the page Along the way, from here
	Which   []ui.Chip // all, or only where the reader has not been
	Nothing *ui.Empty
	Forms   []ui.Link
	Take    *TakeAlong
}

// NearForm is the form of Near me.
type NearForm struct {
	Query  ui.Field
	Radius ui.Field
	Unit   ui.Field
	Lat    string // kept while only the radius changes
	Lon    string
}

// TextPage is running text: about, questions, privacy.
type TextPage struct {
	Base
	Heading string
	Dek     string
	Body    text.SafeHTML
	Contact string // mail address of the operator, "" to say none
	// Credits are the works of others that the atlas stands on.
	Credits []Work
}

// Work is something of somebody else's that is used here.
type Work struct {
	Name    string
	What    string
	Licence string
	URL     string
}

// APIPage is the interface for programs, readable.
type APIPage struct {
	Base
	Root  string // absolute address of the API
	Spec  string // path of the OpenAPI document
	Calls []APICall
	Forms []APIForm
	Query []APIParam
}

// APICall is one call of the API; Scope is what a token must have for it, "" for
// none.
type APICall struct{ Method, Path, What, Scope, Example string }

// APIForm is one other form of pages.
type APIForm struct{ Suffix, What, Example string }

// APIParam is one parameter of the list of places.
type APIParam struct{ Name, Values, What string }

// DumpsPage lists the files of the whole atlas.
type DumpsPage struct {
	Base
	Made, MadeISO       string // when they were made; "" for not yet
	Licence, LicenceURL string
	Places              int
	Files               []DumpFile
}

// DumpFile is one of them.
type DumpFile struct{ Name, Path, What, Size, SHA256 string }
