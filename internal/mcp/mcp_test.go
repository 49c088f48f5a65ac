package mcp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/mcp"
	"mirabilia/internal/place"
)

const atlasURL = "https://atlas.example"

// atlas is a small atlas with one place of each protected tier, their truths
// moved by move.
func atlas(t *testing.T, d *db.DB, move float64) mcp.Deps {
	t.Helper()
	gaz := gazetteer.Open()
	places := place.New(d, gaz)
	at := func(r place.Record, lat, lon float64) place.Record {
		r.Source, r.ID, r.Lat, r.Lon, r.PublishedAt = "t", r.Title, &lat, &lon, "2026-01-01T00:00:00Z"
		return r
	}
	records := []place.Record{
		at(place.Record{Title: "Catacombs", Subtitle: "Bones in rows", Body: "Bones, **stacked**. " + strings.Repeat("é", 9000), Tags: []string{"bones"}, Facts: map[string]place.Fact{"free": {Value: "no", Checked: "2026-01-02"}}, Status: "open", Licence: "CC-BY-4.0", Sources: []place.Source{{Title: "A page", URL: "https://example.org/"}}, Aliases: []place.Alias{{Name: "Katakomben", Lang: "de"}}}, 48.8338, 2.3324),
		at(place.Record{Title: "Stone Clock", Tags: []string{"clocks"}}, 47.32, 5.04),
		at(place.Record{Title: "Silk House", Kind: "eatery"}, 45.7640, 4.8357),
		at(place.Record{Title: "Osprey Nest", LocationTier: "approximate", Extra: map[string]any{"public_lat": 48.8, "public_lon": 2.4}}, 48.8091+move, 2.4087-move),
		at(place.Record{Title: "Secret Broch", LocationTier: "region", CountryCode: "FR", Address: "Secret Lane"}, 48.7913+move, 2.3917-move),
		at(place.Record{Title: "Hidden Chapel", LocationTier: "hidden", CountryCode: "FR"}, 48.7913-move, 2.3917+move),
	}
	_, err := places.Import(t.Context(), records, place.ImportOptions{Publish: true, Report: func(_ int, failed bool, reason string) {
		if failed {
			t.Error(reason)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	dest := destination.New(d, gaz)
	f := finder.New()
	var docs []finder.Doc
	counts := map[string]int{}
	err = places.EachDoc(t.Context(), func(doc finder.Doc) error {
		docs = append(docs, doc)
		for _, path := range doc.In {
			counts[path]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, n := range counts {
		if doc, ok := dest.Doc(path, n); ok {
			docs = append(docs, doc)
		}
	}
	f.Apply(docs, nil)
	return mcp.Deps{Places: places, Destinations: dest, Finder: f, Gazetteer: gaz, Name: "Atlas", URL: atlasURL, Version: "test",
		Now: func() time.Time { return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) }, Random: func() uint64 { return 7 }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// connect is the SDK's client, talking to the tools through HTTP.
func connect(t *testing.T, d mcp.Deps) *sdk.ClientSession {
	t.Helper()
	server := httptest.NewServer(handler(t, d))
	t.Cleanup(server.Close)
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	s, err := client.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: server.URL + "/mcp"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func handler(t *testing.T, d mcp.Deps) http.Handler {
	t.Helper()
	s, err := mcp.New(d)
	if err != nil {
		t.Fatal(err)
	}
	h, err := mcp.Handler(s, d)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask calls a tool; failed is what it says when it cannot.
func ask(t *testing.T, s *sdk.ClientSession, tool string, args any, into any) (failed string) {
	t.Helper()
	res, err := s.CallTool(context.Background(), &sdk.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		return err.Error()
	}
	text := res.Content[0].(*sdk.TextContent).Text
	if len(text) > 64<<10 {
		t.Errorf("%s answers with %d bytes", tool, len(text))
	}
	if res.IsError {
		return text
	}
	if into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%s: %v", tool, err)
		}
	}
	return ""
}

type m = map[string]any

func titles(l mcp.Lines) (out []string) {
	for _, p := range l.Places {
		out = append(out, p.Title)
	}
	return out
}

func TestTools_answerTheClient(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := connect(t, atlas(t, d, 0))
		list, err := s.ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, tool := range list.Tools {
			names = append(names, tool.Name)
			if !tool.Annotations.ReadOnlyHint || tool.Description == "" || tool.OutputSchema == nil {
				t.Errorf("%s: %+v", tool.Name, tool)
			}
		}
		slices.Sort(names)
		if strings.Join(names, " ") != "along guide near place random search" {
			t.Errorf("the tools are %v", names)
		}

		var found mcp.Results
		if f := ask(t, s, "search", m{"q": "katakomben"}, &found); f != "" || len(found.Results) == 0 || found.Results[0].Title != "Catacombs" || found.Results[0].URL != atlasURL+"/places/catacombs" {
			t.Errorf("search: %s %+v", f, found)
		}
		var near mcp.Lines
		if f := ask(t, s, "near", m{"at": "48.83, 2.33", "radius_km": 100, "tags": []string{"bones"}}, &near); f != "" || strings.Join(titles(near), ",") != "Catacombs" || near.Places[0].Distance == nil || *near.Places[0].Distance > 1000 {
			t.Errorf("near: %s %+v", f, near)
		}
		if f := ask(t, s, "near", m{"at": "Lyon", "limit": 1}, &near); f != "" || strings.Join(titles(near), ",") != "Silk House" || !strings.HasPrefix(near.Around, "Lyon, ") {
			t.Errorf("near a city: %s %+v", f, near)
		}
		var along mcp.Lines
		if f := ask(t, s, "along", m{"stops": []string{"Paris", "Dijon", "Lyon"}, "within_km": 25}, &along); f != "" || strings.Join(titles(along), ",") != "Catacombs,Osprey Nest,Stone Clock,Silk House" && strings.Join(titles(along), ",") != "Osprey Nest,Catacombs,Stone Clock,Silk House" {
			t.Errorf("along: %s %v", f, titles(along))
		}
		if f := ask(t, s, "along", m{"line": [][]float64{{2.33, 48.83}, {5.04, 47.32}}, "within_km": 0.5, "tags": []string{"clocks"}}, &along); f != "" || strings.Join(titles(along), ",") != "Stone Clock" || *along.Places[0].Along < 200_000 {
			t.Errorf("along a line: %s %+v", f, along)
		}
		var guide mcp.Guide
		if f := ask(t, s, "guide", m{"in": "France"}, &guide); f != "" || guide.Path != "france" || guide.Total != 6 || len(guide.Children) == 0 || guide.URL != atlasURL+"/destinations/france" {
			t.Errorf("guide: %s %+v", f, guide)
		}
		var whole mcp.Whole
		if f := ask(t, s, "place", m{"place": "catacombs"}, &whole); f != "" || !whole.Cut || len(whole.Text) > 16<<10 || whole.Facts["free"].Checked != "2026-01-02" || whole.Licence != "CC-BY-4.0" || whole.OtherNames[0] != "Katakomben" {
			t.Errorf("place: %s %+v", f, whole)
		}
		byID := mcp.Whole{}
		if f := ask(t, s, "place", m{"place": whole.ID}, &byID); f != "" || byID.Title != "Catacombs" {
			t.Errorf("place by id: %s %+v", f, byID)
		}
		if f := ask(t, s, "random", m{"tags": []string{"clocks"}}, &whole); f != "" || whole.Title != "Stone Clock" {
			t.Errorf("random: %s %+v", f, whole)
		}
	})
}

func TestTools_sayWhatIsWrong(t *testing.T) {
	s := connect(t, atlas(t, dbtest.SQLite(t), 0))
	for _, c := range []struct {
		tool string
		args m
		want string
	}{
		{"search", m{"q": strings.Repeat("a", 300)}, "q "}, {"search", m{"q": "x", "limit": 1000}, "limit "}, {"search", m{"q": "x", "kind": "weird"}, "kind "}, {"search", m{"q": 7}, ""},
		{"near", m{"at": "zzzzqqqq"}, "coordinates such as"}, {"near", m{}, ""}, {"near", m{"at": "1,2", "radius_km": -1}, "radius "}, {"near", m{"at": "1,2", "limit": -3}, "limit "},
		{"along", m{"stops": []string{"Paris"}}, "stops "}, {"along", m{"stops": slices.Repeat([]string{"Paris"}, 13)}, "stops "}, {"along", m{"line": [][]float64{{200, 100}, {0, 0}}}, "line"}, {"along", m{"line": slices.Repeat([][2]float64{{1, 1}}, 2001)}, "line "},
		{"along", m{"stops": []string{"Paris", "Lyon"}, "line": [][]float64{{1, 1}, {2, 2}}}, "not both"},
		{"place", m{"place": "nothing"}, "no such place"}, {"place", m{"place": "p99999999999999999999"}, ""}, {"place", m{"place": "\x00"}, ""}, {"guide", m{"in": "zzzzqqqq"}, "no such destination"}, {"random", m{"in": "!"}, "in "}, {"random", m{"tags": []string{"nothing-so"}}, "ask for less"},
		{"write", m{}, ""},
	} {
		got := ask(t, s, c.tool, c.args, nil)
		if got == "" || c.want != "" && strings.Count(" "+got, c.want) != 1 || strings.Contains(got, "sql") || strings.Contains(got, "broke") {
			t.Errorf("%s %.60v: %q, want %q", c.tool, c.args, got, c.want)
		}
	}
}

// Two atlases that differ only in where the protected places really are answer
// the same, to the byte.
func TestTools_twins(t *testing.T) {
	answers := func(move float64) map[string]string {
		d := dbtest.Open(t, db.Config{Dir: t.TempDir(), Now: func() time.Time { return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) }, Random: bytes.NewReader(bytes.Repeat([]byte("seed"), 1<<16))})
		s := connect(t, atlas(t, d, move))
		out := map[string]string{}
		for name, args := range map[string]m{
			"search": {"q": "secret"}, "near": {"at": "48.8, 2.4", "limit": 50}, "along": {"stops": []string{"48.8091, 2.4087", "48.7913, 2.3917"}, "limit": 50}, "guide": {"in": "france", "limit": 50}, "random": {},
			"place osprey-nest": {"place": "osprey-nest"}, "place secret-broch": {"place": "secret-broch"}, "place hidden-chapel": {"place": "hidden-chapel"},
		} {
			tool, _, _ := strings.Cut(name, " ")
			var raw json.RawMessage
			if f := ask(t, s, tool, args, &raw); f != "" {
				t.Errorf("%s: %s", name, f)
			}
			out[name] = string(raw)
		}
		return out
	}
	one, two := answers(0), answers(0.003)
	for name, text := range one {
		if text != two[name] {
			t.Errorf("%s tells the truth:\n%s\n%s", name, text, two[name])
		}
		for _, trace := range []string{"48.791", "2.391", "48.809", "2.408", "Secret Lane"} {
			if strings.Contains(text, trace) && !strings.Contains(name, "along") {
				t.Errorf("%s holds %s", name, trace)
			}
		}
	}
}

func TestHandler_refuses(t *testing.T) {
	h := handler(t, atlas(t, dbtest.SQLite(t), 0))
	const hello = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}`
	post := func(body string, headers ...string) int {
		r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for _, c := range []struct {
		want int
		got  int
	}{
		{http.StatusOK, post(hello)}, {http.StatusOK, post(hello, "Origin", atlasURL)},
		// A page whose name was made to lead here has that name as its origin.
		{http.StatusForbidden, post(hello, "Origin", "https://evil.example", "Host", "evil.example")}, {http.StatusForbidden, post(hello, "Origin", "null")}, {http.StatusForbidden, post(hello, "Origin", atlasURL+".evil.example")},
		{http.StatusRequestEntityTooLarge, post(`{"x":"` + strings.Repeat("a", 70_000) + `"}`)},
		{http.StatusBadRequest, post("{")}, {http.StatusBadRequest, post("")},
	} {
		if c.got != c.want {
			t.Errorf("%d, want %d", c.got, c.want)
		}
	}
	last := 0
	for range 400 { // the clock stands still: nothing is given back
		if last = post(hello); last == http.StatusTooManyRequests {
			break
		}
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("after many requests: %d", last)
	}
}
