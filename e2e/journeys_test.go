package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
)

// TestJourneys takes each way once on each engine.
func TestJourneys(t *testing.T) {
	chrome := startBrowser(t)
	each(t, func(t *testing.T, base string) {
		for name, way := range map[string]func(*testing.T, context.Context, string){
			"find": find, "near": near, "map": moveMap, "place map": placeMap, "theme": theme,
			"without script": withoutScript, "embed": embed, "nothing found": nothing,
		} {
			t.Run(name, func(t *testing.T) { way(t, chrome, base) })
		}
	})
}

const (
	house = "/places/casa-de-leon-trotsky"
	wide  = 1280
	tall  = 900
)

// find: from home by a suggestion to a place, what is near it, its guide, a
// theme; and back keeps the filters.
func find(t *testing.T, chrome context.Context, base string) {
	b := open(t, chrome, base, wide, tall)
	b.visit("/")
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), "trotzky"))
	// What was asked for the first letters may still arrive, and takes the choice.
	b.until(`performance.getEntriesByType('resource').some(r => r.name.endsWith('q=trotzky'))`)
	b.until(`[...document.querySelectorAll('.bar [role=option]')].some(o => o.pathname === '` + house + `')`)
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	b.until(`document.querySelector('#q').getAttribute('aria-activedescendant')`)
	b.enter()
	b.until(`location.pathname.startsWith('/places/') && document.readyState === 'complete'`)

	b.visit(house)
	follow(b, `section[aria-labelledby=h-near] a[href^="/places/"]`)
	b.until(`document.querySelector('#h-guide')`)
	follow(b, `section[aria-labelledby=h-guide] a`)
	b.until(`location.pathname.startsWith('/destinations/') && document.querySelector('main a[href^="/places/"]')`)
	if n := eval[int](b, `document.querySelectorAll('main a[href^="/tags/"], main a[href*="tag="]').length`); n == 0 {
		t.Error("the guide names no theme")
	}

	b.visit("/places?in=mexico&tag=museums")
	shown := eval[string](b, `document.querySelector('main').innerText`)
	follow(b, `main .card a[href^="/places/"]`)
	eval[bool](b, `(history.back(), true)`) // the page may come back whole, without loading
	b.until(`location.search === '?in=mexico&tag=museums' && document.readyState === 'complete'`)
	if got := eval[string](b, `document.querySelector('main').innerText`); got != shown {
		t.Error("after going back the list is another")
	}
	b.clean("find")
}

// enter presses Enter as a keyboard does: one event, so that a page which takes
// the key keeps the form from being sent.
func (b *tab) enter() {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		p := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
		if kind == input.DispatchKeyEventTypeKeyDown {
			p.Text = "\r"
		}
		if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, p); err != nil {
			b.t.Fatal(err)
		}
	}
}

// follow clicks the first link and waits until its page is there.
func follow(b *tab, link string) {
	b.t.Helper()
	b.until(`document.querySelector('` + strings.ReplaceAll(link, `'`, `\'`) + `')`)
	to := eval[string](b, fmt.Sprintf(`(() => { const a = document.querySelector(%q); a.scrollIntoView({block: 'center'}); return a.pathname })()`, link))
	eval[bool](b, fmt.Sprintf(`(document.querySelector(%q).click(), true)`, link))
	b.until(fmt.Sprintf(`location.pathname === %q && document.readyState === 'complete'`, to))
}

