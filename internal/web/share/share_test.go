package share

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"

	"mirabilia/internal/web/assets"
)

// faces are those of the built assets; nil on a clone that was not built.
func faces(t testing.TB) *Faces {
	t.Helper()
	set, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	if !set.Built() {
		t.Log("not built here; make test builds first")
		return nil
	}
	f, err := ReadFaces(set.Words)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func drawn(t testing.TB, f *Faces, c Card) image.Image {
	t.Helper()
	body, err := f.PNG(c)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(body))
	if err != nil || img.Bounds() != image.Rect(0, 0, Width, Height) {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	return img
}

// inked counts the dark pixels of the paper above the atlas's name, and reports
// whether any lies in the margin before the picture.
func inked(img image.Image) (n int, over bool) {
	for y := range 500 {
		for x := range start {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
				n++
				over = over || x > start-20
			}
		}
	}
	return n, over
}

func TestNoFaces(t *testing.T) {
	if _, err := ReadFaces(func(string) [][]byte { return nil }); err != ErrNoFaces {
		t.Errorf("without files: %v", err)
	}
	if _, err := ReadFaces(func(string) [][]byte { return [][]byte{[]byte("no face")} }); err == nil || err == ErrNoFaces {
		t.Errorf("of a broken file: %v", err)
	}
}

func TestTitles(t *testing.T) {
	f := faces(t)
	if f == nil {
		return
	}
	empty, _ := inked(drawn(t, f, Card{}))
	if empty != 0 {
		t.Errorf("an empty card has %d dark pixels", empty)
	}
	same := drawn(t, f, Card{Titles: []string{"Ryoan ji"}})
	for name, titles := range map[string][]string{
		"a short one":          {"Oz"},
		"accents":              {"Åkrarås Ölüdeniz Łódź Đà Nẵng"},
		"accents apart":        {"A\u030akra"},
		"Greek":                {"Μετέωρα"},
		"Cyrillic":             {"Кунсткамера"},
		"a long one":           {strings.Repeat("The Cabinet of Curiosities ", 40)},
		"one long word":        {"Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"},
		"hyphens":              {"Donaudampfschifffahrts-Elektrizitäten-Hauptbetriebswerk"},
		"broken UTF-8":         {"Caf\xc3 Central\xff"},
		"a pictogram left out": {"Cats 🐈 of Rome"},
	} {
		t.Run(name, func(t *testing.T) {
			n, over := inked(drawn(t, f, Card{Titles: titles}))
			if n < 200 || over {
				t.Errorf("%d dark pixels, in the margin: %v", n, over)
			}
		})
	}
	// What the faces lack is not drawn in part: the next name is.
	got := drawn(t, f, Card{Titles: []string{"龍安寺", "مقبرة", "Ryoan ji"}})
	for y := range Height {
		for x := range Width {
			if got.At(x, y) != same.At(x, y) {
				t.Fatalf("the title is not the first that can be written: pixel %d, %d", x, y)
			}
		}
	}
	if n, _ := inked(drawn(t, f, Card{Titles: []string{"龍安寺", ""}})); n != 0 {
		t.Errorf("a title without glyphs leaves %d dark pixels", n)
	}
}

func TestWrap_keepsToItsLines(t *testing.T) {
	f := faces(t)
	if f == nil {
		return
	}
	var b sfnt.Buffer
	for _, title := range []string{"Oz", "Museo Casa de León Trotsky", strings.Repeat("wonder ", 200), strings.Repeat("x", 900), "a-b-c", "-", "--- ---"} {
		for _, width := range []float64{400, 120} {
			lines, size := f.title.wrap(&b, title, width)
			if len(lines) == 0 || len(lines) > titleLines {
				t.Errorf("%.20q takes %d lines", title, len(lines))
			}
			for _, l := range lines {
				if l.width > width+.01 {
					t.Errorf("%.20q at %v px has a line of %v, wider than %v", title, size, l.width, width)
				}
			}
		}
	}
}

func TestPicture_fillsItsFrame(t *testing.T) {
	f := faces(t)
	if f == nil {
		return
	}
	red := color.RGBA{200, 0, 0, 255}
	for _, size := range []image.Point{{720, 616}, {10, 2000}, {2000, 10}, {1, 1}} {
		pic := image.NewRGBA(image.Rectangle{Max: size}.Add(image.Pt(7, 3)))
		for i := 0; i < len(pic.Pix); i += 4 {
			copy(pic.Pix[i:], []byte{red.R, red.G, red.B, red.A})
		}
		img := drawn(t, f, Card{Picture: pic})
		for _, at := range []image.Point{{start, 0}, {Width - 1, 0}, {start, PictureHeight - 1}, {Width - 1, PictureHeight - 1}, {840, 300}} {
			if r, g, _, _ := img.At(at.X, at.Y).RGBA(); r < 0xb000 || g > 0x1000 {
				t.Errorf("%v: at %v there is %v", size, at, img.At(at.X, at.Y))
			}
		}
	}
	drawn(t, f, Card{Picture: image.NewRGBA(image.Rectangle{})})
}

// FuzzPNG gives the drawing any words: they end up as a picture, in bounded
// time, whatever they are.
func FuzzPNG(fz *testing.F) {
	f := faces(fz)
	if f == nil {
		return
	}
	for _, s := range []string{"", "Old Tjikko", "龍安寺", "a\x00b\xff", "-\u0301-", "\u202eabc", strings.Repeat("-", 400)} {
		fz.Add(s, s)
	}
	fz.Fuzz(func(t *testing.T, title, line string) {
		drawn(t, f, Card{Kicker: line, Titles: []string{title}, Line: line, Atlas: title})
	})
}
