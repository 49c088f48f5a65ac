package list_test

import (
	"fmt"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/list"
)

func TestNaming(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 5)
		ada, ben, ctx := a.member(1), a.member(2), t.Context()
		one := a.make(ada, "One of them", list.Public, 1)
		both := a.make(ada, "Both of them", list.Public, 1, 2, 3)
		a.make(ada, "Others", list.Public, 3, 4)
		linked := a.make(ada, "By link", list.Link, 1, 2)
		a.make(ada, "For me", list.Private, 1, 2)
		a.must(a.lists.Invite(ctx, ada, one.Slug, ben.Name, list.Suggester))
		a.must(a.lists.Add(ctx, ben, one.Slug, 2, "")) // waits for ada
		titles := func(limit int, places ...int64) string {
			t.Helper()
			got, err := a.lists.Naming(ctx, places, limit)
			a.must(err)
			var out []string
			for _, l := range got {
				out = append(out, fmt.Sprint(l.Title, " by ", l.By))
			}
			return strings.Join(out, ", ")
		}
		for _, c := range []struct {
			limit  int
			places []int64
			want   string
		}{
			{8, []int64{1, 2}, "Both of them by m1, One of them by m1"},
			{1, []int64{1, 2}, "Both of them by m1"},
			{8, []int64{2}, "Both of them by m1"},
			{8, []int64{4, 5}, "Others by m1"},
			{8, []int64{5}, ""},
			{8, nil, ""},
			{0, []int64{1}, ""},
		} {
			if got := titles(c.limit, c.places...); got != c.want {
				t.Errorf("%d naming %v: %q, want %q", c.limit, c.places, got, c.want)
			}
		}
		a.must(a.lists.Rewrite(ctx, ada, both.Slug, both.Edition, list.Details{Title: both.Title, Privacy: list.Private}))
		a.must(a.lists.Rewrite(ctx, ada, linked.Slug, linked.Edition, list.Details{Title: linked.Title, Privacy: list.Public}))
		if got := titles(8, 1, 2); got != "By link by m1, One of them by m1" {
			t.Errorf("after one went private and one public: %q", got)
		}
	})
}
