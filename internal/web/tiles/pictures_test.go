package tiles_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/web/tiles"
)

func pictures(p *place.Place) http.Handler {
	mux := http.NewServeMux()
	set := &tiles.Pictures{
		Drawer: tiles.NewDrawer(),
		Spot: func(_ context.Context, id int64) (tiles.Spot, error) {
			switch id {
			case p.ID:
				return tiles.SpotOf(p), nil
			case 9:
				return tiles.Spot{}, errs.New(errs.Gone, "withdrawn")
			}
			return tiles.Spot{}, errs.New(errs.NotFound, "none")
		},
		Destination: func(path string) (tiles.Spot, bool) {
			return tiles.Spot{CountryCode: "CZ", At: &geo.Public{Lat: 50.08, Lon: 14.43}}, path == "czechia/prague"
		},
		Places: &fixed{clusters: someClusters(40, geo.Box{West: -170, South: -50, East: 170, North: 60})},
	}
	for pattern, h := range set.Handlers() {
		mux.Handle(pattern, h)
	}
	return mux
}

func TestPicturesAreServed(t *testing.T) {
	p := &place.Place{ID: 7, CountryCode: "PE", At: at(-13.5, -71.9), Fields: place.Fields{Tier: place.Exact}}
	h := pictures(p)
	versioned := tiles.LocatorPath(p, tiles.Card)
	for path, want := range map[string]struct {
		status  int
		caching string
	}{
		versioned:                                        {200, "immutable"},
		"/pictures/locator/p7-card.svg":                  {200, "max-age=300"},
		"/pictures/locator/p7-thumb-stale.svg":           {200, "max-age=300"},
		"/pictures/locator/p8-card.svg":                  {404, "no-store"},
		"/pictures/locator/p9-card.svg":                  {410, "no-store"},
		"/pictures/locator/p7-huge.svg":                  {404, "no-store"},
		"/pictures/locator/p07-card.svg":                 {404, "no-store"},
		"/pictures/locator/p-7-card.svg":                 {404, "no-store"},
		"/pictures/locator/p7-card.png":                  {404, "no-store"},
		"/pictures/locator/p7-card-a-b.svg":              {404, "no-store"},
		"/pictures/sea/card.svg":                         {200, "max-age=86400"},
		"/pictures/nemo/cover.svg":                       {200, "max-age=86400"},
		"/pictures/nemo/..svg":                           {404, "no-store"},
		"/pictures/world.svg":                            {200, "max-age=300"},
		"/pictures/dots.svg?at=!":                        {400, "no-store"},
		"/pictures/destinations/czechia/prague/card.svg": {200, "max-age=86400"},
		"/pictures/destinations/nowhere/card.svg":        {404, "no-store"},
		"/pictures/destinations/card.svg":                {404, "no-store"},
	} {
		res := get(t, h, path)
		b := body(t, res)
		if res.StatusCode != want.status || !strings.Contains(res.Header.Get("Cache-Control"), want.caching) {
			t.Errorf("%s: %d, %q", path, res.StatusCode, res.Header.Get("Cache-Control"))
		}
		if want.status == 200 {
			wellFormed(t, path, b)
			again := get(t, h, path, "If-None-Match", res.Header.Get("Etag"))
			if again.StatusCode != http.StatusNotModified {
				t.Errorf("%s: asked again, %d", path, again.StatusCode)
			}
		}
	}
}

func TestPackedPictureIsTheSame(t *testing.T) {
	h := pictures(&place.Place{ID: 7, CountryCode: "PE", At: at(-13.5, -71.9)})
	plain := body(t, get(t, h, "/pictures/locator/p7-card.svg"))
	res := get(t, h, "/pictures/locator/p7-card.svg", "Accept-Encoding", "gzip")
	if res.Header.Get("Content-Encoding") != "gzip" {
		t.Fatal("not packed")
	}
	if packed := body(t, res); bytes.Equal(packed, plain) || len(packed) > 15<<10 {
		t.Errorf("%d bytes packed of %d", len(packed), len(plain))
	}
}

func FuzzLocatorAddress(f *testing.F) {
	for _, s := range []string{"p7-card-abc.svg", "p7-thumb.svg", "p9223372036854775808-card.svg", "p7-card-.svg", "-.svg", "p1-\x00.svg"} {
		f.Add(s)
	}
	h := pictures(&place.Place{ID: 7, CountryCode: "LU", At: at(49.6, 6.1)})
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "/?#% \x00") || s == "" || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
			return // the router's business
		}
		if res := get(t, h, "/pictures/locator/"+s); res.StatusCode >= 500 {
			t.Errorf("%q: %d", s, res.StatusCode)
		}
	})
}
