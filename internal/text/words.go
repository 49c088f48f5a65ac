package text

import (
	"unicode"
	"unicode/utf8"
)

// MaxTerm is the longest term in bytes; what is longer is cut there, at a
// character. Nothing that a person would search for is longer, and one giant
// "word" must not become a giant dictionary entry.
const MaxTerm = 64

// Words splits text into the terms it is found by: folded (see Fold), cut at
// everything that is not a letter, digit or mark. Scripts written without
// spaces (Han, kana, Thai, Lao, Khmer, Myanmar) and Hangul, whose particles
// cling to the noun, become overlapping pairs of characters; a single
// character is its own term. "O'Connor" is oconnor and "Peter's" peters, but
// "d'Orsay" is d and orsay; "U.S.A." is usa.
func Words(s string) []string { return AppendWords(nil, s) }

// AppendWords appends Words(s) to dst. The terms share one allocation.
func AppendWords(dst []string, s string) []string {
	var (
		g     Segmenter
		buf   [512]byte
		spans [96]span
	)
	g.buf, g.spans = buf[:0], spans[:0]
	g.run(s)
	if len(g.spans) == 0 {
		return dst
	}
	all := string(g.buf)
	if dst == nil {
		dst = make([]string, 0, len(g.spans))
	}
	for _, sp := range g.spans {
		dst = append(dst, all[sp.from:sp.to])
	}
	return dst
}

// Segmenter finds the terms of many texts with the same memory. The zero
// value is ready; it must not be used by two goroutines at once.
type Segmenter struct {
	buf   []byte
	spans []span

	// The word under way: where it starts in buf, and what it is made of.
	start    int
	kind     wordKind
	last     int // start in buf of the last character, for pairs
	chars    int
	abridged bool // letters joined over dots, as in U.S.A.
}

type span struct{ from, to int32 }

type wordKind byte

const (
	none  wordKind = iota
	plain          // a word ended by what is not a letter
	pairs          // a run of a script without spaces
)

// Each calls yield for every term of s, in order. The bytes are only good
// until yield returns.
func (g *Segmenter) Each(s string, yield func(term []byte)) {
	g.run(s)
	for _, sp := range g.spans {
		yield(g.buf[sp.from:sp.to])
	}
}

func (g *Segmenter) run(s string) {
	g.buf, g.spans = g.buf[:0], g.spans[:0]
	g.start, g.kind, g.chars, g.abridged = 0, none, 0, false
	s = compose(s)
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			i += g.wide(s, i)
			continue
		}
		if wordASCII[c] {
			if g.kind == pairs {
				g.end()
			}
			if g.kind == none {
				g.begin(plain)
			}
			g.buf = append(g.buf, lowerASCII[c])
			g.chars++
			i++
			continue
		}
		switch {
		case g.kind == none:
		case c == '\'' || c == '`':
			g.apostrophe(s, i+1)
		case c == '.' && g.kind == plain && g.abbreviation(s, i+1):
			g.abridged = true
		default:
			g.end()
		}
		i++
	}
	g.end()
}

var wordASCII = func() (t [128]bool) {
	for c := range t {
		t[c] = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return t
}()

// wide takes the character that is not ASCII at s[i] and returns its length.
func (g *Segmenter) wide(s string, i int) int {
	r, size := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == utf8.RuneError && size == 1:
		g.end()
		return size
	case isApostrophe(r):
		if g.kind != none {
			g.apostrophe(s, i+size)
		}
		return size
	case r == 'ʻ' || r == 'ʾ' || r == 'ʿ' || r == '·' || r == '׳' || r == '״':
		return size // letters of Hawaiian, transliterations, Catalan, Hebrew: part of the word
	}
	if spaceless(r) {
		if g.kind == plain {
			g.end()
		}
		g.pair(r)
		return size
	}
	at := len(g.buf)
	g.buf = appendFoldRune(g.buf, r)
	if len(g.buf) == at {
		return size // an accent: the word goes on
	}
	g.settle(at)
	return size
}

