package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

// road is what lies between a reader and the atlas: it can be cut, and counts
// what passes.
type road struct {
	cut    atomic.Bool
	passed atomic.Int64
	base   string
}

// newRoad leads to an atlas. While it is cut, connections break as they do
// where there is no signal.
func newRoad(t *testing.T, base string) *road {
	t.Helper()
	to, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	r := &road{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if r.cut.Load() {
			panic(http.ErrAbortHandler)
		}
		if strings.HasPrefix(q.URL.Path, "/packs/") || strings.HasPrefix(q.URL.Path, "/pictures/") || strings.HasPrefix(q.URL.Path, "/tiles/") {
			r.passed.Add(1)
		}
		proxy.ServeHTTP(w, q)
	}))
	t.Cleanup(server.Close)
	r.base = server.URL
	return r
}

// TestOffline takes the traveller's way once on each engine.
func TestOffline(t *testing.T) {
	chrome := startBrowser(t)
	eachStored(t, func(t *testing.T, base string, at config.Storage) { offline(t, chrome, base, at) })
}

// offline: a traveller keeps a guide, loses the network, searches in it, finds
// what is near, reads a place; what was not kept says so; with the network back
// only what has changed is fetched.
func offline(t *testing.T, chrome context.Context, base string, at config.Storage) {
	r := newRoad(t, base)
	b := open(t, chrome, r.base, 390, 844)
	standAt(b, 19.3574, -99.1601)
	const guide = "/destinations/mexico/mexico-city"

	b.visit(guide)
	b.until(`navigator.serviceWorker.controller`)
	b.do(chromedp.Click(chromedp.CSS("details.take summary")))
	b.until(`/\d+ places, .*[kM]B/.test(document.querySelector('[data-keep-say]').textContent)`)
	announced := eval[string](b, `document.querySelector('[data-keep-say]').textContent`)
	b.do(chromedp.Click(chromedp.CSS("[data-keep-go]")))
	b.until(`document.querySelector('[data-keep-say]').textContent.startsWith('Kept.')`)
	announcedIsReal(b, announced)
	nothingPrivate(b)
	b.clean("keeping")

	r.cut.Store(true)
	// The guide's own address opens the kept copy.
	b.visit(guide)
	b.until(`document.querySelector('h1').textContent === 'Mexico City' && document.querySelectorAll('[data-rows] li').length > 3`)
	if hook := eval[string](b, `document.querySelector('[data-age]').textContent`); !strings.HasPrefix(hook, "No signal.") {
		t.Errorf("the copy says %q", hook)
	}
	b.do(chromedp.SendKeys(chromedp.CSS("#pack-q"), "trotzky"))
	b.until(`document.querySelector('[data-rows] a').pathname === '` + house + `' && document.querySelectorAll('[data-rows] li').length < 4`)
	b.do(chromedp.Click(chromedp.CSS("[data-near]")))
	b.until(`document.querySelector('[data-rows] a').pathname === '` + house + `' && /^\d+\s(m|ft)$/.test(document.querySelector('[data-far]').textContent)`)
	b.do(chromedp.Click(chromedp.CSS("[data-show-map]")))
	b.until(`document.querySelector('[data-pack-map] canvas')`)

	follow(b, `[data-rows] a`)
	b.until(`document.querySelector('[data-inside] h1') && document.querySelector('[data-inside] img').naturalWidth > 100`)
	if words := eval[int](b, `document.querySelector('[data-inside]').innerText.split(/\s+/).length`); words < 80 {
		t.Errorf("the kept page has only %d words", words)
	}
	b.visit("/places?in=japan")
	b.until(`document.querySelector('[data-unsaved]') && !document.querySelector('[data-unsaved]').hidden && document.querySelectorAll('.pack').length === 1`)
	b.forget()

	r.cut.Store(false)
	change(t, at, house)
	update(t, b, r)
	b.visit("/offline")
	b.do(chromedp.Click(chromedp.CSS("[data-delete]")))
	b.until(`document.querySelector('h1').textContent.startsWith('Nothing is kept')`)
	if left := eval[int](b, `caches.keys().then(k => k.filter(n => n.startsWith('pack:')).length)`); left != 0 {
		t.Errorf("%d packs are left", left)
	}
	b.clean("offline")
}

