package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/finder"
	"mirabilia/internal/place"
)

// sent is a submission as a program reads it.
type sent struct {
	ID, Kind, Status, Summary string
	Place                     *string
	Base                      int
	Fields                    map[string]json.RawMessage
	Author                    struct{ Name, URL string }
	Decisions                 []struct {
		Action, Reason, Text string
		By                   struct{ Name, URL string }
	}
	Queue *struct{ Place int }
}

type refused struct {
	Status     int
	Detail     string
	Code       string
	Errors     []struct{ Field, Message string }
	Submission *sent
}

func reads[T any](t *testing.T, w *httptest.ResponseRecorder, status int) (v T) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func (r refused) names(field string) bool {
	for _, e := range r.Errors {
		if e.Field == field {
			return true
		}
	}
	return false
}

const grotto = `{"kind":"place","fields":{"title":"Grotto","lat":48.5,"lon":2.5,"body":"Shells, everywhere."},"summary":"New"}`

func TestSubmissions_fromSendingToFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		member, editor := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Editor, actor.Edit)
		s := reads[sent](t, write(a, "POST", "/submissions", grotto, member...), http.StatusCreated)
		if s.Status != "waiting" || s.Kind != "place" || s.Author.Name != "The member" || s.Summary != "New" || s.Queue == nil || s.Queue.Place != 1 {
			t.Errorf("sent: %+v", s)
		}
		if w := write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"publish"}`, member...); w.Code != http.StatusForbidden {
			t.Error("a member decides:", w.Code)
		}
		other := signedIn(t, a, actor.Admin, actor.Contribute)
		if w := write(a, "GET", "/submissions/"+s.ID, "", other...); w.Code != http.StatusNotFound {
			t.Error("a token that may contribute reads another's:", w.Code)
		}
		s = reads[sent](t, write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"publish","text":"Fine."}`, editor...), http.StatusOK)
		if s.Status != "published" || s.Place == nil || len(s.Decisions) != 1 || s.Decisions[0].By.Name != "The editor" || s.Decisions[0].Text != "Fine." {
			t.Errorf("decided: %+v", s)
		}
		p := reads[struct {
			Title    string
			AddedBy  struct{ Name, URL string } `json:"added_by"`
			Revision int
		}](t, call(a, "GET", Prefix+"/places/"+*s.Place), http.StatusOK)
		if p.Title != "Grotto" || p.AddedBy.Name != "The member" || !strings.HasSuffix(p.AddedBy.URL, "/users/the-member") || p.Revision != 1 {
			t.Errorf("published: %+v", p)
		}
		twice := reads[refused](t, write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"decline","reason":"other","text":"Twice."}`, editor...), http.StatusConflict)
		if twice.Submission == nil || twice.Submission.Status != "published" {
			t.Errorf("the second decision is not told the present state: %+v", twice)
		}
		first := reads[sent](t, write(a, "POST", "/submissions", `{"kind":"edit","place":"`+*s.Place+`","base":1,"fields":{"title":"Shell Grotto"}}`, member...), http.StatusCreated)
		second := reads[sent](t, write(a, "POST", "/submissions", `{"kind":"edit","place":"grotto","base":1,"fields":{"title":"The Grotto"}}`, member...), http.StatusCreated)
		reads[sent](t, write(a, "POST", "/submissions/"+first.ID+"/decision", `{"action":"publish"}`, editor...), http.StatusOK)
		clash := reads[refused](t, write(a, "POST", "/submissions/"+second.ID+"/decision", `{"action":"publish"}`, editor...), http.StatusConflict)
		if !clash.names("title") || clash.Submission == nil || clash.Submission.Status != "waiting" {
			t.Errorf("the conflict does not name its field: %+v", clash)
		}
		list := reads[struct{ Items []sent }](t, write(a, "GET", "/submissions?kind=edit", "", editor...), http.StatusOK)
		if len(list.Items) != 1 || list.Items[0].ID != second.ID {
			t.Errorf("the queue: %+v", list)
		}
	})
}

func TestSubmissions_badOnesNameTheirFields(t *testing.T) {
	a := atlas(t, dbtest.SQLite(t))
	member, editor := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Editor, actor.Edit)
	endless := strings.Repeat("wéll ", 60)
	for sent, field := range map[string]string{
		`{"kind":"place","fields":{"lat":1,"lon":2}}`:                                    "title",
		`{"kind":"place","fields":{"title":"A"}}`:                                        "lat",
		`{"kind":"place","fields":{"title":"A","lat":91,"lon":2}}`:                       "lat",
		`{"kind":"place","fields":{"title":"A","lat":1,"lon":2,"website":"mailto:a@b"}}`: "website",
		`{"kind":"pitch","fields":{"title":"A"}}`:                                        "lat",
		`{"kind":"pitch","fields":{"body":"A","lat":1,"lon":2}}`:                         "title",
		`{"kind":"pitch"}`:                                                                                 "fields",
		`{"fields":{"title":"A","lat":1,"lon":2}}`:                                                         "kind",
		`{"kind":"edit","fields":{"title":"A"}}`:                                                           "place",
		`{"kind":"edit","place":"p404","fields":{"title":"A"}}`:                                            "place",
		`{"kind":"edit","place":"catacombs","base":7,"fields":{"title":"A"}}`:                              "base",
		`{"kind":"edit","place":"catacombs","base":1,"fields":{"tags":["x\u0000","y",3]}}`:                 "tags",
		`{"kind":"edit","place":"catacombs","fields":{"sources":["A plaque",{"url":"x"}]}}`:                "sources[1].url",
		`{"kind":"edit","place":"catacombs","fields":{"sources":["A plaque",{"date":"1911"}]}}`:            "sources[1].title",
		`{"kind":"edit","place":"catacombs","fields":{"facts":{"dogs":{"checked":"soon","value":"yes"}}}}`: "facts.dogs.checked",
		`{"kind":"edit","place":"catacombs","fields":{"facts":{"dog":"yes"}}}`:                             "facts.dog",
		`{"kind":"place","fields":{"title":"` + endless + `","lat":1,"lon":2}}`:                            "title",
		`{"kind":"pitch","fields":{"title":"` + endless + `","lat":1,"lon":2}}`:                            "title",
		`{"kind":"edit","place":"catacombs","fields":{"title":"` + endless + `"}}`:                         "title",
		`{"kind":"riddle","fields":{}}`:                                                                    "kind",
	} {
		r := reads[refused](t, write(a, "POST", "/submissions", sent, member...), http.StatusUnprocessableEntity)
		if !r.names(field) {
			t.Errorf("%s does not name %s: %+v", sent, field, r)
		}
	}
	// Title and position are all that is demanded of a program.
	for _, least := range []string{`{"kind":"pitch","fields":{"title":"A","lat":1,"lon":2}}`, `{"kind":"pitch","fields":{"title":"A","address":"Rome"}}`, `{"kind":"place","fields":{"title":"A","lat":1,"lon":2}}`} {
		reads[sent](t, write(a, "POST", "/submissions", least, member...), http.StatusCreated)
	}
	s := reads[sent](t, write(a, "POST", "/submissions", grotto, member...), http.StatusCreated)
	for body, field := range map[string]string{
		`{}`: "action", `{"action":"burn"}`: "action", `{"action":"decline","reason":"ugly"}`: "reason", `{"action":"decline","text":"No."}`: "reason", `{"action":"decline","reason":"other"}`: "text", `{"action":"decline","reason":"other","text":" \n"}`: "text", `{"action":"duplicate"}`: "of", `{"action":"changes"}`: "text", `{"action":"changes","text":" \n"}`: "text",
		`{"action":"duplicate","of":"p404"}`: "of", `{"action":"hold","until":"2001-01-01T00:00:00Z"}`: "until",
	} {
		if r := reads[refused](t, write(a, "POST", "/submissions/"+s.ID+"/decision", body, editor...), http.StatusUnprocessableEntity); !r.names(field) {
			t.Errorf("%s does not name %s: %+v", body, field, r)
		}
	}
	if w := write(a, "GET", "/submissions/x", "", member...); w.Code != http.StatusNotFound {
		t.Error(w.Code)
	}
	again := reads[sent](t, write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"changes","text":"More?"}`, editor...), http.StatusOK)
	if again.Status != "changes" {
		t.Fatal(again.Status)
	}
	if s = reads[sent](t, write(a, "PUT", "/submissions/"+s.ID, grotto, member...), http.StatusOK); s.Status != "waiting" {
		t.Error("sent again:", s.Status)
	}
	// What the editor had read, and what they changed in what they published.
	var read struct {
		Earlier *struct {
			Fields  map[string]any
			Summary string
		}
		Decisions []struct{ Fields map[string]any }
	}
	body := write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"publish","fields":{"title":"The Shell Grotto"}}`, editor...)
	if err := json.Unmarshal(body.Body.Bytes(), &read); err != nil || read.Earlier == nil || read.Earlier.Fields["title"] != "Grotto" || read.Earlier.Summary != "New" {
		t.Errorf("the earlier version: %s, %v", body.Body, err)
	}
	if n := len(read.Decisions); n != 2 || read.Decisions[0].Fields != nil || read.Decisions[1].Fields["title"] != "The Shell Grotto" {
		t.Errorf("what was changed: %s", body.Body)
	}
}

// An edit may move a place along one axis alone, where the other is known to all.
func TestSubmissions_alongOneAxis(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		member, editor := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Editor, actor.Edit)
		for _, c := range []struct {
			fields   string
			lat, lon float64
		}{{`{"lat":48.84}`, 48.84, 2.3324}, {`{"lon":2.34}`, 48.84, 2.34}} {
			s := reads[sent](t, write(a, "POST", "/submissions", `{"kind":"edit","place":"catacombs","fields":`+c.fields+`}`, member...), http.StatusCreated)
			reads[sent](t, write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"publish"}`, editor...), http.StatusOK)
			p, err := a.Places.BySlug(t.Context(), "catacombs")
			if err != nil || p.At == nil || p.At.Lat != c.lat || p.At.Lon != c.lon {
				t.Errorf("%s moves it to %v, %v; want %v, %v", c.fields, p.At, err, c.lat, c.lon)
			}
		}
		r := reads[refused](t, write(a, "POST", "/submissions", `{"kind":"edit","place":"secret-grove","fields":{"lat":-33.1}}`, member...), http.StatusUnprocessableEntity)
		if !r.names("lon") {
			t.Errorf("half a position of a hidden place: %+v", r)
		}
	})
}

