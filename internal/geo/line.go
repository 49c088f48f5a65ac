package geo

import (
	"errors"
	"math"
	"sort"
	"strings"
)

// chunk bounds the work of Simplify: Douglas and Peucker's method may take the
// square of the number of points it is given at once.
const chunk = 512

// Simplify leaves out points of a line until fits is content, those that
// matter least first (Douglas and Peucker 1973, by arcs of the sphere). No
// point left out is farther than metres from the new line. Where nothing that
// keeps every 512th point fits, it gives nil.
func Simplify(points []Public, fits func([]Public) bool) (kept []Public, metres float64) {
	matter := make([]float64, len(points)) // chords
	vecs := make([]Vec, len(points))
	for i, p := range points {
		vecs[i] = p.Vec()
	}
	for from := 0; from+1 < len(points); from += chunk {
		to := min(from+chunk, len(points)-1)
		matter[from], matter[to] = math.Inf(1), math.Inf(1)
		weigh(vecs, matter, from, to)
	}
	steps := append([]float64{0}, matter...)
	sort.Float64s(steps)
	take := func(least float64) []Public {
		kept = kept[:0]
		for i, p := range points {
			if matter[i] > least {
				kept = append(kept, p)
			}
		}
		return kept
	}
	// The fewer points, the sooner it fits.
	n := sort.Search(len(steps), func(i int) bool { return !math.IsInf(steps[i], 1) && fits(take(steps[i])) || math.IsInf(steps[i], 1) })
	if n == len(steps) || math.IsInf(steps[n], 1) {
		return nil, 0
	}
	return take(steps[n]), ChordMetres(steps[n] * steps[n])
}

// weigh finds how far each point between two is from the line without it.
func weigh(at []Vec, matter []float64, from, to int) {
	type span struct {
		from, to int
		most     float64
	}
	todo := []span{{from, to, math.Inf(1)}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if s.to-s.from < 2 {
			continue
		}
		arc := NewArc(at[s.from], at[s.to])
		far, where := -1.0, s.from+1
		for i := s.from + 1; i < s.to; i++ {
			if c2 := arc.Chord2(at[i]); c2 > far {
				far, where = c2, i
			}
		}
		// A point is never more important than the one that parted its span:
		// what is kept by a threshold is then always a whole tree.
		matter[where] = math.Min(s.most, math.Sqrt(far))
		todo = append(todo, span{s.from, where, matter[where]}, span{where, s.to, matter[where]})
	}
}

// lineUnit is what EncodeLine writes coordinates in: 1e-5 degrees, about a
// metre.
const lineUnit = 1e5

// lineLetters are the digits of EncodeLine, those of base64 for addresses.
const lineLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// EncodeLine writes a line in few letters that an address may hold as they
// are: the differences of latitude and longitude in 1e-5 degrees, their sign
// in the lowest bit, five bits a letter with the lowest first, the sixth bit
// set where more follow. It is the encoded polyline of web maps with another
// alphabet.
func EncodeLine(points []Public) string {
	var b strings.Builder
	var lat, lon int64
	for _, p := range points {
		y, x := int64(math.Round(p.Lat*lineUnit)), int64(math.Round(p.Lon*lineUnit))
		writeLetters(&b, y-lat)
		writeLetters(&b, x-lon)
		lat, lon = y, x
	}
	return b.String()
}

func writeLetters(b *strings.Builder, v int64) {
	u := uint64(v<<1) ^ uint64(v>>63)
	for u >= 32 {
		b.WriteByte(lineLetters[32|u&31])
		u >>= 5
	}
	b.WriteByte(lineLetters[u])
}

// ErrNoLine says that letters are not a line that EncodeLine wrote.
var ErrNoLine = errors.New("is not a line that this atlas wrote; begin again with the file or the stops")

// DecodeLine reads what EncodeLine wrote, at most the given number of points.
// Every point is valid.
func DecodeLine(s string, most int) ([]Public, error) {
	var out []Public
	var sum [2]int64
	for i := 0; i < len(s); {
		if len(out) == most {
			return nil, ErrNoLine
		}
		for k := range sum {
			v, n := readLetters(s[i:])
			if n == 0 {
				return nil, ErrNoLine
			}
			sum[k] += v
			i += n
		}
		p := Public{Lat: float64(sum[0]) / lineUnit, Lon: float64(sum[1]) / lineUnit}
		if !p.Valid() {
			return nil, ErrNoLine
		}
		out = append(out, p)
	}
	return out, nil
}

// readLetters reads one number; n is how many letters it took, 0 for none.
func readLetters(s string) (v int64, n int) {
	var u uint64
	for n < len(s) && n < 7 { // 360 degrees and the sign take 27 bits
		d := strings.IndexByte(lineLetters, s[n])
		if d < 0 {
			return 0, 0
		}
		u |= uint64(d&31) << (5 * n)
		n++
		if d < 32 {
			return int64(u>>1) ^ -int64(u&1), n
		}
	}
	return 0, 0
}

// Between is the points of the great circles of a line, so close that straight
// lines on a map follow them: none is farther than step metres from the next.
// At most the given number come back; then the steps are longer.
func Between(points []Public, step float64, most int) []Public {
	length := 0.0
	for i := 1; i < len(points); i++ {
		length += Metres(points[i-1], points[i])
	}
	step = math.Max(step, length/math.Max(1, float64(most-len(points))))
	var out []Public
	for i, p := range points {
		if i > 0 {
			arc := NewArc(points[i-1].Vec(), p.Vec())
			n := int(arc.Angle * EarthRadius / step)
			for k := 1; k <= n; k++ {
				if f := float64(k) / float64(n+1); f < 1 {
					out = append(out, arc.At(arc.Angle*f).Public())
				}
			}
		}
		out = append(out, p)
	}
	return out
}
