package setting

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// Logo is the picture in place of the atlas's name in the bar; without a stem
// there is none.
type Logo struct {
	Stem string `json:"stem"` // of its files, which says what is in them
	// Width and Height are how large pages show it, in CSS pixels; the file has
	// twice as many.
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Letter is the invitation to the newsletter in the footer.
type Letter struct {
	Title  string `json:"title"`
	Text   string `json:"text"`
	Button string `json:"button"`
}

func letter() Letter {
	return Letter{Title: "A wonder by post", Text: "The letter of this atlas. Nothing in it watches you. Leave with one click.", Button: "See the newsletters"}
}

// What fits: letters of texts, and entries of menus.
const (
	maxName      = 60
	maxLine      = 160
	maxText      = 400
	maxLabel     = 40
	maxPath      = 300
	MaxBar       = 8
	MaxColumns   = 8
	MaxColumn    = 16
	maxSocial    = 12
	maxPopular   = 24
	maxAddresses = 254 // of a mail address
)

var (
	spdxForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.+-]{0,63}$`)
	pathForm   = regexp.MustCompile(`^[a-z0-9-]+(/[a-z0-9-]+){0,3}$`)
	logoStem   = regexp.MustCompile(`^[0-9a-f]{32}$`)
	maxDisplay = 480
)

func fault(field, format string, args ...any) errs.Field {
	return errs.Field{Field: field, Message: fmt.Sprintf(format, args...)}
}

// refusal is the error that names every fault, nil where there is none.
func refusal(faults []errs.Field) error {
	if len(faults) == 0 {
		return nil
	}
	return &errs.Error{Code: errs.Invalid, Message: "Nothing was kept.", Fields: faults}
}

// line is a fault of a text in one line, which may be empty unless it is needed.
func line(field, value string, most int, needed bool) []errs.Field {
	switch n := utf8.RuneCountInString(value); {
	case needed && text.CleanLine(value) == "":
		return []errs.Field{fault(field, "is needed")}
	case n > most:
		return []errs.Field{fault(field, "has %d letters; %d are the most", n, most)}
	case strings.ContainsAny(value, "\r\n"):
		return []errs.Field{fault(field, "is one line")}
	}
	return nil
}

// aboutFaults are those of what the atlas says of itself.
func (s Settings) aboutFaults() (faults []errs.Field) {
	faults = append(faults, line("name", s.Name, maxName, true)...)
	faults = append(faults, line("tagline", s.Tagline, maxLine, false)...)
	faults = append(faults, line("description", s.Description, maxText, false)...)
	faults = append(faults, line("copyright", s.Copyright, maxText, false)...)
	if s.Unit != Kilometres && s.Unit != Miles {
		faults = append(faults, fault("unit", "is km or mi"))
	}
	if !spdxForm.MatchString(s.Licence) {
		faults = append(faults, fault("licence", "is an SPDX id such as CC-BY-SA-4.0"))
	}
	if u, err := url.Parse(s.LicenceURL); s.LicenceURL != "" && (err != nil || u.Scheme != "https" || u.Host == "" || len(s.LicenceURL) > maxPath) {
		faults = append(faults, fault("licence_url", "begins with https://"))
	}
	if s.Contact != "" {
		if a, err := mail.ParseAddress(s.Contact); err != nil || a.Address != s.Contact || len(s.Contact) > maxAddresses {
			faults = append(faults, fault("contact", "is a mail address alone"))
		}
	}
	if len(s.PopularDestinations) > maxPopular {
		faults = append(faults, fault("popular_destinations", "are %d at most", maxPopular))
	}
	for _, p := range s.PopularDestinations {
		if !pathForm.MatchString(p) {
			faults = append(faults, fault("popular_destinations", "are paths such as italy/rome: %q is none", p))
			break
		}
	}
	return faults
}

func (l Letter) faults() (faults []errs.Field) {
	faults = append(faults, line("letter_title", l.Title, maxName, true)...)
	faults = append(faults, line("letter_text", l.Text, maxText, true)...)
	return append(faults, line("letter_button", l.Button, maxLabel, true)...)
}

func (l Logo) faults() []errs.Field {
	if l != (Logo{}) && (!logoStem.MatchString(l.Stem) || l.Width < 1 || l.Height < 1 || l.Width > maxDisplay || l.Height > maxDisplay) {
		return []errs.Field{fault("logo", "is no picture of ours")}
	}
	return nil
}

func (s Settings) menuFaults() (faults []errs.Field) {
	faults = append(faults, LinkFaults("bar", s.Bar, MaxBar)...)
	faults = append(faults, LinkFaults("social", s.Social, maxSocial)...)
	if len(s.Footer) > MaxColumns {
		faults = append(faults, fault("footer", "has %d columns at most", MaxColumns))
	}
	for i, m := range s.Footer {
		faults = append(faults, MenuFaults(fmt.Sprintf("footer%d", i+1), m)...)
	}
	return faults
}

// MenuFaults are what is wrong with a column of the footer; the fields are
// field with _title and _links behind it.
func MenuFaults(field string, m Menu) []errs.Field {
	faults := line(field+"_title", m.Title, maxLabel, true)
	if len(m.Links) == 0 {
		faults = append(faults, fault(field+"_links", "has no entry"))
	}
	return append(faults, LinkFaults(field+"_links", m.Links, MaxColumn)...)
}

// LinkFaults are what is wrong with the entries of a menu, all in one field: the
// first of them is told.
func LinkFaults(field string, list []Link, most int) []errs.Field {
	if len(list) > most {
		return []errs.Field{fault(field, "has %d entries at most", most)}
	}
	for _, l := range list {
		switch {
		case text.CleanLine(l.Label) == "":
			return []errs.Field{fault(field, "%q has no label", l.Path)}
		case utf8.RuneCountInString(l.Label) > maxLabel:
			return []errs.Field{fault(field, "%q is too long: %d letters are the most", l.Label, maxLabel)}
		case !safeLink(l.Path):
			return []errs.Field{fault(field, "%q is neither a path of this atlas nor an http(s) address", l.Path)}
		}
	}
	return nil
}

// safeLink reports whether an address may stand in a menu: a path of this atlas,
// another site's page or a mail address, and nothing that a browser would run.
func safeLink(path string) bool {
	u, err := url.Parse(path)
	if err != nil || len(path) > maxPath || strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return false
	}
	switch u.Scheme {
	case "":
		return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//")
	case "https", "http":
		return u.Host != "" && u.User == nil
	case "mailto":
		return strings.Contains(u.Opaque, "@")
	}
	return false
}

// Stamp changes when anything in the settings does: a form carries the one it
// was made of, so that nobody undoes unawares what another has just set.
func (s Settings) Stamp() string {
	b, err := json.Marshal(s)
	if err != nil {
		return "" // plain values are always written
	}
	sum := sha256.Sum256(b)
	return fmt.Sprintf("%x", sum[:8])
}

// Stale is the refusal of what was made of settings that have changed since.
func Stale() *errs.Error {
	return errs.New(errs.Conflict, "Somebody else changed the settings since this page was opened. Look again at what you typed, which stands here still; sent once more, it replaces theirs.")
}
