package mark_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/mark"
)

// stated is a mark as a plain map of them would keep it.
type stated struct {
	member int64
	place  int
	kind   mark.Kind
}

// Whatever is marked and taken away, and whenever it is settled, every reader
// says what a plain map of the marks says.
func TestSettle_nobodySeesIt(t *testing.T) {
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return now }}, func(t *testing.T, d *db.DB) {
		const places, members, steps = 4, 3, 250
		a := newAtlas(t, d, places)
		other := mark.New(d) // another node
		who := make([]actor.Actor, members)
		for i := range who {
			who[i] = a.member(int64(i + 1))
		}
		rnd := rand.New(rand.NewPCG(1, 2))
		set := map[stated]time.Time{}
		change := func() (mark.Change, int) {
			i := rnd.IntN(places)
			return mark.Change{Place: a.ids[i], Kind: []mark.Kind{mark.Been, mark.Want}[rnd.IntN(2)], On: rnd.IntN(3) > 0}, i
		}
		say := func(m int, c mark.Change, i int) {
			s := stated{who[m].ID, i, c.Kind}
			if _, ok := set[s]; c.On && !ok {
				set[s] = now
			} else if !c.On {
				delete(set, s)
			}
		}
		for step := range steps {
			now = now.Add(time.Second)
			marks, m := []*mark.Marks{a.marks, other}[rnd.IntN(2)], rnd.IntN(members)
			switch n := rnd.IntN(10); {
			case n == 0:
				if err := marks.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
			case n == 1: // several, the last of each holds
				var list []mark.Change
				final, at := map[stated]mark.Change{}, map[stated]int{}
				for range 6 {
					c, i := change()
					s := stated{who[m].ID, i, c.Kind}
					list, final[s], at[s] = append(list, c), c, i
				}
				if err := marks.SetAll(t.Context(), who[m], list); err != nil {
					t.Fatal(err)
				}
				for s, c := range final {
					say(m, c, at[s])
				}
			case n == 2 && step%5 == 0:
				if err := d.Write(t.Context(), func(tx *db.Tx) error { return mark.Leave(tx, who[m].ID) }); err != nil {
					t.Fatal(err)
				}
				for s := range set {
					if s.member == who[m].ID {
						delete(set, s)
					}
				}
			default:
				c, i := change()
				if err := marks.Set(t.Context(), who[m], c.Place, c.Kind, c.On); err != nil {
					t.Fatal(err)
				}
				say(m, c, i)
			}
			if a.says(who[:]) != expected(a, set, who) {
				t.Fatalf("after step %d the atlas says\n%s\nand it is\n%s", step, a.says(who[:]), expected(a, set, who))
			}
		}
		if err := a.marks.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if faults, err := a.places.Check(t.Context()); err != nil || len(faults) > 0 {
			t.Error(faults, err)
		}
	})
}

