package media_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/bep/imagemeta"
	"mirabilia/internal/errs"
	"mirabilia/internal/media"
)

// TestMain makes this test program the child of its own studios.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "picture-child" {
		memory, _ := strconv.ParseUint(os.Args[2], 10, 64)
		seconds, _ := strconv.ParseUint(os.Args[3], 10, 64)
		if err := media.Child(os.Stdin, os.Stdout, memory, seconds); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// shared finds a file of the photographs that may lie beside the project.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for up := dir; up != "/"; up = filepath.Dir(up) {
		if b, err := os.ReadFile(filepath.Join(up, "shared", "data", "photos", name)); err == nil {
			return b
		}
	}
	t.Logf("shared data not here: %s", name)
	return nil
}

// scene is a picture whose corners differ, so that every turn of it shows.
func scene(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			ring := 40 * math.Sin(12*math.Hypot(u-0.3, v-0.6))
			img.SetRGBA(x, y, color.RGBA{R: uint8(200 * u), G: uint8(200 * v), B: uint8(110 + ring), A: 255})
		}
	}
	return img
}

func packJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif puts an orientation and a position into a JPEG: 47.5 N, 19.25 E.
func withExif(file []byte, orientation uint16) []byte {
	le := binary.LittleEndian
	tiff := append([]byte("II*\x00"), 8, 0, 0, 0)
	tiff = le.AppendUint16(tiff, 2)
	tiff = append(tiff, entry(0x0112, 3, 1, uint32(orientation))...)
	tiff = append(tiff, entry(0x8825, 4, 1, 38)...)
	tiff = le.AppendUint32(tiff, 0)
	tiff = le.AppendUint16(tiff, 4)
	tiff = append(tiff, entry(1, 2, 2, uint32('N'))...)
	tiff = append(tiff, entry(2, 5, 3, 92)...)
	tiff = append(tiff, entry(3, 2, 2, uint32('E'))...)
	tiff = append(tiff, entry(4, 5, 3, 116)...)
	tiff = le.AppendUint32(tiff, 0)
	for _, v := range []uint32{47, 1, 30, 1, 0, 1, 19, 1, 15, 1, 0, 1} {
		tiff = le.AppendUint32(tiff, v)
	}
	return withSegment(file, 0xe1, append([]byte("Exif\x00\x00"), tiff...))
}

func entry(tag, kind uint16, count, value uint32) []byte {
	b := binary.LittleEndian.AppendUint16(nil, tag)
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = binary.LittleEndian.AppendUint32(b, count)
	return binary.LittleEndian.AppendUint32(b, value)
}

func withSegment(file []byte, marker byte, body []byte) []byte {
	out := append([]byte{0xff, 0xd8, 0xff, marker}, byte((len(body)+2)>>8), byte(len(body)+2))
	return append(append(out, body...), file[2:]...)
}

// unpack reads a variant back.
func unpack(t testing.TB, v media.Variant) (image.Image, image.Image) {
	t.Helper()
	w, err := media.DecodeWebP(v.WebP)
	if err != nil {
		t.Fatalf("the WebP of %d: %v", v.Width, err)
	}
	j, err := jpeg.Decode(bytes.NewReader(v.JPEG))
	if err != nil {
		t.Fatalf("the JPEG of %d: %v", v.Width, err)
	}
	return w, j
}

// apart is the mean distance of two pictures in steps of 0 to 255.
func apart(a, b image.Image) float64 {
	if a.Bounds().Size() != b.Bounds().Size() {
		return math.Inf(1)
	}
	sum, n := 0.0, 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, g, bl, _ := a.At(a.Bounds().Min.X+x, a.Bounds().Min.Y+y).RGBA()
			R, G, B, _ := b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y).RGBA()
			sum += math.Abs(float64(r)-float64(R)) + math.Abs(float64(g)-float64(G)) + math.Abs(float64(bl)-float64(B))
			n += 3
		}
	}
	return sum / float64(n) / 257
}

