package web

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mirabilia/internal/place"
)

// Where a camera stood, far from where the places of this test are.
const (
	cameraLat, cameraLon = 472718281, 113141592 // in ten millionths of a degree
	cameraParts          = 10_000_000
)

// tellsCamera names what of the camera's position is in an answer, "" for
// nothing: digits of it in text, its fractions or any EXIF in a picture.
func tellsCamera(body []byte) string {
	for _, digits := range []string{"47.27", "11.31", "2718281", "3141592", "47°", "11°18", "Exif\x00", "GPSLatitude",
		string(binary.LittleEndian.AppendUint32(nil, cameraLat)), string(binary.BigEndian.AppendUint32(nil, cameraLat))} {
		if bytes.Contains(body, []byte(digits)) {
			return digits
		}
	}
	return ""
}

// A photo that knows where it was taken tells that to who sent it and to nobody
// else, at places whose position is protected above all: no page, form of it,
// feed, variant nor anything about its submission holds a digit of it.
func TestPhoto_cameraIsNotToldOfProtectedPlaces(t *testing.T) {
	h := newHouse(t)
	var records []place.Record
	for i, tier := range []string{"approximate", "region", "hidden"} {
		records = append(records, place.Record{ID: "9" + itoa64(int64(i)), Title: "Owl nest " + tier, Body: "Nobody is told where.", Lat: f64(51.5 + float64(i)), Lon: f64(13.7), LocationTier: tier, TierReason: "nesting", Tags: []string{"Owls"}})
	}
	if total, err := h.places.Import(t.Context(), records, place.ImportOptions{Source: "test", Publish: true}); err != nil || total.Created != 3 {
		t.Fatal(total, err)
	}
	h.follow()
	for i, r := range records {
		t.Run(r.LocationTier, func(t *testing.T) { h.cameraIsNotTold(t, "owl-nest-"+r.LocationTier, 3+2*i) })
	}
	for _, path := range []string{"/places", "/places.json", "/places.geojson", "/places.csv", "/places.gpx", "/places.kml", "/places.atom", "/places.rss", "/places.feed.json", "/places.pack.json",
		"/search?q=owl+nest", "/search.json?q=owl+nest", "/map", "/tags/owls", "/tags/owls.geojson", "/users/ines", "/sitemaps/places-1.xml", "/destinations/germany", "/"} {
		if w := h.get(path); w.Code == http.StatusOK {
			if told := tellsCamera(w.Body.Bytes()); told != "" {
				t.Errorf("%s tells %q", path, told)
			}
		}
	}
}

func (h *house) cameraIsNotTold(t *testing.T, slug string, seed int) {
	at := "/places/" + slug
	fields := map[string]string{"licence": "CC-BY-4.0", "caption": "An owl", "alt": "An owl asleep"}
	shot := locatedBy(someShot(t, seed), cameraParts, cameraLat, cameraLon)
	if tellsCamera(shot) == "" {
		t.Fatal("the file itself does not tell")
	}
	if w := h.upload("ines", at+"/photos", "", fields, sentFile{"owl.jpg", shot}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, words(w.Body.String()))
	}
	h.work()
	sub := h.one("photo")
	id := sub[1:]
	silent := func(who string, paths ...string) {
		t.Helper()
		for _, path := range paths {
			if told := tellsCamera(h.as(who, path).Body.Bytes()); told != "" {
				t.Errorf("%s tells %s %q", path, who, told)
			}
		}
	}
	same := []string{at, at + ".json", at + ".geojson", at + ".gpx", at + ".kml", at + "/photos", at + "/history", "/embed" + at, "/oembed?url=" + url.QueryEscape(h.site.URL+at)}
	for _, who := range []string{"", "mario", "tomasz"} {
		silent(who, same...)
	}
	silent("tomasz", "/desk", "/desk/"+sub, "/photos/"+id+"/320")
	for _, who := range []string{"", "mario"} {
		for _, path := range []string{"/photos/" + id + "/320", "/submissions/" + sub, "/desk/" + sub} {
			if w := h.as(who, path); w.Code == http.StatusOK {
				t.Errorf("%q reads %s before it is public", who, path)
			}
		}
	}
	h.sends("tomasz", "/desk/"+sub, url.Values{"do": {"publish"}})
	h.follow()
	for _, who := range []string{"", "mario", "tomasz"} {
		silent(who, same...)
	}
	silent("ines", "/notifications", "/drafts")
	p, err := h.places.BySlug(t.Context(), slug)
	if err != nil || len(p.Photos) != 1 || len(p.Photos[0].URLs) == 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, path := range p.Photos[0].URLs {
		for _, file := range []string{path, strings.TrimSuffix(path, ".webp") + ".jpg"} {
			w := h.get(file)
			if told := tellsCamera(w.Body.Bytes()); w.Code != http.StatusOK || told != "" {
				t.Errorf("%s: %d, tells %q", file, w.Code, told)
			}
		}
	}
	ph, err := h.photos.Find(t.Context(), h.who["ines"], p.Photos[0].ID)
	if err != nil || ph.Taken == nil || ph.Taken.Lat < 47.27 || ph.Taken.Lat > 47.28 {
		t.Fatalf("its sender is not told: %+v, %v", ph, err)
	}
	for _, path := range []string{"/photos/" + ph.Original, "/photos/" + ph.SHA256, "/photos/" + ph.SHA256 + ".jpg", "/originals/" + ph.SHA256[:2] + "/" + ph.SHA256, "/photos/originals/" + ph.SHA256[:2] + "/" + ph.SHA256} {
		for _, who := range []string{"", "mario", "tomasz"} {
			if w := h.as(who, path); w.Code == http.StatusOK || tellsCamera(w.Body.Bytes()) != "" {
				t.Errorf("%q has the original from %s: %d", who, path, w.Code)
			}
		}
	}
}
