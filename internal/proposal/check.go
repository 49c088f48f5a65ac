package proposal

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"mirabilia/internal/desk"
	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
)

// look is one run of the checks over what is proposed.
type look struct {
	ctx    context.Context
	p      *Proposals
	kind   desk.Kind
	place  int64 // of an edit
	fields revision.Fields
	// summary says what an edit changes, and why.
	summary string
	rules   setting.Contributing
	found   []desk.Finding

	read    map[string]string   // prose, once it was asked for
	inWords map[string][]string // words of a field of it, once they were
}

func (l *look) note(check, field, message string, blocking bool) {
	l.found = append(l.found, desk.Finding{Check: check, Field: field, Message: message, Blocking: blocking})
}

var proseFields = []string{"title", "subtitle", "body", "know_before_you_go"}

// prose is all that people read of it, by field.
func (l *look) prose() map[string]string {
	if l.read == nil {
		l.read = map[string]string{}
		for _, name := range proseFields {
			if s := l.fields.Text(name); s != "" {
				l.read[name] = text.Plain(s)
			}
		}
	}
	return l.read
}

// words are those of a field of the prose.
func (l *look) words(field string) []string {
	w, ok := l.inWords[field]
	if !ok {
		if l.inWords == nil {
			l.inWords = map[string][]string{}
		}
		w = text.Words(l.prose()[field])
		l.inWords[field] = w
	}
	return w
}

// checks lists every automatic check, in the order in which editors read what
// they found. of says whether there is something for it to look at; one that has
// nothing has not passed either.
var checks = []struct {
	name string
	of   func(l *look) (bool, error)
	run  func(l *look, name string) error
}{
	{"blocked", func(l *look) (bool, error) { return len(l.fields) > 0 || l.summary != "", nil }, blocked},
	{"sea", func(l *look) (bool, error) { return at(l.fields) != nil, nil }, atSea},
	{"country", func(l *look) (bool, error) { return at(l.fields) != nil && l.fields.Text("country_code") != "", nil }, otherCountry},
	{"copied", func(l *look) (bool, error) { return len(l.words("body")) >= 3*shingle, nil }, copied},
	{"length", ofPlace, tooShort},
	{"promotional", func(l *look) (bool, error) { return len(l.prose()) > 0, nil }, promotional},
	{"sources", ofPlace, withoutSource},
	{"licence", func(l *look) (bool, error) { return l.kind == desk.Place && l.fields.Text("body") != "", nil }, withoutLicence},
	{"position-in-text", protects, positionInText},
}

func ofPlace(l *look) (bool, error) { return l.kind == desk.Place, nil }

// protects reports whether there are words of a place whose position is
// protected.
func protects(l *look) (bool, error) {
	tier := l.fields.Text("location_tier")
	if l.kind == desk.Edit && tier == "" {
		tier = string(place.Exact)
		if list, err := l.p.places.Whole(l.ctx, []int64{l.place}); err != nil {
			return false, err
		} else if len(list) == 1 {
			tier = string(list[0].Tier)
		}
	}
	return tier != "" && tier != string(place.Exact) && len(l.prose()) > 0, nil
}

// shortBody is the length, in words, under which an entry rarely tells enough.
const shortBody = 80

func tooShort(l *look, name string) error {
	if n := len(l.words("body")); n < shortBody {
		l.note(name, "body", "It has "+plural(n, "word")+"; most that are accepted have more than 80.", false)
	}
	return nil
}

// selling are phrases of advertisements.
var selling = folded(
	"best in town", "world class", "must see", "must visit", "don't miss", "hidden gem", "book now", "contact us", "call us", "visit our",
	"our website", "our team", "we offer", "we are proud", "special offer", "discount", "affordable", "unforgettable experience",
	"something for everyone", "state of the art", "award winning", "click here", "free shipping", "best price", "best prices",
)

// phrase is what is looked for in folded words.
type phrase struct{ text, words string }

func folded(list ...string) []phrase {
	out := make([]phrase, len(list))
	for i, p := range list {
		out[i] = phrase{p, " " + strings.Join(text.Words(p), " ") + " "}
	}
	return out
}

func promotional(l *look, name string) error {
	for _, field := range proseFields {
		words := " " + strings.Join(l.words(field), " ") + " "
		var said []string
		for _, p := range selling {
			if strings.Contains(words, p.words) {
				said = append(said, "“"+p.text+"”")
			}
		}
		if len(said) > 0 {
			l.note(name, field, "It sounds like an advertisement: "+strings.Join(said, ", ")+".", false)
		}
	}
	return nil
}

