package api

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// parisLine passes the catacombs at half a kilometre, and Évora far to the
// south after that.
const parisLine = `{"type":"LineString","coordinates":[[2.2,48.88],[2.4,48.88],[-7.9,38.6]]}`

func TestAlong_ordersByTheWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		type items struct {
			Items []struct {
				Slug     string
				Distance float64 `json:"distance_m"`
				Along    float64 `json:"along_m"`
			}
			Next  *string
			Total int
		}
		ask := func(target string) (out items) {
			w := call(a, http.MethodPost, Prefix+target)
			if w.Code != http.StatusOK {
				t.Fatalf("%.80s: %d %s", target, w.Code, w.Body)
			}
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
				t.Fatal(err)
			}
			return out
		}
		got := ask("/along?within=20 " + parisLine)
		if len(got.Items) != 2 || got.Items[0].Slug != "catacombs" || got.Items[1].Slug != "bone-chapel" || got.Total != 2 || got.Next != nil {
			t.Fatalf("%+v", got)
		}
		if c := got.Items[0]; math.Abs(c.Distance-540) > 20 || math.Abs(c.Along-21_736) > 50 || got.Items[1].Along < 1_300_000 {
			t.Errorf("%+v", got.Items)
		}
		if back := ask(`/along?within=20 {"type":"Feature","properties":null,"geometry":{"type":"LineString","coordinates":[[-7.9,38.6],[2.4,48.88],[2.2,48.88]]}}`); back.Items[0].Slug != "bone-chapel" {
			t.Errorf("the other way: %+v", back)
		}
		first := ask("/along?within=20&limit=1 " + parisLine)
		if first.Next == nil || len(first.Items) != 1 {
			t.Fatalf("%+v", first)
		}
		if second := ask("/along?within=20&limit=1&cursor=" + *first.Next + " " + parisLine); len(second.Items) != 1 || second.Items[0].Slug != "bone-chapel" || second.Next != nil {
			t.Errorf("%+v", second)
		}
		if only := ask("/along?within=20&kind=eatery " + parisLine); len(only.Items) != 1 || only.Total != 1 {
			t.Errorf("%+v", only)
		}
		// The hidden grove lies on this line.
		if none := ask(`/along?within=100 {"type":"LineString","coordinates":[[150,-33],[151,-33.3]]}`); none.Total != 0 {
			t.Errorf("a hidden place is beside the line: %+v", none)
		}
	})
}

func TestAlong_bounds(t *testing.T) {
	a := atlas(t, dbtest.SQLite(t))
	many := `{"type":"LineString","coordinates":[` + strings.Repeat("[2.1,48.1],", 50_000) + `[2.1,48.2]]}`
	long := `{"type":"LineString","coordinates":[` + strings.Repeat("[2.1,48.1],[-177,1],", 20) + `[2.1,48.2]]}`
	huge := `{"type":"LineString","coordinates":[[1,2],[2,3]]}` + strings.Repeat(" ", maxLine)
	for name, c := range map[string]struct {
		body  string
		code  int
		field string
	}{"many": {many, 400, "body"}, "long": {long, 400, "line"}, "huge": {huge, 413, ""}} {
		w := call(a, http.MethodPost, Prefix+"/along "+c.body)
		if w.Code != c.code || w.Header().Get("Content-Type") != problemType || !strings.Contains(w.Body.String(), c.field) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body.String()[:min(200, w.Body.Len())])
		}
	}
	fits := `{"type":"LineString","coordinates":[` + strings.Repeat("[2.12345678901234,48.12345678901234],", 49_999) + `[2.1,48.2]]}`
	if w := call(a, http.MethodPost, Prefix+"/along "+fits); w.Code != http.StatusOK {
		t.Errorf("50,000 points: %d %.200s", w.Code, w.Body)
	}
	if w := call(a, http.MethodGet, Prefix+"/along"); w.Code < 400 || w.Code >= 500 {
		t.Errorf("GET: %d", w.Code)
	}
}
