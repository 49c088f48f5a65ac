package place

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/tag"
	"mirabilia/internal/text"
)

// Record is one place as it is imported and exported: the contract's import
// record. Lat and Lon are nil where no number was given.
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
	Extra           map[string]any  `json:"extra,omitempty"`
}

// The longest values that are kept, in bytes; what is longer is cut (text) or
// left out (lists), with a warning.
const (
	maxLine  = 1000
	maxBody  = 200_000
	maxTags  = 50
	maxNames = 200
	maxExtra = 64 << 10
)

// reading is one record on its way in: what it becomes, and what was left out.
type reading struct {
	draft
	warnings []errs.Field
}

// warn tells what was left out of a field of the contract.
func (r *reading) warn(field, format string, args ...any) {
	r.warnings = append(r.warnings, errs.Field{Field: field, Message: fmt.Sprintf(format, args...)})
}

// piece is where a record says something.
type piece struct {
	list string // sources, aliases or facts; empty for a field by itself
	row  int    // in a list
	name string // among facts
	part string // the field by itself, or that of the row
}

// path names it by its place in the record, as the API names what is wrong.
func (s piece) path() string {
	switch {
	case s.list == "":
		return s.part
	case s.name != "":
		return s.list + "." + s.name + "." + s.part
	}
	return fmt.Sprintf("%s[%d].%s", s.list, s.row, s.part)
}

// said names it in a sentence.
func (s piece) said() string {
	what := map[string]string{"": "", "aliases": "alias", "sources": "source", "facts": "fact " + s.name}[s.list]
	switch s.part {
	case "date":
		return what + " date"
	case "archived":
		return "archived " + what
	case "checked":
		return "date of " + what
	case "source":
		return "source of " + what
	}
	if s.list == "" {
		return s.part
	}
	return what
}

// read checks a record and makes a draft of it. An error fails the record;
// what else is unusable is left out with a warning.
func (r *reading) read(rec *Record, opts *ImportOptions) error {
	if f := brokenText(rec); f != "" {
		return errs.New(errs.Invalid, "%s is not valid UTF-8", f)
	}
	p := &r.Place
	p.Title = r.line(piece{part: "title"}, rec.Title)
	if p.Title == "" {
		return errs.New(errs.Invalid, "no name")
	}
	p.Tier = r.tier(rec.LocationTier)
	r.tierSaid = strings.TrimSpace(rec.LocationTier) != ""
	if err := r.position(rec); err != nil {
		return err
	}
	p.Source, p.SourceID = text.CleanLine(rec.Source), text.CleanLine(rec.ID)
	if p.Source == "" {
		p.Source = opts.Source
	}
	if p.SourceID == "" {
		p.SourceID = madeID(p.Title, rec.Lat, rec.Lon)
	}
	if len(p.Source) > 200 || len(p.SourceID) > 500 {
		return errs.New(errs.Invalid, "source or id is too long")
	}
	r.texts(rec)
	r.choices(rec)
	r.lists(rec)
	r.hints = [3]string{strings.ToUpper(text.CleanLine(rec.CountryCode)), text.CleanLine(rec.Region), text.CleanLine(rec.City)}
	if c := r.hints[0]; c != "" && !countryCode.MatchString(c) {
		r.hints[0] = ""
		r.warn("country_code", "country_code %s is not two letters as FR", quoted(rec.CountryCode))
	}
	if r.truth == nil { // of its tier only what is kept with a position can be kept back
		for _, f := range []struct{ name, value string }{{"address", p.Address}, {"source_url", p.SourceURL}, {"image_url", p.ImageURL}} {
			if f.value != "" {
				r.warn(f.name, "%s was left out: it may tell where the place is, and without a position it cannot be kept back", f.name)
			}
		}
		r.conceal()
	}
	r.wantSlug = rec.Slug
	if rec.Slug != "" && !text.IsSlug(rec.Slug) {
		r.wantSlug = text.Slug(rec.Slug)
		r.warn("slug", "slug %s was made %s", quoted(rec.Slug), r.wantSlug)
	}
	return r.encode()
}

func (r *reading) texts(rec *Record) {
	p := &r.Place
	p.Subtitle = r.line(piece{part: "subtitle"}, rec.Subtitle)
	p.Body = r.long(piece{part: "body"}, rec.Body)
	p.Know = r.long(piece{part: "know_before_you_go"}, rec.KnowBeforeYouGo)
	p.Address = r.line(piece{part: "address"}, rec.Address)
	p.TierReason = r.line(piece{part: "tier_reason"}, rec.TierReason)
	p.StatusSource = r.line(piece{part: "status_source"}, rec.StatusSource)
	p.Licence = r.line(piece{part: "licence"}, rec.Licence)
	p.Website = r.link(piece{part: "website"}, rec.Website)
	p.SourceURL = r.link(piece{part: "source_url"}, rec.SourceURL)
	p.ImageURL = r.link(piece{part: "image_url"}, rec.ImageURL)
}

func (r *reading) choices(rec *Record) {
	p := &r.Place
	p.Kind = KindPlace
	switch Kind(strings.ToLower(strings.TrimSpace(rec.Kind))) {
	case "":
	case KindPlace:
		r.kindSaid = true
	case KindEatery:
		p.Kind, r.kindSaid = KindEatery, true
	default:
		r.warn("kind", "kind %s is not place or eatery", quoted(rec.Kind))
	}
	p.Status = Open
	if rec.Status != "" {
		if s := Status(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(rec.Status)), " ", "_")); s.Valid() {
			p.Status, r.statusSaid = s, true
		} else {
			r.warn("status", "status %s is unknown", quoted(rec.Status))
		}
	}
	p.StatusDate = r.date(piece{part: "status_date"}, rec.StatusDate)
	p.StatusUntil = r.date(piece{part: "status_until"}, rec.StatusUntil)
	p.Lang = language(rec.Lang)
	if p.Lang == "" && rec.Lang != "" && rec.Lang != "und" {
		r.warn("lang", "lang %s is not a language tag", quoted(rec.Lang))
	}
	r.published = r.instant(piece{part: "published_at"}, rec.PublishedAt)
	r.updated = r.instant(piece{part: "updated_at"}, rec.UpdatedAt)
}

