package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

// pages is one page of every type: those named here and all that the footer
// and the bar lead to.
func pages(t *testing.T, base string) []string {
	t.Helper()
	list := []string{
		"/", house, house + "/edit", house + "/history", "/places/methuselah-tree", "/places/wollemi-pines", "/places/old-tjikko",
		"/places", "/places?tag=museums&in=mexico", "/places?q=zzzzqqqq", "/places-to-eat",
		"/near", "/near?q=Rome", "/near?q=zzzzqqqq", "/near?lat=0&lon=-140",
		"/along", "/along?stop=Paris&stop=Lyon&within=40", "/along?stop=Paris", "/along?stop=Paris&stop=Zzzzqqqq", "/along?within=0",
		"/map", "/search", "/search?q=museum", "/search?q=zzzzqqqq",
		"/destinations", "/destinations/mexico", "/destinations/mexico/mexico-city", "/destinations/france/ile-de-france",
		"/tags", "/tags/museums", "/tags/museums/in/mexico", "/api", "/dumps", "/offline",
		"/embed" + house, "/embed/map?in=mexico",
		"/nothing-here", "/places/nothing-here", "/places?limit=many",
	}
	seen := map[string]bool{"/random": true} // leads to one of the others
	for _, p := range list {
		seen[p] = true
	}
	res, err := http.Get(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := html.Parse(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data != "a" || !within(n, "header", "footer") {
			continue
		}
		for _, a := range n.Attr {
			u, err := url.Parse(a.Val)
			if a.Key != "href" || err != nil || u.IsAbs() || !strings.HasPrefix(u.Path, "/") || strings.Contains(u.Path, ".") || seen[u.Path] {
				continue
			}
			seen[u.Path] = true
			list = append(list, u.Path)
		}
	}
	return list
}

func within(n *html.Node, names ...string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		for _, name := range names {
			if p.Data == name {
				return true
			}
		}
	}
	return false
}

// TestPages holds every type of page, wide and narrow, light and dark, to axe's
// rules, and looks for errors, others' requests, cookies and pages that are
// wider than the screen.
func TestPages(t *testing.T) {
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is not there; run make assets: ", err)
	}
	chrome, base := startBrowser(t), serve(t, "")
	todo := make(chan string)
	var tabs sync.WaitGroup
	for range 2 {
		b := open(t, chrome, base, 1280, 900)
		tabs.Go(func() {
			for path := range todo {
				t.Run(path, func(t *testing.T) {
					one := &tab{t: t, ctx: b.ctx, base: base}
					one.examine(path, string(axe))
					b.mu.Lock()
					defer b.mu.Unlock()
					for _, f := range b.faults {
						t.Error(f)
					}
					b.faults = nil
				})
			}
		})
	}
	for _, path := range pages(t, base) {
		todo <- path
	}
	close(todo)
	tabs.Wait()
}

func (b *tab) examine(path, axe string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme) // before the page comes: colours pass over slowly
		b.do(chromedp.EmulateViewport(1280, 900))
		b.visit(path)
		eval[bool](b, axe+`; true`)
		b.violations("1280 " + scheme)
		b.do(chromedp.EmulateViewport(390, 900))
		b.violations("390 " + scheme)
	}
	for _, width := range []int64{390, 320} {
		b.do(chromedp.EmulateViewport(width, 900))
		if over := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			b.t.Errorf("at %d px the page is %d px too wide: %s", width, over, eval[string](b, widest))
		}
	}
	if c := eval[string](b, `document.cookie`); c != "" {
		b.t.Errorf("cookie %s", c)
	}
}

// widest names the elements that reach over the right edge.
const widest = `[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, [hidden]'))
	.slice(0, 5).map(e => e.tagName + '.' + e.className).join(' ')`

func (b *tab) violations(how string) {
	b.t.Helper()
	raw := eval[string](b, `axe.run(document, {resultTypes: ['violations'], preload: false}).then(r => JSON.stringify(
		r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.target.join(' ') + ': ' + n.failureSummary)}))))`)
	var found []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range found {
		b.t.Errorf("%s: axe %s (%s): %s", how, v.ID, v.Help, strings.Join(v.Nodes, " | "))
	}
}

// TestWeight holds the place page to its weight as it crosses the wire.
func TestWeight(t *testing.T) {
	chrome, base := startBrowser(t), serve(t, "")
	b := open(t, chrome, base, 390, 844)
	b.visit(house)
	b.until(`document.fonts.status === 'loaded'`)
	b.clean("weight")
	b.mu.Lock()
	defer b.mu.Unlock()
	// Fonts: two uprights with all their weights, and the serif's italic.
	for kind, most := range map[network.ResourceType]float64{
		network.ResourceTypeDocument: 25 << 10, network.ResourceTypeStylesheet: 30 << 10,
		network.ResourceTypeScript: 15 << 10, network.ResourceTypeFont: 60 << 10,
	} {
		got := b.bytes[kind]
		t.Logf("%s: %.1f KB", kind, got/1024)
		if got == 0 || got > most {
			t.Errorf("%s weighs %.0f bytes, want at most %.0f", kind, got, most)
		}
	}
}

// TestNothingMovesForTheWayToShare looks at the row under a place's pictures before
// the page's own script has come: what is not to be there never stood there.
func TestNothingMovesForTheWayToShare(t *testing.T) {
	chrome, base := startBrowser(t), serve(t, "")
	for name, has := range map[string]bool{"a device with one": true, "a device without": false} {
		t.Run(name, func(t *testing.T) {
			b := openPlain(t, chrome, base, 390)
			way := `delete Navigator.prototype.share`
			if has {
				way = `Navigator.prototype.share = () => Promise.resolve()`
			}
			if _, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: way}); err != nil {
				t.Fatal(err)
			}
			b.visit(house)
			if shown := eval[bool](b, `document.querySelector('[data-share]').checkVisibility()`); shown != has {
				t.Errorf("the button that shares is shown: %t", shown)
			}
			if eval[bool](b, `document.querySelector('.js') && performance.getEntriesByType('resource').some(e => e.name.endsWith('.js') && e.transferSize > 0)`) {
				t.Error("the page's script came all the same")
			}
		})
	}
}

// TestFiltersStandOpenBesideAList looks at the filters of all places: open where
// there is room beside the list, with nothing to press first, and one button above
// it on a phone. No script does that.
func TestFiltersStandOpenBesideAList(t *testing.T) {
	chrome, base := startBrowser(t), serve(t, "")
	const field, button = `document.querySelector('.by-filters form input[name=q]').checkVisibility()`, `document.querySelector('.by-filters summary').checkVisibility()`
	for width, beside := range map[int64]bool{1280: true, 390: false} {
		b := openPlain(t, chrome, base, width)
		b.visit("/places?free=yes")
		if shown, pressed := eval[bool](b, field), eval[bool](b, button); shown != beside || pressed == beside {
			t.Errorf("%d wide: the field is shown: %t, the button: %t", width, shown, pressed)
		}
		if !eval[bool](b, `document.querySelector('.by-filters > section').compareDocumentPosition(document.querySelector('.by-filters > aside')) & Node.DOCUMENT_POSITION_PRECEDING ? true : false`) {
			t.Errorf("%d wide: the filters come behind the list", width)
		}
	}
}

// openPlain opens a page into which no script of ours comes.
func openPlain(t *testing.T, chrome context.Context, base string, width int64) *tab {
	t.Helper()
	b := open(t, chrome, base, width, 900)
	if _, err := chromedp.Call(b.ctx, network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: base + "/assets/*.js", Block: true}}}); err != nil {
		t.Fatal(err)
	}
	return b
}
