package media

import (
	"image"
	"math"
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

// weightBits is how fine weights are, rowBits how fine what was scaled across.
const (
	weightBits = 14
	rowBits    = 6
)

// tap is where one pixel of the result comes from.
type tap struct {
	from    int
	weights []int32
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
		t := tap{first, make([]int32, len(exact))}
		rest := int32(1 << weightBits)
		heaviest := 0
		for k, w := range exact {
			t.weights[k] = int32(math.Round(w / sum * (1 << weightBits)))
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

// resampled scales a channel to w × h and hands on its rows from the top.
type resampled struct {
	c          channel
	cols, rows []tap
	ring       [][]int16 // what was scaled across, by row modulo its length
	next       int       // the row that is scaled across next
	sums       []int32
}

func resample(c channel, w, h int) *resampled {
	r := &resampled{c: c, cols: taps(w, c.width, c.across), rows: taps(h, c.height, c.down), sums: make([]int32, w)}
	most := 0
	for _, t := range r.rows {
		most = max(most, len(t.weights))
	}
	r.ring = make([][]int16, most)
	for i := range r.ring {
		r.ring[i] = make([]int16, w)
	}
	return r
}

// row writes row y of the result into out, a byte every step bytes. Rows are
// asked for in their order.
func (r *resampled) row(y int, out []byte, step int) {
	t := r.rows[y]
	r.next = max(r.next, t.from)
	for ; r.next < t.from+len(t.weights); r.next++ {
		r.across(r.next, r.ring[r.next%len(r.ring)])
	}
	const half = 1 << (weightBits + rowBits - 1)
	sums := r.sums
	for i := range sums {
		sums[i] = half
	}
	for k, w := range t.weights {
		row := r.ring[(t.from+k)%len(r.ring)][:len(sums)]
		for i, v := range row {
			sums[i] += w * int32(v)
		}
	}
	at := 0
	for _, s := range sums {
		out[at] = clamp(s >> (weightBits + rowBits))
		at += step
	}
}

// across scales row y of the channel.
func (r *resampled) across(y int, out []int16) {
	const half, shift = 1 << (weightBits - rowBits - 1), weightBits - rowBits
	row, step := r.c.pix[y*r.c.stride+r.c.at:], r.c.step
	for i, t := range r.cols {
		sum := int32(half)
		if step == 1 {
			from := row[t.from : t.from+len(t.weights)]
			for k, w := range t.weights {
				sum += w * int32(from[k])
			}
		} else {
			at := t.from * step
			for _, w := range t.weights {
				sum += w * int32(row[at])
				at += step
			}
		}
		out[i] = int16(sum >> shift)
	}
}

func clamp(v int32) byte { return byte(min(max(v, 0), 255)) }

// smaller makes an opaque picture with four bytes a pixel smaller.
func smaller(p *image.NRGBA, w, h int) *image.NRGBA {
	b := p.Bounds()
	var of [3]*resampled
	for i := range of {
		of[i] = resample(channel{p.Pix, p.Stride, 4, i, b.Dx(), b.Dy(), float64(b.Dx()), float64(b.Dy())}, w, h)
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		line := out.Pix[y*out.Stride : y*out.Stride+4*w]
		for i, r := range of {
			r.row(y, line[i:], 4)
		}
		for x := 3; x < len(line); x += 4 {
			line[x] = 255
		}
	}
	return out
}

// smallerPlanes makes a picture smaller that has luma and chroma apart. The
// colours are those of JPEG (ITU-T T.871).
func smallerPlanes(p *image.YCbCr, w, h int) *image.NRGBA {
	b := p.Bounds()
	width, height := float64(b.Dx()), float64(b.Dy())
	halfX, halfY := chromaShare(p.SubsampleRatio)
	wide, high := int(math.Ceil(width/halfX)), int(math.Ceil(height/halfY))
	luma := resample(channel{p.Y, p.YStride, 1, 0, b.Dx(), b.Dy(), width, height}, w, h)
	blue := resample(channel{p.Cb, p.CStride, 1, 0, wide, high, width / halfX, height / halfY}, w, h)
	red := resample(channel{p.Cr, p.CStride, 1, 0, wide, high, width / halfX, height / halfY}, w, h)
	ys, bs, rs := make([]byte, w), make([]byte, w), make([]byte, w)
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		luma.row(y, ys, 1)
		blue.row(y, bs, 1)
		red.row(y, rs, 1)
		line := out.Pix[y*out.Stride : y*out.Stride+4*w]
		for x, v := range ys {
			l, cb, cr := int32(v)<<16+1<<15, int32(bs[x])-128, int32(rs[x])-128
			to := line[4*x : 4*x+4 : 4*x+4]
			to[0] = clamp((l + 91881*cr) >> 16)
			to[1] = clamp((l - 22554*cb - 46802*cr) >> 16)
			to[2] = clamp((l + 116130*cb) >> 16)
			to[3] = 255
		}
	}
	return out
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
