package media

import (
	"image"
	"math"
	"math/bits"
	"slices"

	"github.com/kovidgoyal/imaging"
)

const side = 32 // pixels of the square that is hashed

// hash tells in 64 bits which of the coarse waves of a picture are above their
// middle: the perceptual hash of discrete cosine transform and median.
func hash(img image.Image) uint64 {
	small := imaging.ResizeWithOpacity(img, side, side, imaging.Box, true)
	var grey [side][side]float64
	for y := range side {
		for x := range side {
			r, g, b, _ := small.At(small.Bounds().Min.X+x, small.Bounds().Min.Y+y).RGBA()
			grey[y][x] = 0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b)
		}
	}
	var wave [9][side]float64
	for k := range wave {
		for x := range side {
			wave[k][x] = math.Cos(math.Pi * (float64(x) + 0.5) * float64(k) / side)
		}
	}
	var coarse [64]float64
	for v := range 8 {
		for u := range 8 {
			sum := 0.0
			for y := range side {
				for x := range side {
					sum += grey[y][x] * wave[u+1][x] * wave[v+1][y]
				}
			}
			coarse[8*v+u] = sum
		}
	}
	sorted := slices.Sorted(slices.Values(coarse[:]))
	middle := (sorted[31] + sorted[32]) / 2
	var h uint64
	for i, c := range coarse {
		if c > middle {
			h |= 1 << i
		}
	}
	return h
}

// Distance is the number of bits in which two hashes differ, 0 to 64.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// Near is the distance up to which two pictures are nearly the same. Unlike
// pictures differ in 32 bits on average and hardly ever in less than 16.
const Near = 8
