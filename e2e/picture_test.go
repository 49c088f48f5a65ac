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

// half is the first half of a photograph, as a file: what is wrong with it is
// found out when its sizes are made.
func half(t *testing.T) string {
	t.Helper()
	whole, err := os.ReadFile(shots(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "half.jpg")
	if err := os.WriteFile(path, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pictures puts two photographs, half of one and a letter beside the form: the
// letter and the half fail alone, of the half nothing is left but the reason and
// the way to remove it; the others get their rows, are seen as soon as their sizes
// are made, and the second becomes the cover.
func (b *tab) pictures() {
	b.t.Helper()
	letter := filepath.Join(b.t.TempDir(), "letter.txt")
	if err := os.WriteFile(letter, []byte("dear atlas"), 0o600); err != nil {
		b.t.Fatal(err)
	}
	paths := shots(b.t)
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{half(b.t), paths[0], letter, paths[1]}))
	b.until(`document.querySelectorAll('[data-besides] > div').length === 3`)
	b.until(`document.querySelector('[data-uploads] .err')?.textContent.includes('no picture')`)
	b.until(`[...document.querySelectorAll('[data-besides] img')].filter(i => i.naturalWidth === 320).length === 2`)
	b.until(`document.querySelector('[data-besides] > [data-refused]:last-child')?.textContent.includes('cut off before its end')`)
	b.until(`document.querySelectorAll('[data-besides] > [data-refused] :is(input, textarea, select, summary, [data-cover]:not([hidden]))').length === 0`)
	b.until(`document.querySelector('[data-besides] > div [data-cover]:not([hidden])')?.parentElement.textContent.includes('tower-1.jpg')`)
	b.do(chromedp.Click(chromedp.CSS(`[data-besides] > [data-refused] button`)))
	b.until(`document.querySelectorAll('[data-besides] > div').length === 2`)
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

// photos: what a newcomer sends to a place one by one. Half a photograph comes to
// say why it cannot be read, alone and among others; one that waits is taken back.
func (w *writers) photos(t *testing.T) {
	b := w.as(t, w.newcomer)
	b.visit(house + "/photos")
	send := func(files ...string) {
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#ph-file"), files), chromedp.Click(chromedp.CSS(`form[data-photos] button`)))
	}
	remove := func(said string) {
		b.do(chromedp.Click(chromedp.CSS(`main .photos button[value=remove]`)))
		b.until(fmt.Sprintf(`location.search === '' && !document.querySelector('main').textContent.includes(%q)`, said))
	}
	const reason = "cut off before its end"
	send(half(t))
	b.until(fmt.Sprintf(`document.querySelector('main .photos form button[value=remove]') && document.querySelector('main .photos').textContent.includes(%q)`, reason))
	b.says("half.jpg", "what could not is marked below")
	remove(reason)

	letter := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(letter, []byte("dear atlas"), 0o600); err != nil {
		t.Fatal(err)
	}
	send(half(t), letter)
	b.until(fmt.Sprintf(`document.querySelectorAll('[data-uploads] .err').length === 2 && document.querySelector('[data-uploads]').textContent.includes(%q)`, reason))
	b.visit(house + "/photos")
	remove(reason)

	send(shots(t)[0])
	b.until(`document.querySelector('main .photos').textContent.includes('Waits for an editor')`)
	remove("Waits for an editor")
	b.visit("/drafts")
	b.says("Withdrawn")
	b.clean("photos")
}
