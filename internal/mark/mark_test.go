package mark_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
)

var world = gazetteer.Open()

// atlas is some places on a fresh database, and members who may mark them.
type atlas struct {
	t      *testing.T
	db     *db.DB
	places *place.Places
	marks  *mark.Marks
	ids    []int64
}

func newAtlas(t *testing.T, d *db.DB, n int) *atlas {
	t.Helper()
	a := &atlas{t: t, db: d, places: place.New(d, world), marks: mark.New(d)}
	a.places.SetConfirmer(mark.Confirm)
	a.places.SetCarriers(place.Carrier{Carry: mark.Carry, Back: mark.Back})
	records := make([]place.Record, n)
	for i := range records {
		lat, lon := 10+float64(i%50), 20+float64(i/50)
		records[i] = place.Record{Source: "t", ID: fmt.Sprint(i), Title: fmt.Sprintf("Place %d", i), Lat: &lat, Lon: &lon}
	}
	_, err := a.places.Import(t.Context(), records, place.ImportOptions{Publish: true, Report: func(_ int, _ bool, reason string) { t.Error(reason) }})
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		p, err := a.places.BySlug(t.Context(), fmt.Sprintf("place-%d", i))
		if err != nil {
			t.Fatal(err)
		}
		a.ids = append(a.ids, p.ID)
	}
	return a
}

// member makes a member and gives who asks.
func (a *atlas) member(id int64) actor.Actor {
	a.t.Helper()
	err := a.db.Write(a.t.Context(), func(tx *db.Tx) error { return insertMember(tx, id) })
	if err != nil {
		a.t.Fatal(err)
	}
	return actor.Actor{ID: id, Name: fmt.Sprint("m", id), Role: actor.Member}
}

func (a *atlas) set(who actor.Actor, i int, k mark.Kind, on bool) {
	a.t.Helper()
	if err := a.marks.Set(a.t.Context(), who, a.ids[i], k, on); err != nil {
		a.t.Fatal(err)
	}
}

// counts are what a place says of itself, as cards say it and as it is read whole.
func (a *atlas) counts(i int) (been, want int) {
	a.t.Helper()
	cards, err := a.places.Cards(a.t.Context(), a.ids[i:i+1])
	if err != nil || len(cards) != 1 {
		a.t.Fatal(cards, err)
	}
	whole, err := a.places.Whole(a.t.Context(), a.ids[i:i+1])
	if err != nil {
		a.t.Fatal(err)
	}
	if cards[0].Been != whole[0].Been || cards[0].Want != whole[0].Want {
		a.t.Errorf("a kept card says %d and %d, the row %d and %d", cards[0].Been, cards[0].Want, whole[0].Been, whole[0].Want)
	}
	return whole[0].Been, whole[0].Want
}

func (a *atlas) hasCounts(i, been, want int) {
	a.t.Helper()
	if b, w := a.counts(i); b != been || w != want {
		a.t.Errorf("place %d has been %d, want %d; it should have %d and %d", i, b, w, been, want)
	}
}

func TestSet_countsOnceAndIsUndone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 2)
		ada, ben := a.member(1), a.member(2)
		a.hasCounts(0, 0, 0) // and the card is kept now
		for range 2 {
			a.set(ada, 0, mark.Been, true)
		}
		a.set(ben, 0, mark.Been, true)
		a.set(ben, 0, mark.Want, true)
		a.hasCounts(0, 2, 1)
		for range 2 {
			a.set(ada, 0, mark.Been, false)
		}
		a.hasCounts(0, 1, 1)
		a.hasCounts(1, 0, 0)
		own, err := a.marks.Of(t.Context(), ben, a.ids)
		if err != nil || own[a.ids[0]] != (mark.Own{Been: true, Want: true}) || len(own) != 1 {
			t.Errorf("%+v, %v", own, err)
		}
		if own, err := a.marks.Of(t.Context(), actor.Actor{}, a.ids); err != nil || len(own) != 0 {
			t.Errorf("nobody has marks: %v, %v", own, err)
		}
	})
}