// near: by the position of the device, by a city, by coordinates.
func near(t *testing.T, chrome context.Context, base string) {
	b := open(t, chrome, base, wide, tall)
	lat, lon, exact := 19.3574, -99.1601, 10.0
	if _, err := chromedp.Call(b.ctx, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &lat, Longitude: &lon, Accuracy: &exact}); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "geolocation"}, Setting: browser.PermissionSettingGranted,
		BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
	})
	if err != nil {
		t.Fatal(err)
	}
	first := `document.querySelector('main .rows .card a[href^="/places/"]')`
	b.visit("/near")
	b.do(chromedp.Click(chromedp.CSS("form[data-near] [data-locate]")))
	b.until(`location.search.includes('lat=19.357') && ` + first)
	if got := eval[string](b, first+`.pathname`); got != house {
		t.Errorf("nearest to the house is %s", got)
	}
	for asked, country := range map[string]string{"Rome": "italy", "19°21′27.7″N 99°9′34.6″W": "mexico"} {
		b.visit("/near")
		b.do(chromedp.SetValue(chromedp.CSS("form[data-near] input[name=q]"), asked))
		b.do(chromedp.Submit(chromedp.CSS("form[data-near]")))
		b.until(`location.search.includes('q=') && ` + first)
		b.do(chromedp.Navigate(base + eval[string](b, first+`.pathname`)))
		if n := eval[int](b, `document.querySelectorAll('main a[href^="/destinations/`+country+`"]').length`); n == 0 {
			t.Errorf("near %s leads to %s, which is not in %s", asked, b.where(), country)
		}
	}
	b.clean("near")
}

// cluster finds a mark that stands for several places, as the tile has it.
func cluster(t *testing.T, base string) orb.Point {
	t.Helper()
	tile := maptile.New(8, 5, 4) // the west of Europe
	res, err := http.Get(base + "/tiles/places/4/8/5.mvt")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.Unmarshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	layers.ProjectToWGS84(tile)
	best, most := orb.Point{}, 1.0
	for _, l := range layers {
		for _, f := range l.Features {
			if n, ok := f.Properties["count"].(float64); ok && n > most {
				best, most = f.Geometry.(orb.Point), n
			}
		}
	}
	if most == 1 {
		t.Fatal("the tile has no cluster")
	}
	return best
}

// moveMap: tiles come, a cluster opens its places, the list goes by keyboard,
// the address keeps the view.
func moveMap(t *testing.T, chrome context.Context, base string) {
	b := open(t, chrome, base, wide, tall)
	at := cluster(t, base)
	b.visit(fmt.Sprintf("/map?lat=%.4f&lon=%.4f&z=4", at.Lat(), at.Lon()))
	b.until(`document.querySelector('[data-canvas].live canvas')`)
	b.until(`document.querySelectorAll('[data-rows] .card').length > 1`)
	b.until(`/\d/.test(document.querySelector('[data-count]').textContent)`)
	middle := eval[[]float64](b, `(() => { const r = document.querySelector('[data-canvas] canvas').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`)
	// Marks are drawn a moment after the map: press until one is hit.
	pressed := false
	for range 40 {
		b.do(chromedp.MouseClickXY(middle[0], middle[1]))
		if pressed = eval[bool](b, `new Promise(done => setTimeout(() => done(!document.querySelector('[data-cluster]').hidden), 250))`); pressed {
			break
		}
	}
	if !pressed {
		t.Fatal("a press on the cluster opens nothing")
	}
	b.until(`document.querySelectorAll('[data-cluster-rows] .card').length > 1`)
	// Pressed again, the focus is on the map: Escape closes from there too.
	b.do(chromedp.MouseClickXY(middle[0], middle[1]))
	b.until(`document.activeElement.matches('[data-canvas] canvas') || document.activeElement.matches('[data-cluster-heading]')`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until(`document.querySelector('[data-cluster]').hidden`)

	// The list by keyboard alone.
	eval[bool](b, `(document.querySelector('.map-side').focus(), true)`)
	for range 80 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[bool](b, `!!document.activeElement.closest('[data-rows] .card')`) {
			break
		}
	}
	to := eval[string](b, `document.activeElement.closest('[data-rows] .card') ? document.activeElement.pathname : ''`)
	if to == "" {
		t.Fatal("the list cannot be reached by keyboard")
	}
	before := eval[string](b, `location.href`)
	b.do(chromedp.Click(chromedp.CSS("[data-in]")))
	b.until(fmt.Sprintf(`location.href !== %q && location.search.includes('z=5')`, before))
	kept := eval[string](b, `location.href`)
	b.do(chromedp.Reload())
	b.until(`document.querySelector('[data-canvas].live canvas') && document.querySelector('[data-map-page]').dataset.zoom === '5'`)
	if got := eval[string](b, `location.href`); got != kept {
		t.Errorf("the view was %s and is %s", kept, got)
	}
	b.clean("map")
}

