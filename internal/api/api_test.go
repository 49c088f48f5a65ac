package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"mirabilia/internal/actor"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/desk"
	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/list"
	"mirabilia/internal/mark"
	"mirabilia/internal/media"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/setting"
	"mirabilia/internal/tag"
	"mirabilia/internal/user"
)

// atlas is a small published atlas behind the API.
func atlas(t *testing.T, d *db.DB) *API {
	t.Helper()
	gaz := gazetteer.Open()
	places := place.New(d, gaz)
	at := func(lat, lon float64) (*float64, *float64) { return &lat, &lon }
	records := []place.Record{
		{Source: "t", ID: "1", Title: "Catacombs", Subtitle: "Bones in rows", Body: "Bones, **stacked**.", Tags: []string{"bones", "underground"},
			Facts: map[string]place.Fact{"free": {Value: "no", Checked: "2026-01-02"}}, Sources: []place.Source{{URL: "https://example.org/", Title: "A page"}},
			Aliases: []place.Alias{{Name: "Katakomben", Lang: "de"}}, Status: "open", Website: "https://example.org/catacombs"},
		{Source: "t", ID: "2", Title: "Bone Chapel", Tags: []string{"bones"}, Kind: "eatery"},
		{Source: "t", ID: "3", Title: "Secret Grove", LocationTier: "hidden", Tags: []string{"trees"}},
	}
	records[0].Lat, records[0].Lon = at(48.8338, 2.3324)
	records[1].Lat, records[1].Lon = at(38.5686, -7.9088)
	records[2].Lat, records[2].Lon = at(-33.123457, 150.456789)
	ctx := context.Background()
	total, err := places.Import(ctx, records, place.ImportOptions{Publish: true, By: place.Credit{Name: "Ada"}, Report: func(_ int, _ bool, reason string) { t.Error(reason) }})
	if err != nil || total.Created != 3 {
		t.Fatalf("import: %+v, %v", total, err)
	}
	f := finder.New()
	var docs []finder.Doc
	dest, tags := destination.New(d, gaz), tag.New(d)
	seen := map[string]bool{}
	err = places.EachDoc(ctx, func(doc finder.Doc) error {
		docs = append(docs, doc)
		for _, path := range doc.In {
			if dd, ok := dest.Doc(path, 1); ok && !seen[path] {
				docs, seen[path] = append(docs, dd), true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	f.Apply(docs, nil)
	files, err := blob.Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	settings := setting.Open(d)
	a, err := New(Deps{Marks: mark.New(d), Lists: list.New(d), Desk: desk.New(d, settings, proposal.New(places, f, settings)), Photos: photo.New(d, files, media.NewStudio(), places), DB: d, Places: places, Tags: tags, Destinations: dest, Finder: f, Gazetteer: gaz, URL: "https://atlas.example",
		Version: "test", Random: func() uint64 { return 7 }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Users: user.New(d)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// call asks for an address; a body may follow it after a space.
func atlasOnSQLite(t *testing.T) *API { return atlas(t, dbtest.SQLite(t)) }

// examplePath fills the parameters of a path.
func examplePath(path string) string {
	for strings.Contains(path, "{") {
		head, rest, _ := strings.Cut(path, "{")
		_, rest, _ = strings.Cut(rest, "}")
		path = head + "1" + rest
	}
	return path
}

func call(a *API, method, target string, header ...string) *httptest.ResponseRecorder {
	target, sent, _ := strings.Cut(target, " ")
	r := httptest.NewRequest(method, target, strings.NewReader(sent))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

// calls is one good and several bad calls of each operation, by operation id.
var calls = map[string][]string{
	"readMember":       {"/users/the-member", "/users/nobody", "/users/" + strings.Repeat("x", 300), "/users/%00"},
	"readMe":           {"/me"},
	"markBeen":         {"/places/catacombs/marks/been", "/places/nothing/marks/been", "/places/p1/marks/been"},
	"markWant":         {"/places/catacombs/marks/want", "/places/%00/marks/want"},
	"unmarkBeen":       {"/places/catacombs/marks/been", "/places/nothing/marks/been"},
	"unmarkWant":       {"/places/catacombs/marks/want"},
	"addPhoto":         {"/places/catacombs/photos " + onePhoto, "/places/nothing/photos " + onePhoto, "/places/catacombs/photos {}", "/places/catacombs/photos"},
	"listLists":        {"/lists", "/lists?limit=1", "/lists?cursor=5-5", "/lists?cursor=x", "/lists?limit=0"},
	"readList":         {"/lists/LIST", "/lists/wells", "/lists/l1", "/lists/%00", "/lists/x!", "/lists/l99999999999999999999"},
	"addList":          {`/lists {"title":"Doors","status":"published","entries":[{"place":"catacombs","note":"Low."}]}`, `/lists {"title":""}`, `/lists {"title":"A","entries":[{"place":"p1"}]}`, "/lists", `/lists {"title":"A","status":"link","privacy":"public"}`},
	"changeList":       {`/lists/LIST {"intro":"Deep."}`, `/lists/l1 {"intro":"x"}`, `/lists/LIST {"entries":[{"place":"nothing"}]}`, `/lists/LIST {"status":"weird"}`},
	"deleteList":       {"/lists/GONE", "/lists/l1", "/lists/nothing"},
	"submit":           {"/submissions " + grotto, `/submissions {"kind":"pitch","fields":{"title":"A"}}`, `/submissions {"kind":"x"}`, "/submissions", "/submissions []"},
	"submitAgain":      {"/submissions/DRAFT " + grotto, "/submissions/SENT " + grotto, "/submissions/s1 " + grotto, `/submissions/SENT {"kind":"pitch","fields":{}}`},
	"readSubmission":   {"/submissions/SENT", "/submissions/s1", "/submissions/x", "/submissions/s99999999999999999999"},
	"listSubmissions":  {"/submissions?kind=place&in=france&limit=5", "/submissions?cursor=x", "/submissions?status=weird"},
	"decide":           {`/submissions/SENT/decision {"action":"hold"}`, `/submissions/s1/decision {"action":"publish"}`, `/submissions/SENT/decision {"action":"burn"}`},
	"claim":            {"/submissions/SENT/claim", "/submissions/s1/claim", "/submissions/DECLINED/claim"},
	"release":          {"/submissions/SENT/claim", "/submissions/x/claim"},
	"undoDecision":     {"/submissions/HELD/undo", "/submissions/HELD/undo", "/submissions/s1/undo"},
	"appeal":           {`/submissions/DECLINED/appeal {"text":"I was there."}`, `/submissions/DECLINED/appeal {"text":"Again."}`, `/submissions/HELD/appeal {"text":"x"}`, `/submissions/SENT/appeal {"text":""}`, "/submissions/SENT/appeal"},
	"withdraw":         {"/submissions/MINE", "/submissions/MINE", "/submissions/s1", "/submissions/x"},
	"listPlaces":       {"/places", "/places?near=48.8,2.3&radius=50", "/places?tag=bones&limit=1", "/places?kind=eatery", "/places?unvisited=yes", "/places?q=bones", "/places?limit=0", "/places?near=1", "/places?cursor=%21", "/places?bbox=1,2,3", "/places?sort=near", "/places?limit=1&limit=2", "/places?q=%ff", "/places?q=%00", "/places?obscurity=9-1", "/places?status=weird", "/places?tag=" + strings.Repeat("x", 300)},
	"readPlace":        {"/places/catacombs", "/places/%00", "/places/%ff", "/places/nothing", "/places/p1", "/places/p99999999999999999999", "/places/secret-grove"},
	"randomPlace":      {"/random", "/random?tag=bones", "/random?in=nowhere", "/random?tag=%21"},
	"search":           {"/search?q=katakomben", "/search?q=bones+paris", "/search?q=&kind=place", "/search?kind=weird", "/search?q=" + strings.Repeat("a", 201), "/search?q=x&limit=101"},
	"suggest":          {"/suggest?q=cat", "/suggest?q=", "/suggest?limit=-1"},
	"geocode":          {"/geocode?q=Praga", "/geocode?q=", "/geocode?limit=x"},
	"listDestinations": {"/destinations"},
	"readDestination":  {"/destinations/france", "/destinations/france/paris", "/destinations/nowhere", "/destinations/a/b/c/d", "/destinations/%2e%2e"},
	"listChanges":      {"/changes", "/changes?since=1&limit=1", "/changes?since=-1", "/changes?since=x", "/changes?limit=1001", "/changes?since=99999999999999999999"},
	"along":            {"/along?within=20 " + parisLine, "/along " + parisLine, "/along?limit=1&kind=eatery " + parisLine, "/along?within=0 " + parisLine, "/along?within=251 " + parisLine, "/along?within=x " + parisLine, "/along?limit=1001 " + parisLine, "/along?cursor=x " + parisLine, "/along?tag=%21 " + parisLine, "/along?q=%ff " + parisLine, "/along", "/along {}", "/along [1]", `/along {"type":"Point","coordinates":[1,2]}`, `/along {"type":"LineString","coordinates":[[1,2]]}`, `/along {"type":"LineString","coordinates":[[1,2],[1,91]]}`, `/along {"type":"LineString","coordinates":` + strings.Repeat("[", 5000)},
	"listTags":         {"/tags", "/tags?in=france", "/tags?in=%20%20/!"},
}

// onePhoto is a form with a picture of one pixel.
const onePhoto = "--x\r\nContent-Disposition: form-data; name=\"licence\"\r\n\r\nCC0-1.0\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.gif\"\r\n" +
	"Content-Type: image/gif\r\n\r\nGIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b\r\n--x--\r\n"

// TestAnswers_keepTheirSchema holds every answer against the description, read
// by a validator that knows nothing of the program.
func TestAnswers_keepTheirSchema(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		spec, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.spec))
		if err != nil {
			t.Fatal(err)
		}
		compiler := jsonschema.NewCompiler()
		compiler.DefaultDraft(jsonschema.Draft2020)
		if err := compiler.AddResource("https://atlas.example/openapi.json", spec); err != nil {
			t.Fatal(err)
		}
		examples := written(t, a)
		for _, op := range a.Operations() {
			if len(calls[op.OperationID]) == 0 {
				t.Errorf("operation %s is not called by any test", op.OperationID)
			}
			for _, p := range op.Parameters {
				if p.In == "path" && !strings.Contains(op.Path, "{"+p.Name+"}") {
					t.Errorf("operation %s: parameter %s is not in %s", op.OperationID, p.Name, op.Path)
				}
			}
			path := "/paths/" + strings.ReplaceAll(strings.ReplaceAll(op.Path, "~", "~0"), "/", "~1") + "/" + strings.ToLower(op.Method) + "/responses/"
			scope, fineCode := scopeOf(op.Security), max(op.DefaultStatus, http.StatusOK)
			var header []string
			if scope != "" {
				header = signedIn(t, a, roleFor(scope), actor.Scope(scope))
			}
			var good *jsonschema.Schema
			if fineCode != http.StatusNoContent {
				good = compile(t, compiler, path+itoa(fineCode)+"/content/application~1json/schema")
			}
			bad := compile(t, compiler, path+"default/content/application~1problem+json/schema")
			fine := 0
			for _, target := range calls[op.OperationID] {
				target = examples.Replace(target)
				more := header
				if strings.Contains(target, " {") && op.OperationID != "along" {
					more = append([]string{"Content-Type", "application/json"}, header...)
				}
				if op.OperationID == "changeList" {
					more = append([]string{"If-Match", "*"}, more...)
				}
				if strings.HasSuffix(target, onePhoto) {
					more = append([]string{"Content-Type", "multipart/form-data; boundary=x"}, header...)
				}
				w := call(a, op.Method, Prefix+target, more...)
				if w.Code == http.StatusNoContent && fineCode == w.Code {
					fine++
					continue
				}
				schema, kind := good, "application/json"
				if w.Code != fineCode {
					schema, kind = bad, problemType
				} else {
					fine++
				}
				if w.Code >= 500 {
					t.Errorf("%s: %d", target, w.Code)
				}
				if got := w.Header().Get("Content-Type"); got != kind {
					t.Errorf("%s: type %q", target, got)
				}
				v, err := jsonschema.UnmarshalJSON(w.Body)
				if err == nil {
					err = schema.Validate(v)
				}
				if err != nil {
					t.Errorf("%s: %v", target, err)
				}
			}
			if fine == 0 {
				t.Errorf("%s: no call succeeded", op.OperationID)
			}
		}
	})
}

func compile(t *testing.T, c *jsonschema.Compiler, pointer string) *jsonschema.Schema {
	t.Helper()
	s, err := c.Compile("https://atlas.example/openapi.json#" + strings.ReplaceAll(strings.ReplaceAll(pointer, "{", "%7B"), "}", "%7D"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestHiddenPlace_hasNoPosition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		for _, list := range calls {
			for _, target := range list {
				method := http.MethodGet
				if strings.HasPrefix(target, "/along") {
					method = http.MethodPost
				}
				if text := call(a, method, Prefix+target).Body.String(); strings.Contains(text, "33.12") || strings.Contains(text, "150.45") {
					t.Errorf("%s tells where the hidden place is: %s", target, text)
				}
			}
		}
		var p struct {
			Lat, Lon    *float64
			CountryCode string `json:"country_code"`
			Region      string
		}
		if err := json.Unmarshal(call(a, http.MethodGet, Prefix+"/places/secret-grove").Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if p.Lat != nil || p.Lon != nil || p.CountryCode != "AU" || p.Region != "" {
			t.Errorf("hidden place: %+v", p)
		}
	})
}

func TestServeHTTP_headers(t *testing.T) {
	a := atlas(t, dbtest.SQLite(t))
	first := call(a, http.MethodGet, Prefix+"/places")
	tag := first.Header().Get("ETag")
	for name, want := range map[string]string{
		"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding, Authorization", "Access-Control-Allow-Origin": "*",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Resource-Policy": "cross-origin", "X-Content-Type-Options": "nosniff",
	} {
		if got := first.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if w := call(a, http.MethodGet, Prefix+"/places", "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("with its tag: %d, %d bytes", w.Code, w.Body.Len())
	}
	zipped := call(a, http.MethodGet, Prefix+"/places", "Accept-Encoding", "br, gzip")
	if zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Header().Get("ETag") == tag {
		t.Errorf("compressed: %v", zipped.Header())
	}
	if w := call(a, http.MethodGet, Prefix+"/places", "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("compressed for one who cannot read it")
	}
	for target, want := range map[string]int{"/nothing": 404, "/places/": 404} {
		if w := call(a, http.MethodGet, Prefix+target); w.Code != want || w.Header().Get("Content-Type") != problemType {
			t.Errorf("%s: %d %s", target, w.Code, w.Header().Get("Content-Type"))
		}
	}
	for _, root := range []string{Prefix, Prefix + "/"} {
		if w := call(a, http.MethodGet, root); w.Code != http.StatusOK || w.Body.String() != `{"openapi":"https://atlas.example/api/v1/openapi.json","documentation":"https://atlas.example/api"}` {
			t.Errorf("%s: %d %s", root, w.Code, w.Body)
		}
	}
	if w := call(a, http.MethodPost, Prefix+"/places"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST: %d", w.Code)
	}
	if w := call(a, http.MethodOptions, Prefix+"/places"); w.Code != http.StatusNoContent {
		t.Errorf("OPTIONS: %d", w.Code)
	}
}

func TestList_cursorsReachEverything(t *testing.T) {
	a := atlas(t, dbtest.SQLite(t))
	seen := map[string]bool{}
	for next, pages := "", 0; pages < 10; pages++ {
		var page struct {
			Items []struct{ ID string }
			Next  *string
			Total int
		}
		if err := json.Unmarshal(call(a, http.MethodGet, Prefix+"/places?limit=1&cursor="+next).Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			seen[i.ID] = true
		}
		if page.Next == nil {
			if len(seen) != page.Total {
				t.Fatalf("%d of %d were reached", len(seen), page.Total)
			}
			return
		}
		next = *page.Next
	}
	t.Fatal("the list does not end")
}

// An item of a list is the place, whole but for its body and what visitors
// confirm of it.
func TestList_itemsAreThePlaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		var list struct{ Items []map[string]any }
		if err := json.Unmarshal(call(a, http.MethodGet, Prefix+"/places").Body.Bytes(), &list); err != nil || len(list.Items) != 3 {
			t.Fatalf("%d items, %v", len(list.Items), err)
		}
		for _, item := range list.Items {
			var whole map[string]any
			if err := json.Unmarshal(call(a, http.MethodGet, Prefix+"/places/"+item["id"].(string)).Body.Bytes(), &whole); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"body", "confirmed"} {
				if _, ok := whole[name]; !ok {
					t.Errorf("%v has no %s", item["slug"], name)
				}
				delete(whole, name)
			}
			if !reflect.DeepEqual(item, whole) {
				t.Errorf("in the list\n%v\nby itself\n%v", item, whole)
			}
		}
	})
}

// TestListRoad_givesTheSameBytes holds the list made of kept items against the
// one that the framework writes, whose Accept header takes the long road.
func TestListRoad_givesTheSameBytes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		for _, more := range append(calls["listPlaces"], "/places?near=48.8338,2.3324&limit=20", "/places?near=0,0&sort=newest", "/places?bbox=-10,30,5,50&limit=1", "/places?q=zzzzzz") {
			for range 2 { // made, and kept
				short, long := call(a, http.MethodGet, Prefix+more), call(a, http.MethodGet, Prefix+more, "Accept", "application/json;q=0.9")
				if short.Code != long.Code || short.Body.String() != long.Body.String() {
					t.Errorf("%s: %d\n%s\nwant %d\n%s", more, short.Code, short.Body, long.Code, long.Body)
				}
				long.Header().Del("Content-Length")
				short.Header().Del("Content-Length")
				if !reflect.DeepEqual(short.Header(), long.Header()) {
					t.Errorf("%s: %v, want %v", more, short.Header(), long.Header())
				}
			}
		}
	})
}

// TestListRoad_showsWhatTheRowsSay reads a list before and after a place is
// withdrawn that the finder still proposes.
func TestListRoad_showsWhatTheRowsSay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		if text := call(a, http.MethodGet, Prefix+"/places").Body.String(); !strings.Contains(text, "Bone Chapel") {
			t.Fatal(text)
		}
		p, err := a.Places.BySlug(t.Context(), "bone-chapel")
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Places.Withdraw(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		if text := call(a, http.MethodGet, Prefix+"/places").Body.String(); strings.Contains(text, "Bone Chapel") || !strings.Contains(text, "Catacombs") {
			t.Errorf("after it was withdrawn: %s", text)
		}
	})
}
