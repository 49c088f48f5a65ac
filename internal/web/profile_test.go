package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/follow"
	lists "mirabilia/internal/list"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/user"
	"mirabilia/internal/walk"
)

// outwardForms are all addresses under which something of a member could be
// told; %s is the member.
var outwardForms = []string{
	"/users/%s", "/users/%s.json", "/users/%s/added", "/users/%s/edited", "/users/%s/photos", "/users/%s/lists", "/users/%s/been", "/users/%s/want", "/users/%s/visits", "/users/%s/countries",
	"/users/%s/year/2026", "/users/%s/year/2025", "/users/%s/added.geojson", "/users/%s/added.csv", "/users/%s/added.gpx", "/users/%s/added.kml", "/users/%s/added.atom", "/users/%s/added.rss", "/users/%s/added.feed.json",
	"/users/%s/edited.geojson", "/users/%s/edited.csv", "/users/%s/edited.gpx", "/users/%s/edited.kml", "/users/%s/edited.rss", "/users/%s/edited.feed.json", "/users/%s/desk",
	"/users/%s/edited.atom", "/users/%s/been.geojson", "/users/%s/been.csv", "/users/%s/been.gpx", "/users/%s/been.kml", "/users/%s/want.geojson", "/users/%s/want.csv", "/users/%s/want.gpx", "/users/%s/want.kml",
	"/me/overlay?path=/users/%s", "/me/overlay?path=/users/%s/been", "/me/overlay?path=/places/casa-azul", "/lists", "/lists/secret-plans", "/lists/secret-plans.json", "/embed/lists/secret-plans", "/search?q=%s", "/suggest?q=%s",
	"/settings/following", "/follow?kind=member&name=%s", "/users/%s/been?cursor=0.0", "/users/%s/want?cursor=zzz.zz", "/users/%s/visits?cursor=0.1",
}

func outwardOf(name string) (paths []string) {
	for _, f := range outwardForms {
		if strings.Contains(f, "%s") {
			f = fmt.Sprintf(f, name)
		}
		paths = append(paths, f)
	}
	return paths
}

