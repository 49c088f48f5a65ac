package setting

import (
	"strings"

	"mirabilia/internal/errs"
)

// Contributing is how the atlas trusts what members send.
type Contributing struct {
	// KnownAfter and TrustedAfter are how many accepted submissions make a
	// member known and trusted; DeclinedBelow is the share of declined ones, in
	// percent, that a trusted member stays below.
	KnownAfter    int `json:"known_after"`
	TrustedAfter  int `json:"trusted_after"`
	DeclinedBelow int `json:"declined_below"`
	// DailyNew, DailyKnown and DailyTrusted are how many submissions a day a
	// member of each level may send. Editors have no such limit.
	DailyNew     int `json:"daily_new"`
	DailyKnown   int `json:"daily_known"`
	DailyTrusted int `json:"daily_trusted"`
	// PhotosNew, PhotosKnown and PhotosTrusted are the same for photos.
	PhotosNew     int `json:"photos_new"`
	PhotosKnown   int `json:"photos_known"`
	PhotosTrusted int `json:"photos_trusted"`
	// SampleOneIn: of so many edits that went live at once, one is looked at.
	SampleOneIn int `json:"sample_one_in"`
	// A photo is hidden until an editor has looked at it when an editor or a
	// trusted member reports it, or ReportsHide readers each for themselves. One
	// that an editor has kept is hidden by editors alone for ReportsRest days.
	ReportsHide int `json:"reports_hide"`
	ReportsRest int `json:"reports_rest"`
	// BlockedWords and BlockedDomains hold a submission for review.
	BlockedWords   []string `json:"blocked_words"`
	BlockedDomains []string `json:"blocked_domains"`
}

func contributing() Contributing {
	return Contributing{KnownAfter: 1, TrustedAfter: 10, DeclinedBelow: 10, DailyNew: 20, DailyKnown: 60, DailyTrusted: 300, PhotosNew: 30, PhotosKnown: 120, PhotosTrusted: 600, SampleOneIn: 5, ReportsHide: 3, ReportsRest: 90}
}

func (c Contributing) check() error {
	for _, n := range []struct {
		field string
		value int
	}{
		{"known_after", c.KnownAfter}, {"trusted_after", c.TrustedAfter}, {"daily_new", c.DailyNew}, {"daily_known", c.DailyKnown},
		{"daily_trusted", c.DailyTrusted}, {"sample_one_in", c.SampleOneIn}, {"photos_new", c.PhotosNew}, {"photos_known", c.PhotosKnown}, {"photos_trusted", c.PhotosTrusted}, {"reports_hide", c.ReportsHide},
	} {
		if n.value < 1 {
			return errs.InField(n.field, "is at least 1")
		}
	}
	if c.ReportsRest < 0 {
		return errs.InField("reports_rest", "is a number of days")
	}
	if c.DeclinedBelow < 0 || c.DeclinedBelow > 100 {
		return errs.InField("declined_below", "is a share in percent, 0 to 100")
	}
	return c.checkBlocked()
}

// maxBlocked is how many words, and how many sites, can be blocked; maxWord how
// long one is, in characters.
const (
	maxBlocked = 2000
	maxWord    = 100
)

func (c Contributing) checkBlocked() error {
	if len(c.BlockedWords) > maxBlocked || len(c.BlockedDomains) > maxBlocked {
		return errs.InField("blocked_words", "and sites are %d at most", maxBlocked)
	}
	for _, w := range c.BlockedWords {
		if len([]rune(w)) > maxWord || len(terms(w)) == 0 {
			return errs.InField("blocked_words", "are of letters or digits, %d characters at most: %q is not", maxWord, w)
		}
	}
	for _, d := range c.BlockedDomains {
		if len(d) > 253 || len(hostsOf(d)) == 0 || !strings.Contains(strings.Trim(d, "*."), ".") || strings.ContainsAny(d, "/:@ ?#") {
			return errs.InField("blocked_domains", "are such as spam.example: %q is not", d)
		}
	}
	return nil
}
