package place

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/revision"
)

// FieldNames lists what may be proposed about a place, by the names of the
// API and in the order in which people are shown them.
var FieldNames = []string{
	"title", "subtitle", "kind", "lat", "lon", "location_tier", "tier_reason", "address", "country_code", "body",
	"know_before_you_go", "tags", "status", "status_date", "status_until", "status_source", "facts", "website", "sources",
	"aliases", "lang", "licence",
}

// told are fields of a place in the API that follow from others: a program may
// send back what it read.
var told = []string{
	"id", "slug", "url", "country", "region", "city", "destination", "photos", "been", "want", "obscurity", "added_by",
	"edited_by", "published_at", "updated_at", "revision", "distance_m", "along_m",
}

// MergeRules says how the fields of places are merged.
var MergeRules = revision.Rules{
	Texts:    []string{"body", "know_before_you_go"},
	Together: [][]string{{"lat", "lon"}, {"location_tier", "tier_reason"}, {"status", "status_date", "status_until", "status_source"}},
}

// FieldsOf is the state of a place as the public may see it.
func FieldsOf(p *Place) revision.Fields { return content(p.Fields, p.At) }

func content(f Fields, at *geo.Public) revision.Fields {
	c := revision.Fields{}
	for name, s := range map[string]string{
		"title": f.Title, "subtitle": f.Subtitle, "kind": string(f.Kind), "location_tier": string(f.Tier), "tier_reason": f.TierReason,
		"address": f.Address, "body": f.Body, "know_before_you_go": f.Know, "status": string(f.Status), "status_date": f.StatusDate,
		"status_until": f.StatusUntil, "status_source": f.StatusSource, "website": f.Website, "lang": f.Lang, "licence": f.Licence,
	} {
		c.Set(name, s)
	}
	c.Set("tags", f.Tags)
	c.Set("facts", f.Facts)
	c.Set("sources", f.Sources)
	c.Set("aliases", f.Aliases)
	if at != nil {
		c.Set("lat", at.Lat)
		c.Set("lon", at.Lon)
	}
	return c
}

// CheckFields cleans what is proposed about a place and says of every field
// that cannot be as it is why. A whole place needs a title and a position; of
// an edit only what it names is looked at, and null clears a field.
func (s *Places) CheckFields(f revision.Fields, whole bool) (revision.Fields, error) {
	c := proposal{given: f}
	c.names()
	c.record()
	r := &reading{}
	c.read(r, whole)
	for _, w := range r.warnings {
		c.wrong(w.Field, "%s", w.Message)
	}
	if len(c.faults) > 0 {
		return nil, &errs.Error{Code: errs.Invalid, Message: c.message(), Fields: c.faults}
	}
	at := (*geo.Public)(nil)
	if r.truth != nil {
		at = &geo.Public{Lat: r.truth.Lat, Lon: r.truth.Lon}
	}
	clean := content(r.Fields, at)
	clean.Set("country_code", r.hints[0])
	out := revision.Fields{}
	for name := range f {
		if !slices.Contains(FieldNames, name) {
			continue
		}
		if v, ok := clean[name]; ok {
			out[name] = v
		} else if !whole {
			out[name] = json.RawMessage("null")
		}
	}
	return out, nil
}

// proposal is fields on their way into a record.
type proposal struct {
	given  revision.Fields
	rec    Record
	faults []errs.Field
}

func (c *proposal) wrong(field, format string, args ...any) {
	e := errs.InField(field, format, args...)
	if !slices.ContainsFunc(c.faults, func(f errs.Field) bool { return f.Field == field }) {
		c.faults = append(c.faults, e.Fields...)
	}
}

func (c *proposal) message() string {
	var b strings.Builder
	for i, f := range c.faults {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(f.Field + ": " + f.Message)
	}
	return b.String()
}

func (c *proposal) names() {
	for _, name := range c.given.Names() {
		if !slices.Contains(FieldNames, name) && !slices.Contains(told, name) {
			c.wrong(name, "is no field of a place")
		}
	}
}