func TestSet_refused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 1)
		ada := a.member(1)
		if err := a.marks.Set(t.Context(), actor.Actor{}, a.ids[0], mark.Been, true); !errs.Is(err, errs.Unsigned) {
			t.Errorf("nobody marks: %v", err)
		}
		if err := a.marks.Set(t.Context(), ada, a.ids[0], "liked", true); !errs.Is(err, errs.Invalid) {
			t.Errorf("another kind: %v", err)
		}
		if err := a.marks.Set(t.Context(), ada, 99, mark.Been, true); !errs.Is(err, errs.NotFound) {
			t.Errorf("a place that is not there: %v", err)
		}
		if err := a.marks.Set(t.Context(), ada, 99, mark.Been, false); err != nil {
			t.Errorf("undoing there what never was: %v", err)
		}
		a.hasCounts(0, 0, 0)
	})
}

// Many members mark at once, some of them what cannot be marked: every answer
// is right and the counts are exact.
func TestSet_exactUnderConcurrency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 3)
		const members, rounds = 8, 12
		who := make([]actor.Actor, members)
		for i := range who {
			who[i] = a.member(int64(i + 1))
		}
		ghost := actor.Actor{ID: 77, Role: actor.Member} // no such member
		var wg sync.WaitGroup
		for m := range members {
			wg.Go(func() {
				for i := range rounds {
					on := (m+i)%3 != 0 // the last round decides
					if err := a.marks.Set(t.Context(), who[m], a.ids[0], mark.Been, on); err != nil {
						t.Error(err)
					}
					if err := a.marks.SetAll(t.Context(), who[m], []mark.Change{{a.ids[1], mark.Want, true}, {a.ids[1], mark.Want, false}, {a.ids[2], mark.Want, true}}); err != nil {
						t.Error(err)
					}
					if i == rounds/2 {
						if err := a.marks.Set(t.Context(), ghost, a.ids[0], mark.Been, true); err == nil {
							t.Error("a member who is not there marks")
						}
						if err := a.marks.Set(t.Context(), who[m], 5, mark.Been, true); !errs.Is(err, errs.NotFound) {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		been := 0
		for m := range members {
			if (m+rounds-1)%3 != 0 {
				been++
			}
		}
		a.hasCounts(0, been, 0)
		a.hasCounts(1, 0, 0)
		a.hasCounts(2, 0, members)
	})
}

func TestNewest_pages(t *testing.T) {
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return now }}, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 5)
		ada := a.member(1)
		for i := range 5 {
			if i > 1 { // the first two at the same moment
				now = now.Add(time.Minute)
			}
			a.set(ada, i, mark.Want, true)
		}
		var got []int64
		var after mark.Marked
		for {
			list, err := a.marks.Newest(t.Context(), ada.ID, mark.Want, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, x := range list {
				got = append(got, x.Place)
			}
			after = list[len(list)-1]
		}
		want := []int64{a.ids[4], a.ids[3], a.ids[2], max(a.ids[0], a.ids[1]), min(a.ids[0], a.ids[1])}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", got, want)
		}
		all, err := a.marks.All(t.Context(), ada.ID, mark.Want)
		been, wants, err2 := a.marks.Counts(t.Context(), ada.ID)
		if err != nil || err2 != nil || len(all) != 5 || been != 0 || wants != 5 {
			t.Errorf("%v %d %d %v %v", all, been, wants, err, err2)
		}
	})
}

