package interchange

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"mirabilia/internal/geo"
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
	pointNames = []string{"geo_point_2d", "geo_point", "latlon", "lat_lon", "coordinates", "position"}
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

// position fills in Lat and Lon. Only places of the tiers region and hidden
// may be without.
func (b *builder) position(rec *Record) error {
	lat, latName, okLat := b.take(latNames...)
	lon, lonName, okLon := b.take(lonNames...)
	if !okLat && !okLon {
		if p, ok := b.pointColumn(); ok {
			rec.Lat, rec.Lon = &p.Lat, &p.Lon
			return nil
		}
		if rec.LocationTier == "region" || rec.LocationTier == "hidden" {
			return nil
		}
		return errors.New("no position: lat and lon are needed")
	}
	if !okLat || !okLon {
		missing := "lat"
		if okLat {
			missing = "lon"
		}
		return fmt.Errorf("no position: %s is missing", missing)
	}
	y, err := b.number(latName, lat)
	if err != nil {
		return err
	}
	x, err := b.number(lonName, lon)
	if err != nil {
		return err
	}
	if !(y >= -90 && y <= 90) {
		return fmt.Errorf("latitude %v is outside ±90", y)
	}
	if !(x >= -180 && x <= 180) {
		return fmt.Errorf("longitude %v is outside ±180", x)
	}
	rec.Lat, rec.Lon = &y, &x
	return nil
}

// pointColumn is a position written into one column.
func (b *builder) pointColumn() (geo.Public, bool) {
	for _, name := range pointNames {
		s, ok := b.values[name].(string)
		if !ok || s == "" {
			continue
		}
		if m := twoNumbers.FindStringSubmatch(s); m != nil {
			lat, _ := strconv.ParseFloat(m[1], 64)
			lon, _ := strconv.ParseFloat(m[2], 64)
			if p := (geo.Public{Lat: lat, Lon: lon}); p.Valid() {
				delete(b.values, name)
				return p, true
			}
		}
	}
	return geo.Public{}, false
}

var (
	twoNumbers   = regexp.MustCompile(`^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$`)
	plainNumber  = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
	decimalComma = regexp.MustCompile(`^[+-]?\d{1,3},\d+$`)
)

func (b *builder) number(name string, v any) (float64, error) {
	var s string
	switch v := v.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = strings.TrimSpace(strings.Replace(v, "\u2212", "-", 1))
		if b.lenient && decimalComma.MatchString(s) {
			s = strings.Replace(s, ",", ".", 1)
		}
	default:
		return 0, fmt.Errorf("%s is not a number", name)
	}
	if !plainNumber.MatchString(s) {
		return 0, fmt.Errorf("%s %q is not a number; write decimal degrees", name, cut(text.CleanLine(s), 40))
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, fmt.Errorf("%s %s is not a number that can be used", name, cut(s, 40))
	}
	if f == 0 {
		f = 0 // no negative zero
	}
	return f, nil
}

// madeID is the id of a record that brings none: a hash of name and position,
// so that the same place in the same file keeps it.
func madeID(rec Record) string {
	h := sha256.New()
	h.Write([]byte(rec.Title))
	for _, v := range []*float64{rec.Lat, rec.Lon} {
		h.Write([]byte{0})
		if v != nil {
			h.Write(strconv.AppendFloat(nil, *v, 'f', -1, 64))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// extra is what is left, under the names it came with. An "extra" object joins
// it; a column of the same name beside it wins.
func (b *builder) extra() map[string]any {
	var out map[string]any
	put := func(name string, v any) {
		if out == nil {
			out = map[string]any{}
		}
		out[text.Clean(name)] = cleanValue(v)
	}
	if v, _, ok := b.take("extra"); ok {
		if s, isText := v.(string); isText {
			if o, isObject := b.parsed(s).(map[string]any); isObject {
				v = o
			}
		}
		if o, isObject := v.(map[string]any); isObject {
			for name, v := range o {
				put(name, v)
			}
		} else {
			put("extra", v)
		}
	}
	for name, v := range b.values {
		if !empty(v) {
			put(name, v)
		}
	}
	return out
}

// parsed is the JSON in a cell, nil if there is none.
func (b *builder) parsed(s string) any {
	s = strings.TrimSpace(s)
	if s == "" || s[0] != '[' && s[0] != '{' || !utf8.ValidString(s) || tooDeep([]byte(s)) {
		return nil
	}
	var v any
	if unmarshal([]byte(s), &v) != nil {
		return nil
	}
	return v
}

// cleanValue cleans every text in v; the nesting of v is bounded.
func cleanValue(v any) any {
	switch v := v.(type) {
	case string:
		return text.Clean(v)
	case []any:
		for i := range v {
			v[i] = cleanValue(v[i])
		}
	case map[string]any:
		for k, e := range v {
			if c := text.Clean(k); c != k {
				delete(v, k)
				k = c
			}
			v[k] = cleanValue(e)
		}
	}
	return v
}
