package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
)

// Public lists stand on the pages of their places and in the guides there, and
// leave them at once when they are public no more.
func TestListsOnPlacesAndGuides(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada := a.member(1)
	pages := []string{"/places/casa-azul", "/destinations/mexico/mexico-city", "/destinations/mexico"}
	const none = "No story and no list names this place yet."
	if body := a.get(pages[0]).Body.String(); !strings.Contains(body, none) {
		t.Error("a place on no list does not say so")
	}
	a.makeList(ada, "Quiet doors", "private", a.publicID("casa-azul"))
	path := a.makeList(ada, "Blue & <bony>", "public", a.publicID("casa-azul"))
	a.follow()
	a.later(holds)
	for _, page := range pages {
		body := a.get(page).Body.String()
		if !strings.Contains(body, `href="/lists/blue-bony"`) || !strings.Contains(body, "Blue &amp; &lt;bony&gt;") || strings.Contains(body, "Quiet doors") || strings.Contains(body, none) {
			t.Errorf("%s: the lists are not the public ones", page)
		}
	}
	if body := a.get("/places/sedlec-ossuary").Body.String(); strings.Contains(body, "blue-bony") {
		t.Error("a list stands on a place that is not on it")
	}
	l, _, err := a.site.Lists.Public(t.Context(), "blue-bony")
	if err != nil {
		t.Fatal(err)
	}
	w := a.send(ada, path+"/edit", url.Values{"do": {"details"}, "title": {"Blue & <bony>"}, "privacy": {"private"}, "edition": {"1"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	a.site.Forget([]finder.Ref{l.Ref()}) // as the log says
	for _, page := range pages {
		if strings.Contains(a.get(page).Body.String(), "blue-bony") {
			t.Errorf("%s shows a list that is private now", page)
		}
	}
}

// The form of all places, and of the map, narrows to a country, then inside it,
// and leads out again.
func TestFilterByDestination(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for _, page := range []string{"/places", "/map", "/places-to-eat"} {
		body := a.get(page).Body.String()
		if page != "/places-to-eat" && !strings.Contains(body, `<option value="mexico">Mexico</option>`) || strings.Contains(body, `<option value="mexico/mexico-city">`) {
			t.Errorf("%s does not offer countries alone", page)
		}
		body = a.get(page + "?in=mexico").Body.String()
		if !strings.Contains(body, `<option value="mexico" selected>Mexico</option>`) || !strings.Contains(body, `<option value="">Anywhere</option>`) || strings.Contains(body, `type="hidden" name="in"`) {
			t.Errorf("%s?in=mexico does not say where it looks", page)
		}
		if page != "/places-to-eat" && !strings.Contains(body, `<option value="mexico/mexico-city">Mexico City</option>`) {
			t.Errorf("%s?in=mexico does not lead on", page)
		}
		body = a.get(page + "?in=mexico/mexico-city").Body.String()
		if !strings.Contains(body, `<option value="mexico">Mexico</option>`) || !strings.Contains(body, `<option value="mexico/mexico-city" selected>`) {
			t.Errorf("%s?in=mexico/mexico-city does not lead out", page)
		}
	}
	// What the way keeps stays beside the choice.
	if body := a.get("/along?stop=19.3,-99.1&stop=19.5,-99.2&within=20&in=mexico").Body.String(); !strings.Contains(body, `<option value="mexico" selected>`) || !strings.Contains(body, `type="hidden" name="stop"`) {
		t.Error("along the way cannot be narrowed")
	}
}

// Where nothing is found the nearest spelling is offered, and finds something.
func TestSearchOffersTheNearestSpelling(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	body := a.get("/search?q=trotzki").Body.String()
	if !strings.Contains(body, "Nothing here called “trotzki”") || !strings.Contains(body, `Did you mean`) || !strings.Contains(body, `<a href="/search?q=trotsky"><b>trotsky</b></a>`) {
		t.Errorf("no spelling is offered")
	}
	if body := a.get("/search?q=trotsky").Body.String(); !strings.Contains(body, `href="/places/museo-casa-de-leon-trotsky"`) {
		t.Error("the spelling that is offered finds nothing")
	}
}

// A place tells what else it is called, each name once.
func TestPlaceTellsItsOtherNames(t *testing.T) {
	rec := someRecords()
	rec[1].Aliases = []place.Alias{{Name: "Frida Kahlo Museum", Lang: "en"}, {Name: "FRIDA KAHLO MUSEUM", Lang: "de"}, {Name: "Blue & Azul", Lang: "es"}}
	body := newAtlas(t, rec, nil).get("/places/casa-azul").Body.String()
	_, told, _ := strings.Cut(body, "Also called")
	told, _, _ = strings.Cut(told, "</p>")
	if got := strings.Join(strings.Fields(told), " "); got != `<bdi lang="en">Frida Kahlo Museum</bdi>, <bdi lang="es">Blue &amp; Azul</bdi>` {
		t.Errorf("the other names: %s", got)
	}
}

// Where texts lead there is a page, and the feedback page, to which
// security.txt sends, names the operator's address.
func TestTextsLeadSomewhere(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	link := regexp.MustCompile(`\]\((/[^)]*)\)`)
	for _, slug := range a.site.Pages.Slugs() {
		p, _ := a.site.Pages.BySlug(slug)
		for _, m := range link.FindAllStringSubmatch(p.Source, -1) {
			if w := a.get(m[1]); w.Code >= 400 {
				t.Errorf("%s leads to %s: %d", slug, m[1], w.Code)
			}
		}
	}
	if body := a.get("/feedback").Body.String(); strings.Contains(body, "mailto:atlas@") {
		t.Error("an address that nobody gave")
	}
	if err := a.set.Update(t.Context(), func(s *setting.Settings) { s.Contact = "atlas@example.org" }); err != nil {
		t.Fatal(err)
	}
	a.site.ForgetAll()
	if body := a.get("/feedback").Body.String(); !strings.Contains(body, `<a href="mailto:atlas@example.org">atlas@example.org</a>`) {
		t.Error("the feedback page does not name the operator")
	}
}
