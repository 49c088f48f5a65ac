package walk

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// Traces are the ways in which a position could be written so that a reader
// finds it to some hundred metres: decimal degrees to three places, degrees and
// minutes, a geohash, a plus code, the address of a map tile.
func Traces(lat, lon float64) []string {
	var out []string
	for _, v := range []float64{lat, lon} {
		cut := math.Trunc(math.Abs(v)*1000) / 1000
		out = append(out, fmt.Sprintf("%.3f", cut))
		deg := math.Trunc(math.Abs(v))
		minutes := (math.Abs(v) - deg) * 60
		out = append(out,
			fmt.Sprintf("%d°%d′", int(deg), int(minutes)), fmt.Sprintf("%d° %d′", int(deg), int(minutes)),
			fmt.Sprintf("%d°%02d'", int(deg), int(minutes)), fmt.Sprintf("%d°\u2009%d′", int(deg), int(minutes)),
			fmt.Sprintf("%02d%05.2f", int(deg), math.Trunc(minutes*100)/100))
	}
	out = append(out, geohash(lat, lon, 7), plusCode(lat, lon))
	for _, z := range []int{14, 16} {
		x, y := Tile(z, lat, lon)
		out = append(out, fmt.Sprintf("/%d/%d/%d", z, x, y))
	}
	return out
}

// Find looks through a walk for traces and names the first address with one,
// in its body or its headers.
func Find(answers map[string]Answer, traces []string) string {
	addresses := make([]string, 0, len(answers))
	for address := range answers {
		addresses = append(addresses, address)
	}
	sort.Strings(addresses)
	for _, address := range addresses {
		a := answers[address]
		text := address + "\n" + string(a.Body)
		for name, values := range a.Header {
			text += "\n" + name + ": " + strings.Join(values, ", ")
		}
		for _, t := range traces {
			if strings.Contains(text, t) {
				return address + " holds " + t
			}
		}
	}
	return ""
}

// geohash writes a position in the geohash of Niemeyer (2008).
func geohash(lat, lon float64, n int) string {
	const letters = "0123456789bcdefghjkmnpqrstuvwxyz"
	box := [2][2]float64{{-180, 180}, {-90, 90}}
	at := [2]float64{lon, lat}
	var b strings.Builder
	for bit, char := 0, 0; b.Len() < n; bit++ {
		axis := bit % 2
		mid := (box[axis][0] + box[axis][1]) / 2
		char <<= 1
		if at[axis] >= mid {
			char |= 1
			box[axis][0] = mid
		} else {
			box[axis][1] = mid
		}
		if bit%5 == 4 {
			b.WriteByte(letters[char])
			char = 0
		}
	}
	return b.String()
}

// plusCode is the first eight digits of an Open Location Code: 275 m.
func plusCode(lat, lon float64) string {
	const letters = "23456789CFGHJMPQRVWX"
	y, x := lat+90, lon+180
	var b strings.Builder
	for step := 20.0; b.Len() < 8; step /= 20 {
		i, j := int(y/step), int(x/step)
		b.WriteByte(letters[i])
		b.WriteByte(letters[j])
		y -= float64(i) * step
		x -= float64(j) * step
	}
	return b.String()
}

// Tile is the map tile of a position (Web Mercator).
func Tile(z int, lat, lon float64) (x, y int) {
	n := math.Exp2(float64(z))
	r := lat * math.Pi / 180
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(r))/math.Pi) / 2 * n)
}