// profiled is an atlas with two members of whom one has done all there is.
func profiled(t *testing.T, does bool) (a *atlas, m string) {
	t.Helper()
	a = newAtlas(t, someRecords(), withMembers())
	m, ben, cleo := a.member(11), a.member(22), a.member(33)
	who := actor.Actor{ID: 11, Name: m, Shown: "Member " + m, Role: actor.Member}
	for _, by := range []actor.Actor{{ID: 22, Name: ben, Role: actor.Member}} {
		if err := a.site.Follows.Set(t.Context(), by, follow.Subject{Kind: follow.Member, ID: 11}, true); err != nil {
			t.Fatal(err)
		}
	}
	_ = cleo
	if !does {
		return a, m
	}
	for i, slug := range []string{"casa-azul", "sedlec-ossuary"} {
		p, err := a.places.BySlug(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.site.Marks.Set(t.Context(), who, p.ID, []mark.Kind{mark.Been, mark.Want}[i], true); err != nil {
			t.Fatal(err)
		}
		if _, err := a.site.Marks.Write(t.Context(), who, mark.Visit{Place: p.ID, Day: "2025-06-01", Outcome: mark.NotFound, Privacy: mark.Public, Note: "Nobody opened the gate"}); err != nil {
			t.Fatal(err)
		}
	}
	l, err := a.site.Lists.Make(t.Context(), who, lists.Details{Title: "Secret plans", Privacy: lists.Private})
	if err != nil {
		t.Fatal(err)
	}
	if l.Slug != "secret-plans" {
		t.Fatal(l.Slug)
	}
	return a, m
}

// A member who keeps everything for themselves cannot be told from one who did
// nothing: not by anybody, not by a follower, under no address.
func TestProfile_nothingOfWhatIsKept(t *testing.T) {
	busy, m := profiled(t, true)
	idle, _ := profiled(t, false)
	for _, path := range outwardOf(m) {
		for _, reader := range []string{"", "m22", "m33"} {
			var got, want walk.Answer
			for _, side := range []struct {
				a  *atlas
				to *walk.Answer
			}{{busy, &got}, {idle, &want}} {
				w := side.a.get(path)
				if reader != "" {
					w = side.a.get(path, memberHeader, reader)
				}
				*side.to = walk.Answer{Status: w.Code, Body: w.Body.Bytes()}
			}
			// The counts of a place are everybody's, and of whom it is not said.
			one, other := withoutCounts(got.Body), withoutCounts(want.Body)
			if got.Status != want.Status || one != other {
				t.Errorf("%s by %q: %d and %d, or other words:\n%s", path, reader, got.Status, want.Status, firstDifference(one, other))
			}
			if got.Status >= 500 {
				t.Errorf("%s by %q: %d", path, reader, got.Status)
			}
			for _, trace := range []string{"sedlec-ossuary", "Nobody opened", "Secret plans"} {
				if strings.Contains(path, "/users/") && strings.Contains(string(got.Body), trace) {
					t.Errorf("%s by %q tells of %s", path, reader, trace)
				}
			}
		}
	}
	// The instrument: their own pages tell it, and so do those of followers and of
	// everybody when it is chosen.
	for _, c := range []struct{ path, reader, want string }{
		{"/been", m, "casa-azul"}, {"/want", m, "sedlec-ossuary"}, {"/want.gpx", m, "Sedlec"}, {"/visits", m, "Nobody opened the gate"}, {"/countries", m, "1 of "}, {"/year/2026", m, "casa-azul"},
	} {
		if body := busy.get("/users/"+m+c.path, memberHeader, c.reader).Body.String(); !strings.Contains(body, c.want) {
			t.Errorf("%s by its member lacks %q", c.path, c.want)
		}
	}
	busy.choose(m, map[string]string{"been": "followers", "want": "public", "visits": "followers", "statistics": "public"})
	for _, c := range []struct {
		path, reader, want string
		seen               bool
	}{
		{"/been", "", "casa-azul", false}, {"/been", "m33", "casa-azul", false}, {"/been", "m22", "casa-azul", true}, {"/been.csv", "m33", "Casa", false}, {"/been.csv", "m22", "Casa", true},
		{"/want", "", "sedlec-ossuary", true}, {"/want.kml", "", "Sedlec", true}, {"/visits", "m33", "Nobody", false}, {"/visits", "m22", "Nobody", true}, {"/countries", "", "1 of ", true},
		{"", "", "1 of ", true}, {"", "", "dots.svg", false}, {"/countries", "", "dots.svg", false}, {"/countries", "m22", "dots.svg", true}, {".json", "", `"been":null,"want":1`, true},
		{"/year/2026", "", "casa-azul", false}, {"/year/2026", "m22", "casa-azul", true}, {"/year/2026", "", "place been to", true},
	} {
		w := busy.get("/users/" + m + c.path)
		if c.reader != "" {
			w = busy.get("/users/"+m+c.path, memberHeader, c.reader)
		}
		if strings.Contains(w.Body.String(), c.want) != c.seen {
			t.Errorf("%s by %q: %q is there: %v", c.path, c.reader, c.want, !c.seen)
		}
		if strings.Contains(c.path, "/been") && w.Code == http.StatusOK && w.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s may be kept: %s", c.path, w.Header().Get("Cache-Control"))
		}
	}
}

func (a *atlas) choose(m string, privacy map[string]string) {
	a.t.Helper()
	who, err := a.site.Users.ByName(a.t.Context(), m)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := a.site.Users.Choose(a.t.Context(), who.Actor(), func(s *user.Settings) { s.Privacy = privacy }); err != nil {
		a.t.Fatal(err)
	}
}

// withoutCounts leaves out how many marks a place has.
func withoutCounts(body []byte) string {
	s := string(body)
	for _, name := range []string{`"counts":[`} {
		for {
			i := strings.Index(s, name)
			if i < 0 {
				break
			}
			j := strings.IndexByte(s[i:], ']')
			s = s[:i] + s[i+j:]
		}
	}
	return s
}

func firstDifference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[max(0, i-80):min(len(a), i+80)] + "\n—\n" + b[max(0, i-80):min(len(b), i+80)]
		}
	}
	return fmt.Sprint(len(a), " and ", len(b), " bytes")
}

// Where lists are all there is they are what the page shows, not its margin.
func TestProfile_withListsAlone(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	m := a.member(11)
	who := actor.Actor{ID: 11, Name: m, Shown: "Member " + m, Role: actor.Member}
	if _, err := a.site.Lists.Make(t.Context(), who, lists.Details{Title: "Blue doors", Privacy: lists.Public}); err != nil {
		t.Fatal(err)
	}
	page := a.get("/users/" + m).Body.String()
	if _, rest, found := strings.Cut(page, `id="h-lists"`); !found || !strings.Contains(rest, "Blue doors") || strings.Contains(page, "<aside") || strings.Contains(page, `class="section split"`) {
		t.Errorf("the lists are no part of what is shown: %s", page)
	}
}

