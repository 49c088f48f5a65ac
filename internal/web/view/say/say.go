// Package say is the voice of the interface: the message catalogue. The
// English sentence in a template is the key, so that templates read as pages
// do; a Catalogue in the context of the request gives it in another language.
package say

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Catalogue is one language of the interface.
type Catalogue struct {
	Lang string // BCP 47
	// Group separates thousands: "," in English, "." in German.
	Group string
	// Text maps an English sentence, its verbs included, to this language's.
	Text map[string]string
	// Forms maps the English plural to this language's forms, and Plural
	// chooses among them for a number.
	Forms  map[string][]string
	Plural func(n int) int
}

type key struct{}

// With makes ctx speak the language of c.
func With(ctx context.Context, c *Catalogue) context.Context {
	return context.WithValue(ctx, key{}, c)
}

// Spoken is the language of ctx, nil for English.
func Spoken(ctx context.Context) *Catalogue { return catalogue(ctx) }

func catalogue(ctx context.Context) *Catalogue {
	c, _ := ctx.Value(key{}).(*Catalogue)
	return c
}

// T gives a sentence in the language of ctx; args fill its verbs as in
// fmt.Sprintf. What the catalogue does not hold is said in English.
func T(ctx context.Context, english string, args ...any) string {
	s := english
	if c := catalogue(ctx); c != nil {
		if t, ok := c.Text[english]; ok {
			s = t
		}
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// N gives a sentence that counts: one holds for 1, other for every other
// number; %s in it is the number, written as Number does.
func N(ctx context.Context, n int, one, other string) string {
	s := other
	if n == 1 {
		s = one
	}
	if c := catalogue(ctx); c != nil {
		if forms, ok := c.Forms[other]; ok && c.Plural != nil {
			if i := c.Plural(n); i >= 0 && i < len(forms) {
				s = forms[i]
			}
		}
	}
	return strings.Replace(s, "%s", Number(ctx, n), 1)
}

// Number writes a whole number with its thousands apart: 1,204.
func Number(ctx context.Context, n int) string {
	group := ","
	if c := catalogue(ctx); c != nil && c.Group != "" {
		group = c.Group
	}
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + group + s[i:]
	}
	return sign + s
}

// Date writes a day: 3 November 2026.
func Date(ctx context.Context, t time.Time) string {
	return T(ctx, "%d %s %d", t.Day(), T(ctx, t.Month().String()), t.Year())
}

// Day writes a date that came as text, YYYY-MM-DD, YYYY-MM or YYYY, as far as
// it goes; anything else is given back as it is.
func Day(ctx context.Context, s string) string {
	if t, err := time.Parse("2006-01-02", s); err == nil {
		return Date(ctx, t)
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return T(ctx, t.Month().String()) + " " + strconv.Itoa(t.Year())
	}
	return s
}
