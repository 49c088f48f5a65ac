package demo

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/image/webp"
)

func TestDrawings_areWhole(t *testing.T) {
	records, err := Records()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, r := range records {
		known[r.ID] = true
	}
	drawings, err := Drawings()
	if err != nil {
		t.Fatal(err)
	}
	all, gallery := 0, 0
	drawn, alts := map[string]bool{}, map[string]bool{}
	for _, d := range drawings {
		if alts[d.Alt] {
			t.Errorf("%s has the alternative of another drawing", d.Place)
		}
		drawn[d.Place], alts[d.Alt] = true, true
		if !known[d.Place] {
			t.Errorf("%s is no place of the demo", d.Place)
		}
		if d.Place == "casa-de-leon-trotsky" {
			gallery++
		}
		if !strings.HasSuffix(d.Caption, "A drawing.") || !strings.HasPrefix(d.Alt, "Drawing of ") || d.Credit == "" || d.Licence != "CC0-1.0" {
			t.Errorf("%s: caption, alternative, credit and licence: %+v", d.Place, d)
		}
		for width, file := range d.Files {
			all += checkVariant(t, d, width, file)
		}
		if len(d.Files) < 3 || d.Files[d.Width] == "" {
			t.Errorf("%s: variants %v", d.Caption, d.Files)
		}
	}
	if gallery != 3 {
		t.Errorf("the house in Coyoacán has %d drawings, want 3", gallery)
	}
	if len(drawn) < 16 {
		t.Errorf("%d places have drawings, want 16 at least", len(drawn))
	}
	if all > 40_000*len(drawings)*4 {
		t.Errorf("all drawings are %d bytes, want 40 kB for each of four variants at most", all)
	}
}

// checkVariant is the size of a variant in bytes.
func checkVariant(t *testing.T, d Drawing, width int, file string) int {
	t.Helper()
	b, ok := Picture(file)
	if !ok {
		t.Fatalf("%s: no such picture", file)
	}
	if len(b) > 300_000 {
		t.Errorf("%s: %d bytes", file, len(b))
	}
	img, err := webp.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	size := img.Bounds().Size()
	if want := (width*d.Height + d.Width/2) / d.Width; size.X != width || size.Y != want {
		t.Errorf("%s is %v, want %d by %d", file, size, width, want)
	}
	if width > d.Width {
		t.Errorf("%s is larger than the largest", file)
	}
	return len(b)
}

func TestPicture_refusesOtherNames(t *testing.T) {
	drawings, err := Drawings()
	if err != nil {
		t.Fatal(err)
	}
	good := drawings[0].Files[640]
	cut := strings.LastIndexByte(good, '-')
	for _, name := range []string{
		"", "-", ".webp", "-.webp", good[:cut] + ".webp", good[:cut] + "-00000000.webp", good + "x", "../" + good, strings.ToUpper(good),
		"../places/paris.toml", strings.TrimSuffix(good, ".webp") + ".jpg", "/" + good, "a\x00b-12345678.webp",
	} {
		if _, ok := Picture(name); ok {
			t.Errorf("%q is a picture", name)
		}
	}
}
