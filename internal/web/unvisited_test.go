package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What a member has not been to is asked for on every page and in every form
// that takes the filters of /places. The answer is that member's own: nobody
// keeps it, and nobody else gets it, whoever asked before.
func TestUnvisited_isTheReadersOwn(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers(func(d *Deps) { d.Keep = 1 << 20 }))
	ada, ben := a.member(1), a.member(2)
	if w := a.send(ada, "/places/casa-azul/mark", url.Values{"mark": {"been"}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	for _, path := range []string{"/places", "/tags/museums", "/near?lat=19.35&lon=-99.16", "/map?lat=19.35&lon=-99.16&z=12",
		"/along?stop=19.30,-99.16&stop=19.40,-99.16", "/places.json", "/places.geojson", "/places.csv", "/places.gpx", "/places.kml", "/places.atom", "/places.pack.json", "/tags/museums.gpx", "/destinations/mexico.gpx"} {
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		asked := path + join + "unvisited=yes"
		for range 2 { // the second time would come from what is kept
			for _, who := range []string{ada, ben} {
				w := a.get(asked, memberHeader, who)
				if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "/places/casa-azul\"") != (who == ben) && !strings.Contains(path, ".") {
					t.Errorf("%s for %s: %d", asked, who, w.Code)
				}
				if strings.Contains(path, ".") && strings.Contains(w.Body.String(), "Casa Azul") != (who == ben) {
					t.Errorf("%s for %s holds another's places", asked, who)
				}
				if got := w.Header().Get("Cache-Control"); got != "private, no-store" {
					t.Errorf("%s for %s may be kept: %s", asked, who, got)
				}
			}
		}
		w := a.get(asked)
		if page := !strings.Contains(path, ".") || strings.Contains(path, "?"); page && (w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login?next=") || w.Header().Get("Cache-Control") != "no-store") {
			t.Errorf("%s for nobody: %d %v", asked, w.Code, w.Header())
		} else if !page && w.Code != http.StatusUnauthorized {
			t.Errorf("%s for nobody: %d", asked, w.Code)
		}
		if w := a.get(path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Casa Azul") {
			t.Errorf("%s without the condition: %d", path, w.Code)
		}
	}
	if w := a.get("/embed/map?unvisited=yes", memberHeader, ada); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "unvisited") {
		t.Errorf("a frame asks for what is a reader's own: %d", w.Code)
	}
}
