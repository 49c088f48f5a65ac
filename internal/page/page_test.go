package page

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestEveryPageHasATitleAndSaysSomething(t *testing.T) {
	pages, err := Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{"about", "faq", "guidelines", "privacy", "cookies", "terms", "feedback", "blog", "gifts", "jobs", "advertise", "advertising-guidelines"} {
		p, ok := pages.BySlug(slug)
		if !ok {
			t.Errorf("no page %s", slug)
			continue
		}
		if len(strings.Fields(string(p.Body))) < 20 {
			t.Errorf("%s says too little: %s", slug, p.Body)
		}
	}
	if _, ok := pages.BySlug("nothing"); ok {
		t.Error("found a page that is not there")
	}
}

func TestVoice(t *testing.T) {
	pages, err := Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	banned := regexp.MustCompile(`(?i)!|must-see|hidden gem|oops|\bsimply\b`)
	for _, slug := range pages.Slugs() {
		p, _ := pages.BySlug(slug)
		if m := banned.FindString(p.Source); m != "" {
			t.Errorf("%s says %q", slug, m)
		}
	}
}

// The texts are true of the program: what it has is not said to come, and what
// it keeps of members and sets in browsers is told.
func TestTextsAreTrue(t *testing.T) {
	pages, err := Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	past := regexp.MustCompile(`(?i)form[^.]* not open yet|there are none yet|when accounts open|sets no cookies|nothing personal is stored`)
	for _, slug := range pages.Slugs() {
		p, _ := pages.BySlug(slug)
		if m := past.FindString(p.Source + p.Description); m != "" {
			t.Errorf("%s still says %q", slug, m)
		}
	}
	for slug, says := range map[string][]string{
		"cookies":  {"180 days", "ten minutes", "signing out removes it"},
		"privacy":  {"network address", "only a hash", "180 days", "delete your account", "without an account", "after a week"},
		"faq":      {"/places/new", "/pitch", "/queue", "appeal"},
		"feedback": {"Report", "needs no account"},
		"terms":    {"stays yours"},
	} {
		p, _ := pages.BySlug(slug)
		for _, want := range says {
			if !strings.Contains(p.Source, want) {
				t.Errorf("%s does not say %q", slug, want)
			}
		}
	}
}

func TestBrokenTexts(t *testing.T) {
	for name, raw := range map[string]string{
		"no head":     "just text",
		"no title":    "---\ndescription: x\n---\nbody",
		"unknown key": "---\ntitle: x\ndescription: y\nauthor: z\n---\nbody",
	} {
		if _, err := read(fstest.MapFS{"t/a.md": {Data: []byte(raw)}}, "t"); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}
