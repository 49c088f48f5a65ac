package e2e

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// shots are two photographs, as files.
func shots(t *testing.T) (paths []string) {
	t.Helper()
	for n := range 2 {
		img := image.NewRGBA(image.Rect(0, 0, 800, 600))
		for y := range 600 {
			for x := range 800 {
				img.SetRGBA(x, y, color.RGBA{R: uint8(x / (n + 2)), G: uint8(y / 3), B: uint8(120 * n), A: 255})
			}
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("tower-%d.jpg", n+1))
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := jpeg.Encode(file, img, nil); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// pictures puts two photographs and a letter beside the form: the letter fails
// alone, the others get their rows, are seen as soon as their sizes are made, and
// the second becomes the cover.
func (b *tab) pictures() {
	b.t.Helper()
	letter := filepath.Join(b.t.TempDir(), "letter.txt")
	if err := os.WriteFile(letter, []byte("dear atlas"), 0o600); err != nil {
		b.t.Fatal(err)
	}
	paths := shots(b.t)
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{paths[0], letter, paths[1]}))
	b.until(`document.querySelectorAll('[data-besides] > div').length === 2`)
	b.until(`document.querySelector('[data-uploads] .err')?.textContent.includes('no picture')`)
	b.until(`[...document.querySelectorAll('[data-besides] img')].filter(i => i.naturalWidth === 320).length === 2`)
	b.until(`[...document.querySelectorAll('[data-besides] [data-state]')].every(s => s.textContent === '')`)
	for n := range 2 {
		id := eval[string](b, fmt.Sprintf(`document.querySelectorAll('[data-besides] > div')[%d].dataset.photo`, n))
		b.fill("photo."+id+".alt", fmt.Sprintf("A brick tower, photo %d", n+1))
		if n == 1 {
			b.fill("photo."+id+".caption", "The tower from the depot")
		}
		b.do(chromedp.SetValue(chromedp.CSS(fmt.Sprintf(`[name="photo.%s.licence"]`, id)), "CC-BY-4.0"))
	}
	b.do(chromedp.Click(chromedp.CSS(`[data-besides] > div:nth-child(2) button[value^="first."]`)))
	b.until(`document.querySelector('[data-besides] > div [data-name]').textContent.includes('tower-2.jpg')`)
}
