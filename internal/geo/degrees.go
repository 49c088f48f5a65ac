package geo

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// axis says which way a number counts: a latitude, a longitude, or not said.
type axis byte

const (
	unsaid axis = iota
	latitude
	longitude
)

// hemisphere is an axis with its direction: 1 north or east, -1 south or west,
// 0 where only the axis is named ("lat").
type hemisphere struct {
	axis axis
	sign float64
}

var (
	north = hemisphere{latitude, 1}
	south = hemisphere{latitude, -1}
	east  = hemisphere{longitude, 1}
	west  = hemisphere{longitude, -1}
)

// hemispheres by what people call them. O is read as west: French, Spanish,
// Italian and Portuguese abbreviate so; German writes Ost or, on maps, E.
var hemispheres = map[string]hemisphere{
	"n": north, "north": north, "nord": north, "norte": north, "noord": north, "с": north, "сш": north, "北": north, "北纬": north, "北緯": north,
	"s": south, "south": south, "sud": south, "süd": south, "sur": south, "sul": south, "zuid": south, "ю": south, "юш": south, "南": south, "南纬": south, "南緯": south,
	"e": east, "east": east, "est": east, "este": east, "leste": east, "ost": east, "oost": east, "ø": east, "öst": east, "øst": east, "в": east, "вд": east, "东": east, "東": east, "东经": east, "東経": east, "東經": east,
	"w": west, "west": west, "ouest": west, "oeste": west, "ovest": west, "o": west, "з": west, "зд": west, "西": west, "西经": west, "西経": west, "西經": west,
	"lat": {latitude, 0}, "latitude": {latitude, 0}, "breite": {latitude, 0}, "latitud": {latitude, 0},
	"lon": {longitude, 0}, "lng": {longitude, 0}, "long": {longitude, 0}, "longitude": {longitude, 0}, "länge": {longitude, 0}, "longitud": {longitude, 0},
}

// units are the words people write for the signs.
var units = map[string]byte{"deg": '°', "degree": '°', "degrees": '°', "grad": '°', "min": '\'', "sec": '"', "d": '°', "m": '\''}

// part is a piece of a position as written: a number, a mark (° ' "), a
// hemisphere, or a separator (',').
type part struct {
	kind  byte // '#' number, '°', '\'', '"', 'h' hemisphere, ',' separator
	value float64
	whole bool // the number has no fraction
	bare  bool // the number is nothing but a fraction: .5
	sign  bool // the number has a sign of its own
	minus bool // and it is a minus, which also "-0" can be
	half  hemisphere
}

// parseDegrees reads decimal degrees and degrees with minutes and seconds. A
// comma between digits may part two numbers or begin a fraction; whichever
// reading makes sense is taken, parting first where both do alike.
func parseDegrees(s string) (Public, error) {
	commas := innerCommas(s)
	asSeparator, shapeA, errA := readDegrees(s)
	if len(commas) == 0 || pointNumber.MatchString(s) {
		return asSeparator, errA
	}
	decimal := []byte(s)
	for i, at := range commas {
		decimal[at] = '.'
		if len(commas) == 3 && i == 1 { // 48,85,2,35: the one in the middle parts
			decimal[at] = ';'
		}
	}
	asDecimal, shapeB, errB := readDegrees(string(decimal))
	switch {
	case errA != nil && errB != nil:
		return Public{}, errA
	case errA != nil:
		return asDecimal, nil
	case errB != nil || shapeA == shapeB || len(commas) == 1:
		return asSeparator, nil
	}
	return asDecimal, nil
}

var pointNumber = regexp.MustCompile(`\d\.\d`)

