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
)

// nothingThere stands in for a web in which everything is gone.
type nothingThere struct{}

func (nothingThere) Look(context.Context, string) (outbound.Health, int) { return outbound.Gone, 404 }

func TestDeadLinks_page(t *testing.T) {
	a := newAccounts(t)
	a.site.Links = linkcheck.New(a.db, a.places, nothingThere{})
	_, ed := a.add("ed", actor.Editor)
	if page := a.page(deadLinksPath, ed).Body.String(); !strings.Contains(page, "No link is dead") {
		t.Error("without dead links the page does not say so")
	}
	crew := job.NewCrew(a.db, slog.New(slog.NewTextHandler(io.Discard, nil)))
	job.Work(crew, a.site.Links.Gather, job.Limits{})
	job.Work(crew, a.site.Links.Look, job.Limits{})
	for range 4 {
		if err := a.site.Links.Gather(t.Context(), linkcheck.Gather{}); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			if _, err := crew.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			a.now = a.now.Add(3 * time.Second)
		}
		a.now = a.now.Add(24 * time.Hour)
	}
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