// atSea notices a position on no land: most often latitude and longitude were
// exchanged or a sign was lost.
func atSea(l *look, name string) error {
	if p := at(l.fields); p != nil && l.p.places.Land(*p) == nil {
		l.note(name, "lat", "The position is at sea, in no country.", false)
	}
	return nil
}

func otherCountry(l *look, name string) error {
	said := strings.ToUpper(l.fields.Text("country_code"))
	p := at(l.fields)
	if said == "" || p == nil {
		return nil
	}
	if land := l.p.places.Land(*p); land != nil && land.CountryCode != said {
		l.note(name, "lat", "The position is in "+land.Name+", not in the country that was named ("+said+").", false)
	}
	return nil
}

func withoutSource(l *look, name string) error {
	if l.kind == desk.Place {
		var list []place.Source
		if !decode(l.fields, "sources", &list) || len(list) == 0 {
			l.note(name, "sources", "It names no source.", false)
		}
	}
	return nil
}

// withoutLicence notices a text that came from elsewhere, so its sources say
// by an address, and says nothing of its rights.
func withoutLicence(l *look, name string) error {
	if l.kind == desk.Place && l.fields.Text("licence") == "" && len(l.fields.Text("body")) > 0 {
		l.note(name, "licence", "It says nothing of the rights in its text; it is taken to be the author's own, under the atlas's licence.", false)
	}
	return nil
}

var coordinates = regexp.MustCompile(`-?\d{1,2}\.\d{3,}\s*°?\s*[NS]?\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}|\d{1,2}\s*°\s*\d{1,2}\s*['′]|\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b`)

// positionInText notices coordinates in the words of a place whose position
// is protected: they would tell what its tier hides.
func positionInText(l *look, name string) error {
	for _, field := range proseFields {
		if coordinates.MatchString(l.fields.Text(field)) {
			l.note(name, field, "Its words give coordinates, though its position is protected.", true)
		}
	}
	return nil
}

// blocked notices words and link domains that the atlas holds for review, in
// whatever is written: also in the names of facts' sources and in the summary.
func blocked(l *look, name string) error {
	for _, field := range l.fields.Names() {
		for _, why := range l.rules.Held(setting.OfSubmission, textIn(l.fields[field])) {
			l.note(name, field, why, true)
		}
	}
	for _, why := range l.rules.Held(setting.OfSubmission, l.summary) {
		l.note(name, "summary", why, true)
	}
	return nil
}

// textIn is every text within a value, with the signs read that JSON may write
// letters by.
func textIn(raw json.RawMessage) string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return string(raw)
	}
	var b strings.Builder
	var gather func(v any)
	gather = func(v any) {
		switch v := v.(type) {
		case string:
			b.WriteString(v)
			b.WriteByte('\n')
		case []any:
			for _, x := range v {
				gather(x)
			}
		case map[string]any:
			for _, x := range v {
				gather(x)
			}
		}
	}
	gather(v)
	return b.String()
}

const (
	shingle     = 8   // words in a row that two texts rarely share by chance
	copiedShare = 0.2 // of the shingles of the shorter text
	maxProbes   = 6
)

// copied notices a text that repeats another entry's.
func copied(l *look, name string) error {
	all, probes := l.words("body"), make([][]string, maxProbes)
	for i := range probes {
		from := i * (len(all) - shingle) / (maxProbes - 1)
		probes[i] = all[from : from+shingle]
	}
	var ids []int64
	for _, c := range l.p.finder.Quoted(probes, []finder.Kind{finder.Place, finder.Eatery}, 3) {
		if c.ID != l.place && !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	mine := shingles(all)
	others, err := l.p.places.Whole(l.ctx, ids)
	if err != nil {
		return err
	}
	for _, o := range others {
		theirs := shingles(text.Words(text.Plain(o.Body)))
		shared := 0
		for s := range theirs {
			if mine[s] {
				shared++
			}
		}
		if least := min(len(mine), len(theirs)); least > 0 && float64(shared) >= copiedShare*float64(least) {
			l.note(name, "body", "Much of its text stands in “"+o.Title+"” ("+o.Path()+").", true)
		}
	}
	return nil
}

func shingles(words []string) map[string]bool {
	set := map[string]bool{}
	for i := 0; i+shingle <= len(words); i++ {
		set[strings.Join(words[i:i+shingle], " ")] = true
	}
	return set
}
