package setting

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// Said is a text that somebody writes, and the field that it stands in.
type Said struct{ Field, Text string }

// Writer is a way by which members or strangers write what others read. Each goes
// through Refuse or Held; a test walks them all, and another asks of every column
// of text by which of them it is written.
type Writer string

// The writers.
const (
	OfName       Writer = "name"        // of a member, when they join and later
	OfProfile    Writer = "profile"     // what a member says of themselves
	OfList       Writer = "list"        // title, description and notes of a list
	OfVisit      Writer = "visit"       // the note of a visit that others see
	OfLetter     Writer = "letter"      // of a conversation at the desk
	OfPhotoAgain Writer = "photo again" // the words of a photo that was sent before
	OfSubmission Writer = "submission"  // a pitch, a place, an edit, and its summary
	OfPhoto      Writer = "photo"       // caption, description and author of a photo
	OfFieldNote  Writer = "field note"  // how a visitor found a place otherwise
	OfAppeal     Writer = "appeal"      // why something should be looked at again
	OfReport     Writer = "report"      // what a reader reports, also without an account
)

// Writers says of each whether an editor looks at it before others do: then it
// waits with a warning, else it is refused beside its field.
var Writers = map[Writer]bool{
	OfName: false, OfProfile: false, OfList: false, OfVisit: false, OfLetter: false, OfPhotoAgain: false,
	OfSubmission: true, OfPhoto: true, OfFieldNote: true, OfAppeal: true, OfReport: true,
}

// Held says why what somebody wrote is looked at by an editor first, a sentence
// for each blocked word or site in it.
func (c Contributing) Held(w Writer, words string) []string {
	if held, known := Writers[w]; !known || !held {
		return []string{"Nobody said how this is read."} // a mistake of ours waits too
	}
	return c.Blocked(words)
}

