package e2e

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"mirabilia/internal/interchange"
)

// TestAlongTheWay takes the driver's way on each engine.
func TestAlongTheWay(t *testing.T) {
	chrome := startBrowser(t)
	each(t, func(t *testing.T, base string) { along(t, chrome, base) })
}

// wayTitles are the names of the places of the list, in its order.
const wayTitles = `[...document.querySelectorAll('.way .card h3')].map(h => h.textContent.trim())`

// along: a driver types Paris and Lyon, widens the corridor, exports, and reads
// the GPX back to the same places; then follows that file as a line.
func along(t *testing.T, chrome context.Context, base string) {
	b := open(t, chrome, base, wide, tall)
	b.visit("/along")
	b.do(chromedp.SendKeys(chromedp.CSS("#stop-1"), "Paris"), chromedp.SendKeys(chromedp.CSS("#stop-2"), "Lyon"))
	b.do(chromedp.Submit(chromedp.CSS("#stop-1")))
	b.until(`document.readyState === 'complete' && document.querySelectorAll('.way .card').length > 0`)
	narrow := eval[[]string](b, wayTitles)
	if !strings.Contains(eval[string](b, `document.querySelector('main').innerText`), "not the road") {
		t.Error("the page does not say that the line is straight")
	}
	eval[bool](b, `(() => { const r = document.querySelector('[data-corridor-range]'); r.value = '40'; r.dispatchEvent(new Event('input')); r.dispatchEvent(new Event('change')); return true })()`)
	b.until(`location.search.includes('within=40') && document.readyState === 'complete' && !!document.querySelector('.way')`)
	shown := eval[[]string](b, wayTitles)
	if len(shown) <= len(narrow) {
		t.Fatalf("40 km hold %d places, 10 km %d", len(shown), len(narrow))
	}
	address := eval[string](b, `document.querySelector('.way-out a[href*="/along.gpx"]').href`)
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	in, err := interchange.Open("way.gpx", strings.NewReader(string(raw)), "")
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	for rec, err := in.Next(); err == nil; rec, err = in.Next() {
		read = append(read, rec.Title)
	}
	if !slices.Equal(read, shown) {
		t.Errorf("the page shows %q, the GPX holds %q", shown, read)
	}

	// The map moves on touch and holds the way.
	b.do(chromedp.Click(chromedp.CSS(".map [data-move]")))
	b.until(`document.querySelector('.map canvas')`)

	// The file holds the way too: followed as a line, it leads past the same places.
	text, err := json.Marshal(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	b.visit("/along")
	eval[bool](b, `(() => { const f = document.querySelector('#way-file'), d = new DataTransfer(); d.items.add(new File([`+string(text)+`], 'way.gpx')); f.files = d.files; f.form.elements.within.value = '40'; f.form.requestSubmit(); return true })()`)
	b.until(`location.search.includes('line=') && document.readyState === 'complete' && document.querySelectorAll('.way .card').length > 0`)
	line := eval[[]string](b, wayTitles)
	if !slices.Equal(line, shown) {
		t.Errorf("the page shows %q, beside the way of its GPX lie %q", shown, line)
	}
	b.clean("along the way")
}
