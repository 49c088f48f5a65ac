package readership_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/place"
	"mirabilia/internal/readership"
)

var world = gazetteer.Open()

var boss = actor.Actor{ID: 1, Role: actor.Admin}

// house is some places, counts and a clock.
type house struct {
	*testing.T
	db     *db.DB
	counts *readership.Counts
	now    *atomic.Int64
	ids    []int64
}

func each(t *testing.T, body func(h *house)) {
	t.Helper()
	now := new(atomic.Int64)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return time.UnixMilli(now.Load()) }}, func(t *testing.T, d *db.DB) {
		now.Store(time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC).UnixMilli())
		h := &house{T: t, db: d, counts: readership.New(d), now: now}
		places := place.New(d, world)
		var records []place.Record
		for i := range 3 {
			lat := 10 + float64(i)
			records = append(records, place.Record{Source: "t", ID: fmt.Sprint(i), Title: fmt.Sprint("Place ", i), Lat: &lat, Lon: &lat})
		}
		if _, err := places.Import(t.Context(), records, place.ImportOptions{Publish: true}); err != nil {
			t.Fatal(err)
		}
		for i := range records {
			p, err := places.BySlug(t.Context(), fmt.Sprint("place-", i))
			if err != nil {
				t.Fatal(err)
			}
			h.ids = append(h.ids, p.ID)
		}
		body(h)
	})
}

func (h *house) pass(d time.Duration) { h.now.Add(d.Milliseconds()) }

func (h *house) write() {
	h.Helper()
	if err := h.counts.Write(h.Context()); err != nil {
		h.Fatal(err)
	}
}

func (h *house) report(days int) readership.Report {
	h.Helper()
	h.write()
	r, err := h.counts.Report(h.Context(), boss, days, 10)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

func TestRead(t *testing.T) {
	each(t, func(h *house) {
		var readers sync.WaitGroup
		kept := h.counts.Of(h.ids[0])
		for range 8 {
			readers.Go(func() {
				for range 500 {
					kept.Read()
				}
			})
		}
		for range 20 { // meanwhile it is written down
			h.write()
		}
		readers.Wait()
		for range 3 {
			h.counts.Of(h.ids[1]).Read() // pages that nobody keeps
		}
		h.counts.Of(987654).Read() // a place that is gone
		h.counts.Of(0).Read()
		h.counts.Failed()
		r := h.report(1)
		if r.Reads != 4004 || r.Failed != 1 || len(r.Most) != 2 || r.Most[0] != (readership.ReadPlace{Place: h.ids[0], N: 4000}) || r.Most[1] != (readership.ReadPlace{Place: h.ids[1], N: 3}) {
			h.Errorf("%+v", r)
		}
		h.pass(24 * time.Hour)
		h.counts.Of(h.ids[2]).Read()
		if r := h.report(1); r.Reads != 1 || len(r.Most) != 1 || r.Most[0].Place != h.ids[2] {
			h.Errorf("the next day: %+v", r)
		}
		if r := h.report(2); r.Reads != 4005 || len(r.Most) != 3 {
			h.Errorf("both days: %+v", r)
		}
		if _, err := h.counts.Report(h.Context(), actor.Actor{ID: 2, Role: actor.Editor}, 7, 10); !errs.Is(err, errs.Denied) {
			h.Errorf("an editor reads it: %v", err)
		}
		var none *readership.Counts // an atlas that does not count
		none.Of(1).Read()
		none.Searched("x", false)
		none.Failed()
	})
}

func TestSearched(t *testing.T) {
	each(t, func(h *house) {
		private := []string{"ada@example.org", "+43 660 1234567", "https://example.org/x", strings.Repeat("dear diary ", 9), "x"}
		for range 4 {
			for _, words := range private {
				h.counts.Searched(words, false)
			}
			h.counts.Searched(" Whale  jawbone ", false)
			h.counts.Searched("skulls", true)
			h.pass(11 * time.Minute)
		}
		h.counts.Searched("once and never again", false)
		for range 5 { // pressed again and again
			h.pass(time.Minute)
			h.counts.Searched("Impatient", false)
		}
		r := h.report(1)
		if r.Searches != 34 || r.Missed != 30 {
			h.Errorf("%d searches, %d missed", r.Searches, r.Missed)
		}
		if len(r.Misses) != 1 || r.Misses[0] != (readership.MissedWords{Words: "whale jawbone", N: 4}) {
			h.Errorf("written down: %+v", r.Misses)
		}
		// What is told is in the database, and nothing else of what was typed.
		err := h.db.Read(h.Context(), func(tx *db.Tx) error {
			n := 0
			err := tx.QueryRow(`SELECT count(*) FROM read_misses WHERE words <> 'whale jawbone'`).Scan(&n)
			if n != 0 {
				h.Errorf("%d other words stand in the database", n)
			}
			return err
		})
		if err != nil {
			h.Fatal(err)
		}
		h.pass(30 * time.Minute)
		h.counts.Searched("once and never again", false)
		if r := h.report(1); len(r.Misses) != 2 || r.Misses[1] != (readership.MissedWords{Words: "once and never again", N: 2}) {
			h.Errorf("looked for again: %+v", r.Misses)
		}
		h.pass(8 * 24 * time.Hour)
		h.write()
		h.counts.Searched("impatient", false)
		if r := h.report(1); len(r.Misses) != 0 {
			h.Errorf("a week later it is the first time again: %+v", r.Misses)
		}
	})
}

func TestTrim(t *testing.T) {
	each(t, func(h *house) {
		h.counts.Of(h.ids[0]).Read()
		for range 2 {
			h.counts.Searched("whale jawbone", false)
			h.pass(time.Hour)
		}
		h.write()
		trim := func(days int) readership.Report {
			h.pass(time.Duration(days) * 24 * time.Hour)
			if err := h.counts.Trim(h.Context()); err != nil {
				h.Fatal(err)
			}
			return h.report(1000)
		}
		if r := trim(1); r.Reads != 1 || len(r.Most) != 1 || len(r.Misses) != 1 {
			h.Errorf("the next night: %+v", r)
		}
		if r := trim(100); len(r.Misses) != 0 || len(r.Most) != 1 {
			h.Errorf("after three months: %+v", r)
		}
		if r := trim(400); r.Reads != 0 || len(r.Most) != 0 {
			h.Errorf("after more than a year: %+v", r)
		}
	})
}

// What a page that is kept ready costs more.
func BenchmarkRead(b *testing.B) {
	p := readership.New(nil).Of(1)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			p.Read()
		}
	})
}
