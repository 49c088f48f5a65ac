package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold is the form in which texts are compared: compatibility forms resolved
// (NFKD), accents and points dropped, lower case, letters that carry a stroke
// or are two letters in one spelt plainly (ł → l, æ → ae, ß → ss, ı → i),
// typographic quotes and dashes made plain. Signs that are letters in their
// own right stay: vowels of Indic scripts and Thai, voiced kana, Hangul
// syllables. Folding twice changes nothing.
func Fold(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf && (s[i] < 'A' || s[i] > 'Z') {
		i++
	}
	if i == len(s) {
		return s
	}
	return string(AppendFold(make([]byte, 0, len(s)+8), s))
}

// AppendFold appends Fold(s) to dst.
func AppendFold(dst []byte, s string) []byte {
	s = compose(s)
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst = append(dst, lowerASCII[c])
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r == utf8.RuneError && size == 1 {
			continue
		}
		dst = appendFoldRune(dst, r)
	}
	return dst
}

// compose joins what only a sequence can tell: Hangul written in jamo, kana
// with a separate voicing mark, half-width kana. Other text is left alone.
func compose(s string) string {
	for i := 0; i+2 < len(s); i++ {
		switch s[i] {
		case 0xE1: // U+1100–U+11FF: jamo
			if s[i+1] >= 0x84 && s[i+1] <= 0x87 {
				return composeAll(s)
			}
		case 0xE3: // U+3099, U+309A: voicing marks
			if s[i+1] == 0x82 && (s[i+2] == 0x99 || s[i+2] == 0x9A) {
				return composeAll(s)
			}
		case 0xEF: // U+FF61–U+FFDC: half-width kana and jamo
			if s[i+1] >= 0xBD && s[i+1] <= 0xBF {
				return composeAll(s)
			}
		}
	}
	return s
}

func composeAll(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 0xFF61 && r <= 0xFFDC {
			r, _ = utf8.DecodeRuneInString(norm.NFKC.String(string(r)))
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

var lowerASCII = func() (t [128]byte) {
	for i := range t {
		t[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			t[i] += 'a' - 'A'
		}
	}
	return t
}()

// foldTable holds the folded form of the letters of Latin, Greek and Cyrillic
// below U+0590, by far the most of what is not ASCII; a look-up is ten times
// as fast as asking the normaliser.
var foldTable = func() (t [0x590]string) {
	for r := rune(0x80); r < 0x590; r++ {
		t[r] = string(foldSlow(nil, r))
	}
	return t
}()

func appendFoldRune(dst []byte, r rune) []byte {
	if r < rune(len(foldTable)) {
		return append(dst, foldTable[r]...)
	}
	if whole(r) || r >= 0x4E00 && r <= 0x9FFF {
		return utf8.AppendRune(dst, r)
	}
	return foldSlow(dst, r)
}

// foldSlow folds one character through its full decomposition.
func foldSlow(dst []byte, r rune) []byte {
	if whole(r) {
		return utf8.AppendRune(dst, r)
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	dec := norm.NFKD.Properties(buf[:n]).Decomposition()
	if dec == nil {
		return foldPart(dst, r)
	}
	if first, _ := utf8.DecodeRune(dec); unicode.IsLetter(first) && unicode.Is(unicode.So, r) {
		return utf8.AppendRune(dst, r) // ™ is a sign, not the letters tm
	}
	if r >= 0x3130 && (r <= 0x33FF || r >= 0xFF00 && r <= 0xFFEF) { // squared and circled kana and Hangul
		dec = norm.NFKC.Bytes(buf[:n])
	}
	for len(dec) > 0 {
		d, size := utf8.DecodeRune(dec)
		dec = dec[size:]
		dst = foldPart(dst, d)
	}
	return dst
}

// whole reports whether r stays as it is: kana, the voiced ones too, and
// Hangul syllables.
func whole(r rune) bool {
	return r >= 0x3041 && r <= 0x3096 || r >= 0x309D && r <= 0x30FE || r >= 0xAC00 && r <= 0xD7A3
}

// foldPart folds a character that has no decomposition.
func foldPart(dst []byte, r rune) []byte {
	if dropped(r) {
		return dst
	}
	if whole(r) {
		return utf8.AppendRune(dst, r)
	}
	r = unicode.ToLower(r)
	if to, ok := plainLetters[r]; ok {
		return append(dst, to...)
	}
	// The lower case of a few letters has a decomposition of its own.
	if r >= utf8.RuneSelf && !dropped(r) {
		var buf [utf8.UTFMax]byte
		n := utf8.EncodeRune(buf[:], r)
		if norm.NFKD.Properties(buf[:n]).Decomposition() != nil {
			return foldSlow(dst, r)
		}
	}
	return utf8.AppendRune(dst, r)
}

// dropped reports whether folding leaves r out: accents, points and harakat,
// tone marks of Thai and Lao, and formatting characters.
func dropped(r rune) bool {
	switch {
	case r < 0x300:
		return r == 0xAD
	case r < 0x370:
		return true
	case r == 0x640: // Arabic tatweel, a mere stretching
		return true
	case r == 0x93C, r == 0x9BC, r == 0xA3C, r == 0xABC, r == 0xB3C: // nukta
		return true
	case r >= 0xE47 && r <= 0xE4E, r >= 0xEC8 && r <= 0xECD: // tone marks
		return true
	case r == 0x200B: // a break between words in Thai and Khmer
		return false
	case r >= 0x900 && r < 0x1AB0, r >= 0xA800 && r < 0xAC00:
		return false // marks that are letters: vowel signs, viramas
	}
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r)
}

// plainLetters spells what decomposition leaves whole. Keys are lower case.
var plainLetters = func() map[rune]string {
	pairs := "ßss æae œoe øo łl đd ðd þth ħh ıi ŋn ŧt ĸk ƀb ɓb ƃb ƈc ɖd ɗd ƌd ǝe əe ɛe ƒf ɠg ǥg ɣg ɨi ɩi ƙk ƚl ɫl ɬl ƛl " +
		"ɲn ƞn ɔo ɵo ƥp ʠq ɍr ɽr ʂs ƭt ʈt ƫt ʉu ʊu ʋv ɏy ƴy ƶz ȥz ʐz ʒz ⱥa ȼc ⱡl ⱦt ɇe ɉj ȡd ȴl ȵn ȶt ɯu ꝑp ꝛr " +
		"ςσ " +
		"ґг қк ғг ңн ұу үу өо әа ҳх ҷч ҙз ҫс ҡк ҝк ҹч ӊн ӈн ҥн һх ӏ| ѣе іи єе ѕз " +
		"ةه ىي یي کك ہه ھه ەه ےي ٱا ٹت ڈد ڑر ںن " +
		"’' ‘' ‚' ‛' ʼ' ʻ' ʹ' ʽ' ′' ´' ‹' ›' ＇' “\" ”\" „\" ‟\" «\" »\" ″\" ‐- ‑- ‒- –- —- ―- −- ⁄/ 〜~ 、, 。."
	m := make(map[rune]string, 160)
	for _, p := range strings.Fields(pairs) {
		r, size := utf8.DecodeRuneInString(p)
		m[r] = strings.ReplaceAll(p[size:], "|", "")
	}
	m['ʾ'], m['ʿ'] = "'", "'" // transliterated hamza and ayn
	return m
}()
