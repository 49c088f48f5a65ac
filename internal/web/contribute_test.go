package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/draft"
	"mirabilia/internal/follow"
	"mirabilia/internal/matter"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/setting"
	"mirabilia/internal/takedown"
	"mirabilia/internal/user"
)

// house is an atlas with a desk and three people.
type house struct {
	*atlas
	who map[string]actor.Actor
}

// newHouse makes it: ines and mario are members, tomasz is an editor.
func newHouse(t *testing.T) *house {
	h := &house{who: map[string]actor.Actor{}}
	h.atlas = newAtlas(t, someRecords(), func(d *Deps) {
		d.Who = func(r *http.Request) (actor.Actor, error) { return h.who[r.Header.Get("Test-Who")], nil }
	})
	users := user.New(h.db)
	for name, role := range map[string]actor.Role{"ines": actor.Member, "mario": actor.Member, "tomasz": actor.Editor, "olga": actor.Editor} {
		m, err := users.Add(context.Background(), actor.Actor{}, user.Account{Email: name + "@example.org", Name: name, Role: role, Verified: true})
		if err != nil {
			t.Fatal(err)
		}
		h.who[name] = m.Actor()
	}
	return h
}

// contributing gives the dependencies of the desk.
func (a *atlas) contributing(d *Deps) {
	d.Proposals = proposal.New(a.places, a.finder, a.set)
	defer func() {
		matter.JoinPhotos(d.Desk, d.Photos, a.set)
		matter.JoinVisits(d.Desk, d.Marks, a.places)
		d.Notes = matter.JoinNotes(a.db, d.Desk, a.places)
		d.Reports, d.Downs = matter.JoinReports(a.db, a.set, d.Desk, a.places, d.Photos), takedown.New(a.db)
		d.Reports.Vouch = d.Users.Vouch
		d.Lists.Apart = follow.Apart
	}()
	d.Desk, d.Drafts, d.Users = desk.New(a.db, a.set, d.Proposals), draft.New(a.db), user.New(a.db)
	d.Drafts.Discarded = photo.Discard
	d.Published = func(context.Context) error { a.follow(); a.site.ForgetAll(); return nil }
}

func (h *house) as(name, path string) *httptest.ResponseRecorder {
	return h.get(path, "Test-Who", name)
}

// post sends a form as a browser does from a page of the atlas.
func (h *house) post(name, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Test-Who", name)
	w := httptest.NewRecorder()
	h.site.ServeHTTP(w, r)
	return w
}

// sends is post of a form that is accepted; it gives where that leads.
func (h *house) sends(name, path string, form url.Values) string {
	h.t.Helper()
	w := h.post(name, path, form)
	if w.Code != http.StatusSeeOther {
		h.t.Fatalf("%s: %d: %s", path, w.Code, words(w.Body.String()))
	}
	return w.Header().Get("Location")
}

var marks = regexp.MustCompile(`(?s)<(script|style|header|footer).*?</(script|style|header|footer)>|<[^>]*>`)

// words is what a page says, for messages of tests.
func words(page string) string {
	return strings.Join(strings.Fields(marks.ReplaceAllString(page, " ")), " ")
}

func (h *house) has(w *httptest.ResponseRecorder, status int, parts ...string) {
	h.t.Helper()
	if w.Code != status {
		h.t.Fatalf("status %d, want %d: %s", w.Code, status, words(w.Body.String()))
	}
	for _, p := range parts {
		if !strings.Contains(w.Body.String(), p) {
			h.t.Errorf("the page has no %q: %s", p, words(w.Body.String()))
		}
	}
}

func (h *house) hasNot(w *httptest.ResponseRecorder, parts ...string) {
	h.t.Helper()
	for _, p := range parts {
		if strings.Contains(w.Body.String(), p) {
			h.t.Errorf("the page has %q: %s", p, words(w.Body.String()))
		}
	}
}

