package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/readership"
)

// The dashboard tells admins what is read and what is looked for in vain; what
// readers send is the same with and without it.
func TestDashboard(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers(func(d *Deps) {
		who := d.Who
		d.Who = func(r *http.Request) (actor.Actor, error) {
			a, err := who(r)
			if a.ID == 9 {
				a.Role = actor.Admin
			}
			return a, err
		}
		d.Counts = readership.New(d.Places.DB())
		d.Jobs = func(context.Context) ([]JobFigure, error) {
			return []JobFigure{{Kind: "mail", Waiting: 3, GivenUp: 1, Late: 4 * time.Minute, Fault: "no such user"}}, nil
		}
	}))
	boss, ada := a.member(9), a.member(1)
	for range 3 { // the second and third are kept ready
		a.get("/places/casa-azul")
	}
	a.get("/places/casa-azul.json")
	a.get("/places/casa-azul?utm_source=x")
	a.get("/places/nowhere")
	for _, q := range []string{"whale+jawbone", "whale+jawbone", "casa+azul", "ada%40example.org"} {
		a.get("/search?q=" + q)
		a.now = a.now.Add(time.Hour)
	}
	body := a.get(dashboardPath, memberHeader, boss).Body.String()
	said := words(body)
	for _, want := range []string{"Casa Azul 4 times", "whale jawbone 2 times", "Searches 4 3 of them found nothing", "Pages of places read 4", "Members 2", "no such user", "4 minutes"} {
		if !strings.Contains(said, want) {
			t.Errorf("it lacks %q: %s", want, said)
		}
	}
	if strings.Contains(body, "example.org") && strings.Contains(body, "ada%40") || strings.Contains(said, "nowhere") {
		t.Error("it tells what nobody should read")
	}
	if w := a.get(dashboardPath, memberHeader, ada); w.Code != http.StatusForbidden {
		t.Errorf("a member reads it: %d", w.Code)
	}
	if !strings.Contains(a.get("/admin", memberHeader, boss).Body.String(), `href="`+dashboardPath+`"`) {
		t.Error("nothing leads to it")
	}
}
