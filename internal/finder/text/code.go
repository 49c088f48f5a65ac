package text

import "math"

// A posting carries one byte that says where in the document the term stands
// and how much that is worth.
//
//	1 t f llll m   in a name: t in the title (else in an alias), f as its first
//	               word, l 15 less the number of words of that name beyond
//	               one, m found elsewhere too
//	0 1 p bbbbb    a tag; p and b as below
//	0 0 p bbbbb    p in a place or the subtitle, b the level of the body
type code = byte

const (
	inName  code = 0x80
	inTitle code = 0x40 // with inName
	isFirst code = 0x20 // with inName
	isMore  code = 0x01 // with inName
	inTag   code = 0x40 // without inName
	inPlace code = 0x20 // without inName
	inBody  code = 0x1f

	// headFrom is the smallest code that belongs to the head of a list.
	headFrom = inTag
)

// nameCode is the code of a word of a name with so many words.
func nameCode(title, first bool, words int) code {
	c := inName | code(15-min(max(words, 1)-1, 15))<<1
	if title {
		c |= inTitle
	}
	if first {
		c |= isFirst
	}
	return c
}

// nameWords is the number of words of the name that c speaks of, 16 for more.
func nameWords(c code) int { return 16 - int(c>>1&15) }

// bodyLevel is the body part of a code: how often the term occurs, in how long
// a text. One, two, and three or more occurrences are told apart, as BM25
// saturates there; more levels would only keep a search from stopping early.
func bodyLevel(times, length int) code {
	if times == 0 {
		return 0
	}
	size := 0
	for _, limit := range [...]int{24, 120, 480} {
		if length > limit {
			size++
		}
	}
	return code(1 + (min(times, 3)-1)*4 + (3 - size))
}

// impacts is the worth of each code, 0 to 1, when relevance is asked: BM25F
// with saturated terms (Robertson, Zaragoza, Taylor 2004), a name counting
// about four times a text.
var impacts = func() (t [256]float32) {
	for i := range t {
		t[i] = impact(code(i))
	}
	return t
}()

func impact(c code) float32 {
	if c >= inName {
		v := 0.84 + 0.10/math.Sqrt(float64(nameWords(c)))
		if c&inTitle != 0 {
			v += 0.03
		}
		if c&isFirst != 0 {
			v += 0.02
		}
		if c&isMore != 0 {
			v += 0.01
		}
		return float32(v)
	}
	v := 0.0
	if b := c & inBody; b > 0 {
		times, size := float64((b-1)/4), float64(3-(b-1)%4)
		v = (0.24 + 0.05*times) * (1.1 - 0.1*size)
	}
	switch {
	case c&inTag != 0:
		v = 0.6 + v/8
	case c&inPlace != 0:
		v = 0.5 + v/8
	}
	return float32(v)
}

// steps255 is the impacts rounded up to 255ths, as block maxima keep them.
var steps255 = func() (t [256]uint8) {
	for i, v := range impacts {
		t[i] = uint8(math.Ceil(float64(v) * 255))
	}
	return t
}()

// priorOf squeezes a static rank into a byte, keeping its order.
func priorOf(rank float32) uint8 {
	r := float64(rank)
	if math.IsNaN(r) {
		return 0
	}
	r = min(max(r, -1e6), 1e6)
	return uint8(127.5 + 127.5*r/(1+math.Abs(r)))
}

// priorWeight is what the best static rank adds to a score: enough to order
// what is equal in words, not enough to beat a better match.
const priorWeight = 0.15
