package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/job"
	"mirabilia/internal/linkcheck"
	"mirabilia/internal/outbound"
	"mirabilia/internal/place"
)

// nothingThere stands in for a web in which everything is gone.
type nothingThere struct{}

func (nothingThere) Look(context.Context, string) (outbound.Health, int) { return outbound.Gone, 404 }

// lookForDays looks at all addresses again and again for days.
func (a *accounts) lookForDays() {
	a.t.Helper()
	crew := job.NewCrew(a.db, slog.New(slog.NewTextHandler(io.Discard, nil)))
	job.Work(crew, a.site.Links.Gather, job.Limits{})
	job.Work(crew, a.site.Links.Look, job.Limits{})
	for range 4 {
		if err := a.site.Links.Gather(a.t.Context(), linkcheck.Gather{}); err != nil {
			a.t.Fatal(err)
		}
		for range 20 {
			if _, err := crew.Drain(a.t.Context()); err != nil {
				a.t.Fatal(err)
			}
			a.now = a.now.Add(3 * time.Second)
		}
		a.now = a.now.Add(24 * time.Hour)
	}
}

// A source that answers no longer leads to where a copy may be found, until its
// page names one; the field goes from the form to the page.
func TestDeadLinks_archivedCopies(t *testing.T) {
	a := newAccounts(t)
	a.site.Links = linkcheck.New(a.db, a.places, nothingThere{})
	const source = "https://paper.example/1987/stair"
	const search = `href="https://web.archive.org/web/*/` + source
	rec := place.Record{ID: "90", Title: "The humming stair", Lat: f64(19.3552), Lon: f64(-99.1626), Sources: []place.Source{{Title: "The paper", URL: source}}}
	if total, err := a.places.Import(t.Context(), []place.Record{rec}, place.ImportOptions{Source: "test", Publish: true}); err != nil || total.Failed > 0 {
		t.Fatal(total, err)
	}
	a.follow()
	a.lookForDays()
	_, ed := a.add("ed", actor.Editor)
	const at = "/places/the-humming-stair"
	if page := a.page(deadLinksPath, ed).Body.String(); !strings.Contains(page, search) || strings.Contains(page, "names an archived copy") {
		t.Errorf("the list does not lead to a copy: %s", words(page))
	}
	page := a.page(at+"/edit", ed).Body.String()
	if !strings.Contains(page, search) || !strings.Contains(page, "This address answers no longer.") {
		t.Errorf("the form does not lead to a copy: %s", words(page))
	}
	f := formOf(t, page)
	f.Set("sources.0.archived", "an archive")
	for name, v := range map[string]string{"summary": "A copy of the source", "rights": "yes", "do": "send"} {
		f.Set(name, v)
	}
	if w := a.form(at+"/edit", ed, f); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "An address begins with https://") {
		t.Fatalf("what is no address: %d", w.Code)
	}
	f.Set("sources.0.archived", "https://archive.example/1988/stair")
	w := a.form(at+"/edit", ed, f)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("sending: %d %s", w.Code, words(w.Body.String()))
	}
	sub, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	on := strings.Replace(sub, "/submissions/", "/desk/", 1)
	if w := a.form(on, ed, url.Values{"do": {"publish"}, "only": {"sources"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("publishing: %d %s", w.Code, words(w.Body.String()))
	}
	if page := a.page(at, nil).Body.String(); !strings.Contains(page, `href="https://archive.example/1988/stair"`) || !strings.Contains(page, "archived copy") {
		t.Error("the page does not show the copy")
	}
	if page := a.page(at+"/edit", ed).Body.String(); strings.Contains(page, search) {
		t.Error("the form leads to a copy where one is named")
	}
	if page := a.page(deadLinksPath, ed).Body.String(); !strings.Contains(page, "names an archived copy") {
		t.Error("the list does not say that the page names one")
	}
}

func TestDeadLinks_page(t *testing.T) {
	a := newAccounts(t)
	a.site.Links = linkcheck.New(a.db, a.places, nothingThere{})
	_, ed := a.add("ed", actor.Editor)
	if page := a.page(deadLinksPath, ed).Body.String(); !strings.Contains(page, "No link is dead") {
		t.Error("without dead links the page does not say so")
	}
	a.lookForDays()
	_, ed = a.add("eve", actor.Editor)
	page := a.page(deadLinksPath, ed).Body.String()
	if !strings.Contains(page, "Says that there is nothing (404), since") || !strings.Contains(page, "/edit\"") {
		t.Fatalf("the page shows no dead link: %s", page)
	}
	_, rest, _ := strings.Cut(page, `name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	if w := a.form(deadLinksPath, ed, url.Values{"id": {id}}); w.Code != http.StatusSeeOther {
		t.Fatalf("looking again: %d", w.Code)
	}
	if strings.Contains(a.page(deadLinksPath, ed).Body.String(), `value="`+id+`"`) {
		t.Error("it is still listed")
	}
	if w := a.form(deadLinksPath, ed, url.Values{"id": {"x"}}); w.Code != http.StatusNotFound {
		t.Errorf("one that is not there: %d", w.Code)
	}
	if w := a.page(deadLinksPath+"?after=x", ed); w.Code != http.StatusBadRequest {
		t.Errorf("a number that is none: %d", w.Code)
	}
}
