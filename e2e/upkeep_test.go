package e2e

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axed holds the page that is open to axe's rules, on one engine, as it stands:
// its widths and schemes are walked where all pages are.
func (r *reporters) axed(b *tab, where string) {
	b.t.Helper()
	if r.axe != "" {
		eval[bool](b, r.axe+`; true`)
		b.violations(where)
	}
}

// atVisits are the pictures of visits that a page shows, by their paths.
const atVisits = `[...document.querySelectorAll('main img')].map(i => new URL(i.src).pathname).filter(p => /^\/photos\/\d+\/\d+$/.test(p))`

// wroteDown writes a visit of the house down with one photograph, and gives the
// path of that once it is made.
func (b *tab) wroteDown(day, note, privacy, file string, of int) string {
	b.t.Helper()
	b.visit(house + "/mark")
	b.fill("day", day, "note", note)
	b.do(chromedp.SetValue(chromedp.CSS("#v-privacy"), privacy), chromedp.SetUploadFiles(chromedp.CSS("#v-files"), []string{file}))
	b.leads(`main form.narrow[action$="/visits"] p > button`, house+"/mark")
	// The page comes anew by itself when all sizes are made.
	b.until(fmt.Sprintf(`document.querySelector('main').textContent.includes(%q) && !document.querySelector('[data-making]') && %s.length >= %d`, note, atVisits, of))
	b.until(`[...document.querySelectorAll('main .photos img')].every(i => i.complete && i.naturalWidth > 0)`)
	return eval[string](b, fmt.Sprintf(`[...document.querySelectorAll('main li')].find(l => l.textContent.includes(%q)).querySelector('img').src`, note))
}

// visits: photographs of a private visit are its member's alone; those of a
// public one are seen on the page of the member and nowhere else.
func (r *reporters) visits(t *testing.T) {
	const list = "/users/demo-admin/visits"
	files := shots(t)
	b := r.as(t, r.admin)
	b.visit("/settings")
	b.do(chromedp.SetValue(chromedp.CSS("#privacy-visits"), "public"))
	b.leads(`main form:has(#privacy-visits) p > button`, "/settings")
	private := b.wroteDown("2025-06", "It rained, and nobody else came.", "me", files[0], 1)
	public := b.wroteDown("2025-07", "The gate stood open.", "public", files[1], 2)
	r.axed(b, "own visits")
	b.clean("own visits")

	reader := r.as(t, nil)
	reader.visit(list)
	reader.says("The gate stood open.", "July 2025")
	if strings.Contains(reader.words(), "It rained") {
		t.Error("a private visit is told")
	}
	reader.until(`[...document.querySelectorAll('main img')].some(i => i.naturalWidth > 0)`)
	if n := eval[int](reader, atVisits+`.length`); n != 1 {
		t.Errorf("%d photographs of visits are shown, not the one of the public visit", n)
	}
	r.axed(reader, list)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]int{private: http.StatusSeeOther, public: http.StatusOK} {
		res, err := client.Get(path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("nobody in particular opens %s: %s", path, res.Status)
		}
	}
	reader.visit(house)
	if n := eval[int](reader, atVisits+`.length`); n != 0 {
		t.Errorf("the place shows %d photographs of visits", n)
	}
	reader.clean("others' visits")
}

// note: a line for the editors about a place, taken up and answered.
func (r *reporters) note(t *testing.T) {
	b := r.as(t, r.admin)
	b.visit(house + "/note")
	r.axed(b, house+"/note")
	b.fill("text", "Shut on Mondays since May.")
	at, _, _ := strings.Cut(b.leads(`main form[action$="/note"] button`, "/submissions/"), "?")
	b.says("Shut on Mondays since May.", "in the queue")
	b.clean("a note")

	e := r.as(t, r.editor)
	e.visit("/desk?kind=note")
	e.firstOfDesk()
	e.says("Shut on Mondays since May.", "Take it up")
	r.axed(e, "a note on the desk")
	e.key("p")
	e.decided()
	e.clean("taking a note up")
	b.visit(at)
	b.says("An editor has taken it up.")
	b.clean("a note that is taken up")
}

// logo: the operator's own in place of the name, another one, and the name again.
func (r *reporters) logo(t *testing.T) {
	boss, reader := r.as(t, r.admin), r.as(t, nil)
	reader.visit("/about")
	if eval[bool](reader, `!!document.querySelector('img.logo')`) {
		t.Fatal("the demo has a logo")
	}
	seen := map[string]bool{}
	for _, file := range shots(t) {
		boss.visit("/admin/settings/look")
		boss.do(chromedp.SetUploadFiles(chromedp.CSS(`main form[action$="/logo"] input[type=file]`), []string{file}))
		boss.leads(`main form[action$="/logo"] p > button`, "/admin/settings/look")
		boss.until(`document.querySelector('main section[aria-labelledby=h-logo] img').naturalWidth > 0`)
		reader.visit("/about")
		reader.until(`document.querySelector('header img.logo')?.naturalWidth > 0`)
		seen[eval[string](reader, `document.querySelector('header img.logo').src`)] = true
		if alt := eval[string](reader, `document.querySelector('header img.logo').alt`); alt == "" || strings.Contains(alt, filepath.Base(file)) {
			t.Errorf("who cannot see the logo hears %q", alt)
		}
	}
	if len(seen) != 2 {
		t.Errorf("another logo is shown as %v", seen)
	}
	r.axed(boss, "choosing a logo")
	r.axed(reader, "a page with a logo")
	boss.leads(`main form[action$="/logo"] button[value=remove]`, "/admin/settings/look")
	reader.visit("/about")
	if eval[bool](reader, `!!document.querySelector('img.logo')`) {
		t.Error("the logo that was removed is shown")
	}
	boss.clean("choosing a logo")
	reader.clean("a page with a logo")
}

// dashboard: that somebody looked for something and found nothing is counted for
// the operator, and who it was is not.
func (r *reporters) dashboard(t *testing.T) {
	boss, reader := r.as(t, r.admin), r.as(t, nil)
	const missed = `parseInt([...document.querySelectorAll('.figures > div')].find(d => d.querySelector('dt').textContent.trim() === 'Searches').querySelector('.note').textContent)`
	boss.visit("/admin/dashboard")
	before := eval[int](boss, missed)
	reader.visit("/search?q=xqzvwkq+bjqxt")
	reader.says("Nothing here called “xqzvwkq bjqxt”")
	reader.clean("a search in vain")
	boss.visit("/admin/dashboard")
	boss.says("Looked for and not found", "Reading")
	if after := eval[int](boss, missed); after != before+1 {
		t.Errorf("%d searches found nothing, before one more it were %d", after, before)
	}
	if strings.Contains(boss.words(), "xqzvwkq") {
		t.Error("what one reader looked for once is shown word by word")
	}
	r.axed(boss, "the dashboard")
	boss.leads(`main a[href*="days=30"]`, "/admin/dashboard?days=30")
	if after := eval[int](boss, missed); after < before+1 {
		t.Errorf("of thirty days %d", after)
	}
	boss.clean("the dashboard")
}