// change has another process write a sentence more about a place.
func change(t *testing.T, at config.Storage, path string) {
	t.Helper()
	var all bytes.Buffer
	if err := app.Export(t.Context(), at, &all, app.ExportOptions{Format: "ndjson", Private: true}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(all.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		if "/places/"+fmt.Sprint(record["slug"]) != path {
			continue
		}
		record["body"] = fmt.Sprint(record["body"], "\n\nThe door was painted blue again this week.")
		one, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		im, err := app.OpenImport(t.Context(), at, app.ImportOptions{Publish: true, Report: func(line string) { t.Log(line) }})
		if err != nil {
			t.Fatal(err)
		}
		defer im.Close()
		if err := im.Read(t.Context(), "one.ndjson", bytes.NewReader(one), "ndjson"); err != nil || im.Sum().Updated != 1 {
			t.Fatalf("%+v: %v", im.Sum(), err)
		}
		return
	}
	t.Fatalf("%s is not among what is exported", path)
}

// update brings the pack up to date: one text is fetched and nothing else.
func update(t *testing.T, b *tab, r *road) {
	t.Helper()
	eval[bool](b, `(async () => {
		while (!(await (await fetch('`+house+`.json', {cache: 'no-store'})).text()).includes('painted blue again')) await new Promise(done => setTimeout(done, 100));
		return true;
	})()`)
	for i, want := range []string{"Brought up to date: 1 changed, 0 gone.", "Nothing has changed since."} {
		b.visit("/offline")
		b.until(`document.querySelector('[data-update]')`)
		before := r.passed.Load()
		b.do(chromedp.Click(chromedp.CSS("[data-update]")))
		b.until(`document.querySelector('.pack [data-say]').dataset.fetched !== undefined`)
		said := eval[string](b, `document.querySelector('.pack [data-say]').textContent`)
		if passed := r.passed.Load() - before; said != want || passed != int64(1-i) {
			t.Errorf("%q took %d requests for texts, pictures and tiles; want %q", said, passed, want)
		}
	}
}

// announcedIsReal compares what was said with what lies on the device.
func announcedIsReal(b *tab, announced string) {
	b.t.Helper()
	sizes := eval[[]float64](b, `(async () => {
		const name = (await caches.keys()).find(n => n.startsWith('pack:'));
		const pack = await (await caches.match('/packs/this', {cacheName: name})).json();
		let real = 0;
		for (const q of await (await caches.open(name)).keys()) real += (await (await caches.match(q, {cacheName: name})).blob()).size;
		return [pack.size.total, real];
	})()`)
	if len(sizes) != 2 || sizes[1] < 0.7*sizes[0] || sizes[1] > 1.4*sizes[0] {
		b.t.Errorf("%q announced, %v kept", announced, sizes)
	}
}

// nothingPrivate looks through everything that is kept for what is not for
// everyone.
func nothingPrivate(b *tab) {
	b.t.Helper()
	found := eval[[]string](b, `(async () => {
		const out = [];
		for (const name of await caches.keys()) {
			for (const q of await (await caches.open(name)).keys()) {
				const a = await caches.match(q, {cacheName: name});
				if (/no-store|private/.test(a.headers.get('Cache-Control') ?? '') || q.url.includes('/login')) out.push(q.url);
			}
		}
		return out;
	})()`)
	if len(found) > 0 {
		b.t.Errorf("kept: %v", found)
	}
}

// standAt puts the device somewhere and lets the atlas know.
func standAt(b *tab, lat, lon float64) {
	b.t.Helper()
	exact := 10.0
	if _, err := chromedp.Call(b.ctx, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &lat, Longitude: &lon, Accuracy: &exact}); err != nil {
		b.t.Fatal(err)
	}
	_, err := chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "geolocation"}, Setting: browser.PermissionSettingGranted,
		BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// forget throws away what was noted while there was no network: a browser
// writes down each thing that it could not reach.
func (b *tab) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = nil
}
