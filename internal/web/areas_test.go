package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
)

// drawnAtlas is an atlas whose requests come from the actor that the header names,
// and whose finder has the areas that are kept.
func drawnAtlas(t *testing.T) *atlas {
	t.Helper()
	var a *atlas
	sync := func(ctx context.Context) error {
		list, err := a.dests.Areas(ctx)
		var areas []finder.Area
		for i := range list {
			areas = append(areas, list[i].Found())
		}
		a.finder.SetAreas(areas)
		a.site.ForgetAll()
		return err
	}
	a = newAtlas(t, someRecords(), func(d *Deps) {
		d.Published = sync
		d.Who = func(r *http.Request) (actor.Actor, error) {
			switch r.Header.Get(memberHeader) {
			case "member":
				return actor.Actor{ID: 1, Role: actor.Member}, nil
			case "mexican":
				return actor.Actor{ID: 2, Role: actor.Editor, Regions: []string{"mexico"}}, nil
			case "admin":
				return actor.Actor{ID: 3, Role: actor.Admin}, nil
			}
			return actor.Actor{}, nil
		}
	})
	return a
}

// draw sends the form of an area, with a file when there is one.
func (a *atlas) draw(who, path, file string, fields ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			a.t.Fatal(err)
		}
	}
	if file != "" {
		w, err := m.CreateFormFile("file", "outline.geojson")
		if err != nil {
			a.t.Fatal(err)
		}
		if _, err := w.Write([]byte(file)); err != nil {
			a.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		a.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set(memberHeader, who)
	w := httptest.NewRecorder()
	a.site.ServeHTTP(w, r)
	return w
}

const (
	valley = `{"type":"Polygon","coordinates":[[[-99.5,19],[-98.8,19],[-98.8,19.8],[-99.5,19.8],[-99.5,19]]]}`
	bowTie = `{"type":"Polygon","coordinates":[[[0,0],[10,10],[10,0],[0,10],[0,0]]]}`
)

var valleyForm = []string{"path", "mexico/valley-of-mexico", "kind", "metro", "name", "Valley of Mexico", "intro", "A lake <b>once</b>.", "outline", valley}

func TestAnEditorDrawsAnArea(t *testing.T) {
	a := drawnAtlas(t)
	for who, want := range map[string]int{"": http.StatusSeeOther, "member": http.StatusForbidden, "mexican": http.StatusOK} {
		for _, path := range []string{"/admin/areas", "/admin/areas/new"} {
			if w := a.get(path, memberHeader, who); w.Code != want {
				t.Errorf("%q asks for %s: %d", who, path, w.Code)
			}
		}
	}
	if body := a.get("/admin/areas/new", memberHeader, "mexican").Body.String(); !strings.Contains(body, "data-drawing") || !strings.Contains(body, `type="file"`) || !strings.Contains(body, a.site.Assets.URL("map.js")) {
		t.Error("the page has no map to draw on, or no field for a file")
	}
	w := a.draw("mexican", "/admin/areas", "", append([]string{"do", "preview"}, valleyForm...)...)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "has 4 points and holds 3 places") {
		t.Errorf("looking it over: %d", w.Code)
	}
	if list, err := a.dests.Areas(t.Context()); err != nil || len(list) != 0 {
		t.Fatalf("looking it over has kept %v, %v", list, err)
	}
	if w := a.draw("mexican", "/admin/areas", "", valleyForm...); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/admin/areas?done=kept" {
		t.Fatalf("keeping it: %d %s", w.Code, w.Body)
	}
	for path, want := range map[string]string{
		"/admin/areas?done=kept":                              "Valley of Mexico",
		"/admin/areas/edit?path=mexico/valley-of-mexico":      "[-99.5,19]",
		"/destinations/mexico/valley-of-mexico":               `data-outline="/outlines/mexico/valley-of-mexico.geojson"`,
		"/destinations/mexico/valley-of-mexico.json":          `"kind":"metro"`,
		"/destinations/mexico/valley-of-mexico.geojson":       "Casa Azul",
		"/destinations/mexico/valley-of-mexico.gpx":           "Casa Azul",
		"/destinations/mexico/valley-of-mexico.zip":           "PK",
		"/destinations/mexico":                                "Regions, cities and areas A–Z",
		"/destinations/mexico.json":                           `"path":"mexico/valley-of-mexico"`,
		"/outlines/mexico/valley-of-mexico.geojson":           `"type":"Feature"`,
		"/places/casa-azul":                                   `href="/destinations/mexico/valley-of-mexico"`,
		"/places?in=mexico/valley-of-mexico":                  "Valley of Mexico",
		"/search?q=blue&in=mexico/valley-of-mexico":           "Valley of Mexico",
		"/map?in=mexico/valley-of-mexico":                     "Casa Azul",
		"/near?lat=19.3&lon=-99.1&in=mexico/valley-of-mexico": "Casa Azul",
		"/tags/museums/in/mexico/valley-of-mexico":            "Casa Azul",
		"/embed/map?in=mexico/valley-of-mexico":               "Valley of Mexico",
		"/sitemaps/destinations.xml":                          "mexico/valley-of-mexico</loc>",
	} {
		if w := a.get(path, memberHeader, "mexican"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d, without %q", path, w.Code, want)
		}
	}
	guide := a.get("/destinations/mexico/valley-of-mexico").Body.String()
	if !strings.Contains(guide, "Mexico City") || strings.Contains(guide, "Sedlec") || strings.Contains(guide, "<b>once</b>") {
		t.Error("its guide lacks the city in it, has what lies elsewhere, or runs what was typed")
	}
	if crumbs := a.get("/places/casa-azul").Body.String(); strings.Count(crumbs, "valley-of-mexico") != 1 {
		t.Error("the place's page names the area more than once: it is no part of the way down")
	}
	if w := a.get("/places/sedlec-ossuary"); strings.Contains(w.Body.String(), "valley-of-mexico") {
		t.Error("a place elsewhere is said to be in it")
	}
}

