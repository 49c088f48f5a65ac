package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"mirabilia/internal/config"
)

// TestReport takes the ways of those who look after an atlas: a photo is reported
// and hidden, looked at and shown again; a place is taken down and given back,
// without script too; visits, notes, the logo, the dashboard.
func TestReport(t *testing.T) {
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is not there; run make assets: ", err)
	}
	chrome := startBrowser(t)
	eachStored(t, func(t *testing.T, base string, at config.Storage) {
		c := settle(t, chrome, base, at)
		r := &reporters{community: c, editor: c.enter(t, "editor@demo.example", c.logins["editor@demo.example"]), admin: c.enter(t, "admin@demo.example", c.logins["admin@demo.example"])}
		if at.Database == "" { // pages are the same on both
			r.axe = string(axe)
		}
		if !t.Run("photo", r.photo) || !t.Run("place", r.place) {
			t.FailNow()
		}
		for _, way := range []way{{"visits", r.visits}, {"note", r.note}, {"logo", r.logo}, {"dashboard", r.dashboard}} {
			t.Run(way.name, way.walk)
		}
	})
}

// reporters are who reports and who decides.
type reporters struct {
	*community
	editor, admin *http.Cookie
	axe           string
}

// examined holds a page to axe's rules, on one engine.
func (r *reporters) examined(b *tab, path string) {
	b.t.Helper()
	if r.axe != "" {
		b.examine(path, r.axe)
	}
}

// pictures is how many photographs of the house everybody sees.
func pictures(b *tab) int {
	b.t.Helper()
	b.visit(house + "/photos")
	return eval[int](b, `document.querySelectorAll('main .photos img').length`)
}

func (r *reporters) photo(t *testing.T) {
	reader := r.as(t, nil)
	all := pictures(reader)
	if all == 0 {
		t.Fatal("the house has no photograph")
	}
	form := eval[string](reader, `document.querySelector('main .photos a[href^="/report?of=photo-"]').getAttribute('href')`)
	reader.visit(form)
	reader.says("What is wrong?", "Mail address")
	r.examined(reader, form)

	a := r.as(t, r.admin)
	a.visit(form)
	a.do(chromedp.Click(chromedp.CSS(`input[name=code][value=rights]`)))
	a.fill("text", "It is in a book of my father’s.")
	a.leads(`main form button`, "/report")
	a.says("Your report is with the editors.")
	a.clean("reporting")
	if n := pictures(reader); n != all-1 {
		t.Fatalf("reported, but %d of %d are shown", n, all)
	}

	e := r.as(t, r.editor)
	e.visit("/desk?kind=report")
	e.firstOfDesk()
	e.says("It is in a book of my father’s.", "It is hidden until this is decided.", "Demo Admin")
	r.examined(e, e.path())
	e.key("x")
	e.decided()
	e.clean("leaving it")
	if n := pictures(reader); n != all {
		t.Fatalf("it stays, but %d of %d are shown", n, all)
	}
	a.visit("/me/reports")
	a.says("Left as it is")
	a.clean("told")
	reader.clean("photo")
}

func (r *reporters) place(t *testing.T) {
	e := r.as(t, r.editor)
	e.unscripted()
	e.visit(house + "/report")
	e.leads(`main a[href^="/takedowns/"]`, "/takedowns/")
	at := e.path()
	e.fill("public", "Its owner wishes no visitors.")
	e.leads(`main button[value=down]`, "/takedowns")
	e.says("It is taken down.", "Its owner wishes no visitors.")

	reader := r.as(t, nil)
	res, err := http.Get(r.base + house)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusGone {
		t.Errorf("it answers %s", res.Status)
	}
	reader.visit(house)
	reader.says("This page was taken down", "Its owner wishes no visitors.")
	r.examined(reader, house)
	reader.visit("/search?q=trotsky")
	if found := eval[bool](reader, fmt.Sprintf(`!!document.querySelector('main a[href=%q]')`, house)); found {
		t.Error("it is found still")
	}
	reader.forget() // that the answer was 410 is what is asked here

	r.examined(r.as(t, r.editor), at)
	e.visit(at)
	e.leads(`main button[value=restore]`, "/takedowns")
	reader.visit(house)
	if !strings.Contains(reader.words(), "Trotsky") {
		t.Error("it is not given back")
	}
	reader.clean("given back")
	e.forget()
}
