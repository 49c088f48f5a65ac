package media

import (
	"image"
	"math"
	"runtime"
	"sync"
)

// Pictures are made smaller by Lanczos' window of three lobes on each side, as
// the great libraries do it, with whole numbers and row by row: of what was
// scaled across only the rows are kept that the next row of the result needs.
// The planes of a photograph are scaled as they are, before their colours are
// put together, so that chroma, of which there is a quarter, costs a quarter.

// channel is one colour of a picture: a byte every step bytes, from at on.
type channel struct {
	pix              []byte
	stride, step, at int
	width, height    int // as many as there are
	// across and down are how long the picture is in this channel's pixels, which
	// is half a pixel less than there are where an odd number was halved.
	across, down float64
}

// row is the channel's bytes from those of row y on.
func (c channel) row(y int) []byte { return c.pix[y*c.stride+c.at:] }

// weightBits is how fine weights are, rowBits how fine what was scaled across.
const (
	weightBits = 14
	rowBits    = 6
)

// tap is where one pixel of the result comes from.
type tap struct {
	from    int
	weights []int64
}

// taps are the sources of n pixels made of a row that is long pixels long, of
// which there are most. What grows is drawn between its neighbours.
func taps(n, most int, long float64) []tap {
	ratio := long / float64(n)
	wide, lobes, window := max(ratio, 1), 3.0, lanczos
	if ratio < 1 {
		lobes, window = 1, func(x float64) float64 { return max(0, 1-math.Abs(x)) }
	}
	list := make([]tap, n)
	for i := range list {
		centre := (float64(i)+0.5)*ratio - 0.5
		from := int(math.Ceil(centre - lobes*wide))
		to := int(math.Floor(centre + lobes*wide))
		// What lies outside counts as the last pixel inside.
		first, last := min(max(from, 0), most-1), min(max(to, 0), most-1)
		exact, sum := make([]float64, last-first+1), 0.0
		for k := from; k <= to; k++ {
			w := window((float64(k) - centre) / wide)
			exact[min(max(k, first), last)-first] += w
			sum += w
		}
		t := tap{first, make([]int64, len(exact))}
		rest := int64(1 << weightBits)
		heaviest := 0
		for k, w := range exact {
			t.weights[k] = int64(math.Round(w / sum * (1 << weightBits)))
			rest -= t.weights[k]
			if w > exact[heaviest] {
				heaviest = k
			}
		}
		t.weights[heaviest] += rest // one colour stays that colour
		list[i] = t
	}
	return list
}

func lanczos(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x < 1e-9:
		return 1
	case x >= 3:
		return 0
	}
	return 3 * math.Sin(math.Pi*x) * math.Sin(math.Pi*x/3) / (math.Pi * math.Pi * x * x)
}

// scaling is how a channel is scaled to w × h.
type scaling struct {
	c          channel
	cols, rows []tap
}

func (c channel) to(w, h int) scaling {
	return scaling{c, taps(w, c.width, c.across), taps(h, c.height, c.down)}
}

// resampled hands on the rows of a scaled channel, from any one downwards.
//
// Two numbers share one of 64 bits, the second one's sum 32 bits above the
// first one's: a multiplication by a weight does for both, and no sum reaches
// into the other but by its sign, which parted takes out.
type resampled struct {
	scaling
	ring [][]int64 // what was scaled across, by row modulo its length, two columns in one
	next int       // the row that is scaled across next
	sums []int64
}

func (s scaling) begin() *resampled {
	pairs := (len(s.cols) + 1) / 2
	r := &resampled{scaling: s, sums: make([]int64, pairs)}
	most := 0
	for _, t := range r.rows {
		most = max(most, len(t.weights))
	}
	r.ring = make([][]int64, most+1) // rows are scaled two at a time, so that one may be ahead
	for i := range r.ring {
		r.ring[i] = make([]int64, pairs)
	}
	return r
}

// parted is the two sums of one number.
func parted(both int64) (first, second int32) {
	first = int32(both)
	return first, int32((both - int64(first)) >> 32)
}

// atOnce has h rows made by all processors, a band each: made is called with the
// first row of a band and the one behind its last. Bands share nothing but what
// they read.
func atOnce(h int, made func(from, to int)) {
	n := max(1, min(runtime.GOMAXPROCS(0), h/32))
	var bands sync.WaitGroup
	for i := range n {
		bands.Go(func() { made(h*i/n, h*(i+1)/n) })
	}
	bands.Wait()
}

// row writes row y of the result into out, a byte every step bytes. Rows are
// asked for in their order.
func (r *resampled) row(y int, out []byte, step int) {
	t := r.rows[y]
	r.next = max(r.next, t.from)
	for r.next < t.from+len(t.weights) {
		r.across(r.next)
		r.next += 2
	}
	const half = 1 << (weightBits + rowBits - 1)
	sums := r.sums
	for i := range sums {
		sums[i] = half<<32 + half
	}
	k := 0
	for ; k+4 <= len(t.weights); k += 4 {
		r.addFour(t, k)
	}
	for ; k < len(t.weights); k++ {
		w := t.weights[k]
		for i, v := range r.at(t.from + k) {
			sums[i] += w * v
		}
	}
	at := 0
	for _, both := range sums {
		first, second := parted(both)
		out[at] = clamp(first >> (weightBits + rowBits))
		if at += step; at < len(out) {
			out[at] = clamp(second >> (weightBits + rowBits))
			at += step
		}
	}
}

