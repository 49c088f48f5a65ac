package list_test

import (
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/list"
)

// On how many lists a place stands is true at every moment, though it is kept.
func TestOn_followsTheLists(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 2)
		ada, ctx := a.member(1), t.Context()
		on := func(want int) {
			t.Helper()
			for range 2 { // read, then kept where that is possible
				if n, err := a.lists.On(ctx, 1); err != nil || n != want {
					t.Fatalf("on %d lists, %v; want %d", n, err, want)
				}
			}
		}
		on(0)
		l := a.make(ada, "Towers", list.Public, 1)
		on(1)
		a.make(ada, "More towers", list.Public, 1)
		a.make(ada, "My towers", list.Private, 1)
		on(2)
		a.must(a.lists.Remove(ctx, ada, l.Slug, 1))
		on(1)
		a.must(a.lists.Add(ctx, ada, l.Slug, 1, "again"))
		on(2)
	})
}