// The finder of this node has what was published before the answer is sent.
func TestSubmissions_waitForTheFinder(t *testing.T) {
	a := atlas(t, dbtest.SQLite(t))
	waited := 0
	a.Published = func(ctx context.Context) error {
		waited++
		return a.Places.EachDoc(ctx, func(d finder.Doc) error { a.Finder.Apply([]finder.Doc{d}, nil); return nil })
	}
	s := reads[sent](t, write(a, "POST", "/submissions", grotto, signedIn(t, a, actor.Member, actor.Contribute)...), http.StatusCreated)
	s = reads[sent](t, write(a, "POST", "/submissions/"+s.ID+"/decision", `{"action":"publish"}`, signedIn(t, a, actor.Editor, actor.Edit)...), http.StatusOK)
	if id, _ := place.ParseID(*s.Place); waited != 1 || !a.Finder.Has(finder.Ref{Kind: finder.Place, ID: id}) {
		t.Error("the answer was sent before the place could be found")
	}
}

// written makes what the examples of calls name: submissions of a member in every
// state, and lists.
func written(t *testing.T, a *API) *strings.Replacer {
	t.Helper()
	header := signedIn(t, a, actor.Member, actor.Contribute)
	s := reads[sent](t, write(a, "POST", "/submissions", grotto, header...), http.StatusCreated)
	editor := signedIn(t, a, actor.Editor, actor.Edit)
	send := func(what string) string {
		return reads[sent](t, write(a, "POST", "/submissions", what, header...), http.StatusCreated).ID
	}
	decided := func(verdict string) string {
		id := send(grotto)
		reads[sent](t, write(a, "POST", "/submissions/"+id+"/decision", verdict, editor...), http.StatusOK)
		return id
	}
	// What changes were asked for is sent again.
	again := decided(`{"action":"changes","text":"More?"}`)
	wells := reads[listed](t, write(a, "POST", "/lists", `{"title":"Wells","status":"published","entries":[{"place":"bone-chapel"}]}`, header...), http.StatusCreated)
	gone := reads[listed](t, write(a, "POST", "/lists", `{"title":"Gone"}`, header...), http.StatusCreated)
	return strings.NewReplacer("SENT", s.ID, "DRAFT", again, "DECLINED", decided(`{"action":"decline","reason":"other","text":"No."}`), "HELD", decided(`{"action":"hold"}`), "MINE", send(grotto), "LIST", wells.ID, "GONE", gone.ID)
}