func make1(t testing.TB, file []byte) *media.Made {
	t.Helper()
	m, err := media.Make(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMake_variants(t *testing.T) {
	cases := []struct {
		w, h int
		want [][2]int
	}{
		{2400, 1600, [][2]int{{1920, 1280}, {960, 640}, {320, 213}}},
		{1000, 500, [][2]int{{1000, 500}, {960, 480}, {320, 160}}},
		{320, 200, [][2]int{{320, 200}}},
		{40, 30, [][2]int{{40, 30}}},
		{1, 1, [][2]int{{1, 1}}},
		{300, 3000, [][2]int{{60, 600}}},
	}
	for _, c := range cases {
		m := make1(t, packJPEG(t, scene(c.w, c.h)))
		if m.Width != c.w || m.Height != c.h || m.Kind != media.JPEG || len(m.SHA256) != 64 {
			t.Errorf("%d × %d is told as %d × %d %s", c.w, c.h, m.Width, m.Height, m.Kind)
		}
		if len(m.Variants) != len(c.want) {
			t.Fatalf("%d × %d has %d variants, want %v", c.w, c.h, len(m.Variants), c.want)
		}
		for i, v := range m.Variants {
			if [2]int{v.Width, v.Height} != c.want[i] {
				t.Errorf("variant %d of %d × %d is %d × %d, want %v", i, c.w, c.h, v.Width, v.Height, c.want[i])
			}
			w, j := unpack(t, v)
			if w.Bounds().Size() != image.Pt(v.Width, v.Height) || j.Bounds().Size() != image.Pt(v.Width, v.Height) {
				t.Errorf("variant %d of %d × %d has other pixels than it says", i, c.w, c.h)
			}
			if d := apart(w, j); d > 4 && c.w > 1 { // of a single pixel each keeps what it can
				t.Errorf("WebP and JPEG of %d × %d are %.1f apart", v.Width, v.Height, d)
			}
		}
		if !strings.HasPrefix(m.Blur, "data:image/webp;base64,") || len(m.Blur) > 400 {
			t.Errorf("the placeholder is %q", m.Blur)
		}
	}
}

func TestMake_turnsUpright(t *testing.T) {
	upright := scene(90, 60)
	want, _ := unpack(t, make1(t, packJPEG(t, upright)).Variants[0])
	turns := map[uint16]func(x, y int) (int, int){ // where a pixel of the file is seen
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return 89 - x, y },
		3: func(x, y int) (int, int) { return 89 - x, 59 - y },
		4: func(x, y int) (int, int) { return x, 59 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return 89 - y, x },
		7: func(x, y int) (int, int) { return 89 - y, 59 - x },
		8: func(x, y int) (int, int) { return y, 59 - x },
	}
	for o, seen := range turns {
		w, h := 90, 60
		if o >= 5 {
			w, h = h, w
		}
		stored := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				sx, sy := seen(x, y)
				stored.Set(x, y, upright.At(sx, sy))
			}
		}
		m := make1(t, withExif(packJPEG(t, stored), o))
		got, _ := unpack(t, m.Variants[0])
		if d := apart(got, want); d > 4 {
			t.Errorf("orientation %d is %.1f apart from the upright picture", o, d)
		}
		if m.Width != 90 || m.Height != 60 {
			t.Errorf("orientation %d is told as %d × %d", o, m.Width, m.Height)
		}
		if !m.Taken.Located || m.Taken.Lat != 47.5 || m.Taken.Lon != 19.25 {
			t.Errorf("orientation %d was taken at %+v", o, m.Taken)
		}
		bare(t, m)
	}
	for _, way := range []string{"landscape", "portrait"} {
		var first image.Image
		for o := 1; o <= 8; o++ {
			file := shared(t, "formats/orientation-"+way+"-"+strconv.Itoa(o)+".jpg")
			if file == nil {
				continue
			}
			m := make1(t, file)
			got, _ := unpack(t, m.Variants[len(m.Variants)-1])
			if first == nil {
				first = got
			}
			if d := apart(got, first); d > 8 { // each carries its own number in the middle
				t.Errorf("%s %d is %.1f apart from the first", way, o, d)
			}
		}
	}
}

// bare fails when a variant carries anything but pixels.
func bare(t testing.TB, m *media.Made) {
	t.Helper()
	for _, v := range m.Variants {
		for at := 12; at+8 <= len(v.WebP); {
			name, size := string(v.WebP[at:at+4]), int(binary.LittleEndian.Uint32(v.WebP[at+4:]))
			if name != "VP8 " && name != "VP8L" {
				t.Errorf("the WebP of %d has a chunk %q", v.Width, name)
			}
			at += 8 + size + size&1
		}
		for at := 2; at+4 <= len(v.JPEG) && v.JPEG[at+1] != 0xda; {
			if marker := v.JPEG[at+1]; marker != 0xdb && marker != 0xc0 && marker != 0xc4 {
				t.Errorf("the JPEG of %d has a segment %x", v.Width, marker)
			}
			at += 2 + int(binary.BigEndian.Uint16(v.JPEG[at+2:]))
		}
		for f, b := range map[imagemeta.ImageFormat][]byte{imagemeta.JPEG: v.JPEG, imagemeta.WebP: v.WebP} {
			_, _ = imagemeta.Decode(imagemeta.Options{R: bytes.NewReader(b), ImageFormat: f, Sources: imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP,
				ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
				HandleTag:       func(i imagemeta.TagInfo) error { t.Errorf("a variant tells %s", i.Tag); return nil }})
		}
	}
}