func TestAreasAreRefusedWithWords(t *testing.T) {
	a := drawnAtlas(t)
	change := func(pairs ...string) []string {
		out := append([]string(nil), valleyForm...)
		for i := 0; i+1 < len(pairs); i += 2 {
			for k := 0; k+1 < len(out); k += 2 {
				if out[k] == pairs[i] {
					out[k+1] = pairs[i+1]
				}
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		who    string
		file   string
		fields []string
		status int
		says   string
	}{
		"crosses itself":        {"admin", "", change("outline", bowTie), 422, "crosses itself near 5.00000, 5.00000"},
		"a file that does":      {"admin", bowTie, valleyForm, 422, "crosses itself near"},
		"no file of the kind":   {"admin", "PK\x03\x04", valleyForm, 422, "no GeoJSON"},
		"a region's address":    {"admin", "", change("path", "france/brittany"), 422, "address of the region"},
		"no country":            {"admin", "", change("path", "atlantis/x"), 422, "begins with a country"},
		"no name":               {"admin", "", change("name", ""), 422, "letters"},
		"no outline":            {"admin", "", change("outline", ""), 422, "no GeoJSON"},
		"somebody else's land":  {"mexican", "", change("path", "france/x"), 403, ""},
		"a member":              {"member", "", valleyForm, 403, ""},
		"nobody":                {"", "", valleyForm, 401, ""},
		"an older state of one": {"admin", "", append(change(), "revision", "7"), 422, "Somebody else has changed"},
	} {
		w := a.draw(c.who, "/admin/areas", c.file, c.fields...)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d without %q", name, w.Code, c.says)
		}
		if c.status == 422 && !strings.Contains(w.Body.String(), "A lake &lt;b&gt;once&lt;/b&gt;.") {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	if list, err := a.dests.Areas(t.Context()); err != nil || len(list) != 0 {
		t.Fatalf("something was kept: %v, %v", list, err)
	}

	if w := a.draw("admin", "/admin/areas", valley, change("outline", "")...); w.Code != http.StatusSeeOther {
		t.Fatalf("a file: %d", w.Code)
	}
	if w := a.draw("admin", "/admin/areas", "", valleyForm...); w.Code != 422 || !strings.Contains(w.Body.String(), "another area already") {
		t.Errorf("drawn twice as new: %d", w.Code)
	}
	if w := a.draw("admin", "/admin/areas", "", append(change("name", "The Valley"), "revision", "1")...); w.Code != http.StatusSeeOther {
		t.Errorf("changed: %d", w.Code)
	}
	if got, err := a.dests.Area(t.Context(), "mexico/valley-of-mexico"); err != nil || got.Name != "The Valley" || got.Revision != 2 {
		t.Errorf("after the change: %+v, %v", got, err)
	}
	for name, c := range map[string]struct {
		who    string
		fields []string
		status int
	}{
		"not sure": {"admin", []string{"path", "mexico/valley-of-mexico"}, 400},
		"a member": {"member", []string{"path", "mexico/valley-of-mexico", "sure", "yes"}, 403},
		"none":     {"admin", []string{"path", "mexico/x", "sure", "yes"}, 404},
	} {
		if w := a.draw(c.who, "/admin/areas/remove", "", c.fields...); w.Code != c.status {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := a.draw("mexican", "/admin/areas/remove", "", "path", "mexico/valley-of-mexico", "sure", "yes"); w.Code != http.StatusSeeOther {
		t.Errorf("removed: %d", w.Code)
	}
	if w := a.get(destination.Href("mexico/valley-of-mexico")); w.Code != http.StatusNotFound {
		t.Errorf("its guide is still there: %d", w.Code)
	}
}
