// Package query reads the queries that readers and programs send: what may be
// asked of /places, /near, /search, /map and /random, in one place, so that the
// page, its suffix forms, the feeds and the API understand exactly the same.
//
// Known parameters are checked and a bad value is an errs.Invalid error that
// names its field; unknown parameters are ignored and never looked at. A
// parameter that takes one value and is given twice is bad, because two readers
// of the same address could understand two things.
package query

import (
	"math"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
)

// The bounds of what is understood.
const (
	// MaxText is the longest search text, in characters.
	MaxText = 200
	// MaxLimit is the largest page of a list.
	MaxLimit = 100
	// DefaultLimit is the page of a list when none is asked for: six rows of
	// four cards.
	DefaultLimit = 24
	// MaxRadius is half the way round the equator, in kilometres: every place
	// lies within it.
	MaxRadius = 20038
	maxRepeat = 16
	maxPath   = 240
	maxCursor = 512
)

// Parse splits a raw query at its ampersands. Percent signs that escape
// nothing, broken UTF-8 and NUL bytes are errors; a semicolon is text.
func Parse(raw string) (url.Values, error) {
	v := url.Values{}
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		n, err := url.QueryUnescape(name)
		if err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil || !clean(n) || !clean(value) {
			return nil, errs.New(errs.Invalid, "The query of this address is not readable text. Percent signs must be written %%25, and letters as UTF-8.")
		}
		v[n] = append(v[n], value)
	}
	return v, nil
}

// clean reports whether s is valid UTF-8 without NUL bytes.
func clean(s string) bool {
	return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}

// reader takes values out of a query and gathers what is wrong with them.
type reader struct {
	v   url.Values
	bad []errs.Field
}

func (r *reader) fail(field, message string) {
	r.bad = append(r.bad, errs.Field{Field: field, Message: message})
}

// err is one Invalid error about every field that was wrong.
func (r *reader) err() error {
	if len(r.bad) == 0 {
		return nil
	}
	sort.SliceStable(r.bad, func(i, j int) bool { return r.bad[i].Field < r.bad[j].Field })
	return &errs.Error{Code: errs.Invalid, Message: r.bad[0].Field + ": " + r.bad[0].Message, Fields: r.bad}
}

// one is the value of a parameter that may be given once; blank is absent.
func (r *reader) one(name string) string {
	vs := r.v[name]
	if len(vs) == 0 {
		return ""
	}
	if len(vs) > 1 {
		r.fail(name, "give it once, not "+strconv.Itoa(len(vs))+" times")
		return ""
	}
	return strings.TrimSpace(vs[0])
}

// text is a line of typed text. Control characters are refused, so that what
// is echoed is what was typed; runs of space count as one.
func (r *reader) text(name string) string {
	s := r.one(name)
	if utf8.RuneCountInString(s) > MaxText {
		r.fail(name, strconv.Itoa(utf8.RuneCountInString(s))+" of "+strconv.Itoa(MaxText)+" characters; shorten it")
		return ""
	}
	if !utf8.ValidString(s) {
		r.fail(name, "is not valid UTF-8")
		return ""
	}
	for _, c := range s {
		if unicode.IsControl(c) && c != '\t' && c != '\n' && c != '\r' {
			r.fail(name, "holds a control character; type it again")
			return ""
		}
	}
	return strings.Join(strings.Fields(s), " ")
}

// choice is one of the words in allowed; "" when absent.
func (r *reader) choice(name string, allowed ...string) string {
	s := r.one(name)
	if s == "" {
		return ""
	}
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	r.fail(name, "is "+oneOf(allowed))
	return ""
}

func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0] + " or absent"
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// many is a repeatable parameter, each value passing ok; doubles count once.
func (r *reader) many(name string, ok func(string) bool, want string) []string {
	var out []string
	for _, s := range r.v[name] {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if !ok(s) {
			r.fail(name, want)
			return nil
		}
		out = append(out, s)
	}
	sort.Strings(out)
	out = compact(out)
	if len(out) > maxRepeat {
		r.fail(name, strconv.Itoa(maxRepeat)+" of them at most")
		return nil
	}
	return out
}

