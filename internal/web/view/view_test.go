package view_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/storybook"
	"mirabilia/internal/web/view/ui"
)

func write(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := view.Write(context.Background(), &b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestThemeHashAllowsTheScript(t *testing.T) {
	sum := sha256.Sum256([]byte(view.ThemeScript))
	want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if view.ThemeHash != want {
		t.Fatalf("ThemeHash is %s; the script's is %s", view.ThemeHash, want)
	}
	if !strings.Contains(write(t, view.Home(storybook.FullHome())), "<script>"+view.ThemeScript+"</script>") {
		t.Fatal("the script of the hash does not stand in the page as it is")
	}
}

func TestFooterHasEveryLink(t *testing.T) {
	page := write(t, view.Place(storybook.BarePlace()))
	for _, path := range []string{
		"/trips", "/places", "/foods", "/stories", "/newsletters", "/login", "/join", "/places?sort=newest", "/places?sort=wanted", "/places-to-eat",
		"/random", "/near", "/places/new", "/itineraries", "/lists", "/videos", "/podcast", "/trips?theme=family", "/trips?theme=food",
		"/trips?theme=history", "/trips?theme=nature", "/faq", "/membership", "/feedback", "/guidelines", "/blog", "/gifts", "/about",
		"/work-with-us", "/advertise", "/advertising-guidelines", "/privacy", "/cookies", "/terms",
	} {
		if !strings.Contains(page, `href="`+path+`"`) {
			t.Errorf("no link to %s", path)
		}
	}
}

// The order of the page is the promise of the product.
func TestPlaceOrder(t *testing.T) {
	page := write(t, view.Place(storybook.FullPlace()))
	at := 0
	for _, part := range []string{
		`class="crumbs"`, "<h1", `class="dek"`, `href="/destinations/mexico/mexico-city"`, "Been here", "Want to go", "Add to list", "Copy link", "E-mail",
		`class="gallery`, `class="lightbox`, "Closed until 15 January 2027", "About", "Leon Trotsky had been", `aria-label="Themes"`, "Know before you go",
		`class="facts"`, "checked 3 Nov 2026", "Last confirmed November 2026 by 3 visitors", "Where it is", "19.35770", "geo:19.35770", "How obscure is it?",
		"Nearby", `<data class="num" value="420">`, "To eat and drink", "The guide", "182 places", "Book now", "Added by", "Edited by", "Pictures by",
		"Published", "Last changed", "/history", "Make an edit", "Add photos", "Leave a note", "Report", "Sources", "archived copy",
		"In stories and lists", "Elsewhere, the same shiver", "About membership", "See the newsletters",
	} {
		i := strings.Index(page[at:], part)
		if i < 0 {
			t.Fatalf("%q is missing, or stands too early", part)
		}
		at += i
	}
}

// An address, a position or a distance of a protected place is nowhere in its
// page, whatever the row holds.
func TestProtectedPlaceTellsNothing(t *testing.T) {
	for _, tier := range []place.Tier{place.Region, place.Hidden} {
		p := storybook.ProtectedPlace()
		q := *p.Place
		q.Tier, q.Address = tier, "17 Bat Lane"
		p.Place = &q
		p.LD = []any{view.PlaceLD(&q, p.Canonical, nil)}
		page := write(t, view.Place(p))
		for _, secret := range []string{"17 Bat Lane", "geo:", "openstreetmap.org/?mlat", "latitude", "40.25259"} {
			if strings.Contains(page, secret) {
				t.Errorf("tier %s: the page holds %q", tier, secret)
			}
		}
		if !strings.Contains(page, "to protect what is there") {
			t.Errorf("tier %s: the page does not say why there is no position", tier)
		}
	}
}

func TestPlaceLDEqualsTheFields(t *testing.T) {
	p := storybook.Trotsky()
	p.Title = `</script><b>"&` + "\u2028"
	raw, err := json.Marshal(view.PlaceLD(p, "https://atlas.example/places/x", []string{"https://atlas.example/a.webp"}))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("</script")) {
		t.Fatal("the title ends the script")
	}
	var ld struct {
		Type  string `json:"@type"`
		Name  string
		Geo   struct{ Latitude, Longitude float64 }
		Image []string
	}
	if err := json.Unmarshal(raw, &ld); err != nil {
		t.Fatal(err)
	}
	if ld.Type != "TouristAttraction" || ld.Name != p.Title || (geo.Public{Lat: ld.Geo.Latitude, Lon: ld.Geo.Longitude}) != *p.At || len(ld.Image) != 1 {
		t.Errorf("got %+v", ld)
	}
}

// Words of strangers stay words.
func TestStrangersWordsAreEscaped(t *testing.T) {
	const evil = `"><img src=x onerror=alert(1)>`
	p := storybook.FullPlace()
	q := *p.Place
	q.Title, q.Subtitle, q.Address, q.TierReason, q.StatusSource, q.Website = evil, evil, evil, evil, evil, "javascript:alert(1)"
	q.AddedBy.Name = evil
	q.Sources = []place.Source{{Title: evil, Author: evil, URL: "javascript:alert(1)", Archived: "data:text/html,x"}}
	q.Facts = map[string]place.Fact{"hours": {Value: evil, Source: evil, Checked: evil}}
	p.Place, p.Title, p.Description = &q, evil, evil
	p.Tags = []ui.Chip{{Text: evil, Path: "/tags/x"}}
	p.Pictures = []ui.Picture{{Src: "/x.webp", Alt: evil, Caption: evil, Credit: evil, LicenceURL: "javascript:alert(1)", Licence: evil}}
	p.LD = []any{view.PlaceLD(&q, "https://atlas.example/x", nil)}
	page := write(t, view.Place(p))
	for _, bad := range []string{"<img src=x", `href="javascript:`, `href="data:`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}

func TestBudgetOfThePlacePage(t *testing.T) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	page := write(t, view.Place(storybook.FullPlace()))
	if _, err := w.Write([]byte(page)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d compressed", len(page), b.Len())
	if b.Len() > 25_000 {
		t.Errorf("the place page has %d bytes compressed, at most 25,000", b.Len())
	}
}

func BenchmarkPlacePage(b *testing.B) {
	page := storybook.FullPlace()
	for b.Loop() {
		var out bytes.Buffer
		if err := view.Write(context.Background(), &out, view.Place(page)); err != nil {
			b.Fatal(err)
		}
	}
}
