package app_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

const (
	lakes = `{"type":"Polygon","coordinates":[[[10.3,46.58],[10.8,46.58],[10.8,47],[10.3,47],[10.3,46.58]]]}`
	rome  = `{"type":"Polygon","coordinates":[[[12,41],[13,41],[13,43],[12,43],[12,41]]]}`
	// Rough Edge lies so near to the border that its disc, of up to 5 km, always reaches over it.
	inside = church +
		`{"source":"s","id":"2","title":"Rough Cave","lat":46.78,"lon":10.55,"location_tier":"approximate"}` + "\n" +
		`{"source":"s","id":"3","title":"Rough Edge","lat":46.9999,"lon":10.55,"location_tier":"approximate"}` + "\n" +
		`{"source":"s","id":"4","title":"Hidden Spring","lat":46.8,"lon":10.55,"location_tier":"hidden"}` + "\n" +
		`{"source":"s","id":"5","title":"Regional Rock","lat":46.8,"lon":10.55,"location_tier":"region"}` + "\n"
)

func putArea(t *testing.T, c config.Config, path, outline string) {
	t.Helper()
	if _, err := app.PutArea(context.Background(), c.Storage, app.AreaOptions{Path: path, Name: "Three Lakes"}, strings.NewReader(outline)); err != nil {
		t.Fatal(err)
	}
}

// shows asks whether the list of an area holds titles, in the order of t.
func shows(t *testing.T, a *app.App, when string, want map[string]bool) {
	t.Helper()
	for _, path := range []string{"/destinations/italy/three-lakes", "/places?in=italy/three-lakes", "/api/v1/places?in=italy/three-lakes", "/destinations/italy/three-lakes.csv"} {
		code, body := ask(a, path)
		if code != http.StatusOK {
			t.Fatalf("%s: %s answers %d", when, path, code)
		}
		for title, in := range want {
			if strings.Contains(body, title) != in {
				t.Errorf("%s: %s shows %s: %v", when, path, title, !in)
			}
		}
	}
}

