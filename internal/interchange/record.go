// Package interchange reads places from the files people have and writes them
// in the formats people use: NDJSON, CSV, GeoJSON, GPX, KML and KMZ. What single
// programs put into these (Google, OsmAnd, Organic Maps, OpenStreetMap,
// Wikivoyage, another atlas) is told by content; docs/interchange.md lists what
// each cannot say. Reading
// and writing stream: memory does not grow with the file, whatever it holds.
//
// Files come from strangers. Each bad record is reported and left out, the
// others go on; archives, nesting and lengths are bounded (limits.go).
package interchange

import "fmt"

// Record is one place as files carry it: the import record of the contract.
// Lat and Lon are nil where the file gives no number. Dates are as written.
type Record struct {
	Source          string          `json:"source,omitempty"`
	ID              string          `json:"id,omitempty"`
	Title           string          `json:"title,omitempty"`
	Slug            string          `json:"slug,omitempty"`
	Subtitle        string          `json:"subtitle,omitempty"`
	Body            string          `json:"body,omitempty"`
	KnowBeforeYouGo string          `json:"know_before_you_go,omitempty"`
	Lat             *float64        `json:"lat,omitempty"`
	Lon             *float64        `json:"lon,omitempty"`
	LocationTier    string          `json:"location_tier,omitempty"`
	TierReason      string          `json:"tier_reason,omitempty"`
	Address         string          `json:"address,omitempty"`
	CountryCode     string          `json:"country_code,omitempty"`
	Region          string          `json:"region,omitempty"`
	City            string          `json:"city,omitempty"`
	Aliases         []Alias         `json:"aliases,omitempty"`
	Lang            string          `json:"lang,omitempty"`
	Tags            []string        `json:"tags,omitempty"`
	Website         string          `json:"website,omitempty"`
	Sources         []Source        `json:"sources,omitempty"`
	Facts           map[string]Fact `json:"facts,omitempty"`
	Status          string          `json:"status,omitempty"`
	StatusDate      string          `json:"status_date,omitempty"`
	StatusUntil     string          `json:"status_until,omitempty"`
	StatusSource    string          `json:"status_source,omitempty"`
	Licence         string          `json:"licence,omitempty"`
	SourceURL       string          `json:"source_url,omitempty"`
	ImageURL        string          `json:"image_url,omitempty"`
	Kind            string          `json:"kind,omitempty"`
	PublishedAt     string          `json:"published_at,omitempty"`
	UpdatedAt       string          `json:"updated_at,omitempty"`
	// Extra holds the columns that have no meaning here.
	Extra map[string]any `json:"extra,omitempty"`
}

// Alias is another name with the language it belongs to (BCP 47; "" unknown).
type Alias struct {
	Name string `json:"name"`
	Lang string `json:"lang,omitempty"`
}

// Source is where a statement comes from.
type Source struct {
	URL      string `json:"url,omitempty"`
	Title    string `json:"title,omitempty"`
	Author   string `json:"author,omitempty"`
	Date     string `json:"date,omitempty"`
	Archived string `json:"archived,omitempty"`
}

// Fact is one checkable statement.
type Fact struct {
	Value   string `json:"value"`
	Checked string `json:"checked,omitempty"`
	Source  string `json:"source,omitempty"`
}

// The formats, as the command line and the suffixes of addresses name them.
const (
	NDJSON  = "ndjson"
	JSON    = "json" // an array of NDJSON's records, the API's list, or Overpass's answer; read only
	CSV     = "csv"
	GeoJSON = "geojson"
	GPX     = "gpx"
	KML     = "kml"
	KMZ     = "kmz" // read only
	// Wikivoyage is the text of articles or MediaWiki's XML; read only.
	Wikivoyage = "wikivoyage"
)

// ReadFormats and WriteFormats list what Open and NewWriter take.
var (
	ReadFormats  = []string{NDJSON, JSON, CSV, GeoJSON, GPX, KML, KMZ, Wikivoyage}
	WriteFormats = []string{NDJSON, CSV, GeoJSON, GPX, KML}
)

// RecordError says why one record was not read. Reading goes on after it.
type RecordError struct {
	File   string
	Line   int // of the first byte of the record, from 1; 0 where the format has no lines
	Record int // its number in the file, from 1
	Reason string
}

func (e *RecordError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s, line %d: %s", e.File, e.Line, e.Reason)
	}
	return fmt.Sprintf("%s, record %d: %s", e.File, e.Record, e.Reason)
}
