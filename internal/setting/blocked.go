package setting

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"mirabilia/internal/text"
)

// Blocked is the one check of whatever a member writes: it names the words and
// the sites in it that the atlas holds for review, a sentence each; nothing for
// a text that may pass.
func (c Contributing) Blocked(s string) (found []string) {
	for _, w := range c.BlockedWordsIn(text.Plain(s)) {
		found = append(found, "It has a blocked word: “"+w+"”.")
	}
	for _, host := range c.BlockedSitesIn(s) {
		found = append(found, "It links to a blocked site: "+host+".")
	}
	return found
}

// BlockedWordsIn lists the blocked words and phrases that a text has, whatever
// their case and accents.
func (c Contributing) BlockedWordsIn(prose string) (found []string) {
	if len(c.BlockedWords) == 0 || prose == "" {
		return nil
	}
	folded := " " + strings.Join(text.Words(prose), " ") + " "
	for _, word := range c.BlockedWords {
		if w := strings.Join(text.Words(word), " "); w != "" && strings.Contains(folded, " "+w+" ") {
			found = append(found, word)
		}
	}
	return found
}

var address = regexp.MustCompile(`(?i)https?://[^\s"'<>)\]\\]+`)

// BlockedSitesIn lists the blocked sites that a text links to, sites under them
// included.
func (c Contributing) BlockedSitesIn(s string) (found []string) {
	if len(c.BlockedDomains) == 0 {
		return nil
	}
	for _, a := range address.FindAllString(s, 200) {
		u, err := url.Parse(a)
		if err != nil || u.Hostname() == "" {
			continue
		}
		host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
		if !slices.Contains(found, host) && slices.ContainsFunc(c.BlockedDomains, func(d string) bool {
			d = strings.ToLower(strings.TrimSpace(d))
			return d != "" && (host == d || strings.HasSuffix(host, "."+d))
		}) {
			found = append(found, host)
		}
	}
	return found
}
