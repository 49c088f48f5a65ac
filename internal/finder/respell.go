package finder

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	findtext "mirabilia/internal/finder/text"
	"mirabilia/internal/text"
)

// asTyped is some of the folded words of a query as the query has them.
func asTyped(q string, words []string) string {
	var out []string
	for _, token := range strings.Fields(cut(q)) {
		mine := text.Words(token)
		if len(mine) > 0 && len(mine) <= len(words) && slices.Equal(words[:len(mine)], mine) {
			words = words[len(mine):]
			out = append(out, strings.Trim(token, ",;.!?"))
		}
	}
	if len(words) > 0 { // cut in the middle of a token
		out = append(out, words...)
	}
	return strings.Join(out, " ")
}

// respell writes a query with the words as they were understood. What was
// right stays as it was typed; what was wrong is spelt as in the name found.
func (v *view) respell(q string, words []string, a *findtext.Answer) string {
	var out []string
	at := 0
	proper := v.spellings(a)
	for _, token := range strings.Fields(cut(q)) {
		mine := text.Words(token)
		n := min(len(mine), len(words)-at)
		if n < len(mine) || n == 0 {
			continue
		}
		if n == 1 && at < len(a.Words) && len(a.Words) == len(words) {
			if to := a.Words[at]; to != words[at] {
				token = spell(to, token, proper)
			}
		} else if len(a.Words) == len(words) && !slices.Equal(a.Words[at:at+n], mine) {
			for i, w := range a.Words[at : at+n] {
				a.Words[at+i] = spell(w, token, proper)
			}
			token = strings.Join(a.Words[at:at+n], " ")
		}
		out = append(out, token)
		at += n
	}
	if len(a.Words) != len(words) { // words were left out: what is left is all there is
		if len(words) > 2*len(strings.Fields(q)) {
			return "" // pairs of characters are no words to show
		}
		out = out[:0]
		for _, w := range a.Words {
			out = append(out, spell(w, "", proper))
		}
	}
	return strings.Join(out, " ")
}

// spellings maps the folded words of the best hit's names to how they are
// written there.
func (v *view) spellings(a *findtext.Answer) map[string]string {
	proper := map[string]string{}
	if len(a.Hits) == 0 {
		return proper
	}
	h := a.Hits[0]
	d := v.parts[h.Part].docs
	names := []string{d.title(h.Ord)}
	for _, alias := range d.aliases(h.Ord) {
		names = append(names, alias.Name)
	}
	for _, name := range names {
		for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’' }) {
			if terms := text.Words(w); len(terms) == 1 {
				if _, ok := proper[terms[0]]; !ok {
					proper[terms[0]] = w
				}
			}
		}
	}
	return proper
}

// spell writes a folded word as names do, in the case of what was typed.
func spell(word, typed string, proper map[string]string) string {
	w, ok := proper[word]
	if !ok {
		w = word
	}
	first, _ := utf8.DecodeRuneInString(typed)
	if !unicode.IsUpper(first) {
		return strings.ToLower(w)
	}
	r, size := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(r)) + w[size:]
}
