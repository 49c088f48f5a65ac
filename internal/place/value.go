package place

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"mirabilia/internal/text"
)

// What a record says is a stranger's: each value is cleaned, held to its form,
// and left out with a warning when it has another.

func (r *reading) line(at piece, s string) string {
	s = text.CleanLine(s)
	if len(s) > maxLine {
		r.warn(at.path(), "%s was cut after %d bytes", at.said(), maxLine)
		s = strings.TrimSpace(strings.ToValidUTF8(s[:maxLine], ""))
	}
	return s
}

func (r *reading) long(at piece, s string) string {
	s = strings.TrimSpace(text.Clean(s))
	if len(s) > maxBody {
		r.warn(at.path(), "%s was cut after %d bytes", at.said(), maxBody)
		s = strings.TrimSpace(strings.ToValidUTF8(s[:maxBody], ""))
	}
	return s
}

// link keeps an address that is http or https and has a host.
func (r *reading) link(at piece, s string) string {
	s = text.CleanLine(s)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(s) > 2000 || strings.ContainsAny(s, " \"<>\\^`{|}") {
		r.warn(at.path(), "%s %s is not a usable http or https address", at.said(), quoted(s))
		return ""
	}
	return s
}

var dateShape = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?$`)

// date keeps a year, a month or a day.
func (r *reading) date(at piece, s string) string {
	s = text.CleanLine(s)
	if s == "" {
		return ""
	}
	if len(s) > 10 && (s[10] == 'T' || s[10] == ' ') {
		s = s[:10]
	}
	if dateShape.MatchString(s) {
		if _, err := time.Parse("2006-01-02"[:len(s)], s); err == nil {
			return s
		}
	}
	r.warn(at.path(), "%s %s is not a date like 2026-05-31", at.said(), quoted(s))
	return ""
}

func (r *reading) instant(at piece, s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t.UTC().Truncate(time.Millisecond)
		}
	}
	r.warn(at.path(), "%s %s is not a time like 2026-05-31T12:00:00Z", at.said(), quoted(s))
	return time.Time{}
}

var languageShape = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$`)

// language keeps what has the shape of a BCP 47 tag; "und" is "".
func language(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if s == "und" || !languageShape.MatchString(s) {
		return ""
	}
	primary, rest, more := strings.Cut(s, "-")
	primary = strings.ToLower(primary)
	if more {
		return primary + "-" + rest
	}
	return primary
}

// quoted shows a value of a stranger in a message: short, and on one line.
func quoted(s string) string {
	return fmt.Sprintf("%q", text.Excerpt(text.CleanLine(s), 60))
}

// brokenText names the first field that is not UTF-8.
func brokenText(r *Record) string {
	for _, f := range []struct{ name, value string }{
		{"title", r.Title}, {"source", r.Source}, {"id", r.ID}, {"slug", r.Slug}, {"subtitle", r.Subtitle}, {"body", r.Body},
		{"know_before_you_go", r.KnowBeforeYouGo}, {"tier_reason", r.TierReason}, {"status_source", r.StatusSource}, {"address", r.Address}, {"website", r.Website}, {"licence", r.Licence},
		{"source_url", r.SourceURL}, {"image_url", r.ImageURL}, {"region", r.Region}, {"city", r.City},
	} {
		if !utf8.ValidString(f.value) {
			return f.name
		}
	}
	for _, a := range r.Aliases {
		if !utf8.ValidString(a.Name) {
			return "aliases"
		}
	}
	for _, t := range r.Tags {
		if !utf8.ValidString(t) {
			return "tags"
		}
	}
	return ""
}
