package place_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/place"
)

// generated makes n records of sixty words each, clustered as places are, from
// a fixed seed.
func generated(n int) []place.Record {
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 5000)
	for i := range words {
		var b strings.Builder
		for range 3 + r.IntN(6) {
			b.WriteByte("aeiouklmnprstv"[r.IntN(14)])
		}
		words[i] = b.String()
	}
	some := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = words[int(float64(len(words))*r.Float64()*r.Float64())]
		}
		return strings.Join(list, " ")
	}
	list := make([]place.Record, n)
	for i := range list {
		lat, lon := r.Float64()*130-60, r.Float64()*360-180
		if i%3 != 0 { // near an earlier one
			o := list[r.IntN(i)]
			lat, lon = min(max(*o.Lat+r.NormFloat64()*0.05, -89), 89), min(max(*o.Lon+r.NormFloat64()*0.05, -179), 179)
		}
		list[i] = place.Record{
			Source: "bench", ID: fmt.Sprint(i), Title: some(3), Body: some(60), Lat: &lat, Lon: &lon,
			Tags: []string{words[r.IntN(60)], words[r.IntN(60)]},
		}
	}
	return list
}

// BenchmarkImport measures records a second into an empty atlas: checked,
// located by the real gazetteer, with slugs, log and indexes, durably.
func BenchmarkImport(b *testing.B) {
	list := generated(100_000)
	gaz := gazetteer.Open()
	run := func(b *testing.B, open func() *db.DB) {
		for b.Loop() {
			b.StopTimer()
			s := place.New(open(), gaz)
			b.StartTimer()
			if total, err := s.Import(context.Background(), list, publish); err != nil || total.Created != len(list) {
				b.Fatal(total, err)
			}
		}
		b.ReportMetric(float64(b.N*len(list))/b.Elapsed().Seconds(), "records/s")
	}
	b.Run(db.SQLite, func(b *testing.B) { run(b, func() *db.DB { return dbtest.SQLite(b) }) })
	if dbtest.HasPostgres() {
		b.Run(db.Postgres, func(b *testing.B) {
			run(b, func() *db.DB { return dbtest.Open(b, db.Config{URL: dbtest.PostgresURL(b)}) })
		})
	}
}

// BenchmarkRead measures what a page asks of the tables: one place by its slug,
// and the cards of twenty.
func BenchmarkRead(b *testing.B) {
	run := func(b *testing.B, d *db.DB) {
		s := place.New(d, tiny{})
		if _, err := s.Import(b.Context(), generated(20_000), publish); err != nil {
			b.Fatal(err)
		}
		var slugs []string
		var ids []int64
		err := s.EachDoc(b.Context(), func(doc finder.Doc) error {
			slugs, ids = append(slugs, doc.Slug), append(ids, doc.ID)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Run("slug", func(b *testing.B) {
			i := 0
			for b.Loop() {
				i += 7919
				if _, err := s.BySlug(b.Context(), slugs[i%len(slugs)]); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("cards", func(b *testing.B) {
			i := 0
			for b.Loop() {
				i += 7919
				at := i % (len(ids) - 20)
				if list, err := s.Cards(b.Context(), ids[at:at+20]); err != nil || len(list) != 20 {
					b.Fatal(err)
				}
			}
		})
		b.Run("docs", func(b *testing.B) {
			for b.Loop() {
				if err := s.EachDoc(b.Context(), func(finder.Doc) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*len(ids))/b.Elapsed().Seconds(), "docs/s")
		})
	}
	b.Run(db.SQLite, func(b *testing.B) { run(b, dbtest.SQLite(b)) })
	if dbtest.HasPostgres() {
		b.Run(db.Postgres, func(b *testing.B) { run(b, dbtest.Open(b, db.Config{URL: dbtest.PostgresURL(b)})) })
	}
}
