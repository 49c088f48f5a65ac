package interchange

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/text"
)

// builder makes a Record of values by name. What it uses it takes out; what is
// left is Extra.
type builder struct {
	values   map[string]any
	lenient  bool // a number may have a decimal comma
	warnings []string
}

// plainFields are the fields of one text, with the names they go by besides
// their own.
var plainFields = []struct {
	names []string
	to    func(*Record) *string
}{
	{[]string{"source"}, func(r *Record) *string { return &r.Source }},
	{[]string{"id"}, func(r *Record) *string { return &r.ID }},
	{[]string{"title", "name"}, func(r *Record) *string { return &r.Title }},
	{[]string{"slug"}, func(r *Record) *string { return &r.Slug }},
	{[]string{"subtitle"}, func(r *Record) *string { return &r.Subtitle }},
	{[]string{"body", "description"}, func(r *Record) *string { return &r.Body }},
	{[]string{"know_before_you_go"}, func(r *Record) *string { return &r.KnowBeforeYouGo }},
	{[]string{"location_tier"}, func(r *Record) *string { return &r.LocationTier }},
	{[]string{"tier_reason"}, func(r *Record) *string { return &r.TierReason }},
	{[]string{"address"}, func(r *Record) *string { return &r.Address }},
	{[]string{"country_code"}, func(r *Record) *string { return &r.CountryCode }},
	{[]string{"region"}, func(r *Record) *string { return &r.Region }},
	{[]string{"city"}, func(r *Record) *string { return &r.City }},
	{[]string{"lang"}, func(r *Record) *string { return &r.Lang }},
	{[]string{"website", "url"}, func(r *Record) *string { return &r.Website }},
	{[]string{"status"}, func(r *Record) *string { return &r.Status }},
	{[]string{"status_date"}, func(r *Record) *string { return &r.StatusDate }},
	{[]string{"status_until"}, func(r *Record) *string { return &r.StatusUntil }},
	{[]string{"status_source"}, func(r *Record) *string { return &r.StatusSource }},
	{[]string{"licence", "license"}, func(r *Record) *string { return &r.Licence }},
	{[]string{"source_url"}, func(r *Record) *string { return &r.SourceURL }},
	{[]string{"image_url"}, func(r *Record) *string { return &r.ImageURL }},
	{[]string{"kind"}, func(r *Record) *string { return &r.Kind }},
	{[]string{"published_at"}, func(r *Record) *string { return &r.PublishedAt }},
	{[]string{"updated_at"}, func(r *Record) *string { return &r.UpdatedAt }},
}

func (b *builder) build() (Record, error) {
	var rec Record
	b.canonical()
	b.fallbacks()
	for _, f := range plainFields {
		if v, name, ok := b.take(f.names...); ok {
			*f.to(&rec) = b.str(name, v)
		}
	}
	if strings.TrimSpace(rec.Title) == "" {
		return rec, errors.New("no name: title or name is needed")
	}
	if err := b.position(&rec); err != nil {
		return rec, err
	}
	rec.Aliases = b.aliases()
	rec.Tags = b.tags()
	rec.Sources = b.sources()
	rec.Facts = b.facts()
	rec.Extra = b.extra()
	return rec, nil
}

// canonical makes the names of columns lower case with underscores ("Country
// Code" → country_code). Where two become one, the one already spelt so wins.
func (b *builder) canonical() {
	var odd []string
	for name := range b.values {
		if name != canonicalName(name) {
			odd = append(odd, name)
		}
	}
	slices.Sort(odd)
	for _, name := range odd {
		to := canonicalName(name)
		if _, taken := b.values[to]; !taken && known[to] {
			b.values[to] = b.values[name]
			delete(b.values, name)
		}
	}
}

func canonicalName(name string) string {
	for i := 0; i < len(name); i++ {
		if c := name[i]; c >= 'a' && c <= 'z' || c == '_' {
			continue
		}
		return strings.Join(strings.FieldsFunc(strings.ToLower(strings.TrimSpace(name)), func(r rune) bool {
			return r == ' ' || r == '-' || r == '_' || r == '.'
		}), "_")
	}
	return name
}

// known holds every name that means something.
var known = func() map[string]bool {
	m := map[string]bool{}
	for _, f := range plainFields {
		for _, n := range f.names {
			m[n] = true
		}
	}
	for _, names := range [][]string{latNames, lonNames, pointNames, aliasNames, {"tags", "sources", "facts", "extra"}} {
		for _, n := range names {
			m[n] = true
		}
	}
	return m
}()

var (
	latNames   = []string{"lat", "latitude"}
	lonNames   = []string{"lon", "lng", "long", "longitude"}
	pointNames = []string{"geo_point_2d", "geo_point", "latlon", "lat_lon", "coordinates", "position", "wkt"}
	aliasNames = []string{"aliases", "alt_names"}
)

// fallbacks finds the name and the text of tables that call them otherwise:
// "name_en", "Title of Work", "short_description_en".
func (b *builder) fallbacks() {
	if !b.has("title") && !b.has("name") {
		b.stand("title", "name_", "title_")
	}
	if !b.has("body") && !b.has("description") {
		b.stand("body", "description_", "short_description")
	}
}

// stand lets the first column whose name begins with one of the prefixes stand
// for the field; among several, the English one goes first.
func (b *builder) stand(field string, prefixes ...string) {
	best, rank := "", 0
	for name, v := range b.values {
		if s, ok := v.(string); !ok || strings.TrimSpace(s) == "" {
			continue
		}
		c := canonicalName(name)
		for i, p := range prefixes {
			if !strings.HasPrefix(c, p) {
				continue
			}
			r := 100 - 10*i
			if strings.HasSuffix(c, "_en") {
				r += 5
			}
			if r > rank || r == rank && name < best {
				best, rank = name, r
			}
			break
		}
	}
	if best == "" {
		return
	}
	b.values[field] = b.values[best]
	delete(b.values, best)
	if tail := canonicalName(best); field == "title" && !b.has("lang") && len(tail) > 3 && tail[len(tail)-3] == '_' {
		b.values["lang"] = tail[len(tail)-2:]
	}
}

// has reports whether a value of that name is there and not empty.
func (b *builder) has(name string) bool { return !empty(b.values[name]) }

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// take is the first value that is not empty among names, taken out.
func (b *builder) take(names ...string) (v any, name string, ok bool) {
	for _, name := range names {
		if b.has(name) {
			v := b.values[name]
			delete(b.values, name)
			return v, name, true
		}
	}
	return nil, "", false
}

func (b *builder) warn(format string, args ...any) {
	b.warnings = append(b.warnings, fmt.Sprintf(format, args...))
}

// str is v as text.
func (b *builder) str(name string, v any) string {
	switch v := v.(type) {
	case string:
		return text.Clean(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	b.warn("%s is not a text and was left out", name)
	return ""
}

// madeID is the id of a record that brings none: a hash of name and position,
// so that the same place in the same file keeps it.
func madeID(rec Record) string {
	return textID(rec.Title, degrees(rec.Lat), degrees(rec.Lon))
}

// textID is an id made of texts.
func textID(texts ...string) string {
	h := sha256.New()
	for i, s := range texts {
		if i > 0 {
			h.Write([]byte{0})
		}
		h.Write([]byte(s))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