// Refuse is for what is public without anybody's review: the error names each
// field that has a blocked word or site in it. Editors write what they must.
func Refuse(tx *db.Tx, a actor.Actor, w Writer, list ...Said) error {
	if held, known := Writers[w]; !known || held {
		return errs.New(errs.Internal, "nobody said how %q is read", w)
	}
	if a.Role.AtLeast(actor.Editor) {
		return nil
	}
	s, err := In(tx)
	if err != nil {
		return err
	}
	e := &errs.Error{Code: errs.Invalid, Message: "Some of this is not taken here."}
	for _, x := range list {
		if why := s.Contributing.Blocked(x.Text); len(why) > 0 {
			e.Fields = append(e.Fields, errs.Field{Field: x.Field, Message: strings.Join(why, " ") + " Please write it without."})
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// Blocked is the one check of whatever a member writes: it names the words and
// the sites in it that the atlas holds for review, a sentence each; nothing for
// a text that may pass. It takes time in proportion to the text: nothing that an
// operator blocks is a pattern.
func (c Contributing) Blocked(s string) (found []string) {
	for _, w := range c.BlockedWordsIn(s) {
		found = append(found, "It has a blocked word: “"+w+"”.")
	}
	for _, host := range c.BlockedSitesIn(s) {
		found = append(found, "It links to a blocked site: "+host+".")
	}
	return found
}

// BlockedWordsIn lists the blocked words and phrases that a text has, Markdown or
// not, whatever their case, accents and look-alike letters, with invisible
// characters in them, or spelt letter by letter.
func (c Contributing) BlockedWordsIn(s string) (found []string) {
	if len(c.BlockedWords) == 0 || s == "" {
		return nil
	}
	read := readingOf(s)
	for _, word := range c.BlockedWords {
		if read.has(terms(word)) {
			found = append(found, word)
		}
	}
	return found
}

// reading is a text as its blocked words are looked for.
type reading struct {
	all   string // its words, each between spaces
	words map[string]bool
	spelt []string // runs of single letters, joined
}

func readingOf(s string) reading {
	r := reading{words: map[string]bool{}}
	var all strings.Builder
	for _, way := range []string{s, text.Plain(s)} {
		list := terms(way)
		all.WriteByte(' ')
		run, letters := "", 0
		end := func() {
			if letters >= leastSpelt {
				r.spelt = append(r.spelt, run)
			}
			run, letters = "", 0
		}
		for _, w := range list {
			r.words[w] = true
			all.WriteString(w)
			all.WriteByte(' ')
			if utf8.RuneCountInString(w) == 1 {
				run, letters = run+w, letters+1
			} else {
				end()
			}
		}
		end()
		all.WriteString("\n") // no phrase reaches from one way into the other
	}
	r.all = all.String()
	return r
}

// leastSpelt is how many letters in a row are taken for a word that is spelt.
const leastSpelt = 4

func (r reading) has(word []string) bool {
	if len(word) == 0 {
		return false
	}
	if len(word) == 1 && r.words[word[0]] {
		return true
	}
	if len(word) > 1 && r.words[word[0]] && strings.Contains(r.all, " "+strings.Join(word, " ")+" ") {
		return true
	}
	joined := strings.Join(word, "")
	return utf8.RuneCountInString(joined) >= leastSpelt && slices.ContainsFunc(r.spelt, func(run string) bool { return strings.Contains(run, joined) })
}

// terms are the words of a text, folded, without what cannot be seen, and in one
// script where two have letters that look the same.
func terms(s string) []string {
	list := text.Words(strings.Map(seen, s))
	for i, w := range list {
		list[i] = strings.Map(plainly, w)
	}
	return list
}

// seen leaves out characters that take no room: whoever reads does not see that
// a word is cut by one.
func seen(r rune) rune {
	switch r {
	case '\u034F', '\u115F', '\u1160', '\u17B4', '\u17B5', '\u200B', '\u3164', '\uFFA0': // joiners, fillers, a break of no width
		return -1
	}
	if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
		return -1
	}
	return r
}

// alike are letters of Cyrillic and Greek, in small, that look like Latin ones.
// Blocked words go through it too, so that they are found in their own script.
var alike = func() map[rune]rune {
	m := map[rune]rune{}
	for _, p := range strings.Fields("аa еe оo рp сc уy хx іi јj ѕs ԁd ԛq ԝw кk мm тt нh вb αa εe οo ρp τt υu νv ιi κk χx γy ηn ωw") {
		r, size := utf8.DecodeRuneInString(p)
		m[r], _ = utf8.DecodeRuneInString(p[size:])
	}
	return m
}()

func plainly(r rune) rune {
	if to, ok := alike[r]; ok {
		return to
	}
	return r
}

// BlockedSitesIn lists the blocked sites that a text names, sites under them
// included: with http before it or without, in Markdown, HTML or an address with
// signs for its letters.
func (c Contributing) BlockedSitesIn(s string) (found []string) {
	if len(c.BlockedDomains) == 0 || !strings.ContainsAny(s, ".。．｡%&") {
		return nil
	}
	plain := sitesIn(s)
	ways := []string{plain}
	if open := sitesIn(percent(unescaped.Replace(html.UnescapeString(s)))); open != plain {
		ways = append(ways, open)
	}
	for _, way := range ways {
		for _, domain := range c.BlockedDomains {
			for _, d := range hostsOf(domain) {
				if host := under(way, d); host != "" && !slices.Contains(found, host) {
					found = append(found, host)
				}
			}
		}
	}
	return found
}

// unescaped takes away what Markdown lets stand before a sign.
var unescaped = strings.NewReplacer(`\.`, ".", `\-`, "-", `\%`, "%")

// sitesIn is a text as names of sites are read in it.
func sitesIn(s string) string {
	s = norm.NFKC.String(strings.Map(seen, s))
	return strings.NewReplacer("。", ".", "｡", ".").Replace(strings.ToLower(s))
}

// percent turns %61 into a. What is no such sign stays.
func percent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := hex(s[i+1]), hex(s[i+2]); hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return strings.ToValidUTF8(b.String(), " ")
}

func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// hostsOf are the forms of a blocked domain: in letters and in those of the
// domain name system.
func hostsOf(domain string) (list []string) {
	d := sitesIn(strings.TrimSpace(domain))
	d = strings.Trim(strings.TrimPrefix(d, "*."), ".")
	if d == "" {
		return nil
	}
	list = append(list, d)
	for _, to := range []func(string) (string, error){idna.Lookup.ToASCII, idna.Lookup.ToUnicode} {
		if other, err := to(d); err == nil && !slices.Contains(list, other) {
			list = append(list, other)
		}
	}
	return list
}

// under finds a domain in a text, or a site under it, and gives it as it stands
// there; "" when it is not named.
func under(s, domain string) string {
	for from := 0; ; {
		i := strings.Index(s[from:], domain)
		if i < 0 {
			return ""
		}
		i += from
		end := i + len(domain)
		from = end
		next, size := utf8.DecodeRuneInString(s[end:])
		if inName(next) && end < len(s) {
			continue
		}
		if next == '.' {
			if after, _ := utf8.DecodeRuneInString(s[end+size:]); inName(after) && end+size < len(s) {
				continue // a longer name that begins so
			}
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		if i > 0 && inName(before) {
			continue
		}
		start := i
		if before == '.' {
			for start > 0 {
				r, n := utf8.DecodeLastRuneInString(s[:start])
				if !inName(r) && r != '.' {
					break
				}
				start -= n
			}
		}
		return strings.TrimLeft(s[start:end], ".")
	}
}

// inName reports whether a character is part of a name between two dots.
func inName(r rune) bool {
	return r == '-' || r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}