// placeMap: the picture of a place becomes a map when it is touched.
func placeMap(t *testing.T, chrome context.Context, base string) {
	b := open(t, chrome, base, wide, tall)
	b.visit(house)
	if n := eval[int](b, `document.querySelectorAll('canvas').length + performance.getEntriesByType('resource').filter(r => /map-.*\.js/.test(r.name)).length`); n != 0 {
		t.Error("the moving map is loaded before it is touched")
	}
	b.do(chromedp.Click(chromedp.CSS("#where [data-move]")))
	b.until(`document.querySelector('#where canvas')`)
	b.clean("place map")
}

// theme: the reader's choice holds, here and on the next page.
func theme(t *testing.T, chrome context.Context, base string) {
	b := open(t, chrome, base, wide, tall)
	b.visit("/")
	colour := `getComputedStyle(document.body).backgroundColor`
	light := eval[string](b, colour)
	b.do(chromedp.Click(chromedp.CSS(`form[data-prefs] label:has(input[name=theme][value=dark])`)))
	b.until(`document.documentElement.dataset.theme === 'dark'`)
	b.until(fmt.Sprintf(`%s !== %q`, colour, light)) // colours may pass over
	dark := eval[string](b, colour)
	b.visit("/destinations")
	b.until(fmt.Sprintf(`%s === %q`, colour, dark))
	b.do(chromedp.Click(chromedp.CSS(`form[data-prefs] label:has(input[name=theme][value=auto])`)))
	b.until(fmt.Sprintf(`%s === %q`, colour, light))
	b.clean("theme")
}

// withoutScript: every page can be read and every form works.
func withoutScript(t *testing.T, chrome context.Context, base string) {
	b := open(t, chrome, base, wide, tall)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for _, path := range pages(t, base) {
		b.visit(path)
		if words, err := chromedp.Run(b.ctx, chromedp.TextContent(chromedp.CSS("main"))); err != nil || len(strings.Fields(words)) < 8 {
			t.Errorf("%s says only %q (%v)", path, words, err)
		}
	}
	for _, form := range []struct{ page, field, value, button, want string }{
		{"/", "#q", "trotsky", "header .find button", "/search?q=trotsky"},
		{"/", "#near-q", "Rome", "form:has(#near-q) button", "/near?q=Rome"},
		{"/search", "#query", "museum", "main form:has(#query) button", "/search?q=museum"},
		{"/along?stop=Paris", "#stop-2", "Lyon", "form:has(#stop-1) button", "/along?stop=Paris&stop=Lyon"},
		{"/near", "form[data-near] input[name=q]", "Berlin", "form[data-near] button:not([type=button])", "/near?q=Berlin"},
	} {
		b.visit(form.page)
		b.do(chromedp.SendKeys(chromedp.CSS(form.field), form.value))
		res, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(form.button)))
		if err != nil {
			t.Fatalf("%s of %s: %v", form.field, form.page, err)
		}
		if at := strings.TrimPrefix(res.URL, base); res.Status != 200 || !strings.HasPrefix(at, form.want) {
			t.Errorf("%s of %s leads to %s (%d), want %s", form.field, form.page, at, res.Status, form.want)
		}
	}
	b.clean("without script")
}

// nothing: an empty result says so, names the question and shows ways on.
func nothing(t *testing.T, chrome context.Context, base string) {
	b := open(t, chrome, base, wide, tall)
	b.visit("/search?q=qqzzxxvv+wwkkjj")
	if !strings.Contains(eval[string](b, `document.querySelector('main').innerText`), "qqzzxxvv wwkkjj") {
		t.Error("the question is not named")
	}
	for _, way := range []string{"/near", "/random"} {
		if !eval[bool](b, fmt.Sprintf(`!!document.querySelector('main a[href^=%q]')`, way)) {
			t.Errorf("no way to %s", way)
		}
	}
	b.clean("nothing found")
}
