package revision

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The kinds of pieces.
const (
	Kept    = "same"
	Added   = "added"
	Removed = "removed"
)

// Piece is a stretch of text that both sides have or only one has.
type Piece struct {
	Op   string `json:"op"`
	Text string `json:"text"`
}

// Change is a field that says something else, before and after; of texts also
// word by word.
type Change struct {
	Field string          `json:"field"`
	Old   json.RawMessage `json:"old,omitempty"`
	New   json.RawMessage `json:"new,omitempty"`
	Words []Piece         `json:"words,omitempty"`
}

// Diff lists the fields that differ, in alphabetical order.
func Diff(old, new Fields) []Change {
	var list []Change
	for _, name := range Changed(old, new) {
		c := Change{Field: name, Old: old[name], New: new[name]}
		if a, okA := textOf(c.Old); okA {
			if b, okB := textOf(c.New); okB {
				c.Words = Words(a, b)
			}
		}
		list = append(list, c)
	}
	return list
}

// textOf reads a value that is a text or nothing.
func textOf(v json.RawMessage) (s string, ok bool) {
	if nothing(v) {
		return "", true
	}
	return s, json.Unmarshal(v, &s) == nil
}

// Words compares two texts word by word. The pieces that are kept or removed,
// joined, are old; those that are kept or added are new.
func Words(old, new string) []Piece {
	var list []Piece
	for _, s := range joined(stretches(tokens(old), tokens(new))) {
		for _, p := range []Piece{{Kept, s.kept}, {Removed, s.removed}, {Added, s.added}} {
			if p.Text != "" {
				list = append(list, p)
			}
		}
	}
	return list
}

// stretch is text that both have, or what one has in place of the other's.
type stretch struct{ kept, removed, added string }

// stretches alternate between kept and changed ones.
func stretches(a, b []string) (list []stretch) {
	var kept, removed, added strings.Builder
	end := func() {
		if removed.Len()+added.Len() > 0 {
			list = append(list, stretch{removed: removed.String(), added: added.String()})
			removed.Reset()
			added.Reset()
		}
	}
	endKept := func() {
		if kept.Len() > 0 {
			list = append(list, stretch{kept: kept.String()})
			kept.Reset()
		}
	}
	j := 0
	for i, in := range align(a, b) {
		if in < 0 {
			endKept()
			removed.WriteString(a[i])
			continue
		}
		for ; j < in; j++ {
			endKept()
			added.WriteString(b[j])
		}
		end()
		kept.WriteString(a[i])
		j++
	}
	for ; j < len(b); j++ {
		endKept()
		added.WriteString(b[j])
	}
	endKept()
	end()
	return list
}

// joined takes what was kept between two changes and is no word (a space, a
// comma) into them: "red fox" for "blue cat" is one change, not two.
func joined(list []stretch) []stretch {
	var out []stretch
	for i := 0; i < len(list); i++ {
		s := list[i]
		if n := len(out); s.kept != "" && n > 0 && out[n-1].kept == "" && i+1 < len(list) && !hasWord(s.kept) {
			next := list[i+1]
			out[n-1].removed += s.kept + next.removed
			out[n-1].added += s.kept + next.added
			i++
			continue
		}
		out = append(out, s)
	}
	return out
}

// tokens cuts a text into words, runs of space, and single other characters.
// Where a script writes no spaces each character is a word.
func tokens(s string) []string {
	list := make([]string, 0, len(s)/3+1)
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		var more func(rune) bool
		switch {
		case alone(r):
		case inWord(r):
			more = func(r rune) bool { return inWord(r) && !alone(r) }
		case unicode.IsSpace(r):
			more = unicode.IsSpace
		}
		for more != nil && n < len(s) {
			next, size := utf8.DecodeRuneInString(s[n:])
			if !more(next) {
				break
			}
			n += size
		}
		list = append(list, s[:n])
		s = s[n:]
	}
	return list
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// alone tells characters of scripts that write no spaces; the first of them
// is Thai.
func alone(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func isWord(token string) bool {
	r, _ := utf8.DecodeRuneInString(token)
	return inWord(r)
}

func hasWord(s string) bool { return strings.ContainsFunc(s, inWord) }