// innerCommas are the places of commas between two digits.
func innerCommas(s string) []int {
	var at []int
	for i := 1; i+1 < len(s); i++ {
		if s[i] == ',' && digit(s[i-1]) && digit(s[i+1]) {
			at = append(at, i)
		}
	}
	return at
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// readDegrees reads s with every comma a separator. shape tells how many
// numbers each half has.
func readDegrees(s string) (p Public, shape [2]int, err error) {
	parts, err := scan(s)
	if err != nil {
		return p, shape, err
	}
	first, second, err := halves(parts)
	if err != nil {
		return p, shape, err
	}
	a, axisA, n1, err := coordinate(first)
	if err != nil {
		return p, shape, err
	}
	b, axisB, n2, err := coordinate(second)
	if err != nil {
		return p, shape, err
	}
	shape = [2]int{n1, n2}
	if axisA != unsaid && axisA == axisB {
		return p, shape, errors.New("both numbers are on the same axis; one must be a latitude, one a longitude")
	}
	if axisA == longitude || axisB == latitude {
		a, b = b, a
	}
	p, err = checked(a, b)
	return p, shape, err
}

// scan cuts s into parts.
func scan(s string) ([]part, error) {
	var parts []part
	runes := []rune(strings.ToLower(s))
	for i := 0; i < len(runes); {
		r := runes[i]
		switch {
		case unicode.IsSpace(r) || strings.ContainsRune("()[]{}:=", r):
			i++
		case r == '°' || r == '\'' || r == '"':
			parts = append(parts, part{kind: byte(markOf(r))})
			i++
		case r == ',' || r == ';' || r == '/' || r == '|':
			parts = append(parts, part{kind: ','})
			i++
		case r >= '0' && r <= '9', (r == '+' || r == '-' || r == '.') && i+1 < len(runes) && (isDigit(runes[i+1]) || runes[i+1] == '.'):
			n, to, err := scanNumber(runes, i)
			if err != nil {
				return nil, err
			}
			parts = append(parts, n)
			i = to
		case unicode.IsLetter(r):
			to := i
			for to < len(runes) && (unicode.IsLetter(runes[to]) || runes[to] == '.' && to+1 < len(runes) && unicode.IsLetter(runes[to+1])) {
				to++
			}
			p, ok := wordPart(string(runes[i:to]))
			if !ok {
				return nil, ErrNoPosition
			}
			parts = append(parts, p...)
			if i = to; i < len(runes) && runes[i] == '.' {
				i++ // an abbreviation's point
			}
		default:
			return nil, ErrNoPosition
		}
		if len(parts) > 40 {
			return nil, ErrNoPosition
		}
	}
	return parts, nil
}

func markOf(r rune) byte {
	if r == '°' {
		return 'd'
	}
	return byte(r)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func scanNumber(runes []rune, i int) (part, int, error) {
	p := part{kind: '#', whole: true}
	p.bare = runes[i] == '.'
	from := i
	if runes[i] == '+' || runes[i] == '-' {
		p.sign, p.minus = true, runes[i] == '-'
		i++
		from = i
	}
	for i < len(runes) && (isDigit(runes[i]) || runes[i] == '.') {
		p.whole = p.whole && runes[i] != '.'
		i++
	}
	if i-from > 24 {
		return p, i, ErrNoPosition
	}
	v, err := strconv.ParseFloat(strings.TrimSuffix(string(runes[from:i]), "."), 64)
	if err != nil {
		return p, i, ErrNoPosition
	}
	p.value = v
	return p, i, nil
}

// wordPart reads a word: a hemisphere, a unit, or letters run together ("nlat").
func wordPart(w string) ([]part, bool) {
	w = strings.ReplaceAll(w, ".", "")
	if h, ok := hemispheres[w]; ok {
		return []part{{kind: 'h', half: h}}, true
	}
	if u, ok := units[w]; ok {
		return []part{{kind: markOf(rune(u))}}, true
	}
	switch w {
	case "and", "und", "et", "y", "e":
		return []part{{kind: ','}}, true
	case "ш", "д": // of с. ш. and в. д.
		return nil, true
	}
	return nil, false
}

// halves parts the pieces of latitude from those of longitude, by the first of
// these that applies: separators, hemispheres, degree signs, a sign within,
// the middle of an even count of numbers.
func halves(parts []part) (first, second []part, err error) {
	groups := split(parts)
	switch len(groups) {
	case 2:
		return groups[0], groups[1], nil
	case 1:
		parts = groups[0]
	case 0:
		return nil, nil, ErrNoPosition
	default:
		// "N, 48.85, E, 2.35": a separator too many is none.
		parts = parts[:0:0]
		for _, g := range groups {
			parts = append(parts, g...)
		}
		if count(parts, 'h') < 2 {
			return nil, nil, ErrNoPosition
		}
	}
	if at := boundary(parts); at > 0 {
		return parts[:at], parts[at:], nil
	}
	return nil, nil, ErrNoPosition
}

func split(parts []part) [][]part {
	var groups [][]part
	from := 0
	for i := 0; i <= len(parts); i++ {
		if i == len(parts) || parts[i].kind == ',' {
			if i > from {
				groups = append(groups, parts[from:i])
			}
			from = i + 1
		}
	}
	return groups
}

func count(parts []part, kind byte) int {
	n := 0
	for _, p := range parts {
		if p.kind == kind {
			n++
		}
	}
	return n
}

// boundary is where the second coordinate begins, 0 if that cannot be told.
func boundary(parts []part) int {
	if count(parts, 'h') >= 2 {
		if parts[0].kind != 'h' { // behind the numbers: the first ends the first half
			for i, p := range parts {
				if p.kind == 'h' {
					return i + 1
				}
			}
		}
		numbers := 0
		for i, p := range parts { // before them: the next after a number
			if p.kind == '#' {
				numbers++
			}
			if p.kind == 'h' && numbers > 0 {
				// "lat 48 N lon 2 E": the letter still belongs to the first.
				if parts[0].half.sign == 0 && p.half.axis == parts[0].half.axis {
					continue
				}
				return i
			}
		}
		return 0
	}
	var degreeAt, numberAt []int
	for i, p := range parts {
		switch p.kind {
		case '#':
			numberAt = append(numberAt, i)
			if i+1 < len(parts) && parts[i+1].kind == 'd' {
				degreeAt = append(degreeAt, i)
			}
		}
	}
	if len(degreeAt) == 2 {
		return degreeAt[1]
	}
	for _, i := range numberAt[min(1, len(numberAt)):] {
		if parts[i].sign {
			return i
		}
	}
	if n := len(numberAt); n == 2 || n == 4 || n == 6 {
		at := numberAt[n/2]
		if at > 0 && parts[at-1].kind == 'h' && at-1 > numberAt[n/2-1] && parts[0].kind == 'h' {
			at--
		}
		return at
	}
	return 0
}

var errTwice = errors.New("a minus and a hemisphere say the same; leave one out")

// coordinate reads one half: up to three numbers with their marks in order,
// hemispheres before or behind.
func coordinate(parts []part) (value float64, on axis, numbers int, err error) {
	scale, sign, signed := 1.0, 1.0, false
	lastMark := byte(0)
	fraction, minus, ended := false, false, false // ended: by a hemisphere
	for i, p := range parts {
		switch p.kind {
		case 'h':
			switch {
			case on != unsaid && on != p.half.axis:
				return 0, 0, 0, ErrNoPosition
			case p.half.sign != 0 && signed && minus:
				return 0, 0, 0, errTwice
			case p.half.sign != 0 && signed:
				return 0, 0, 0, ErrNoPosition
			}
			ended = numbers > 0
			on = p.half.axis
			if p.half.sign != 0 {
				sign, signed = p.half.sign, true
			}
		case '#':
			if i > 0 && (parts[i-1].kind == '\'' || parts[i-1].kind == '"') && p.bare && !fraction {
				// 8'.1 is an old way to write 8.1'.
				value += p.value * scale * 60
				fraction = true
				continue
			}
			if numbers == 3 || fraction || p.sign && numbers > 0 || numbers > 0 && p.value >= 60 || ended {
				return 0, 0, 0, ErrNoPosition
			}
			if p.sign {
				if signed && p.minus {
					return 0, 0, 0, errTwice
				}
				if p.minus {
					sign, signed, minus = -1, true, true
				}
			}
			value += p.value * scale
			scale /= 60
			numbers++
			fraction = !p.whole
		default:
			if numbers == 0 || !follows(lastMark, p.kind, numbers) {
				return 0, 0, 0, ErrNoPosition
			}
			lastMark = p.kind
		}
	}
	if numbers == 0 {
		return 0, 0, 0, ErrNoPosition
	}
	return sign * value, on, numbers, nil
}

// follows reports whether a mark may stand behind the n-th number.
func follows(last, mark byte, n int) bool {
	order := map[byte]int{0: 0, 'd': 1, '\'': 2, '"': 3}
	return order[mark] > order[last] && order[mark] == n
}
