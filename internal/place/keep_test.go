package place_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
)

// What is kept is what the rows say, also when another program changed them:
// one place, more than the log is followed by, or all.
func TestKeptCardsFollowTheLog(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		two := handles(t, engine, 2)
		here, there := place.New(two[0], tiny{}), place.New(two[1], tiny{})
		made := 0
		items, err := place.NewItems(here, 1<<20, func(p *place.Place) (string, error) { made++; return p.Title + "|" + p.Address, nil },
			func(s string) int { return len(s) })
		if err != nil {
			t.Fatal(err)
		}
		list := generated(1500)
		take(t, there, publish, list...)
		p := one(t, there, two[1], list[3].ID)
		q := one(t, there, two[1], list[4].ID)
		ids := []int64{q.ID, 5, p.ID, q.ID}
		see := func(what string, n int, title string) {
			t.Helper()
			cards, err := here.Cards(t.Context(), ids)
			if err != nil || len(cards) != n {
				t.Fatalf("%s: %d cards, %v", what, len(cards), err)
			}
			ready, err := items.Of(t.Context(), ids)
			if err != nil || len(ready) != n {
				t.Fatalf("%s: %d items, %v", what, len(ready), err)
			}
			if n == 3 && (cards[0].ID != q.ID || cards[1].ID != p.ID || cards[1].Title != title || cards[2].ID != q.ID || ready[1] != title+"|"+list[3].Address) {
				t.Errorf("%s: %q and %q, want %q", what, cards[1].Title, ready[1], title)
			}
		}
		see("first", 3, list[3].Title)
		before := made
		see("again", 3, list[3].Title)
		if made != before {
			t.Errorf("%d were made again", made-before)
		}
		list[3].Title = "Renamed"
		take(t, there, publish, list[3])
		see("one change", 3, "Renamed")
		if made != before+1 {
			t.Errorf("%d were made for one change", made-before)
		}
		for i := range list {
			list[i].Title = fmt.Sprint("Number ", i)
		}
		take(t, there, publish, list...)
		see("many changes", 3, "Number 3")
		if err := there.Illustrate(t.Context(), p.ID, []place.Photo{{Alt: "x"}, {Alt: "y"}}); err != nil {
			t.Fatal(err)
		}
		if cards, err := here.Cards(t.Context(), ids[2:3]); err != nil || len(cards) != 1 || len(cards[0].Photos) != 1 {
			t.Errorf("after a picture: %+v, %v", cards, err)
		}
		if err := there.Withdraw(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		see("withdrawn", 2, "")
	})
}

// Readers beside a writer never see an older state than one they were told is
// there.
func TestKeptCardsBesideAWriter(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		two := handles(t, engine, 2)
		here, there := place.New(two[0], tiny{}), place.New(two[1], tiny{})
		list := generated(3)
		take(t, there, publish, list...)
		p := one(t, there, two[1], list[0].ID)
		var mu sync.Mutex
		told := 0
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				for ctx.Err() == nil {
					mu.Lock()
					least := told
					mu.Unlock()
					cards, err := here.Cards(context.WithoutCancel(ctx), []int64{p.ID})
					if err != nil || len(cards) != 1 {
						t.Errorf("%d cards, %v", len(cards), err)
						return
					}
					n := 0
					_, _ = fmt.Sscanf(cards[0].Title, "Number %d", &n)
					if n < least {
						t.Errorf("number %d after %d was there", n, least)
						return
					}
				}
			})
		}
		for i := 1; i <= 60; i++ {
			list[0].Title = fmt.Sprint("Number ", i)
			take(t, there, publish, list[0])
			mu.Lock()
			told = i
			mu.Unlock()
		}
		stop()
		wg.Wait()
	})
}

// From memory alone is given what the rows say now, or nothing.
func TestKeptFromMemoryAlone(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		two := handles(t, engine, 2)
		here, there := place.New(two[0], tiny{}), place.New(two[1], tiny{})
		items, err := place.NewItems(here, 1<<20, func(p *place.Place) (string, error) { return p.Title, nil }, func(s string) int { return len(s) })
		if err != nil {
			t.Fatal(err)
		}
		list := generated(4)
		take(t, there, publish, list...)
		p := one(t, there, two[1], list[0].ID)
		ids := []int64{p.ID}
		alone := func(want bool) {
			t.Helper()
			got, ok := items.Kept(ids)
			if ok != (want && runtime.GOOS == "linux" && engine == db.SQLite) {
				t.Fatalf("from memory alone: %t", ok)
			}
			if ok && (len(got) != 1 || got[0] != list[0].Title) {
				t.Fatalf("%q, not %q", got, list[0].Title)
			}
		}
		ask := func(n int) {
			t.Helper()
			if got, err := items.Of(t.Context(), ids); err != nil || len(got) != n {
				t.Fatalf("%q, %v", got, err)
			}
		}
		alone(false)
		ask(1)
		alone(true)
		list[1].Title = "Another one"
		take(t, there, publish, list[1])
		alone(false) // who knows what was committed
		ask(1)
		alone(true)
		list[0].Title = "Renamed"
		take(t, there, publish, list[0])
		alone(false)
		ask(1)
		alone(true)
		if err := there.Withdraw(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		alone(false)
		ask(0)
		alone(false)
	})
}