func TestVisits(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return now }}, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 2)
		ada, ben := a.member(1), a.member(2)
		ctx := t.Context()
		write := func(v mark.Visit) mark.Visit {
			t.Helper()
			v, err := a.marks.Write(ctx, ada, v)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		one := write(mark.Visit{Place: a.ids[0], Day: "2026-04-30", Outcome: mark.Found, Privacy: mark.Public, Note: " The door was open. "})
		write(mark.Visit{Place: a.ids[0], Day: "2025", Outcome: mark.Closed, Privacy: mark.Me})
		write(mark.Visit{Place: a.ids[1], Day: "2026-02", Outcome: mark.NotFound, Privacy: mark.Followers})
		a.hasCounts(0, 1, 0)
		a.hasCounts(1, 0, 0) // who did not find it was not there
		for sight, n := range map[mark.Privacy]int{mark.Public: 1, mark.Followers: 2, mark.Me: 3, "": 0} {
			list, err := a.marks.VisitsOf(ctx, ada.ID, sight)
			if err != nil || len(list) != n {
				t.Errorf("with the sight %q: %+v, %v; want %d", sight, list, err, n)
			}
		}
		one.Note, one.Privacy = "It was shut after all.", mark.Me
		if _, err := a.marks.Write(ctx, ben, one); !errs.Is(err, errs.NotFound) {
			t.Errorf("another's visit was written: %v", err)
		}
		write(one)
		list, err := a.marks.VisitsAt(ctx, ada, a.ids[0])
		if err != nil || len(list) != 2 || list[0].Note != one.Note || list[0].Privacy != mark.Me {
			t.Errorf("%+v, %v", list, err)
		}
		if err := a.marks.Forget(ctx, ben, one.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another's visit was deleted: %v", err)
		}
		if err := a.marks.Forget(ctx, ada, one.ID); err != nil {
			t.Error(err)
		}
		for _, bad := range []mark.Visit{
			{Place: a.ids[0], Day: "2026-05-03", Outcome: mark.Found, Privacy: mark.Me}, {Place: a.ids[0], Day: "1", Outcome: mark.Found, Privacy: mark.Me},
			{Place: a.ids[0], Day: "2026", Outcome: "fine", Privacy: mark.Me}, {Place: a.ids[0], Day: "2026", Outcome: mark.Found, Privacy: "friends"},
		} {
			if _, err := a.marks.Write(ctx, ada, bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if _, err := a.marks.Write(ctx, ada, mark.Visit{Place: 9, Day: "2026", Outcome: mark.Found, Privacy: mark.Me}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a visit of nowhere: %v", err)
		}
	})
}

func TestLeaveAndMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 3)
		ada, ben := a.member(1), a.member(2)
		for i := range 2 {
			a.set(ada, i, mark.Been, true)
		}
		a.set(ben, 0, mark.Been, true)
		a.set(ben, 0, mark.Want, true)
		if _, err := a.marks.Write(t.Context(), ben, mark.Visit{Place: a.ids[0], Day: "2020", Outcome: mark.Closed, Privacy: mark.Me}); err != nil {
			t.Fatal(err)
		}
		do := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		do(func(tx *db.Tx) error { return a.places.Join(tx, a.ids[0], a.ids[1]) })
		a.hasCounts(1, 2, 1)
		if list, err := a.marks.VisitsAt(t.Context(), ben, a.ids[1]); err != nil || len(list) != 1 {
			t.Errorf("the visit did not come along: %v, %v", list, err)
		}
		do(func(tx *db.Tx) error { return mark.Leave(tx, ben.ID) })
		a.hasCounts(1, 1, 0)
		if list, err := a.marks.VisitsAt(t.Context(), ben, a.ids[1]); err != nil || len(list) != 0 {
			t.Errorf("a visit of one who left is there: %v, %v", list, err)
		}
	})
}

// Who was let in a moment before they left marks nothing any more: no trace of
// them comes back.
func TestSet_whoHasLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 2)
		ada, ben := a.member(1), a.member(2)
		a.set(ada, 0, mark.Been, true)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := mark.Leave(tx, ada.ID); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE members SET state = 'deleted' WHERE id = $1`, ada.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.marks.Set(t.Context(), ada, a.ids[1], mark.Want, true); !errs.Is(err, errs.Unsigned) {
			t.Errorf("a mark: %v", err)
		}
		if _, err := a.marks.Write(t.Context(), ada, mark.Visit{Place: a.ids[1], Day: "2020", Outcome: mark.Found, Privacy: mark.Me}); !errs.Is(err, errs.Unsigned) {
			t.Errorf("a visit: %v", err)
		}
		a.hasCounts(1, 0, 0)
		a.set(ben, 1, mark.Want, true)
		a.hasCounts(1, 0, 1)
	})
}

// What is counted while a transaction ends is counted with the rest.
func TestCount_atTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 1)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			one := []place.Tally{{Place: a.ids[0], Been: 1}}
			place.Count(tx, one)
			tx.AtEnd(func() error { place.Count(tx, one); return nil })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		a.hasCounts(0, 2, 0)
	})
}

// conflicting is a queue whose first transaction the database gives up.
type conflicting struct{ times int }

func (q *conflicting) Told(tx *db.Tx, _ actor.Actor, _ mark.FieldNote) error {
	if q.times++; q.times > 1 || tx.DB().Engine() != db.Postgres {
		return nil
	}
	_, err := tx.Exec(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$`)
	return err
}

func (*conflicting) TakenBack(*db.Tx, mark.FieldNote) error { return nil }

