package media

import "image"

// planes parts an opaque picture into luma, and chroma of every two by two
// pixels, as WebP keeps them: ITU-R BT.601 with luma from 16 to 235 (RFC 6386,
// section 9.2). The encoder would do it itself, with two more copies of the
// picture in its memory. What is returned is one piece of memory, which the
// encoder counts on.
func planes(img *image.NRGBA) *image.NYCbCrA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewNYCbCrA(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for y := range h {
		luma(out.Y[y*out.YStride:][:w], img.Pix[y*img.Stride:][:4*w])
	}
	for y := 0; y < h; y += 2 {
		upper := img.Pix[y*img.Stride:][:4*w]
		lower := img.Pix[min(y+1, h-1)*img.Stride:][:4*w]
		at := y / 2 * out.CStride
		chroma(out.Cb[at:][:out.CStride], out.Cr[at:][:out.CStride], upper, lower)
	}
	for i := range out.A {
		out.A[i] = 255
	}
	return out
}

// The shares are BT.601's in parts of 1<<16: those of luma times 219/255, those
// of chroma times 112/255.
func luma(out, pixels []byte) {
	for x := range out {
		p := pixels[4*x : 4*x+3 : 4*x+3]
		sum := 16829*int32(p[0]) + 33039*int32(p[1]) + 6416*int32(p[2])
		out[x] = byte((sum + 16<<16 + 1<<15) >> 16)
	}
}

// chroma takes four pixels at a time; at an odd edge the last ones twice.
func chroma(blue, red, upper, lower []byte) {
	last := len(upper) - 4
	for x := range blue {
		a, b := 8*x, min(8*x+4, last)
		p, q := upper[a:a+3:a+3], upper[b:b+3:b+3]
		s, t := lower[a:a+3:a+3], lower[b:b+3:b+3]
		r4 := int32(p[0]) + int32(q[0]) + int32(s[0]) + int32(t[0])
		g4 := int32(p[1]) + int32(q[1]) + int32(s[1]) + int32(t[1])
		b4 := int32(p[2]) + int32(q[2]) + int32(s[2]) + int32(t[2])
		blue[x] = byte((28784*b4 - 9714*r4 - 19070*g4 + 128<<18 + 1<<17) >> 18)
		red[x] = byte((28784*r4 - 24103*g4 - 4681*b4 + 128<<18 + 1<<17) >> 18)
	}
}