func (r *reading) lists(rec *Record) {
	p := &r.Place
	seen := map[string]bool{}
	for _, written := range rec.Tags {
		t := tag.Of(written)
		if t.Slug == "" || seen[t.Slug] {
			continue
		}
		if len(p.Tags) == maxTags {
			r.warn("tags", "only the first %d tags were kept", maxTags)
			break
		}
		seen[t.Slug] = true
		p.Tags = append(p.Tags, t.Slug)
		r.tags = append(r.tags, t)
	}
	names := map[Alias]bool{}
	for i, a := range rec.Aliases {
		a = Alias{Name: r.line(piece{list: "aliases", row: i, part: "name"}, a.Name), Lang: language(a.Lang)}
		if a.Name == "" || a.Name == p.Title || names[a] {
			continue
		}
		if len(p.Aliases) == maxNames {
			r.warn("aliases", "only the first %d other names were kept", maxNames)
			break
		}
		names[a] = true
		p.Aliases = append(p.Aliases, a)
	}
	for i, s := range rec.Sources {
		at := func(part string) piece { return piece{list: "sources", row: i, part: part} }
		s = Source{
			URL: r.link(at("url"), s.URL), Title: r.line(at("title"), s.Title), Author: r.line(at("author"), s.Author),
			Date: r.date(at("date"), s.Date), Archived: r.link(at("archived"), s.Archived),
		}
		if s != (Source{}) && len(p.Sources) < maxNames {
			p.Sources = append(p.Sources, s)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rec.Facts)) { // so that warnings are told in one order
		r.fact(name, rec.Facts[name])
	}
	r.extra(rec.Extra)
}

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

var factName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (r *reading) fact(name string, f Fact) {
	if !factName.MatchString(name) {
		r.warn("facts", "fact %s has an unusable name", quoted(name))
		return
	}
	at := func(part string) piece { return piece{list: "facts", name: name, part: part} }
	f = Fact{Value: r.line(at("value"), f.Value), Source: r.line(at("source"), f.Source), Checked: r.date(at("checked"), f.Checked)}
	if YesNo[name] {
		v := strings.ToLower(f.Value)
		switch v {
		case "yes", "true", "1", "y":
			f.Value = "yes"
		case "no", "false", "0", "n":
			f.Value = "no"
		case "partly", "partial", "limited":
			f.Value = "partly"
		}
	}
	if f.Value == "" {
		return
	}
	if r.Facts == nil {
		r.Facts = map[string]Fact{}
	}
	r.Facts[name] = f
}

func (r *reading) extra(extra map[string]any) {
	kept := map[string]any{}
	for k, v := range extra {
		if k = text.CleanLine(k); k != "" && v != nil && v != "" {
			kept[k] = v
		}
	}
	if lat, lon, ok := numbersOf(kept, extraNearLat, extraNearLon); ok && r.Tier != Exact {
		if p := (geo.Public{Lat: lat, Lon: lon}); p.Valid() {
			r.givenNear = &p
		}
		delete(kept, extraNearLat)
		delete(kept, extraNearLon)
	}
	b, err := json.Marshal(kept)
	if err != nil || len(b) > maxExtra {
		r.warn("extra", "the unknown columns are too large to be kept")
		return
	}
	if len(kept) > 0 {
		r.Extra, r.extraJSON = kept, string(b)
	}
}

func numbersOf(m map[string]any, a, b string) (x, y float64, ok bool) {
	x, okX := numberOf(m[a])
	y, okY := numberOf(m[b])
	return x, y, okX && okY
}

// numberOf reads a number of an extra, which readers of files keep as it was
// written.
func numberOf(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

// tier reads a location tier. What is not understood hides the place: the one
// mistake that cannot be taken back is to publish a position.
func (r *reading) tier(s string) Tier {
	switch t := Tier(strings.ToLower(strings.TrimSpace(s))); t {
	case "":
		return Exact
	case Exact, Approximate, Region, Hidden:
		return t
	}
	r.warn("location_tier", "location_tier %s is unknown, so the position is hidden", quoted(s))
	return Hidden
}

// position checks the numbers. Only a place whose position is not shown anyway
// may come without one, when it says its country.
func (r *reading) position(rec *Record) error {
	if rec.Lat == nil || rec.Lon == nil {
		if rec.Lat == nil && rec.Lon == nil && rec.CountryCode != "" && (r.Tier == Region || r.Tier == Hidden) {
			return nil
		}
		missing := "lat"
		if rec.Lat != nil {
			missing = "lon"
		}
		return errs.New(errs.Invalid, "no position: %s is missing or not a number", missing)
	}
	lat, lon := *rec.Lat, *rec.Lon
	switch {
	case math.IsNaN(lat) || math.IsInf(lat, 0) || math.IsNaN(lon) || math.IsInf(lon, 0):
		return errs.New(errs.Invalid, "no position: lat or lon is not a number")
	case lat < -90 || lat > 90:
		return errs.New(errs.Invalid, "latitude %v is outside ±90", lat)
	case lon < -180 || lon > 180:
		return errs.New(errs.Invalid, "longitude %v is outside ±180", lon)
	}
	r.truth = &geo.True{Lat: lat + 0, Lon: lon + 0} // -0 is 0
	return nil
}
