package web

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
)

var leads = regexp.MustCompile(`id="h-lead"[^>]*><a href="([^"]*)"`)

func (a *atlas) lead() string {
	a.t.Helper()
	m := leads.FindStringSubmatch(a.get("/").Body.String())
	if m == nil {
		return ""
	}
	return m[1]
}

// imported are records that name places and tell nothing of them.
func imported(n int) (list []place.Record) {
	for i := range n {
		list = append(list, place.Record{ID: fmt.Sprint("i", i), Title: fmt.Sprintf("Chapel %d", i), Lat: f64(40 + float64(i)/10), Lon: f64(-3)})
	}
	return list
}

// The front page opens with a place of which something is told, however much was
// imported that says nothing.
func TestHome_opensWithAStory(t *testing.T) {
	a := newAtlas(t, append(imported(60), someRecords()...), nil)
	if lead := a.lead(); lead != "/places/museo-casa-de-leon-trotsky" && lead != "/places/casa-azul" && lead != "/places/sedlec-ossuary" {
		t.Errorf("it opens with %q", lead)
	}
	if body := a.get("/").Body.String(); !strings.Contains(body, "Chapel") {
		t.Error("what was imported is not to be found on it")
	}
	if body := newAtlas(t, imported(20), nil).get("/").Body.String(); leads.MatchString(body) || strings.Count(body, "<h1") != 1 || !strings.Contains(body, "Chapel") {
		t.Error("an atlas that tells nothing yet opens with a place")
	}
}

// Lists that everybody sees are in the sitemap, and in the machine form of the
// page of lists; those with a secret link and private ones never.
func TestSitemap_lists(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada := a.member(1)
	if body := a.get("/sitemap.xml").Body.String(); strings.Contains(body, "lists-") {
		t.Error("it names pages of lists where there is none")
	}
	slugs := map[string]string{}
	for _, privacy := range []string{"public", "link", "private"} {
		w := a.send(ada, "/me/lists", url.Values{"title": {"Walk " + privacy}, "privacy": {privacy}})
		slug, ok := strings.CutSuffix(w.Header().Get("Location"), "/edit")
		if !ok {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		slugs[privacy] = slug[strings.LastIndex(slug, "/")+1:]
	}
	a.follow()
	a.now = a.now.Add(sitemapKeep + time.Second)
	index, page, form := a.get("/sitemap.xml").Body.String(), a.get("/sitemaps/lists-1.xml").Body.String(), a.get("/lists.json").Body.String()
	if !strings.Contains(index, "/sitemaps/lists-1.xml</loc>") || !strings.Contains(a.get("/sitemaps/pages.xml").Body.String(), testURL+"/lists</loc>") {
		t.Error("the sitemap does not name the lists")
	}
	if !strings.Contains(page, "<loc>"+testURL+"/lists/"+slugs["public"]+"</loc>") || !strings.Contains(form, slugs["public"]) {
		t.Errorf("the public list is missing: %s %s", page, form)
	}
	for _, privacy := range []string{"link", "private"} {
		for _, body := range []string{index, page, form} {
			if strings.Contains(body, slugs[privacy]) {
				t.Errorf("a list that is %s is told of: %s", privacy, body)
			}
		}
	}
	for _, none := range []string{"/sitemaps/lists-2.xml", "/sitemaps/lists-0.xml", "/sitemaps/lists-x.xml", "/sitemaps/lists-01.xml"} {
		if w := a.get(none); w.Code != 404 {
			t.Errorf("%s: %d", none, w.Code)
		}
	}
	l, _, err := a.site.Lists.Public(t.Context(), slugs["public"])
	if err != nil {
		t.Fatal(err)
	}
	if w := a.send(ada, "/lists/"+slugs["public"]+"/edit", url.Values{"do": {"details"}, "title": {"Walk"}, "privacy": {"private"}, "edition": {"1"}}); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	a.site.Forget([]finder.Ref{l.Ref()}) // as the log says
	if body := a.get("/sitemaps/lists-1.xml").Body.String() + a.get("/lists.json").Body.String(); strings.Contains(body, slugs["public"]) {
		t.Error("a list that is private now is still told of")
	}
}