// A shelf gives what the rows say, makes nothing twice, and is not believed
// when its bytes are others than were written.
func TestShelf(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		two := handles(t, engine, 2)
		here, there := place.New(two[0], tiny{}), place.New(two[1], tiny{})
		file, err := os.Create(filepath.Join(t.TempDir(), "shelf"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		made := 0
		// Memory has no room for anything.
		items, err := place.NewItems(here, 1, func(p *place.Place) (string, error) { made++; return p.Title, nil }, func(s string) int { return len(s) })
		if err != nil {
			t.Fatal(err)
		}
		items.Shelve(file, 256<<10, func(b []byte, s string) []byte { return append(b, s...) }, func(_ int64, b []byte) (string, bool) { return string(b), true })
		list := generated(450)
		take(t, there, publish, list...)
		var all []int64
		for i := range list {
			all = append(all, one(t, there, two[1], list[i].ID).ID)
		}
		// Asked for in another order than they lie in the file.
		ids := slices.Clone(all[:30])
		slices.Reverse(ids)
		slices.Reverse(list[:30])
		if err := items.Fill(t.Context(), all, func() {}); err != nil || made != len(list) {
			t.Fatalf("%d made of %d, %v", made, len(list), err)
		}
		see := func(what string, more int) {
			t.Helper()
			before := made
			got, err := items.Of(t.Context(), ids)
			if err != nil || len(got) != len(ids) || made != before+more {
				t.Fatalf("%s: %d of %d, %d made, %v", what, len(got), len(ids), made-before, err)
			}
			for i := range got {
				if got[i] != list[i].Title {
					t.Fatalf("%s: %q, not %q", what, got[i], list[i].Title)
				}
			}
		}
		see("filled", 0)
		list[3].Title = "Renamed"
		take(t, there, publish, list[3])
		see("one change", 1)
		see("again", 0)
		// A byte of every record is another; then there are no bytes at all.
		bytes, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for i := range bytes {
			bytes[i] ^= 4
		}
		if err := os.WriteFile(file.Name(), bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		see("damaged", len(ids))
		see("mended", 0)
		if err := file.Truncate(0); err != nil {
			t.Fatal(err)
		}
		see("cut off", len(ids))
		// More of the log than is followed, and more states than have room.
		for round := range 12 {
			for i := range list {
				list[i].Title = fmt.Sprint(strings.Repeat("long ", 20), round, " ", i)
			}
			take(t, there, publish, list...)
			if err := items.Fill(t.Context(), all, func() {}); err != nil {
				t.Fatal(err)
			}
			// Where the file was begun anew meanwhile, the first are made again.
			if _, err := items.Of(t.Context(), ids); err != nil {
				t.Fatal(err)
			}
			see(fmt.Sprint("round ", round), 0)
		}
		if err := there.Withdraw(t.Context(), ids[29]); err != nil {
			t.Fatal(err)
		}
		if got, err := items.Of(t.Context(), ids); err != nil || len(got) != 29 {
			t.Errorf("withdrawn: %d, %v", len(got), err)
		}
		_ = file.Close() // it can be neither read nor written
		list[0].Title = "Without a file"
		take(t, there, publish, list[0])
		ids = ids[:1]
		see("without a file", 1)
	})
}

// A place that is shown again is the very same as long as all of its rows say
// the same, and another as soon as one of them does not, whoever changed it.
func TestShownIsTheSameWhileItsRowsAre(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		two := handles(t, engine, 2)
		here, there := place.New(two[0], tiny{}), place.New(two[1], tiny{})
		list := generated(3)
		take(t, there, publish, list...)
		p := one(t, there, two[1], list[0].ID)
		shown := func() *place.Place {
			t.Helper()
			got, _, err := here.Shown(t.Context(), p.Slug, func(*place.Place) []int64 { return nil })
			if err != nil {
				t.Fatal(err)
			}
			whole, err := here.BySlug(t.Context(), p.Slug)
			if err != nil || !reflect.DeepEqual(got, whole) {
				t.Errorf("shown is %+v, the rows say %+v, %v", got, whole, err)
			}
			return got
		}
		was := shown()
		run := func(text string) func() error {
			return func() error {
				return two[1].Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(text, p.ID); return err })
			}
		}
		list[0].Body += " And more."
		for _, c := range []struct {
			name   string
			change func() error
		}{
			{"text", func() error { take(t, there, publish, list[0]); return nil }},
			{"picture", func() error {
				return there.Illustrate(t.Context(), p.ID, []place.Photo{{Alt: "x", URLs: map[int]string{320: "/x"}}})
			}},
			{"words of a picture", run(`UPDATE photos SET alt = 'y' WHERE place = $1`)},
			{"marks", run(`INSERT INTO place_counted (place, seq, been, want) VALUES ($1, 1, 1, 0)`)},
			{"position", run(`UPDATE places SET lat = 1.5 WHERE id = $1`)},
			{"confirmed", run(`UPDATE places SET confirmed_at = 1 WHERE id = $1`)},
			{"confirmation", run(`INSERT INTO place_confirmed (place, month, visitors, health, months) VALUES ($1, '2026-11', 1, 'fresh', '[]')`)},
			{"health", run(`UPDATE place_confirmed SET health = 'ageing' WHERE place = $1`)},
		} {
			if shown() != was {
				t.Errorf("before %s: another place for the same rows", c.name)
			}
			if err := c.change(); err != nil {
				t.Fatal(c.name, err)
			}
			is := shown()
			if is == was && c.name != "confirmed" { // which says nothing without a confirmation
				t.Errorf("%s: the same place for other rows", c.name)
			}
			was = is
		}
		if err := there.Withdraw(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := here.Shown(t.Context(), p.Slug, nil); !errs.Is(err, errs.Gone) {
			t.Errorf("withdrawn: %v", err)
		}
	})
}