// at is row y of what was scaled across.
func (r *resampled) at(y int) []int64 { return r.ring[y%len(r.ring)][:len(r.sums)] }

// addFour adds four rows, from tap k on, to the sums.
func (r *resampled) addFour(t tap, k int) {
	sums := r.sums
	w := (*[4]int64)(t.weights[k:])
	w0, w1, w2, w3 := w[0], w[1], w[2], w[3]
	y := t.from + k
	r0, r1, r2, r3 := r.at(y)[:len(sums)], r.at(y + 1)[:len(sums)], r.at(y + 2)[:len(sums)], r.at(y + 3)[:len(sums)]
	for i := range sums {
		sums[i] += w0*r0[i] + w1*r1[i] + w2*r2[i] + w3*r3[i]
	}
}

// across scales row y of the channel, and the one below it.
func (r *resampled) across(y int) {
	const half, shift = 1 << (weightBits - rowBits - 1), weightBits - rowBits
	upper := r.c.row(y)
	lower := r.c.row(min(y+1, r.c.height-1))
	above, below := r.at(y), r.at(y+1)
	for i, t := range r.cols {
		both := int64(half<<32 + half)
		if r.c.step == 1 {
			n := len(t.weights)
			a, b := upper[t.from:][:n], lower[t.from:][:n]
			for k, w := range t.weights {
				both += w * (int64(a[k]) | int64(b[k])<<32)
			}
		} else {
			at := t.from * r.c.step
			for _, w := range t.weights {
				both += w * (int64(upper[at]) | int64(lower[at])<<32)
				at += r.c.step
			}
		}
		first, second := parted(both)
		if v, w := int64(first>>shift), int64(second>>shift); i&1 == 0 {
			above[i/2], below[i/2] = v, w
		} else {
			above[i/2] += v << 32
			below[i/2] += w << 32
		}
	}
}

func clamp(v int32) byte { return byte(min(max(v, 0), 255)) }

// smaller makes an opaque picture with four bytes a pixel smaller.
func smaller(p *image.NRGBA, w, h int) *image.NRGBA {
	b := p.Bounds()
	var of [3]scaling
	for i := range of {
		of[i] = channel{p.Pix, p.Stride, 4, i, b.Dx(), b.Dy(), float64(b.Dx()), float64(b.Dy())}.to(w, h)
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	atOnce(h, func(from, to int) {
		red, green, blue := of[0].begin(), of[1].begin(), of[2].begin()
		for y := from; y < to; y++ {
			line := out.Pix[y*out.Stride : y*out.Stride+4*w]
			red.row(y, line, 4)
			green.row(y, line[1:], 4)
			blue.row(y, line[2:], 4)
			for x := 3; x < len(line); x += 4 {
				line[x] = 255
			}
		}
	})
	return out
}

// smallerPlanes makes a picture smaller that has luma and chroma apart. The
// colours are those of JPEG (ITU-T T.871).
func smallerPlanes(p *image.YCbCr, w, h int) *image.NRGBA {
	b := p.Bounds()
	width, height := float64(b.Dx()), float64(b.Dy())
	halfX, halfY := chromaShare(p.SubsampleRatio)
	wide, high := int(math.Ceil(width/halfX)), int(math.Ceil(height/halfY))
	luma := channel{p.Y, p.YStride, 1, 0, b.Dx(), b.Dy(), width, height}.to(w, h)
	blue := channel{p.Cb, p.CStride, 1, 0, wide, high, width / halfX, height / halfY}.to(w, h)
	red := channel{p.Cr, p.CStride, 1, 0, wide, high, width / halfX, height / halfY}.to(w, h)
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	atOnce(h, func(from, to int) {
		luma, blue, red := luma.begin(), blue.begin(), red.begin()
		ys, bs, rs := make([]byte, w), make([]byte, w), make([]byte, w)
		for y := from; y < to; y++ {
			luma.row(y, ys, 1)
			blue.row(y, bs, 1)
			red.row(y, rs, 1)
			inColour(out.Pix[y*out.Stride:][:4*w], ys, bs, rs)
		}
	})
	return out
}

// inColour puts a row's luma and chroma together, four bytes a pixel.
func inColour(line, ys, bs, rs []byte) {
	for x, v := range ys {
		l, cb, cr := int32(v)<<16+1<<15, int32(bs[x])-128, int32(rs[x])-128
		to := line[4*x : 4*x+4 : 4*x+4]
		to[0] = clamp((l + 91881*cr) >> 16)
		to[1] = clamp((l - 22554*cb - 46802*cr) >> 16)
		to[2] = clamp((l + 116130*cb) >> 16)
		to[3] = 255
	}
}

// chromaShare is how many pixels one of chroma stands for, across and down.
func chromaShare(r image.YCbCrSubsampleRatio) (x, y float64) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}
