package trie

import "unicode/utf8"

// A key is stored in a code that spends one byte on the letters of the five
// scripts that most names are written in, two on those of smaller alphabets,
// and three on all others (Han, Hangul, and what else there is): names take
// half the space of UTF-8.

// span is a range of characters and the code of its first.
type span struct{ from, to, code rune }

// oneByte numbers the commonest characters from 0; longForm is the first byte
// that begins a longer code.
var oneByte = number(0, [][2]rune{
	{' ', ' '}, {'0', '9'}, {'a', 'z'}, {'α', 'ω'}, {'а', 'џ'}, {'ء', 'ي'}, {'ァ', 'ー'},
})

// twoBytes numbers the smaller alphabets and the abugidas.
var twoBytes = number(0, [][2]rune{
	{'ֿ', 'ײ'}, {'ա', 'և'}, {'ა', 'ჿ'}, {'ぁ', 'ゖ'}, {'ऀ', '෿'}, {'ก', '๛'}, {'ກ', 'ໟ'}, {'က', '႟'}, {'ሀ', 'ᎏ'},
})

const (
	longForm  = 244                // lead bytes up to anyForm begin two bytes
	anyForm   = 255                // begins three bytes
	twoSpaces = anyForm - longForm // times 256 codes of two bytes
)

func number(code rune, ranges [][2]rune) []span {
	var spans []span
	for _, r := range ranges {
		spans = append(spans, span{r[0], r[1], code})
		code += r[1] - r[0] + 1
	}
	return spans
}

// encode appends the code of a key; characters outside the Basic Multilingual
// Plane become U+FFFD.
func encode(b []byte, key string) []byte {
	for _, r := range key {
		if c, ok := codeOf(oneByte, r); ok && c < longForm {
			b = append(b, byte(c))
			continue
		}
		if c, ok := codeOf(twoBytes, r); ok && c < twoSpaces*256 {
			b = append(b, byte(longForm+c>>8), byte(c))
			continue
		}
		if r > 0xFFFF {
			r = utf8.RuneError
		}
		b = append(b, anyForm, byte(r>>8), byte(r))
	}
	return b
}

func codeOf(spans []span, r rune) (rune, bool) {
	for _, s := range spans {
		if r >= s.from && r <= s.to {
			return s.code + r - s.from, true
		}
	}
	return 0, false
}

func charOf(spans []span, code rune) rune {
	for i := len(spans) - 1; i >= 0; i-- {
		if code >= spans[i].code {
			return spans[i].from + code - spans[i].code
		}
	}
	return utf8.RuneError
}

// simple holds the character of each one-byte code.
var simple = func() (t [longForm]rune) {
	for i := range t {
		t[i] = charOf(oneByte, rune(i))
	}
	return t
}()

// decoder puts characters together from bytes of the code.
type decoder struct {
	lead byte // longForm or more while bytes are missing
	mid  byte
	have uint8
}

// next takes a byte; done tells whether it ended a character.
func (d *decoder) next(b byte) (r rune, done bool) {
	switch {
	case d.have == 0 && b < longForm:
		return simple[b], true
	case d.have == 0:
		d.lead, d.have = b, 1
		return 0, false
	case d.have == 1 && d.lead < anyForm:
		d.have = 0
		return charOf(twoBytes, rune(d.lead-longForm)<<8|rune(b)), true
	case d.have == 1:
		d.mid, d.have = b, 2
		return 0, false
	}
	d.have = 0
	return rune(d.mid)<<8 | rune(b), true
}

// decode is the key of a code.
func decode(code []byte) string {
	var d decoder
	key := make([]rune, 0, len(code))
	for _, b := range code {
		if r, done := d.next(b); done {
			key = append(key, r)
		}
	}
	return string(key)
}