func TestMake_formats(t *testing.T) {
	cases := []struct {
		name string
		kind media.Kind
		w, h int
		lat  float64
	}{
		{"avif-irot90.avif", media.AVIF, 722, 1024, 0},
		{"heic-small.heic", media.HEIC, 1440, 960, 0},
		{"webp-lossy.webp", media.WebP, 600, 315, 0},
		{"webp-alpha-lossless.webp", media.WebP, 386, 395, 0},
		{"webp-animated.webp", media.WebP, 320, 240, 0},
		{"looks-like-svg.webp", media.WebP, 256, 256, 0},
		{"png-rgba.png", media.PNG, 128, 128, 0},
		{"png-indexed.png", media.PNG, 290, 442, 0},
		{"png-16bit-rgba.png", media.PNG, 32, 32, 0},
		{"gif-animated.gif", media.GIF, 159, 203, 0},
		{"gif-dispose-background.gif", media.GIF, 192, 168, 0},
		{"jpeg-greyscale.jpg", media.JPEG, 531, 373, 0},
		{"jpeg-progressive.jpg", media.JPEG, 900, 601, 0},
		{"gps-jpeg.jpg", media.JPEG, 640, 480, 43.46715666666389},
	}
	for _, c := range cases {
		file := shared(t, "formats/"+c.name)
		if file == nil {
			continue
		}
		m, err := media.Make(file, nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if m.Kind != c.kind || m.Width != c.w || m.Height != c.h {
			t.Errorf("%s is told as %s, %d × %d", c.name, m.Kind, m.Width, m.Height)
		}
		if m.Taken.Located != (c.lat != 0) || math.Abs(m.Taken.Lat-c.lat) > 1e-6 {
			t.Errorf("%s was taken at %+v", c.name, m.Taken)
		}
		bare(t, m)
	}
}

// The wanted colours are those of LittleCMS, through libvips 8.14, with relative
// intent and black point compensation.
func TestMake_colours(t *testing.T) {
	if profile := iccOf(shared(t, "formats/heic-p3.heic")); profile != nil {
		for _, width := range []int{64, 2000} { // as it is, and made smaller
			p3 := image.NewRGBA(image.Rect(0, 0, width, 64))
			draw.Draw(p3, p3.Rect, image.NewUniform(color.RGBA{R: 200, G: 100, B: 50, A: 255}), image.Point{}, draw.Src)
			file := withSegment(packJPEG(t, p3), 0xe2, append([]byte("ICC_PROFILE\x00\x01\x01"), profile...))
			got, _ := unpack(t, make1(t, file).Variants[0])
			near(t, "Display P3", got.At(32, 32), color.RGBA{R: 215, G: 93, B: 31, A: 255})
		}
	}
	if file := shared(t, "formats/jpeg-cmyk-icc.jpg"); file != nil {
		_, got := unpack(t, make1(t, file).Variants[0])
		near(t, "ink, blue", got.At(70, 20), color.RGBA{R: 18, G: 39, B: 74, A: 255})
		near(t, "ink, paper", got.At(5, 5), color.RGBA{R: 255, G: 255, B: 255, A: 255})
	}
	wide := bytes.Clone(shared(t, "formats/avif-irot90.avif"))
	if at := bytes.Index(wide, []byte("colrnclx")); at > 0 {
		before, _ := unpack(t, make1(t, wide).Variants[1])
		wide[at+9] = 12 // the same pixels, said to have the primaries of Display P3
		after, _ := unpack(t, make1(t, wide).Variants[1])
		if d := apart(before, after); d < 1 || d > 25 {
			t.Errorf("other primaries change the colours by %.1f", d)
		}
	}
}

// iccOf cuts the profile out of the boxes of a HEIC file.
func iccOf(file []byte) []byte {
	at := bytes.Index(file, []byte("colrprof"))
	if at < 4 {
		return nil
	}
	size := int(binary.BigEndian.Uint32(file[at-4:]))
	return file[at+8 : at-4+size]
}

func near(t *testing.T, what string, got color.Color, want color.RGBA) {
	t.Helper()
	r, g, b, _ := got.RGBA()
	for _, d := range []int{int(r>>8) - int(want.R), int(g>>8) - int(want.G), int(b>>8) - int(want.B)} {
		if d < -4 || d > 4 {
			t.Errorf("%s: %d %d %d, want %v", what, r>>8, g>>8, b>>8, want)
			return
		}
	}
}

func pngOf(w, h uint32, chunks ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, w)
	head = append(binary.BigEndian.AppendUint32(head, h), 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...)
	for _, c := range chunks {
		out = append(out, c...)
	}
	return append(out, chunk("IEND", nil)...)
}