// A visit whose transaction is run again is the same new visit.
func TestWrite_runAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 1)
		ada := a.member(1)
		q := &conflicting{}
		a.marks.Join(q)
		if _, err := a.marks.Write(t.Context(), ada, mark.Visit{Place: a.ids[0], Day: "2020", Outcome: mark.Found, Privacy: mark.Me, Still: mark.Shut, Told: "A car park."}); err != nil {
			t.Fatal(err)
		}
		if again := d.Engine() == db.Postgres; again != (q.times == 2) {
			t.Errorf("run %d times", q.times)
		}
		if list, err := a.marks.VisitsAt(t.Context(), ada, a.ids[0]); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		a.hasCounts(0, 1, 0)
	})
}

// Two entries that were joined are made two again: each has the marks and visits
// that it had, both where somebody had marked both; what came since stays, and
// what was taken away since comes back nowhere.
func TestPart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 3)
		ada, ben, cleo, dora := a.member(1), a.member(2), a.member(3), a.member(4)
		a.set(ada, 0, mark.Been, true) // both
		a.set(ada, 1, mark.Been, true)
		a.set(ben, 0, mark.Been, true) // moved
		a.set(ben, 0, mark.Want, true)
		a.set(cleo, 0, mark.Want, true) // moved, and taken away since
		visit, err := a.marks.Write(t.Context(), ben, mark.Visit{Place: a.ids[0], Day: "2020", Outcome: mark.Closed, Privacy: mark.Me})
		if err != nil {
			t.Fatal(err)
		}
		do := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		part := func(into int) {
			t.Helper()
			list, err := a.places.Joined(t.Context(), a.ids[into])
			if err != nil || len(list) == 0 {
				t.Fatal(list, err)
			}
			do(func(tx *db.Tx) error { return a.places.Part(tx, list[0].Joint) })
		}
		do(func(tx *db.Tx) error { return a.places.Join(tx, a.ids[0], a.ids[1]) })
		a.hasCounts(1, 2, 2)
		a.set(cleo, 1, mark.Want, false)
		a.set(dora, 1, mark.Been, true)
		// Meanwhile the other becomes a part of a third, which is taken back first.
		do(func(tx *db.Tx) error { return a.places.Join(tx, a.ids[1], a.ids[2]) })
		a.hasCounts(2, 3, 1)
		first, err := a.places.Joined(t.Context(), a.ids[1])
		if err != nil || len(first) != 1 {
			t.Fatal(first, err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return a.places.Part(tx, first[0].Joint) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("out of order: %v", err)
		}
		part(2)
		a.hasCounts(2, 0, 0)
		a.hasCounts(1, 3, 1)
		part(1)
		a.hasCounts(0, 2, 1)
		a.hasCounts(1, 2, 0)
		for i, who := range map[int]actor.Actor{0: ben, 1: dora} {
			if has, err := a.marks.Of(t.Context(), who, []int64{a.ids[i]}); err != nil || !has[a.ids[i]].Been {
				t.Errorf("place %d: %+v, %v", i, has, err)
			}
		}
		for i, n := range map[int]int{0: 1, 1: 0} {
			if list, err := a.marks.VisitsAt(t.Context(), ben, a.ids[i]); err != nil || len(list) != n || n == 1 && list[0].ID != visit.ID {
				t.Errorf("visits of place %d: %+v, %v", i, list, err)
			}
		}
		if faults, err := a.places.Check(t.Context()); err != nil || len(faults) > 0 {
			t.Error(faults, err)
		}
	})
}

// Counted gives each place once, in the order of the commits, however often it
// was marked, and never half of one transaction.
func TestCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 4)
		ada := a.member(1)
		for range 3 {
			a.set(ada, 2, mark.Been, true)
			a.set(ada, 2, mark.Been, false)
		}
		a.set(ada, 2, mark.Been, true)
		if err := a.marks.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := a.marks.SetAll(t.Context(), ada, []mark.Change{{a.ids[0], mark.Want, true}, {a.ids[1], mark.Want, true}, {a.ids[3], mark.Want, true}}); err != nil {
			t.Fatal(err)
		}
		if err := a.marks.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		var got []string
		for seq, more := int64(0), true; more; {
			var list []place.Counts
			var err error
			list, seq, more, err = a.places.Counted(t.Context(), seq, 2)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(len(list)))
		}
		if s := fmt.Sprint(got); s != "[1 3 0]" {
			t.Errorf("pages of %s places", s)
		}
	})
}
