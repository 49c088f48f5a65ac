package outbound

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGeocoder_readsBothServers(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"nominatim": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/search" || r.URL.Query().Get("q") != "rue de rivoli 1" {
				http.NotFound(w, r)
				return
			}
			_, _ = w.Write([]byte(`[{"display_name":"1, Rue de Rivoli, Paris","lat":"48.8556","lon":"2.3592"},{"display_name":"nowhere","lat":"99","lon":"0"},{"display_name":"broken","lat":"x","lon":"0"}]`))
		},
		"with numbers": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`[{"display_name":"1, Rue de Rivoli, Paris","lat":48.8556,"lon":2.3592},{"display_name":"nothing","lat":null,"lon":{}}]`))
		},
		"photon that finds fault": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/api" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			answerAsPhoton("/api", w, r)
		},
		"photon": func(w http.ResponseWriter, r *http.Request) {
			answerAsPhoton("/api/", w, r)
		},
		"photon without a slash": func(w http.ResponseWriter, r *http.Request) {
			answerAsPhoton("/api", w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(answer)
			defer srv.Close()
			found, err := NewGeocoder(srv.URL+"/").Find(context.Background(), "rue de rivoli 1", 5)
			if err != nil || len(found) != 1 || found[0].Lat != 48.8556 || !strings.Contains(found[0].Name, "Rivoli") {
				t.Fatalf("found %v, %v", found, err)
			}
		})
	}
}

func answerAsPhoton(path string, w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != path {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(`{"type":"FeatureCollection","features":[{"geometry":{"coordinates":[2.3592,48.8556]},"properties":{"street":"Rue de Rivoli","housenumber":"1","city":"Paris","country":"France"}},{"geometry":{"coordinates":[1]}}]}`))
}

func TestGeocoder_badServers(t *testing.T) {
	cases := map[string]http.HandlerFunc{
		"redirects": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		},
		"fails":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"no json": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			for range 1 << 10 {
				if _, err := w.Write([]byte(strings.Repeat("[", 1<<12))); err != nil {
					return
				}
			}
		},
		"unknown": http.NotFound,
	}
	for name, h := range cases {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(h)
			defer srv.Close()
			found, err := NewGeocoder(srv.URL).Find(context.Background(), "secret street 7", 5)
			if err == nil || len(found) != 0 {
				t.Fatalf("found %v, %v, want an error", found, err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells what was asked: %v", err)
			}
		})
	}
	if _, err := NewGeocoder("http://127.0.0.1:1").Find(context.Background(), "secret", 1); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a closed port gave %v", err)
	}
}

func FuzzReadAddresses(f *testing.F) {
	for _, s := range []string{`[]`, `{}`, `[{"lat":"1","lon":"NaN"}]`, `{"features":[{"geometry":{"coordinates":[1e999,2]}}]}`, "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		found, _ := readAddresses(raw)
		for _, a := range found {
			if !(a.Lat >= -90 && a.Lat <= 90 && a.Lon >= -180 && a.Lon <= 180) || len(found) > 20 {
				t.Fatalf("kept %v", found)
			}
		}
	})
}