// lighthouse is the form of a new place, whole.
func lighthouse() url.Values {
	return url.Values{
		"draft": {"77"}, "do": {"send"}, "title": {"Rubjerg Knude Fyr"}, "subtitle": {"The lighthouse that was wheeled inland before the cliff could take it."}, "position": {"57°26′56″ N 9°46′28″ E"},
		"location_tier": {"exact"}, "status": {"open"}, "kind": {"place"}, "body": {"The lamp went out in 1968, because the dune had grown so high that ships could no longer see it."},
		"tags": {"Lighthouses, dunes"}, "facts.hours.value": {"Always"}, "facts.hours.checked": {"2026-10-18"}, "sources.0.title": {"The plaque"}, "aliases.0.name": {"Rubjerg Knude Lighthouse"}, "rights": {"yes"},
	}
}

func TestFormsNeedAnAccount(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/places/new", "/places/casa-azul/edit", "/pitch", "/drafts", "/desk", "/submissions", "/submissions/s1"} {
		if w := h.get(path); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login?next=") {
			t.Errorf("%s: %d to %q", path, w.Code, w.Header().Get("Location"))
		}
	}
	if w := h.as("ines", "/submissions"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/drafts" {
		t.Errorf("all that one sent: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := h.as("ines", "/desk"); w.Code != http.StatusForbidden {
		t.Errorf("a member on the desk: %d", w.Code)
	}
	if w := h.post("", "/places/new", lighthouse()); w.Code != http.StatusUnauthorized {
		t.Errorf("nobody sends: %d", w.Code)
	}
	for _, path := range []string{"/queue", "/places/casa-azul/history"} {
		if w := h.get(path); w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// A form that fails shows its messages beside their fields with everything typed
// kept, and is kept as a draft too.
func TestFailedFormKeepsEverything(t *testing.T) {
	h := newHouse(t)
	f := lighthouse()
	f.Set("title", "")
	f.Set("subtitle", strings.Repeat("long ", 50))
	f.Set("position", "somewhere over <b>the</b> rainbow")
	f.Set("website", "not an address")
	f.Set("facts.hours.checked", "yesterday")
	f.Set("sources.0.date", "long ago")
	f.Del("rights")
	w := h.post("ines", "/places/new", f)
	h.has(w, http.StatusUnprocessableEntity, "7 things need you", "Source 1, Its date</a>: Write a day as", "A name is needed", "249 of 160", "no position we can read", "begins with https", "Write a day as", "Only what may be shared",
		"somewhere over &lt;b&gt;the&lt;/b&gt; rainbow", `value="yesterday"`, `value="not an address"`, "The lamp went out in 1968", `href="#f-facts.hours.checked"`, `aria-describedby="f-title-hint f-title-err"`)
	h.has(h.as("ines", "/places/new?draft=77"), http.StatusOK, "somewhere over &lt;b&gt;the&lt;/b&gt; rainbow", `value="yesterday"`)
	if w := h.as("mario", "/places/new?draft=77"); w.Code != http.StatusNotFound {
		t.Errorf("another's draft: %d", w.Code)
	}
	h.has(h.as("ines", "/drafts"), http.StatusOK, "Without a name", "/places/new?draft=77")
}

// A name that no card holds is refused where it stands, of a place, a pitch and an
// edit; as a draft it is kept, and what an import called so long may stay so.
func TestLongNames(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("Très long ", 30)
	for path, f := range map[string]url.Values{"/places/new": lighthouse(), "/pitch": {"title": {""}, "body": {"It turns."}, "position": {"57.448, 9.776"}, "do": {"send"}}} {
		f.Set("title", long)
		h.has(h.post("ines", path, f), http.StatusUnprocessableEntity, "299 of 120 characters", `aria-describedby="f-title-hint f-title-err"`, strings.TrimSpace(long))
	}
	h.has(h.as("ines", "/drafts"), http.StatusOK, "Très long Très long")

	if _, err := h.places.Import(context.Background(), []place.Record{{ID: "long", Slug: "long", Title: long, Lat: f64(48), Lon: f64(2)}}, place.ImportOptions{Publish: true, Source: "test"}); err != nil {
		t.Fatal(err)
	}
	h.follow()
	f := formOf(t, h.as("ines", "/places/long/edit").Body.String())
	f.Set("subtitle", "A name that nobody can say in one breath.")
	f.Set("summary", "It had no hook.")
	f.Set("rights", "yes")
	h.sends("ines", "/places/long/edit", f)
}

// Where several places are called so, one chooses while one types; what was
// chosen among those of other words is none of these.
func TestPosition_isChosenWhileTyping(t *testing.T) {
	h := newHouse(t)
	kept := func(f url.Values) (k keptState) {
		t.Helper()
		w := h.post("ines", "/places/new", f)
		if err := json.Unmarshal(w.Body.Bytes(), &k); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d %s: %v", w.Code, w.Body, err)
		}
		return k
	}
	f := lighthouse()
	f.Set("do", "keep")
	f.Set("position", "Rome")
	f.Set("asked", "position")
	k := kept(f)
	if k.Good || len(k.Choices) < 2 {
		t.Fatalf("Rome: %+v", k)
	}
	rome := k.Choices[0]
	f.Set("spot", rome.Value)
	if k = kept(f); !k.Good || !k.Choices[0].Chosen || !strings.Contains(*k.Understood, "Italy") {
		t.Errorf("chosen: %+v", k)
	}
	f.Set("asked", "")
	if k = kept(f); !k.Good || k.Choices != nil {
		t.Errorf("while something else is typed: %+v", k)
	}
	f.Set("do", "send")
	f.Set("position", "Berlin")
	w := h.post("ines", "/places/new", f)
	h.hasNot(w, "Understood: "+rome.Value)
	f.Set("position", "no such town at all")
	w = h.post("ines", "/places/new", f)
	h.has(w, http.StatusUnprocessableEntity, "This is no position we can read")
}

// What is typed is kept by the script's call and by the button, and a tab that
// is left open cannot bring back what was sent.
func TestDraftsAreKeptWhileTyping(t *testing.T) {
	h := newHouse(t)
	f := lighthouse()
	f.Set("do", "keep")
	w := h.post("ines", "/places/new", f)
	var k keptState
	if err := json.Unmarshal(w.Body.Bytes(), &k); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if k.Draft != "77" || k.Saved == "" || !k.Good || k.Understood == nil || !strings.Contains(*k.Understood, "Denmark") || len(k.Ready.Steps) != 11 || k.Ready.Of != "9 of 11" {
		t.Errorf("kept %+v", k)
	}
	empty := h.post("ines", "/places/new", url.Values{"draft": {"78"}, "do": {"keep"}, "status": {"open"}})
	if empty.Code != http.StatusOK {
		t.Errorf("an empty form: %d", empty.Code)
	}
	if w := h.as("ines", "/places/new?draft=78"); w.Code != http.StatusNotFound {
		t.Errorf("an empty form was kept: %d", w.Code)
	}
	f.Set("do", "save")
	if to := h.sends("ines", "/places/new", f); to != "/places/new?draft=77" {
		t.Errorf("saving leads to %s", to)
	}
	f.Set("do", "send")
	to := h.sends("ines", "/places/new", f)
	if !strings.HasPrefix(to, "/submissions/s") {
		t.Fatalf("sending leads to %s", to)
	}
	if again := h.sends("ines", "/places/new", f); again != strings.TrimSuffix(to, "?sent=yes") {
		t.Errorf("sent again it leads to %s, not %s", again, to)
	}
	f.Set("do", "keep")
	if w := h.post("ines", "/places/new", f); w.Code != http.StatusConflict {
		t.Errorf("kept after it was sent: %d", w.Code)
	}
	h.has(h.as("ines", "/drafts"), http.StatusOK, "Nothing begun.", "Rubjerg Knude Fyr", "Waiting")
	h.has(h.as("ines", to), http.StatusOK, "1st in the queue", "Rubjerg Knude Fyr", "Withdraw it")
}

func TestLikelyDuplicatesAreAskedAbout(t *testing.T) {
	h := newHouse(t)
	f := url.Values{"draft": {"5"}, "do": {"check"}, "title": {"La Casa Azul"}, "position": {"19.3552, -99.1626"}, "body": {"A garden with a pyramid."}, "tags": {"gardens"}}
	h.has(h.post("ines", "/places/new", f), http.StatusOK, "Already here?", `name="join" value="casa-azul"`)
	f.Set("other", "casa-azul")
	w := h.post("ines", "/places/new", f)
	h.has(w, http.StatusOK, `type="hidden" name="other" value="casa-azul"`)
	h.hasNot(w, "Already here?")
	f.Del("other")
	f.Set("join", "casa-azul")
	to := h.sends("ines", "/places/new", f)
	if !strings.HasPrefix(to, "/places/casa-azul/edit?draft=") {
		t.Fatalf("joining leads to %s", to)
	}
	h.has(h.as("ines", to), http.StatusOK, "Frida Kahlo was born and died here.\n\nA garden with a pyramid.", "La Casa Azul", "gardens", "Blue on the outside.")
	if w := h.as("ines", "/places/new?draft=5"); w.Code != http.StatusNotFound {
		t.Errorf("the draft of the new place: %d", w.Code)
	}
}

func TestEditProposesOnlyWhatChanged(t *testing.T) {
	h := newHouse(t)
	w := h.as("ines", "/places/casa-azul/edit")
	h.has(w, http.StatusOK, "Blue on the outside.", "Casa Azul", `name="base" value="1"`, "19.3551")
	f := formOf(t, w.Body.String())
	f.Set("do", "send")
	f.Set("rights", "yes")
	f.Set("summary", "Nothing")
	h.has(h.post("ines", "/places/casa-azul/edit", f), http.StatusUnprocessableEntity, "Nothing has changed yet.")
	f.Set("subtitle", "Blue inside and out.")
	f.Set("summary", "The inside is blue as well; I was there.")
	to := h.sends("ines", "/places/casa-azul/edit", f)
	h.has(h.as("ines", to), http.StatusOK, "Edit of revision 1", "<ins>inside and out</ins>", "I was there")
	id := strings.TrimSuffix(strings.TrimPrefix(to, "/submissions/"), "?sent=yes")
	h.has(h.as("tomasz", "/desk"), http.StatusOK, "Casa Azul", "Edit by ines", "/desk/"+id)
	h.has(h.as("tomasz", "/desk/"+id), http.StatusOK, "<ins>inside and out</ins>", `name="only" value="subtitle"`, "Hook")
	h.hasNot(h.as("tomasz", "/desk/"+id), `name="only" value="body"`, `name="only" value="tags"`, `name="only" value="facts"`)
}

// formOf reads the controls of the form of contributing out of a page, as a
// browser would send them.
func formOf(t *testing.T, page string) url.Values {
	t.Helper()
	return controls(t, page, "contribute")
}

// The whole way: sent, changes asked, sent again, published in part, taken back,
// published, and its history.
func TestFromTheFormToTheHistory(t *testing.T) {
	h := newHouse(t)
	f := formOf(t, h.as("ines", "/places/casa-azul/edit").Body.String())
	f.Set("subtitle", "A must-see, blue inside and out.")
	f.Set("website", "https://example.org/blue")
	f.Set("summary", "Two things")
	f.Set("rights", "yes")
	f.Set("do", "send")
	sub, _, _ := strings.Cut(h.sends("ines", "/places/casa-azul/edit", f), "?")
	on := strings.Replace(sub, "/submissions/", "/desk/", 1)
	h.sends("tomasz", on, url.Values{"do": {"claim"}})
	h.has(h.as("tomasz", on), http.StatusOK, "yours for 15 minutes", "Give it back")
	h.has(h.as("olga", on), http.StatusOK, "tomasz has it")
	h.hasNot(h.as("olga", on), `value="publish"`)
	h.has(h.as("ines", sub), http.StatusOK, "tomasz is reading it.")
	h.has(h.post("olga", on, url.Values{"do": {"publish"}, "only": {"subtitle"}}), http.StatusConflict, "tomasz")
	h.has(h.post("tomasz", on, url.Values{"do": {"changes"}}), http.StatusUnprocessableEntity, "Say what should change.")
	h.sends("tomasz", on, url.Values{"do": {"changes"}, "text": {"We avoid “must-see”."}})
	asked := h.as("ines", sub)
	h.has(asked, http.StatusOK, "asks for changes", "We avoid “must-see”.", sub+"/edit")
	if before, _, _ := strings.Cut(asked.Body.String(), "What you sent"); !strings.Contains(before, "We avoid “must-see”.") {
		t.Error("what the editor asks for stands below all that was sent")
	}
	h.sends("ines", sub, url.Values{"do": {"say"}, "text": {"I see."}})
	h.has(h.post("ines", sub, url.Values{"do": {"say"}, "text": {" "}}), http.StatusUnprocessableEntity, "Write something")
	mend := formOf(t, h.as("ines", sub+"/edit").Body.String())
	if mend.Get("subtitle") != "A must-see, blue inside and out." || mend.Get("summary") != "Two things" {
		t.Fatalf("the form to mend holds %v", mend)
	}
	mend.Set("subtitle", "Blue inside and out.")
	mend.Set("do", "send")
	if to := h.sends("ines", sub+"/edit", mend); to != sub+"?sent=yes" {
		t.Errorf("sent again it leads to %s", to)
	}
	h.has(h.as("tomasz", on), http.StatusOK, "I see.", "<ins>inside and out</ins>")
	h.has(h.post("tomasz", on, url.Values{"do": {"publish"}}), http.StatusUnprocessableEntity, "Tick what should be published.")
	to := h.sends("tomasz", on, url.Values{"do": {"publish"}, "only": {"subtitle"}, "next": {"/desk?kind=edit"}})
	if to != "/desk?done="+strings.TrimPrefix(on, "/desk/")+"&kind=edit" {
		t.Errorf("publishing leads to %s", to)
	}
	h.has(h.as("tomasz", to), http.StatusOK, "Published: “Casa Azul”.", `value="undo"`)
	page := h.get("/places/casa-azul")
	h.has(page, http.StatusOK, "Blue inside and out.", "ines")
	h.hasNot(page, "https://example.org/blue")
	h.sends("tomasz", on, url.Values{"do": {"undo"}})
	h.has(h.get("/places/casa-azul"), http.StatusOK, "Blue on the outside.")
	h.sends("tomasz", on, url.Values{"do": {"publish"}, "only": {"subtitle", "website"}})
	h.now = h.now.Add(time.Minute)
	h.has(h.as("tomasz", "/desk?done="+strings.TrimPrefix(on, "/desk/")), http.StatusOK, "Published: “Casa Azul”.")
	h.hasNot(h.as("tomasz", "/desk?done="+strings.TrimPrefix(on, "/desk/")), `value="undo"`)
	h.has(h.as("ines", sub), http.StatusOK, "It is public. Thank you.", `href="/places/casa-azul"`)
	history := h.get("/places/casa-azul/history")
	h.has(history, http.StatusOK, "as it is now", "<ins>inside and out</ins>", "Two things", "ines", "Revision 1")
	h.hasNot(history, "Restore revision")
	h.has(h.as("tomasz", "/places/casa-azul/history"), http.StatusOK, "Restore revision 1")
	if w := h.post("ines", "/places/casa-azul/history", url.Values{"restore": {"1"}}); w.Code != http.StatusForbidden {
		t.Errorf("a member restores: %d", w.Code)
	}
	h.sends("tomasz", "/places/casa-azul/history", url.Values{"restore": {"1"}})
	h.has(h.get("/places/casa-azul"), http.StatusOK, "Blue on the outside.")
	h.has(h.get("/places/casa-azul/history"), http.StatusOK, "Restored revision 1")
}

// Two who edit one field: the second chooses, and nothing is lost meanwhile.
func TestConflictIsChosenThreeWays(t *testing.T) {
	h := newHouse(t)
	edit := func(name, hook string) url.Values {
		f := formOf(t, h.as(name, "/places/casa-azul/edit").Body.String())
		f.Set("subtitle", hook)
		f.Set("summary", "A better hook")
		f.Set("rights", "yes")
		f.Set("do", "send")
		return f
	}
	slow := edit("mario", "Mario’s hook about the house.")
	slow.Set("website", "https://example.org/mario")
	sub, _, _ := strings.Cut(h.sends("ines", "/places/casa-azul/edit", edit("ines", "The hook that Ines wrote.")), "?")
	h.sends("tomasz", strings.Replace(sub, "/submissions/", "/desk/", 1), url.Values{"do": {"publish"}, "only": {"subtitle"}})
	w := h.post("mario", "/places/casa-azul/edit", slow)
	h.has(w, http.StatusUnprocessableEntity, "Changed meanwhile", `name="keep.subtitle" value="mine"`, "hook that Ines wrote", "Mario’s hook about the house.", "https://example.org/mario")
	h.has(h.as("mario", "/drafts"), http.StatusOK, "Casa Azul")
	slow.Set("keep.subtitle", "theirs")
	mine, _, _ := strings.Cut(h.sends("mario", "/places/casa-azul/edit", slow), "?")
	page := h.as("mario", mine)
	h.has(page, http.StatusOK, "https://example.org/mario", "Edit of revision 2")
	h.hasNot(page, "Mario’s hook")
}

// An edit in conflict is published with the editor's own words, which stay in the
// form through whatever others do meanwhile.
func TestDeskEdit_resolvesAConflict(t *testing.T) {
	h := newHouse(t)
	sends := func(name, hook, website string) string {
		t.Helper()
		f := formOf(t, h.as(name, "/places/casa-azul/edit").Body.String())
		f.Set("subtitle", hook)
		if website != "" {
			f.Set("website", website)
		}
		f.Set("summary", "A better hook")
		f.Set("rights", "yes")
		f.Set("do", "send")
		sub, _, _ := strings.Cut(h.sends(name, "/places/casa-azul/edit", f), "?")
		return strings.Replace(sub, "/submissions/", "/desk/", 1)
	}
	one, two, three := sends("ines", "The hook that Ines wrote.", ""), sends("mario", "Mario’s hook.", "https://example.org/mario"), sends("ines", "A third hook.", "")
	h.sends("tomasz", one, url.Values{"do": {"publish"}, "only": {"subtitle"}})
	h.has(h.post("tomasz", two, url.Values{"do": {"publish"}, "only": {"subtitle", "website"}}), http.StatusConflict, "publish with your own changes")
	page := h.as("tomasz", two+"/edit")
	h.has(page, http.StatusOK, "Changed meanwhile", "hook that Ines wrote", `name="base" value="2"`)
	h.hasNot(page, "keep.subtitle")
	edit := controls(t, page.Body.String(), "contribute")
	if edit.Get("subtitle") != "Mario’s hook." {
		t.Fatalf("the form begins from %q", edit.Get("subtitle"))
	}
	edit.Set("subtitle", "The hook of both.")
	edit.Set("do", "send")

	// Somebody changes the same once more, and something else, before it is sent.
	late := controls(t, h.as("olga", three+"/edit").Body.String(), "contribute")
	late.Set("subtitle", "The third and last.")
	late.Set("know_before_you_go", "Shut on Mondays.")
	late.Set("do", "send")
	h.sends("olga", three+"/edit", late)
	h.now = h.now.Add(time.Minute)
	again := h.post("tomasz", two+"/edit", edit)
	h.has(again, http.StatusConflict, "Somebody changed this meanwhile", "third and last", "The hook of both.", "Shut on Mondays.", `name="base" value="3"`)
	edit = controls(t, again.Body.String(), "contribute")
	edit.Set("do", "send")
	h.sends("tomasz", two+"/edit", edit)
	h.has(h.get("/places/casa-azul"), http.StatusOK, "The hook of both.", "Shut on Mondays.", "https://example.org/mario")
	h.has(h.as("mario", strings.Replace(two, "/desk/", "/submissions/", 1)), http.StatusOK, "with some changes by an editor")

	// It is decided by now: what an editor types is shown to them still.
	edit.Set("subtitle", "Too late.")
	h.has(h.post("olga", two+"/edit", edit), http.StatusConflict, "has decided this meanwhile", "Too late.")
}

// What is typed on the page of a submission outlives whatever was decided
// meanwhile.
func TestSubmission_keepsALetterThatIsNotTaken(t *testing.T) {
	h := newHouse(t)
	sub, _, _ := strings.Cut(h.sends("ines", "/places/new", lighthouse()), "?")
	h.has(h.post("ines", sub, url.Values{"do": {"appeal"}, "text": {"Nobody said no yet."}}), http.StatusConflict, "Nobody said no yet.", "It was not sent.")
	h.sends("tomasz", strings.Replace(sub, "/submissions/", "/desk/", 1), url.Values{"do": {"decline"}, "reason": {"well-known"}})
	h.has(h.as("ines", sub), http.StatusOK, "It is not published", "ask once for a second look")
	h.sends("ines", sub, url.Values{"do": {"appeal"}, "text": {"It was moved on rails."}})
	h.has(h.post("ines", sub, url.Values{"do": {"appeal"}, "text": {"And by train."}}), http.StatusConflict, "And by train.", "You have asked for a second look already")
	h.sends("ines", sub, url.Values{"do": {"withdraw"}})
	h.has(h.as("ines", sub), http.StatusOK, "You took it back")
}

func TestDeskDeclinesHoldsAndFindsDuplicates(t *testing.T) {
	h := newHouse(t)
	send := func(id, title string) string {
		f := lighthouse()
		f.Set("draft", id)
		f.Set("title", title)
		sub, _, _ := strings.Cut(h.sends("ines", "/places/new", f), "?")
		return strings.Replace(sub, "/submissions/", "/desk/", 1)
	}
	one, two, three := send("1", "First lighthouse"), send("2", "Second lighthouse"), send("3", "Third lighthouse")
	h.now = h.now.Add(2 * time.Hour)
	h.has(h.post("tomasz", one, url.Values{"do": {"decline"}}), http.StatusUnprocessableEntity, "Choose a reason.")
	h.sends("tomasz", one, url.Values{"do": {"decline"}, "reason": {"well-known"}})
	sub := strings.Replace(one, "/desk/", "/submissions/", 1)
	h.has(h.as("ines", sub), http.StatusOK, "Declined", "a well-known place without a hidden side", "Ask for a second look")
	h.sends("ines", sub, url.Values{"do": {"appeal"}, "text": {"It was moved on rails."}})
	h.has(h.as("ines", sub), http.StatusOK, "looked at a second time", "It was moved on rails.")
	h.has(h.as("tomasz", "/desk"), http.StatusOK, "appeal")
	h.has(h.post("tomasz", two, url.Values{"do": {"duplicate"}, "of": {"nothing-like-that"}}), http.StatusUnprocessableEntity, "There is no such place.", `value="nothing-like-that"`)
	h.sends("tomasz", two, url.Values{"do": {"duplicate"}, "of": {testURL + "/places/casa-azul"}})
	h.has(h.as("ines", strings.Replace(two, "/desk/", "/submissions/", 1)), http.StatusOK, "It is in the atlas already.", "Here already: Casa Azul", `href="/places/casa-azul"`)
	h.has(h.post("tomasz", three, url.Values{"do": {"hold"}, "until": {"2020-01-01"}}), http.StatusUnprocessableEntity, "lies ahead")
	h.sends("tomasz", three, url.Values{"do": {"hold"}, "until": {"2026-12-01"}})
	h.has(h.as("ines", strings.Replace(three, "/desk/", "/submissions/", 1)), http.StatusOK, "held until 1 December 2026")
	h.has(h.as("tomasz", "/desk?status=held"), http.StatusOK, "Third lighthouse")
	if w := h.as("tomasz", "/desk?kind=nonsense"); w.Code != http.StatusBadRequest {
		t.Errorf("a kind that is none: %d", w.Code)
	}
	// With the editor's own changes, under the author's name.
	edit := controls(t, h.as("tomasz", three+"/edit").Body.String(), "contribute")
	edit.Set("title", "The third lighthouse, mended")
	edit.Set("do", "send")
	h.sends("tomasz", three+"/edit", edit)
	h.has(h.get("/places?q=mended"), http.StatusOK, "The third lighthouse, mended")
	h.has(h.get("/queue"), http.StatusOK, "half hear within", "2 hours")
}

func TestPitch(t *testing.T) {
	h := newHouse(t)
	h.has(h.post("ines", "/pitch", url.Values{"draft": {"9"}, "do": {"send"}, "body": {"Half a thought"}}), http.StatusUnprocessableEntity, "A name is needed", "Where is it?", "Half a thought")
	to := h.sends("ines", "/pitch", url.Values{"draft": {"9"}, "do": {"send"}, "title": {"The humming dunes"}, "body": {"They hum when one walks away."}, "position": {"Rome"}, "spot": {"41.89196, 12.51133"}})
	h.has(h.as("ines", to), http.StatusOK, "Pitch", "They hum when one walks away.")
	on := strings.Replace(strings.TrimSuffix(to, "?sent=yes"), "/submissions/", "/desk/", 1)
	h.has(h.as("tomasz", on), http.StatusOK, "They hum")
	h.sends("tomasz", on, url.Values{"do": {"publish"}})
	// An accepted pitch is the beginning of the entry.
	w := h.as("ines", "/drafts")
	h.has(w, http.StatusOK, "The humming dunes")
	path := regexp.MustCompile(`/submissions/s\d+/edit`).FindString(w.Body.String())
	h.has(h.as("ines", path), http.StatusOK, "The humming dunes", "41.89")
}

// blocks sets what the atlas holds for review.
func (h *house) blocks(words, sites []string) {
	h.t.Helper()
	err := h.set.Update(context.Background(), func(s *setting.Settings) {
		s.Contributing.BlockedWords, s.Contributing.BlockedDomains = words, sites
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// A file that cannot be taken hides nothing else that is wrong: every message
// stands beside its own control, and all that was typed is there.
func TestForm_tellsAllThatIsWrongAtOnce(t *testing.T) {
	h := newHouse(t)
	f := lighthouse()
	f.Set("facts.price.value", "3")
	f.Set("facts.price.checked", "yesterday")
	f.Set("status_date", "soon")
	f.Set("sources.0.title", "A plaque")
	f.Set("sources.0.url", "ftp://example.org")
	f.Set("sources.1.archived", "https://archive.example/1")
	f.Del("rights")
	w := h.uploadAs("ines", "/places/new", f, sentFile{"note.txt", []byte("dear atlas")})
	h.has(w, http.StatusUnprocessableEntity, "note.txt", "This is no picture that can be read", "6 things need you",
		`id="f-facts.price.checked-err"`, `id="f-status_date-err"`, `id="f-sources.0.url-err"`, `id="f-sources.1.title-err"`, "Only what may be shared can be published.", `value="yesterday"`, `value="soon"`, `value="ftp://example.org"`)
	h.hasNot(w, `id="f-facts.hours.value-err"`, "Status_date")
}

// What the desk says of a row stands beside that row, and not beside the one of
// that number among those that say something.
func TestForm_tellsWhichRowIsWrong(t *testing.T) {
	h := newHouse(t)
	f := lighthouse()
	long := strings.Repeat("long ", 300)
	f.Set("facts.danger.value", long)
	f.Set("sources.0.title", "A plaque")
	f.Set("sources.2.title", long)
	f.Set("aliases.0.name", "")
	f.Set("aliases.3.name", long)
	w := h.post("ines", "/places/new", f)
	h.has(w, http.StatusUnprocessableEntity, "3 things need you", `id="f-facts.danger.value-err"`, `id="f-sources.2.title-err"`, `id="f-aliases.3.name-err"`)
}