// What the command draws is served within the second, holds what it may be
// known to hold, follows what moves, and is there after a restart and on
// another node.
func TestAreas(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		c := configOf(t, t.TempDir(), database)
		a := open(t, c)
		stop := run(t, a)
		publish(t, c, inside)
		putArea(t, c, "italy/three-lakes", lakes)
		catchUp(t, a, 10*time.Second)
		first := map[string]bool{"Sunken Church": true, "Rough Cave": true, "Rough Edge": false, "Hidden Spring": false, "Regional Rock": false}
		shows(t, a, "drawn", first)
		for path, want := range map[string]string{
			"/places/sunken-church":                      "/destinations/italy/three-lakes",
			"/destinations/italy":                        "/destinations/italy/three-lakes",
			"/sitemaps/destinations.xml":                 "/destinations/italy/three-lakes<",
			"/outlines/italy/three-lakes.geojson":        "[10.3,46.58]",
			"/api/v1/destinations/italy/three-lakes":     `"kind":"area","places":2`,
			"/api/v1/destinations/italy":                 `"path":"italy/three-lakes"`,
			"/api/v1/search?q=three+lakes":               "italy/three-lakes",
			"/tags/lakes/in/italy/three-lakes":           "Sunken Church",
			"/random?in=italy/three-lakes&tag=lakes":     "",
			"/destinations/italy/three-lakes.pack.json":  "Sunken Church",
			"/api/v1/places?in=italy/three-lakes&q=cave": "Rough Cave",
		} {
			code, body := ask(a, path)
			if code >= 400 || !strings.Contains(body, want) {
				t.Errorf("%s answers %d without %q: %.300s", path, code, want, body)
			}
		}
		if _, body := ask(a, "/places/hidden-spring"); strings.Contains(body, "three-lakes") {
			t.Error("the page of a hidden place tells which area it is in")
		}

		publish(t, c, strings.Replace(church, "46.81", "41.9", 1)) // it moves away
		catchUp(t, a, 10*time.Second)
		shows(t, a, "moved", map[string]bool{"Sunken Church": false, "Rough Cave": true})
		if _, body := ask(a, "/places/sunken-church"); strings.Contains(body, "three-lakes") {
			t.Error("the page of what has moved still says that it is there")
		}
		putArea(t, c, "italy/three-lakes", rome)
		catchUp(t, a, 10*time.Second)
		shows(t, a, "drawn anew", map[string]bool{"Sunken Church": false, "Rough Cave": false})

		putArea(t, c, "italy/three-lakes", lakes)
		if database != "" { // another node follows
			other := open(t, configOf(t, t.TempDir(), database))
			run(t, other)
			shows(t, other, "on another node", map[string]bool{"Sunken Church": false, "Rough Cave": true})
			putArea(t, c, "italy/three-lakes", rome)
			catchUp(t, other, 10*time.Second)
			shows(t, other, "drawn anew, on another node", map[string]bool{"Rough Cave": false})
			putArea(t, c, "italy/three-lakes", lakes)
		}
		stop()
		a = open(t, c)
		stop = run(t, a)
		shows(t, a, "after a restart", map[string]bool{"Sunken Church": false, "Rough Cave": true})
		stop()

		// Taken away while nobody serves: the snapshot must not bring it back.
		if err := app.RemoveArea(context.Background(), c.Storage, "italy/three-lakes"); err != nil {
			t.Fatal(err)
		}
		a = open(t, c)
		run(t, a)
		for path, want := range map[string]int{"/destinations/italy/three-lakes": 404, "/outlines/italy/three-lakes.geojson": 404} {
			if code, _ := ask(a, path); code != want {
				t.Errorf("after it was taken away %s answers %d", path, code)
			}
		}
		if _, body := ask(a, "/api/v1/search?q=three+lakes"); strings.Contains(body, "italy/three-lakes") {
			t.Error("a search still finds it")
		}
		faults, _ := app.Doctor(context.Background(), c)
		for _, f := range faults {
			if !strings.HasPrefix(f, "data directory:") && !strings.HasPrefix(f, "database:") { // how the tests keep theirs
				t.Errorf("doctor finds %s", f)
			}
		}
	})
}

// Who reaches the private port draws areas there, and shows them to everyone;
// neither another site's page nor the public port can.
func TestTheOperatorDrawsOnThePrivatePort(t *testing.T) {
	c := configOf(t, t.TempDir(), "")
	c.PrivateListen = "127.0.0.1:0"
	a := open(t, c)
	run(t, a)
	publish(t, c, church)
	catchUp(t, a, 10*time.Second)
	base := "http://" + a.PrivateAddr()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(base, host, origin string) int {
		t.Helper()
		form := url.Values{"path": {"italy/three-lakes"}, "kind": {"area"}, "name": {"Three Lakes"}, "outline": {lakes}}
		r, err := http.NewRequest(http.MethodPost, base+"/admin/areas", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		if host != "" {
			r.Host = host
		}
		w, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		w.Body.Close()
		return w.StatusCode
	}
	for _, c := range []struct {
		name, base, host, origin string
		want                     int
	}{
		{"another site's page", base, "", "https://evil.example", http.StatusForbidden},
		{"a name that leads here", base, "evil.example", "http://evil.example", http.StatusMisdirectedRequest},
		{"the public port", "http://" + a.Addr(), "", "", http.StatusUnauthorized},
		{"the operator", base, "", base, http.StatusSeeOther},
	} {
		if got := send(c.base, c.host, c.origin); got != c.want {
			t.Errorf("%s: %d, not %d", c.name, got, c.want)
		}
	}
	if code, body := ask(a, "/destinations/italy/three-lakes"); code != http.StatusOK || !strings.Contains(body, "Sunken Church") {
		t.Errorf("its guide answers %d", code)
	}
	for path, want := range map[string]int{"/admin/areas/new": 200, "/metrics": 200, "/places/sunken-church/mark": 303} {
		w, err := client.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		w.Body.Close()
		if w.StatusCode != want {
			t.Errorf("the private port answers %d to %s, not %d", w.StatusCode, path, want)
		}
	}
}