func chunk(name string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

func frame(w, h uint16, marker byte) []byte {
	b := []byte{0xff, 0xd8, 0xff, marker, 0, 17, 8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0}
	return append(b, 0xff, 0xda, 0, 2)
}

func TestMake_refuses(t *testing.T) {
	whole := packJPEG(t, scene(400, 300))
	var small bytes.Buffer
	if err := png.Encode(&small, scene(64, 64)); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		file []byte
		why  string
	}{
		"nothing":              {nil, "empty"},
		"text":                 {[]byte("this is a letter"), "no picture"},
		"SVG":                  {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "SVG"},
		"PDF":                  {[]byte("%PDF-1.7"), "PDF"},
		"TIFF":                 {[]byte("II*\x00\x08\x00\x00\x00"), "TIFF"},
		"film":                 {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), "film"},
		"JPEG of 101 MP":       {frame(10100, 10000, 0xc0), "101 megapixels"},
		"long JPEG":            {frame(31000, 10, 0xc0), "longer than 30000"},
		"progressive bomb":     {frame(10000, 9990, 0xc2), "memory"},
		"JPEG without pixels":  {frame(0, 10, 0xc0), "no pixels"},
		"JPEG, half":           {whole[:len(whole)/2], "cut off"},
		"JPEG, start":          {whole[:30], "cut off"},
		"PNG of 51 MP":         {pngOf(8500, 6000), "51 megapixels"},
		"PNG bomb":             {pngOf(1<<31-1, 1<<31-1), "cannot be read"},
		"PNG, half":            {small.Bytes()[:small.Len()/2], "cut off"},
		"PNG in name only":     {append([]byte("\x89PNG\r\n\x1a\n"), whole...), "PNG"},
		"WebP of nothing":      {[]byte("RIFF\x04\x00\x00\x00WEBP"), "WebP"},
		"WebP canvas of 16 GP": {append([]byte("RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"), 255, 255, 255, 255, 255, 255), "longer than"},
		"GIF of 65535²":        {[]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), "longer than"},
		"AVIF without boxes":   {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1"), "cut off"},
		"huge AVIF":            {shared(t, "formats/huge-17000x17000.avif"), "289 megapixels"},
		"JPEG 2000":            {shared(t, "formats/jpeg2000.jp2"), "JPEG 2000"},
		"truncated JPEG":       {shared(t, "formats/truncated.jpg"), "cannot be read"},
		"truncated GIF":        {shared(t, "formats/truncated.gif"), "cut off"},
		"too many bytes":       {make([]byte, media.MaxBytes+1), "30 MB"},
	}
	for name, c := range cases {
		if c.file == nil && name != "nothing" {
			continue // of the shared data, and said so
		}
		m, err := media.Make(c.file, nil)
		if m != nil || err == nil {
			t.Errorf("%s was taken", name)
			continue
		}
		if code := errs.CodeOf(err); code != errs.Invalid && code != errs.TooLarge {
			t.Errorf("%s: %s", name, code)
		}
		if !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v; the reason should tell of %q", name, err, c.why)
		}
	}
}

func TestHash(t *testing.T) {
	img := scene(800, 600)
	a := make1(t, packJPEG(t, img)).Hash
	var small bytes.Buffer
	v := make1(t, packJPEG(t, img)).Variants[1]
	small.Write(v.JPEG)
	if b := make1(t, small.Bytes()).Hash; media.Distance(a, b) > media.Near/2 {
		t.Errorf("the same picture, smaller, is %d away", media.Distance(a, b))
	}
	var hashes []uint64
	for _, name := range []string{"lighthouse", "dunes", "basilica", "stonehenge", "vineyard"} {
		if file := shared(t, "scenic/"+name+".jpg"); file != nil {
			hashes = append(hashes, make1(t, file).Hash)
		}
	}
	for i, x := range hashes {
		for _, y := range hashes[:i] {
			if media.Distance(x, y) <= 2*media.Near {
				t.Errorf("two different photographs are only %d apart", media.Distance(x, y))
			}
		}
	}
}

func FuzzMake(f *testing.F) {
	f.Add(withExif(packJPEG(f, scene(24, 16)), 6))
	var b bytes.Buffer
	if err := png.Encode(&b, scene(9, 9)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(frame(100, 100, 0xc2))
	f.Add([]byte("GIF89a\x02\x00\x02\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\x02\x00\x02\x00\x00\x02\x02\x84\x51\x00\x3b"))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Add([]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1\x00\x00\x00\x0cmeta\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<16 {
			return
		}
		m, err := media.Make(file, nil)
		if err != nil {
			if code := errs.CodeOf(err); code != errs.Invalid {
				t.Fatalf("%s: %v", code, err)
			}
			return
		}
		if len(m.Variants) == 0 || m.Variants[0].Width > 1920 || m.Variants[0].Height > 2*1920 {
			t.Fatalf("variants: %+v", m.Variants)
		}
		bare(t, m)
	})
}