// settle looks at what folding one character appended at buf[at:] and makes it
// part of the word under way, or ends the word where it is no letter.
func (g *Segmenter) settle(at int) {
	var local [32]byte
	folded := append(local[:0], g.buf[at:]...)
	g.buf = g.buf[:at]
	for len(folded) > 0 {
		r, size := utf8.DecodeRune(folded)
		letter := r < utf8.RuneSelf && wordASCII[r] ||
			r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r))
		switch {
		case !letter:
			g.end()
		case spaceless(r):
			if g.kind == plain {
				g.end()
			}
			g.pair(r)
		default:
			if g.kind == pairs {
				g.end()
			}
			if g.kind == none {
				g.begin(plain)
			}
			g.buf = append(g.buf, folded[:size]...)
			g.chars++
		}
		folded = folded[size:]
	}
}

func (g *Segmenter) begin(k wordKind) {
	g.start, g.kind, g.chars, g.abridged = len(g.buf), k, 0, false
}

// pair adds a character of a script without spaces; each but the first closes
// a term with the one before it. Marks cling to the character they follow.
func (g *Segmenter) pair(r rune) {
	if unicode.Is(unicode.Mn, r) && dropped(r) {
		return
	}
	if g.kind == pairs && unicode.IsMark(r) {
		g.buf = utf8.AppendRune(g.buf, r)
		return
	}
	if g.kind == none {
		g.begin(pairs)
	} else if g.chars >= 2 {
		g.emit(g.start, len(g.buf))
		g.start = g.last
	}
	g.last = len(g.buf)
	g.buf = appendFoldRune(g.buf, r)
	g.chars++
}

func (g *Segmenter) end() {
	if g.kind != none && len(g.buf) > g.start {
		g.emit(g.start, len(g.buf))
	}
	g.kind = none
}

func (g *Segmenter) emit(from, to int) {
	if to-from > MaxTerm {
		to = from + MaxTerm
		for to > from && !utf8.RuneStart(g.buf[to]) {
			to--
		}
	}
	if to > from {
		g.spans = append(g.spans, span{int32(from), int32(to)})
	}
}

// apostrophe decides what one inside a word means; next is where s goes on.
// After an elided article or preposition it parts two words, else it is left
// out and the word goes on.
func (g *Segmenter) apostrophe(s string, next int) {
	if g.kind != plain || next >= len(s) || s[next] < utf8.RuneSelf && !wordASCII[s[next]] {
		g.end()
		return
	}
	if elided[string(g.buf[g.start:])] {
		g.end()
	}
}

func isApostrophe(r rune) bool {
	return r == '’' || r == '‘' || r == 'ʼ' || r == '＇' || r == '´' || r == '′'
}

var elided = map[string]bool{
	"l": true, "d": true, "c": true, "j": true, "m": true, "n": true, "s": true, "t": true, "qu": true,
	"un": true, "all": true, "dall": true, "dell": true, "nell": true, "sull": true, "sant": true, "quell": true, "jusqu": true,
}

// abbreviation reports whether the dot before s[next:] stands inside an
// abbreviation of single letters.
func (g *Segmenter) abbreviation(s string, next int) bool {
	if g.chars != 1 && !g.abridged || next >= len(s) || !letterASCII(s[next]) {
		return false
	}
	return next+1 >= len(s) || s[next+1] < utf8.RuneSelf && !wordASCII[s[next+1]]
}

func letterASCII(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// spaceless reports whether r belongs to a script that is cut into pairs.
func spaceless(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r <= 0x0EDF: // Thai, Lao: letters and vowel signs, not their digits
		return r != 0x0E3F && r != 0x0E4F && !(r >= 0x0E50 && r <= 0x0E5B) && !(r >= 0x0ED0 && r <= 0x0ED9)
	case r >= 0x1000 && r <= 0x103F, r >= 0x1050 && r <= 0x108F: // Myanmar
		return true
	case r >= 0x1780 && r <= 0x17D3: // Khmer
		return true
	case r == 0x3005 || r == 0x3006 || r == 0x3007:
		return true
	case r >= 0x3041 && r <= 0x30FF: // kana
		return r != 0x30FB && r != 0x30A0 && r != 0x309B && r != 0x309C
	case r >= 0x31F0 && r <= 0x31FF, r >= 0x3400 && r <= 0x4DBF, r >= 0x4E00 && r <= 0x9FFF:
		return true
	case r >= 0xAC00 && r <= 0xD7A3: // Hangul
		return true
	case r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF: // Han outside the main block
		return true
	}
	return false
}
