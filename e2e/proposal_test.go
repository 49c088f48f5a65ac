package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// proposes: an editor of the atlas proposes a place for a list of the newcomer's,
// who is told and takes it. The list goes around the world, and its map in a frame
// as narrow as a phone shows all of it.
func (w *writers) proposes(t *testing.T) {
	b := w.as(t, w.newcomer)
	b.visit("/me/lists/new")
	b.fill("title", "From end to end")
	b.do(chromedp.SetValue(chromedp.CSS("#l-privacy"), "public"))
	edit := b.leads(`main form button`, "/lists/")
	for _, slug := range []string{"sign-post-forest", "moeraki-boulders"} {
		b.visit("/places/" + slug + "/lists")
		b.leads(`main form[action="`+edit+`"] button[value=add]`, "/places/"+slug+"/lists")
	}
	b.visit(edit)
	b.fill("name", "demo-editor")
	b.do(chromedp.SetValue(chromedp.CSS("#w-role"), "suggester"))
	b.leads(`main button[value=invite]`, edit)

	e := w.as(t, w.editor)
	e.visit(house + "/lists")
	row := `main form[action="` + edit + `"]`
	e.until(`document.querySelector('` + row + ` button[value=add]').textContent.startsWith('Propose it')`)
	e.leads(row+` button[value=add]`, house+"/lists")
	e.until(`document.querySelector('` + row + `').textContent.includes('Proposed, not yet taken') && document.querySelector('` + row + ` button[value=remove]').textContent.startsWith('Take the proposal back')`)
	e.clean("proposing")

	b.visit("/notifications")
	b.says("proposes something for your list “From end to end”.")
	b.visit(edit)
	b.leads(`main button[value=take]`, edit)
	e.visit(house + "/lists")
	e.until(`document.querySelector('` + row + `').textContent.includes('It stands there') && !document.querySelector('` + row + ` button')`)
	b.clean("taking it")

	frame := open(t, w.chrome, w.base, 390, 420)
	frame.visit("/embed" + strings.TrimSuffix(edit, "/edit"))
	frame.until(`document.querySelector('.maplibregl-ctrl-zoom-out')`)
	frame.until(`!document.querySelector('.maplibregl-ctrl-zoom-out').disabled`) // it is not as far out as it goes: all fits
	frame.clean("the frame")
	frame = open(t, w.chrome, w.base, 390, 420)
	frame.unscripted()
	frame.visit("/embed" + strings.TrimSuffix(edit, "/edit"))
	frame.until(`getComputedStyle(document.querySelector('.map > img')).objectFit === 'contain'`) // nothing of it is cut off
	frame.clean("the frame without script")
}