// Deltas are settled without being asked for when they have become many, so that
// what reads all of them stays quick.
func TestSettle_byItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const places = 700
		a := newAtlas(t, d, places)
		ada := a.member(1)
		var list []mark.Change
		for _, id := range a.ids {
			list = append(list, mark.Change{Place: id, Kind: mark.Been, On: true}, mark.Change{Place: id, Kind: mark.Want, On: true})
		}
		if err := a.marks.SetAll(t.Context(), ada, list); err != nil {
			t.Fatal(err)
		}
		var deltas, marks int
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT (SELECT count(*) FROM mark_deltas), (SELECT count(*) FROM marks)`).Scan(&deltas, &marks)
		})
		if err != nil || marks < places || marks+deltas != len(list) {
			t.Errorf("%d marks are settled and %d are not, %v", marks, deltas, err)
		}
		if been, want, err := a.marks.Counts(t.Context(), ada.ID); err != nil || been != places || want != places {
			t.Error(been, want, err)
		}
	})
}

// says is all that the readers of marks tell, with the counts of places.
func (a *atlas) says(who []actor.Actor) string {
	a.t.Helper()
	var b strings.Builder
	do := func(err error) {
		if err != nil {
			a.t.Fatal(err)
		}
	}
	ctx := a.t.Context()
	for i := range a.ids {
		been, want := a.counts(i)
		fmt.Fprintln(&b, "place", i, been, want)
	}
	for _, w := range who {
		own, err := a.marks.Of(ctx, w, a.ids)
		do(err)
		shown, err := a.marks.Shown(ctx, w, a.ids)
		do(err)
		slices.SortFunc(shown, func(x, y mark.Mine) int { return cmp.Compare(a.number(x.Place), a.number(y.Place)) })
		for _, s := range shown {
			if s.Own != own[s.Place] {
				a.t.Fatalf("place %d shows %+v where %+v is so", a.number(s.Place), s.Own, own[s.Place])
			}
			fmt.Fprintln(&b, w.ID, "place", a.number(s.Place), s.Own, s.Counts)
		}
		been, want, err := a.marks.Counts(ctx, w.ID)
		do(err)
		fmt.Fprintln(&b, w.ID, "counts", been, want)
		for _, k := range []mark.Kind{mark.Been, mark.Want} {
			all, err := a.marks.All(ctx, w.ID, k)
			do(err)
			in, err := a.marks.In(ctx, w.ID, k)
			do(err)
			sum := 0
			for _, n := range in {
				sum += n
			}
			newest, err := a.marks.Newest(ctx, w.ID, k, mark.Marked{}, 2)
			do(err)
			if len(newest) == 2 {
				rest, err := a.marks.Newest(ctx, w.ID, k, newest[1], 9)
				do(err)
				newest = append(newest, rest...)
			}
			between, err := a.marks.Between(ctx, w.ID, k, time.Time{}.AddDate(1999, 0, 0), time.Time{}.AddDate(2999, 0, 0), 9)
			do(err)
			if !slices.EqualFunc(newest, between, func(x, y mark.Marked) bool { return x.Place == y.Place && x.At.Equal(y.At) }) {
				a.t.Fatalf("newest %v, between all times %v", newest, between)
			}
			fmt.Fprint(&b, w.ID, k, len(all), sum)
			for _, x := range newest {
				fmt.Fprint(&b, " ", a.number(x.Place), x.At.Unix())
			}
			fmt.Fprintln(&b)
		}
	}
	return b.String()
}

func (a *atlas) number(id int64) int { return slices.Index(a.ids, id) }

// expected is what says would be for a map of marks.
func expected(a *atlas, set map[stated]time.Time, who []actor.Actor) string {
	var b strings.Builder
	count := func(member int64, place int, k mark.Kind) (n int) {
		for s := range set {
			if (member == 0 || s.member == member) && (place < 0 || s.place == place) && s.kind == k {
				n++
			}
		}
		return n
	}
	for i := range a.ids {
		fmt.Fprintln(&b, "place", i, count(0, i, mark.Been), count(0, i, mark.Want))
	}
	for _, w := range who {
		for i := range a.ids {
			own := mark.Own{Been: count(w.ID, i, mark.Been) > 0, Want: count(w.ID, i, mark.Want) > 0}
			fmt.Fprintln(&b, w.ID, "place", i, own, [2]int{count(0, i, mark.Been), count(0, i, mark.Want)})
		}
		fmt.Fprintln(&b, w.ID, "counts", count(w.ID, -1, mark.Been), count(w.ID, -1, mark.Want))
		for _, k := range []mark.Kind{mark.Been, mark.Want} {
			var list []stated
			for s := range set {
				if s.member == w.ID && s.kind == k {
					list = append(list, s)
				}
			}
			slices.SortFunc(list, func(x, y stated) int {
				return cmp.Or(set[y].Compare(set[x]), cmp.Compare(a.ids[y.place], a.ids[x.place]))
			})
			fmt.Fprint(&b, w.ID, k, len(list), len(list))
			for _, s := range list {
				fmt.Fprint(&b, " ", s.place, set[s].Unix())
			}
			fmt.Fprintln(&b)
		}
	}
	return b.String()
}
