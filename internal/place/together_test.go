package place_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
)

// handles opens n handles on one database, as so many programs would.
func handles(t *testing.T, engine string, n int) (list []*db.DB) {
	c := db.Config{Dir: t.TempDir()}
	if engine == db.Postgres {
		c = db.Config{URL: dbtest.PostgresURL(t)}
	}
	for range n {
		list = append(list, dbtest.Open(t, c))
	}
	return list
}

func eachEngine(t *testing.T, body func(t *testing.T, engine string)) {
	for _, engine := range []string{db.SQLite, db.Postgres} {
		if engine == db.Postgres && !dbtest.HasPostgres() {
			continue
		}
		t.Run(engine, func(t *testing.T) { body(t, engine) })
	}
}

// A server that writes while an import runs beside it is let in between the
// import's transactions and never told that the database is busy.
func TestWritersBesideAnImport(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		two := handles(t, engine, 2)
		var wg sync.WaitGroup
		wg.Go(func() {
			list := generated(6000)
			if total, err := place.New(two[0], tiny{}).Import(context.Background(), list, publish); err != nil || total.Created != len(list) {
				t.Errorf("the import: %+v, %v", total, err)
			}
		})
		book := setting.Open(two[1])
		for i := range 40 {
			if err := book.Update(t.Context(), func(s *setting.Settings) { s.Contact = fmt.Sprintf("desk%d@example.org", i) }); err != nil {
				t.Errorf("the server's write: %v", err)
			}
		}
		wg.Wait()
	})
}

// Two imports of the same titles at once both end well, with slugs of their
// own, and repeat nothing.
func TestImportsTogether(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		two := handles(t, engine, 2)
		var wg sync.WaitGroup
		for i, d := range two {
			wg.Go(func() {
				var list []place.Record
				for j := range 600 {
					list = append(list, rec(fmt.Sprint("source ", i), fmt.Sprint(j), fmt.Sprint("Title ", j/3), float64(10*i), float64(j)/10))
				}
				s := place.New(d, tiny{})
				for range 2 {
					for k := 0; k < len(list); k += 100 {
						if _, err := s.Import(context.Background(), list[k:k+100], publish); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		var places, slugs int
		err := two[0].Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*), count(DISTINCT slug) FROM places`).Scan(&places, &slugs)
		})
		if err != nil || places != 1200 || slugs != 1200 {
			t.Errorf("%d places with %d slugs, %v", places, slugs, err)
		}
	})
}