// record decodes each field by itself, so that each is told by its name.
func (c *proposal) record() {
	r := &c.rec
	for name, into := range map[string]any{
		"title": &r.Title, "subtitle": &r.Subtitle, "kind": &r.Kind, "lat": &r.Lat, "lon": &r.Lon, "location_tier": &r.LocationTier,
		"tier_reason": &r.TierReason, "address": &r.Address, "country_code": &r.CountryCode, "body": &r.Body,
		"know_before_you_go": &r.KnowBeforeYouGo, "status": &r.Status, "status_date": &r.StatusDate, "status_until": &r.StatusUntil,
		"status_source": &r.StatusSource, "website": &r.Website, "lang": &r.Lang, "licence": &r.Licence,
	} {
		what := "is a text"
		if name == "lat" || name == "lon" {
			what = "is a number of degrees"
		}
		c.decode(name, into, what)
	}
	var tags []string
	c.decode("tags", &tags, "is a list of texts")
	r.Tags = tags
	var sources, aliases []json.RawMessage
	c.decode("sources", &sources, `is a list of {"url", "title", …}`)
	for i, v := range sources {
		var s Source
		c.either(fmt.Sprintf("sources[%d]", i), v, &s.URL, &s)
		if s.Title+s.URL+s.Author == "" && s.Date+s.Archived != "" {
			c.wrong(fmt.Sprintf("sources[%d].title", i), "is missing: a date or an archived copy alone is no source")
		}
		r.Sources = append(r.Sources, s)
	}
	c.decode("aliases", &aliases, `is a list of {"name", "lang"}`)
	for i, v := range aliases {
		var a Alias
		c.either(fmt.Sprintf("aliases[%d]", i), v, &a.Name, &a)
		r.Aliases = append(r.Aliases, a)
	}
	facts := map[string]json.RawMessage{}
	c.decode("facts", &facts, `holds {"value", "checked", "source"} by name`)
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		v := facts[name]
		var f Fact
		var yes bool
		if json.Unmarshal(v, &yes) == nil && string(v) != "null" {
			f.Value = map[bool]string{true: "yes", false: "no"}[yes]
		} else if !c.either("facts."+name, v, &f.Value, &f) {
			continue
		}
		if r.Facts == nil {
			r.Facts = map[string]Fact{}
		}
		r.Facts[name] = f
	}
	if f := brokenText(r); f != "" {
		c.wrong(f, "is not valid UTF-8")
	}
}

func (c *proposal) decode(name string, into any, what string) {
	v, ok := c.given[name]
	if !ok {
		return
	}
	if !utf8.Valid(v) {
		c.wrong(name, "is not valid UTF-8")
		return
	}
	if err := json.Unmarshal(v, into); err != nil {
		c.wrong(name, "%s", what)
	}
}

// either reads a value that may be written short, as a text, or in full.
func (c *proposal) either(field string, v json.RawMessage, short *string, full any) bool {
	if json.Unmarshal(v, short) == nil || json.Unmarshal(v, full) == nil {
		return true
	}
	c.wrong(field, "has an entry of another form: %s", quoted(string(v)))
	return false
}

// read holds the record to its forms.
func (c *proposal) read(r *reading, whole bool) {
	_, titled := c.given["title"]
	r.Title = r.line(piece{part: "title"}, c.rec.Title)
	if r.Title == "" && (whole || titled) {
		c.wrong("title", "a place needs a name")
	}
	r.Tier = r.tier(c.rec.LocationTier)
	if len(r.warnings) > 0 && r.warnings[len(r.warnings)-1].Field == "location_tier" {
		r.warnings = r.warnings[:len(r.warnings)-1]
		c.wrong("location_tier", "is exact, approximate, region or hidden")
	}
	c.position(r, whole)
	r.texts(&c.rec)
	r.choices(&c.rec)
	r.lists(&c.rec)
	r.hints[0] = strings.ToUpper(strings.TrimSpace(c.rec.CountryCode))
	for i := range r.warnings { // the reader of imports says what it did; here nothing is done
		m := r.warnings[i].Message
		if strings.Contains(m, " was cut after ") || strings.HasPrefix(m, "only the first ") {
			r.warnings[i].Message = "is longer than what is kept"
		}
	}
	if size := len(c.rec.Sources); size > maxNames {
		c.wrong("sources", "at most %d are kept", maxNames)
	}
}

func (c *proposal) position(r *reading, whole bool) {
	lat, lon := c.rec.Lat, c.rec.Lon
	for _, f := range c.faults {
		if f.Field == "lat" || f.Field == "lon" {
			return
		}
	}
	switch {
	case lat == nil && lon == nil:
		if !whole || c.rec.CountryCode != "" && (r.Tier == Region || r.Tier == Hidden) {
			return
		}
		c.wrong("lat", "a place needs a position")
		c.wrong("lon", "a place needs a position")
	case lat == nil:
		c.wrong("lat", "is missing beside lon")
	case lon == nil:
		c.wrong("lon", "is missing beside lat")
	default:
		if *lat < -90 || *lat > 90 {
			c.wrong("lat", "is between -90 and 90")
		}
		if *lon < -180 || *lon > 180 {
			c.wrong("lon", "is between -180 and 180")
		}
		r.truth = &geo.True{Lat: *lat + 0, Lon: *lon + 0}
	}
}

// draftOf makes a draft of fields that were checked when they were proposed.
func draftOf(f revision.Fields) (*draft, error) {
	c := proposal{given: f}
	c.record()
	r := &reading{}
	c.read(r, false)
	if r.Title == "" {
		return nil, errs.InField("title", "a place needs a name")
	}
	r.tierSaid, r.statusSaid, r.kindSaid = true, true, true
	return &r.draft, r.encode()
}