// Every address about a member is among those above, whatever is added.
func TestProfile_everyAddressIsTried(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	for _, r := range a.site.Routes() {
		rest, of := strings.CutPrefix(r.Pattern, "/users/{slug}")
		if !of {
			if rest, of = strings.CutPrefix(r.Pattern, "/users/{name}"); !of || rest == "/block" {
				continue
			}
		}
		if r.Method != http.MethodGet {
			continue
		}
		for _, form := range append([]string{""}, r.Forms...) {
			if path := "/users/%s" + strings.Replace(rest, "{year}", "2026", 1) + form; !slices.Contains(outwardForms, path) {
				t.Errorf("%s is not tried", path)
			}
		}
	}
}

// The pages of a member show what they gave, page by page and in other forms,
// the same to everybody.
func TestProfile_whatAMemberGave(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	m := a.member(11)
	by := place.Credit{Name: "Member m11", URL: "/users/m11"}
	for i := range profileShown + 3 {
		f := revision.Fields{}
		f.Set("title", fmt.Sprintf("Stone %d", i))
		f.Set("lat", 48.0+float64(i)/10)
		f.Set("lon", 2.0)
		if err := a.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := a.places.Create(tx, place.Proposed{Fields: f, By: by})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	first := a.get("/users/" + m + "/added").Body.String()
	if n := strings.Count(first, `<article class="card">`); n != profileShown || !strings.Contains(first, "Stone 26") || strings.Contains(first, "Stone 2<") {
		t.Errorf("%d cards", n)
	}
	_, rest, _ := strings.Cut(first, "?cursor=")
	cursor, _, _ := strings.Cut(rest, `"`)
	second := a.get("/users/" + m + "/added?cursor=" + cursor).Body.String()
	if n := strings.Count(second, `<article class="card">`); n != 3 || !strings.Contains(second, "Stone 0") {
		t.Errorf("%d cards on the second page after %q", n, cursor)
	}
	if w := a.get("/users/" + m + "/added?cursor=x"); w.Code != http.StatusBadRequest {
		t.Errorf("a cursor of nobody: %d", w.Code)
	}
	whole := a.get("/users/" + m).Body.String()
	for _, want := range []string{"First place", "10 places added", "Stone 26", "/users/m11/added.atom", "in review", `data-follow="member/m11"`} {
		if want == "First place" == strings.Contains(whole, want) { // the higher badge stands for both
			t.Errorf("the page and %q", want)
		}
	}
	for path, want := range map[string]string{".json": `"added":27`, "/added.atom": "Stone 26", "/added.rss": "Stone 26", "/added.feed.json": "Stone 26", "/added.gpx": "Stone 0", "/added.csv": "Stone 0", "/year/2026": "places added"} {
		if w := a.get("/users/" + m + path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d, or without %q", path, w.Code, want)
		}
	}
	for path, want := range map[string]int{"/year/1899": 404, "/year/2027": 404, "/year/02026": 404, "/year/x": 404, "/been.json": 404, "/nothing": 404} {
		if w := a.get("/users/" + m + path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if p := a.get("/places/stone-26").Body.String(); !strings.Contains(p, `href="/users/m11"`) {
		t.Error("the credit does not lead to the profile")
	}
}

// Of a member who is suspended stays what they gave; of one who is banned or has
// left there is no page.
func TestProfile_ofWhoIsNotActive(t *testing.T) {
	a, m := profiled(t, true)
	a.choose(m, map[string]string{"been": "public", "statistics": "public"})
	set := func(state string) {
		t.Helper()
		if err := a.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE members SET state = $1 WHERE id = 11`, state)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	set("suspended")
	if w := a.get("/users/" + m); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "cannot write at present") || strings.Contains(w.Body.String(), "dots.svg") || strings.Contains(w.Body.String(), "data-follow=") {
		t.Errorf("suspended: %d %s", w.Code, w.Body)
	}
	if body := a.get("/users/"+m+"/been", memberHeader, "m22").Body.String(); strings.Contains(body, "casa-azul") {
		t.Error("a follower sees what a suspended member has been to")
	}
	for state, want := range map[string]int{"banned": http.StatusNotFound, "deleted": http.StatusGone} {
		set(state)
		for _, path := range []string{"", "/added", "/been", "/been.gpx", "/year/2026", ".json", "/added.atom"} {
			if w := a.get("/users/" + m + path); w.Code != want {
				t.Errorf("%s%s: %d", state, path, w.Code)
			}
		}
		if o := a.overlaid("m22", url.Values{"path": {"/users/" + m}}.Encode()); o.Follows {
			t.Errorf("%s: still followed", state)
		}
	}
}
