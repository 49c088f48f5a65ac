package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
)

// feed reads the change feed from a sequence to its end, n at a time.
func feed(t *testing.T, a *API, since string, n int) (items []outward.Change, calls int) {
	t.Helper()
	for {
		w := call(a, http.MethodGet, fmt.Sprintf("%s/changes?since=%s&limit=%d", Prefix, since, n))
		var page outward.Changes
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK || len(page.Items) > n {
			t.Fatalf("since %s: %d, %v, %d items", since, w.Code, err, len(page.Items))
		}
		items, calls = append(items, page.Items...), calls+1
		if page.Next == nil {
			return items, calls
		}
		paged := call(a, http.MethodGet, fmt.Sprintf("%s/changes?since=%s&cursor=%s&limit=%d", Prefix, since, *page.Next, n))
		straight := call(a, http.MethodGet, fmt.Sprintf("%s/changes?since=%s&limit=%d", Prefix, *page.Next, n))
		if paged.Code != http.StatusOK || paged.Body.String() != straight.Body.String() {
			t.Fatalf("next as a cursor: %d %s, want %s", paged.Code, paged.Body, straight.Body)
		}
		if *page.Next == since {
			t.Fatalf("since %s leads to itself", since)
		}
		since = *page.Next
	}
}

func TestChanges_inOrderWhateverThePart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		all, _ := feed(t, a, "0", 1000)
		last := int64(0)
		seen := map[string]bool{}
		for _, c := range all {
			if c.Seq <= last {
				t.Errorf("%d after %d", c.Seq, last)
			}
			last, seen[c.Kind+" "+c.ID] = c.Seq, true
		}
		for _, slug := range []string{"catacombs", "bone-chapel", "secret-grove"} {
			if id, _ := named(t, a, slug); !seen["place "+id] {
				t.Errorf("%s (%s) is not told: %v", slug, id, all)
			}
		}
		for n := 1; n <= 4; n++ {
			if parts, _ := feed(t, a, "0", n); fmt.Sprint(parts) != fmt.Sprint(all) {
				t.Errorf("by %d: %v, want %v", n, parts, all)
			}
		}
		if rest, _ := feed(t, a, fmt.Sprint(all[1].Seq), 1000); fmt.Sprint(rest) != fmt.Sprint(all[2:]) {
			t.Errorf("after %d: %v", all[1].Seq, rest)
		}
		if none, _ := feed(t, a, fmt.Sprint(last+100), 10); len(none) != 0 {
			t.Errorf("after the end: %v", none)
		}
	})
}

// named is the outward id of a place and its number.
func named(t *testing.T, a *API, slug string) (string, int64) {
	t.Helper()
	p, err := a.Places.BySlug(context.Background(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return p.PublicID(), p.ID
}

// What waits is never named; what was taken away is told once, as a drop.
func TestChanges_nameOnlyWhatIsPublic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		ctx := context.Background()
		gone, goneID := named(t, a, "catacombs")
		stays, staysID := named(t, a, "bone-chapel")
		hidden, _ := named(t, a, "secret-grove") // as a page it is public, only its position is not
		lat, lon := 1.5, 2.5
		if _, err := a.Places.Import(ctx, []place.Record{{Source: "t", ID: "9", Title: "Waiting", Lat: &lat, Lon: &lon, Tags: []string{"quiet"}}}, place.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := a.Places.Withdraw(ctx, goneID); err != nil {
			t.Fatal(err)
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			for i := range int64(30) { // rows that are ours alone, more than one look takes
				changes.Append(tx, "setting", i, changes.Put)
			}
			changes.Append(tx, place.LogKind, staysID, changes.Put)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 3, 1000} {
			items, calls := feed(t, a, "0", n)
			var one []string
			for _, c := range items {
				switch {
				case c.Kind == "setting", c.ID == "quiet", c.Kind == "place" && c.ID != gone && c.ID != stays && c.ID != hidden:
					t.Errorf("%+v is told", c)
				case c.ID == gone:
					one = append(one, c.Op)
				}
			}
			if fmt.Sprint(one) != "[drop]" || items[len(items)-1].ID != stays {
				t.Errorf("by %d: the place withdrawn is told as %v, the last is %+v", n, one, items[len(items)-1])
			}
			if calls > 60 {
				t.Errorf("by %d: %d calls", n, calls)
			}
		}
	})
}
