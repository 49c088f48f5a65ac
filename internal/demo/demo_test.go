package demo

import (
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/text"
)

func TestRecords_areWhole(t *testing.T) {
	records, err := Records()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) < 60 {
		t.Fatalf("%d places, want at least 60", len(records))
	}
	slug := regexp.MustCompile(`^[a-z0-9-]+$`)
	seen, status, tiers := map[string]bool{}, map[string]int{}, map[string]int{}
	for _, r := range records {
		if seen[r.ID] || !slug.MatchString(r.ID) {
			t.Errorf("%s: an id of its own, of letters, digits and hyphens", r.ID)
		}
		seen[r.ID] = true
		status[r.Status]++
		tiers[r.LocationTier]++
		if n := len(strings.Fields(text.Plain(r.Body))); n < 100 || n > 200 {
			t.Errorf("%s: %d words, want 100 to 200", r.ID, n)
		}
		if n := len([]rune(r.Subtitle)); n == 0 || n > 160 {
			t.Errorf("%s: a hook of %d characters, want 1 to 160", r.ID, n)
		}
		if len(r.Tags) == 0 || r.KnowBeforeYouGo == "" {
			t.Errorf("%s: tags and know-before-you-go are missing", r.ID)
		}
		for _, s := range r.Sources {
			if !strings.HasPrefix(s.URL, "https://") || s.Title == "" {
				t.Errorf("%s: source %+v", r.ID, s)
			}
		}
		for _, tag := range r.Tags {
			if !slug.MatchString(tag) {
				t.Errorf("%s: tag %q", r.ID, tag)
			}
		}
	}
	for _, s := range []string{"lost", "closed", "no_access", "moved", "seasonal", "by_appointment", "altered"} {
		if status[s] == 0 {
			t.Errorf("no place of status %s", s)
		}
	}
	for _, tier := range []string{"approximate", "region", "hidden"} {
		if tiers[tier] == 0 {
			t.Errorf("no place of tier %s", tier)
		}
	}
}
