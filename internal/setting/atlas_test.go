package setting_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

// Examples of others: WCAG's own ends, and the greys that W3C names as the
// nearest to 4.5 on white.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#000000", 21}, {"#123456", "#123456", 1}, {"#767676", "#ffffff", 4.54}, {"#777777", "#ffffff", 4.48}, {"#0000ff", "#ffffff", 8.59}, {"#ff0000", "#ffffff", 4.0}} {
		if got := setting.Contrast(c.a, c.b); math.Abs(got-c.want) > 0.005 {
			t.Errorf("%s on %s is %.3f, not %.2f", c.a, c.b, got, c.want)
		}
	}
	if got := setting.Toward("#102030", "#ffffff", 0.5); got != "#889098" {
		t.Errorf("half way to white is %s", got)
	}
}

func TestColours(t *testing.T) {
	for _, c := range []struct {
		colours setting.Colours
		field   string // "" when they are taken
		says    string
	}{
		{setting.Colours{}, "", ""},
		{setting.Colours{Light: "#0b5a63", Dark: "#86cdcd"}, "", ""}, // our own
		{setting.Colours{Light: "#7a1f5c"}, "", ""},
		{setting.Colours{Dark: "#e0a8d0"}, "", ""},
		{setting.Colours{Light: "#767676"}, "accent_light", "darker"}, // enough on white, not on the washes
		{setting.Colours{Light: "#ffcc00"}, "accent_light", "1."},
		{setting.Colours{Dark: "#0b5a63"}, "accent_dark", "lighter"},
		{setting.Colours{Light: "#0B5A63"}, "accent_light", "such as"},
		{setting.Colours{Light: "red"}, "accent_light", "such as"},
		{setting.Colours{Dark: "#fff"}, "accent_dark", "such as"},
		{setting.Colours{Dark: "#86cdcd;}body{display:none"}, "accent_dark", "such as"},
	} {
		err := c.colours.Check()
		var e *errs.Error
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%+v: %v", c.colours, err)
		case c.field != "" && (!errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Field != c.field || !strings.Contains(e.Fields[0].Message, c.says)):
			t.Errorf("%+v: %#v", c.colours, e)
		}
	}
}

// What is out of range is refused, each under the name of its field.
func TestCheck_namesEveryField(t *testing.T) {
	long := strings.Repeat("x", 500)
	many := make([]setting.Link, 30)
	for i := range many {
		many[i] = setting.Link{Label: "a", Path: "/a"}
	}
	for want, fn := range map[string]func(*setting.Settings){
		"name tagline":               func(s *setting.Settings) { s.Name, s.Tagline = "", long },
		"name":                       func(s *setting.Settings) { s.Name = "two\nlines" },
		"description copyright":      func(s *setting.Settings) { s.Description, s.Copyright = long, long },
		"unit licence":               func(s *setting.Settings) { s.Unit, s.Licence = "leagues", "all rights <reserved>" },
		"licence_url":                func(s *setting.Settings) { s.LicenceURL = "javascript:alert(1)" },
		"contact":                    func(s *setting.Settings) { s.Contact = "Me <me@example.org>" },
		"popular_destinations":       func(s *setting.Settings) { s.PopularDestinations = []string{"Italy/Rome"} },
		"bar":                        func(s *setting.Settings) { s.Bar = many },
		"social":                     func(s *setting.Settings) { s.Social = []setting.Link{{Label: "", Path: "/a"}} },
		"footer":                     func(s *setting.Settings) { s.Footer = append(s.Footer, s.Footer...) },
		"footer2_links":              func(s *setting.Settings) { s.Footer[1].Links = many },
		"footer1_title":              func(s *setting.Settings) { s.Footer[0].Title = "" },
		"accent_light accent_dark":   func(s *setting.Settings) { s.Colours = setting.Colours{Light: "#ffffff", Dark: "#000000"} },
		"letter_title letter_button": func(s *setting.Settings) { s.Letter.Title, s.Letter.Button = " ", long },
		"logo":                       func(s *setting.Settings) { s.Logo = setting.Logo{Stem: "../x", Width: 1, Height: 1} },
	} {
		s := setting.Defaults()
		fn(&s)
		var e *errs.Error
		var fields []string
		if errors.As(s.Check(), &e) {
			for _, f := range e.Fields {
				fields = append(fields, f.Field)
			}
		}
		if got := strings.Join(fields, " "); got != want {
			t.Errorf("%q is refused, not %q", got, want)
		}
	}
}

func TestMenus_leadNowhereElse(t *testing.T) {
	for path, good := range map[string]bool{
		"/places": true, "/places?sort=newest#top": true, "https://example.org/x": true, "http://example.org": true, "mailto:a@example.org": true,
		"//evil.example": false, "/\\evil.example": false, "javascript:alert(1)": false, "JAVASCRIPT:alert(1)": false, "data:text/html,x": false, "places": false, "": false,
		"https://": false, "https://user:pass@example.org": false, "/a b": false, "/a\u0009b": false, "https:///x": false, "mailto:": false, "/%zz": false, "/" + strings.Repeat("x", 400): false,
	} {
		faults := setting.LinkFaults("bar", []setting.Link{{Label: "x", Path: path}}, 1)
		if (len(faults) == 0) != good {
			t.Errorf("%q: %v", path, faults)
		}
	}
}

// An error of fn ends a change, also when it is a conflict; nothing is kept.
func TestChange_refused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, n := setting.Open(d), 0
		err := b.Change(t.Context(), func(s *setting.Settings) error { n++; s.Name = "Other"; return setting.Stale() })
		if !errs.Is(err, errs.Conflict) || n != 1 {
			t.Errorf("%v after %d tries", err, n)
		}
		s, err := b.Refresh(t.Context())
		if err != nil || s.Name != "Mirabilia" {
			t.Errorf("%q, %v", s.Name, err)
		}
		before := s.Stamp()
		if err := b.Update(t.Context(), func(s *setting.Settings) { s.Unit = setting.Miles }); err != nil {
			t.Fatal(err)
		}
		if s, _ = b.Now(t.Context()); s.Stamp() == before {
			t.Error("the stamp is that of before")
		}
	})
}
