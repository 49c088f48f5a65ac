package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/app"
)

// The list of places is the same by the short road, whether from memory or not,
// and by net/http alone: status, headers and bytes, while places come and go.
func TestListsByBothRoads(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		t.Run("from memory", func(t *testing.T) { listsByBothRoads(t, database, 0) })
	})
	each(t, func(t *testing.T, database string) {
		t.Run("from the shelf", func(t *testing.T) { listsByBothRoads(t, database, 1) })
	})
}

// listsByBothRoads opens the atlas with a shelf from so many documents on.
func listsByBothRoads(t *testing.T, database string, shelf int) {
	c := configOf(t, t.TempDir(), database)
	publish(t, c, `{"source":"s","id":"first","title":"First of all","lat":46.9,"lon":10.4}`+"\n")
	a, err := app.Open(context.Background(), c, app.Options{Log: slog.New(slog.DiscardHandler), Version: "test", Shelf: shelf})
	if err != nil {
		t.Fatal(err)
	}
	run(t, a)
	record := func(i int, title string) string {
		tier := []string{"exact", "approximate", "region", "hidden"}[i%4]
		return fmt.Sprintf(`{"source":"s","id":"%d","title":%q,"subtitle":"<b> & \"more\"","location_tier":%q,"lat":%f,"lon":%f,"tags":["lakes"],"facts":{"free":{"value":"yes"}}}`+"\n",
			i, title, tier, 46.8+float64(i)/100, 10.5)
	}
	var all strings.Builder
	for i := range 12 {
		all.WriteString(record(i, fmt.Sprintf("Sunken Church %d", i)))
	}
	publish(t, c, all.String())
	catchUp(t, a, 10*time.Second)
	line, err := net.Dial("tcp", a.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	_ = line.SetDeadline(time.Now().Add(time.Minute))
	answers := bufio.NewReader(line)
	same := func(query string, more ...string) {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, "/api/v1/places?"+query, nil)
		text := "GET /api/v1/places?" + query + " HTTP/1.1\r\nHost: " + a.Addr() + "\r\n"
		for i := 0; i < len(more); i += 2 {
			r.Header.Set(more[i], more[i+1])
			text += more[i] + ": " + more[i+1] + "\r\n"
		}
		want := httptest.NewRecorder()
		a.Handler().ServeHTTP(want, r)
		for range 2 { // at the latest then it lies in memory
			if _, err := io.WriteString(line, text+"\r\n"); err != nil {
				t.Fatal(err)
			}
			got, err := http.ReadResponse(answers, r)
			if err != nil {
				t.Fatal(query, ": ", err)
			}
			body, err := io.ReadAll(got.Body)
			if err != nil || got.StatusCode != want.Code || string(body) != want.Body.String() {
				t.Fatalf("%s %q: %d %q, %v; by net/http alone %d %q", query, more, got.StatusCode, body, err, want.Code, want.Body)
			}
			for _, h := range []http.Header{got.Header, want.Header()} {
				h.Del("Date")
				h.Del("Content-Length") // only one of the two knows it of what is compressed
			}
			if fmt.Sprint(got.Header) != fmt.Sprint(want.Header()) {
				t.Errorf("%s %q: %v; by net/http alone %v", query, more, maps.Clone(got.Header), want.Header())
			}
		}
	}
	queries := func() {
		t.Helper()
		for _, q := range []string{"near=46.8,10.5&limit=5", "near=46.8,10.5", "limit=3", "tag=lakes&sort=obscure", "near=91,0", "near=1", "unvisited=yes", "cursor=x", "free=yes&bbox=10,46,11,47", "q=church"} {
			same(q)
			same(q, "Accept-Encoding", "gzip, deflate", "Accept", "*/*")
		}
		same("limit=3", "Accept", "text/html")
		same("limit=3", "Authorization", "Bearer nothing")
		same("limit=3", "If-None-Match", "*")
		same("limit=3", "Accept-Encoding", "identity", "Accept", "application/json", "User-Agent", "x")
	}
	queries()
	publish(t, c, record(0, "Another Church")+record(12, "One More"))
	catchUp(t, a, 10*time.Second)
	queries()
}