func compact(s []string) []string {
	w := 0
	for i, v := range s {
		if i == 0 || v != s[w-1] {
			s[w] = v
			w++
		}
	}
	return s[:w]
}

// whole is a whole number in from…to; def when absent.
func (r *reader) whole(name string, from, to, def int) int {
	s := r.one(name)
	if s == "" {
		return def
	}
	n, ok := digits(s)
	if !ok || n < from || n > to {
		r.fail(name, "is a whole number from "+strconv.Itoa(from)+" to "+strconv.Itoa(to))
		return def
	}
	return n
}

// digits reads up to sixteen decimal digits and nothing else.
func digits(s string) (int, bool) {
	if s == "" || len(s) > 16 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// decimal is a finite number in from…to as programs write it: no hexadecimal,
// no underscores, no words such as "inf".
func (r *reader) decimal(name string, from, to float64) (float64, bool) {
	s := r.one(name)
	if s == "" {
		return 0, false
	}
	f, ok := number(s)
	if !ok || f < from || f > to {
		r.fail(name, "is a number from "+short(from)+" to "+short(to))
		return 0, false
	}
	return f, true
}

func number(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 40 || strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

func short(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// numbers reads exactly n numbers separated by commas.
func numbers(s string, n int) ([]float64, bool) {
	parts := strings.Split(s, ",")
	if len(parts) != n {
		return nil, false
	}
	out := make([]float64, n)
	for i, p := range parts {
		f, ok := number(p)
		if !ok {
			return nil, false
		}
		out[i] = f
	}
	return out, true
}

// point reads "lat,lon".
func (r *reader) point(name string) *geo.Public {
	s := r.one(name)
	if s == "" {
		return nil
	}
	n, ok := numbers(s, 2)
	if !ok || !(geo.Public{Lat: n[0], Lon: n[1]}).Valid() {
		r.fail(name, "is latitude,longitude in degrees, such as 19.3577,-99.1596")
		return nil
	}
	return &geo.Public{Lat: n[0], Lon: n[1]}
}

// box reads "west,south,east,north".
func (r *reader) box(name string) *geo.Box {
	s := r.one(name)
	if s == "" {
		return nil
	}
	n, ok := numbers(s, 4)
	if !ok {
		r.fail(name, "is west,south,east,north in degrees")
		return nil
	}
	b := geo.Box{West: n[0], South: n[1], East: n[2], North: n[3]}
	if !b.Valid() {
		r.fail(name, "is west,south,east,north in degrees, south not above north; west above east crosses the date line")
		return nil
	}
	return &b
}

// IsSlug reports whether s has the form of a slug.
func IsSlug(s string) bool {
	if s == "" || len(s) > 100 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// IsPath reports whether s has the form of a destination path: one to three
// slugs with slashes between them.
func IsPath(s string) bool {
	if len(s) > maxPath {
		return false
	}
	parts := strings.Split(s, "/")
	if len(parts) > 3 {
		return false
	}
	for _, p := range parts {
		if !IsSlug(p) {
			return false
		}
	}
	return true
}

// path reads a destination path, with or without slashes at its ends.
func (r *reader) path(name string) string {
	s := strings.Trim(r.one(name), "/")
	if s == "" {
		return ""
	}
	if !IsPath(s) {
		r.fail(name, "is a destination path, such as mexico/mexico-city")
		return ""
	}
	return s
}

// cursor is an opaque mark that an earlier answer gave.
func (r *reader) cursor(name string) string {
	s := r.one(name)
	if s == "" {
		return ""
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte("-_.~=", c) < 0 {
			r.fail(name, "is not one this atlas gave; start again without it")
			return ""
		}
	}
	if len(s) > maxCursor {
		r.fail(name, "is not one this atlas gave; start again without it")
		return ""
	}
	return s
}
