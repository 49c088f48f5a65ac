package web

import (
	"net/http"
	"net/url"
	"testing"

	"mirabilia/internal/desk"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/setting"
)

// What an import left waiting is read on the desk before it is published: all
// of a new place, what differs from a public one, and of neither where it is
// protected.
func TestDesk_imports(t *testing.T) {
	h := newHouse(t)
	h.places.SetQueue(proposal.Imports(desk.New(h.db, setting.Open(h.db), nil)))
	wait := func(r place.Record) string {
		t.Helper()
		total, err := h.places.Import(t.Context(), []place.Record{r}, place.ImportOptions{Source: "test"})
		if err != nil || total.Failed > 0 {
			t.Fatal(total, err)
		}
		id := h.one("import")
		return "/desk/" + id
	}
	one := wait(place.Record{ID: "80", Title: "The humming stair", Body: "It hums when the tram goes by.", Website: "https://stair.example/", Lat: f64(19.3552), Lon: f64(-99.1626)})
	h.has(h.as("tomasz", one), http.StatusOK, "waits to be published", "It hums when the tram goes by.", "stair.example", "19.3552", "Casa Azul", "most that are accepted have more")
	h.sends("tomasz", one, url.Values{"do": {"publish"}})
	h.has(h.get("/places/the-humming-stair"), http.StatusOK, "It hums")
	page := h.as("tomasz", one)
	h.has(page, http.StatusOK, "It hums when the tram goes by.")
	h.hasNot(page, "waits to be published")

	casa := someRecords()[1]
	casa.Body = "Frida Kahlo was born and died in this house."
	one = wait(casa)
	page = h.as("tomasz", one)
	h.has(page, http.StatusOK, "this house", "<del>here</del>")
	h.hasNot(page, "Blue on the outside.</")
	h.sends("tomasz", one, url.Values{"do": {"publish"}})
	h.has(h.get("/places/casa-azul"), http.StatusOK, "in this house")

	one = wait(place.Record{ID: "81", Title: "The owl’s nest", Body: "Nobody is told where.", Lat: f64(47.123456), Lon: f64(11.654321), LocationTier: "region", TierReason: "nesting"})
	page = h.as("tomasz", one)
	h.has(page, http.StatusOK, "Nobody is told where.", "nesting")
	h.hasNot(page, "47.12", "11.65")
}
