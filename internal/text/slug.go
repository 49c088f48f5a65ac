package text

import (
	"strings"
	"unicode/utf8"

	"github.com/gosimple/unidecode"
	"golang.org/x/text/unicode/norm"
)

// MaxSlug is the longest slug in bytes.
const MaxSlug = 80

// Slug makes the address of a thing from its title: lower-case ASCII letters,
// digits and single hyphens, at most 80, cut between words. Other scripts are
// spelt in Latin letters. It is never empty, never "new" (a page of its own)
// and never of the form p123 (an id); such titles get "-place" behind, and a
// title without any letter is "place". Two titles may share a slug; whoever
// keeps them makes them differ.
func Slug(title string) string {
	if len(title) > 2000 {
		title = strings.ToValidUTF8(title[:2000], "")
	}
	latin := latinise(title)
	b := make([]byte, 0, MaxSlug)
	for _, word := range strings.FieldsFunc(latin, func(r rune) bool { return !slugByte(r) && r != '\'' }) {
		word = strings.ReplaceAll(word, "'", "")
		if word == "" {
			continue
		}
		if len(b) > 0 {
			if len(b)+1+len(word) > MaxSlug {
				break
			}
			b = append(b, '-')
		}
		b = append(b, word[:min(len(word), MaxSlug)]...)
	}
	slug := string(b)
	switch {
	case slug == "":
		return "place"
	case slug == "new" || isID(slug):
		if len(slug) > MaxSlug-len("-place") {
			slug = slug[:MaxSlug-len("-place")]
		}
		return slug + "-place"
	}
	return slug
}

// IsSlug reports whether s could be a slug: what Slug gives, by form.
func IsSlug(s string) bool {
	if s == "" || len(s) > MaxSlug+20 || s[0] == '-' || s[len(s)-1] == '-' || s == "new" || isID(s) {
		return false
	}
	for i := range len(s) {
		if !slugByte(rune(s[i])) && (s[i] != '-' || s[i-1] == '-') {
			return false
		}
	}
	return true
}

func slugByte(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

func isID(s string) bool {
	if len(s) < 2 || s[0] != 'p' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// latinise spells s in lower-case ASCII. Latin, Greek and Cyrillic lose their
// accents by Fold first; what then remains is transliterated character by
// character (Han by its Mandarin reading).
func latinise(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 16)
	for _, r := range norm.NFC.String(s) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(lowerASCII[r])
		case isApostrophe(r) || r == 'ʻ' || r == 'ʾ' || r == 'ʿ' || r == '·' || r == 'Ъ' || r == 'ъ' || r == 'Ь' || r == 'ь', r == 0x651, r == 0x652: // the last: Arabic shadda, sukun
			// Part of the word, without a sound of its own.
		case r == 'Ё' || r == 'ё':
			b.WriteString("yo")
		case r < 0x2B0 || r >= 0x1E00 && r < 0x1F00 || r > 0xFFFF: // Latin with accents, styled letters
			b.WriteString(Fold(string(r)))
		case r >= 0x622 && r <= 0x627 || r == 'ة' || r == 'ى': // Arabic alef and its kin, else silent
			b.WriteByte('a')
		default:
			b.WriteString(strings.ReplaceAll(strings.ToLower(unidecode.Unidecode(string(r))), "`", ""))
		}
	}
	return b.String()
}
