package media

import (
	"bytes"
	"image"
	"math/rand/v2"
	"runtime"
	"testing"
)

// noise has the largest steps there are, at which Lanczos' window overshoots.
func noise(w, h int, seed uint64) *image.NRGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(r.IntN(2) * 255)
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

// byOne scales a channel a number at a time, as taps mean it.
func byOne(s scaling) []byte {
	across := make([][]int32, s.c.height)
	for y := range across {
		for _, t := range s.cols {
			sum := int64(1 << (weightBits - rowBits - 1))
			for k, w := range t.weights {
				sum += w * int64(s.c.pix[y*s.c.stride+s.c.at+(t.from+k)*s.c.step])
			}
			across[y] = append(across[y], int32(sum>>(weightBits-rowBits)))
		}
	}
	var out []byte
	for _, t := range s.rows {
		for x := range s.cols {
			sum := int64(1 << (weightBits + rowBits - 1))
			for k, w := range t.weights {
				sum += w * int64(across[t.from+k][x])
			}
			out = append(out, clamp(int32(sum>>(weightBits+rowBits))))
		}
	}
	return out
}

// Two numbers in one, rows two at a time and bands of rows on several processors
// are the same as a number at a time.
func TestSmaller_isExact(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	for i, x := range []struct{ w, h, to, high int }{
		{301, 407, 100, 135}, {640, 480, 320, 240}, {97, 300, 96, 299}, {64, 64, 63, 64}, {33, 1, 7, 1}, {1, 200, 1, 99}, {400, 3, 399, 3}, {50, 41, 50, 41},
	} {
		img := noise(x.w, x.h, uint64(i))
		got := smaller(img, x.to, x.high)
		for c := range 3 {
			want := byOne(channel{img.Pix, img.Stride, 4, c, x.w, x.h, float64(x.w), float64(x.h)}.to(x.to, x.high))
			for k, v := range want {
				if got.Pix[4*k+c] != v {
					t.Fatalf("%v: channel %d, pixel %d is %d, want %d", x, c, k, got.Pix[4*k+c], v)
				}
			}
		}
	}
}

func TestSmallerPlanes_isExact(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio444} {
		p := image.NewYCbCr(image.Rect(0, 0, 303, 251), ratio)
		r := rand.New(rand.NewPCG(7, uint64(ratio)))
		for _, plane := range [][]byte{p.Y, p.Cb, p.Cr} {
			for i := range plane {
				plane[i] = byte(r.IntN(256))
			}
		}
		before := runtime.GOMAXPROCS(1)
		alone := smallerPlanes(p, 201, 166)
		runtime.GOMAXPROCS(4)
		together := smallerPlanes(p, 201, 166)
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(alone.Pix, together.Pix) {
			t.Errorf("%v: bands differ from the whole", ratio)
		}
		// Luma alone, against a number at a time: what has no colour is grey.
		for i := range p.Cb {
			p.Cb[i], p.Cr[i] = 128, 128
		}
		grey := smallerPlanes(p, 201, 166)
		for k, v := range byOne(channel{p.Y, p.YStride, 1, 0, 303, 251, 303, 251}.to(201, 166)) {
			if grey.Pix[4*k] != v {
				t.Fatalf("%v: pixel %d is %d, want %d", ratio, k, grey.Pix[4*k], v)
			}
		}
	}
}
