package mark_test

import (
	"sync"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
)

// found writes a visit that says how the place was.
func (a *atlas) found(who actor.Actor, i int, day string, s mark.Still, words string) mark.Visit {
	a.t.Helper()
	v, err := a.marks.Write(a.t.Context(), who, mark.Visit{Place: a.ids[i], Day: day, Outcome: mark.Found, Privacy: mark.Me, Still: s, Told: words})
	if err != nil {
		a.t.Fatal(err)
	}
	return v
}

// confirmed is what the public reads of a place.
func (a *atlas) confirmed(i int) place.Confirmation {
	a.t.Helper()
	whole, err := a.places.Whole(a.t.Context(), a.ids[i:i+1])
	if err != nil || len(whole) != 1 {
		a.t.Fatal(whole, err)
	}
	if whole[0].Confirmed == nil {
		return place.Confirmation{}
	}
	return *whole[0].Confirmed
}

func (a *atlas) isConfirmed(i int, want place.Confirmation) {
	a.t.Helper()
	if got := a.confirmed(i); got != want {
		a.t.Errorf("place %d is confirmed %+v, not %+v", i, got, want)
	}
}

// asked remembers what the desk was asked.
type asked struct {
	told, back []mark.FieldNote
}

func (q *asked) Told(_ *db.Tx, _ actor.Actor, n mark.FieldNote) error {
	q.told = append(q.told, n)
	return nil
}

func (q *asked) TakenBack(_ *db.Tx, n mark.FieldNote) error { q.back = append(q.back, n); return nil }

// eachMonth runs body on both engines in November 2026; *at may be moved.
func eachMonth(t *testing.T, body func(t *testing.T, d *db.DB, at *time.Time)) {
	at := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return at }}, func(t *testing.T, d *db.DB) {
		at = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
		body(t, d, &at)
	})
}

func TestConfirmations(t *testing.T) {
	eachMonth(t, func(t *testing.T, d *db.DB, at *time.Time) {
		a := newAtlas(t, d, 2)
		ada, ben := a.member(1), a.member(2)
		before, err := changes.Last(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		a.found(ada, 0, "2026-11-01", mark.Unsaid, "")
		a.isConfirmed(0, place.Confirmation{})
		first := a.found(ada, 0, "2026-03", mark.Same, "")
		a.isConfirmed(0, place.Confirmation{Month: "2026-03", Visitors: 1, Health: place.Fresh})
		a.found(ada, 0, "2026-10-31", mark.Same, "")
		a.found(ben, 0, "2023", mark.Same, "")
		a.isConfirmed(0, place.Confirmation{Month: "2026-10", Visitors: 2, Health: place.Fresh})
		after, err := changes.Last(t.Context(), d)
		if err != nil || after != before+3 {
			t.Errorf("the log went from %d to %d, %v: each change of what is confirmed is told, and nothing else", before, after, err)
		}
		// A member's newest word counts, and only that.
		gone := a.found(ada, 0, "2026-11-02", mark.Shut, "A fence around it.")
		a.isConfirmed(0, place.Confirmation{Month: "2023-01", Visitors: 1, Health: place.Unconfirmed})
		if err := a.marks.Forget(t.Context(), ada, gone.ID); err != nil {
			t.Fatal(err)
		}
		a.isConfirmed(0, place.Confirmation{Month: "2026-10", Visitors: 2, Health: place.Fresh})
		// A visit that is changed says the new thing instead.
		first.Still, first.Day = mark.Unsaid, "2026-11-03"
		if _, err := a.marks.Write(t.Context(), ada, first); err != nil {
			t.Fatal(err)
		}
		a.isConfirmed(0, place.Confirmation{Month: "2026-10", Visitors: 2, Health: place.Fresh})
		if _, err := a.marks.Write(t.Context(), ben, mark.Visit{ID: first.ID, Place: a.ids[0], Day: "2026", Outcome: mark.Found, Privacy: mark.Me, Still: mark.Same}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another's visit was changed: %v", err)
		}
		_, err = a.marks.Write(t.Context(), ben, mark.Visit{Place: a.ids[0], Day: "2026", Outcome: mark.NotFound, Privacy: mark.Me, Still: mark.Same})
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("what was not found cannot be as described: %v", err)
		}
		// A place that becomes part of another brings them along; who leaves takes them.
		err = d.Write(t.Context(), func(tx *db.Tx) error { return a.places.Join(tx, a.ids[0], a.ids[1]) })
		if err != nil {
			t.Fatal(err)
		}
		a.isConfirmed(1, place.Confirmation{Month: "2026-10", Visitors: 2, Health: place.Fresh})
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return mark.Leave(tx, ada.ID) }); err != nil {
			t.Fatal(err)
		}
		a.isConfirmed(1, place.Confirmation{Month: "2023-01", Visitors: 1, Health: place.Unconfirmed})
	})
}

// Who confirmed a place stood by an entry that said so: when its status becomes
// another they confirm nothing any more, and again when that is taken back.
func TestConfirmations_ofAnotherStatus(t *testing.T) {
	eachMonth(t, func(t *testing.T, d *db.DB, at *time.Time) {
		a := newAtlas(t, d, 1)
		ada, ben := a.member(1), a.member(2)
		one := place.Confirmation{Month: "2026-11", Visitors: 1, Health: place.Fresh}
		first := a.found(ada, 0, "2026-11", mark.Same, "")
		a.isConfirmed(0, one)
		edit := func(name, value string) (c place.Changed) {
			t.Helper()
			*at = at.Add(time.Minute)
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				f := revision.Fields{}
				f.Set(name, value)
				c, err = a.places.Edit(tx, place.Proposed{ID: a.ids[0], Fields: f, By: place.Credit{Name: "Eve"}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			*at = at.Add(time.Minute)
			return c
		}
		edit("subtitle", "Words alone change nothing")
		a.isConfirmed(0, one)
		closed := edit("status", "closed")
		a.isConfirmed(0, place.Confirmation{})
		if n, err := a.places.HealthOf(t.Context(), a.ids); err != nil || len(n) != 0 {
			t.Errorf("a closed place is %v, %v", n, err)
		}
		// Words added to the old visit are no new confirmation; a new one is.
		first.Note = "I was there."
		if _, err := a.marks.Write(t.Context(), ada, first); err != nil {
			t.Fatal(err)
		}
		a.isConfirmed(0, place.Confirmation{})
		a.found(ben, 0, "2026-11-02", mark.Same, "")
		a.isConfirmed(0, one)
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return a.places.TakeBack(tx, closed, place.Credit{Name: "Eve"}, "Taken back") }); err != nil {
			t.Fatal(err)
		}
		a.isConfirmed(0, place.Confirmation{Month: "2026-11", Visitors: 2, Health: place.Fresh})
	})
}

// With nothing but time entries grow old, which the log tells once.
func TestConfirmations_age(t *testing.T) {
	eachMonth(t, func(t *testing.T, d *db.DB, at *time.Time) {
		a := newAtlas(t, d, 2)
		ada := a.member(1)
		a.found(ada, 0, "2026-11", mark.Same, "")
		a.found(ada, 1, "2026-02", mark.Same, "")
		age := func(want int) {
			t.Helper()
			if next, n, err := a.places.Age(t.Context(), 0); err != nil || n != want || next != 0 {
				t.Errorf("%d grew old, %v, not %d; on from %d", n, err, want, next)
			}
		}
		age(0)
		*at = time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)
		before, _ := changes.Last(t.Context(), d)
		age(1)
		age(0)
		if after, err := changes.Last(t.Context(), d); err != nil || after != before+1 {
			t.Errorf("the log went from %d to %d, %v", before, after, err)
		}
		a.isConfirmed(0, place.Confirmation{Month: "2026-11", Visitors: 1, Health: place.Fresh})
		a.isConfirmed(1, place.Confirmation{Month: "2026-02", Visitors: 1, Health: place.Ageing})
		*at = time.Date(2036, 5, 1, 0, 0, 0, 0, time.UTC)
		age(2)
		a.isConfirmed(1, place.Confirmation{Month: "2026-02", Visitors: 1, Health: place.Unconfirmed})
	})
}

// Whoever confirms at once, each counts once.
func TestConfirmations_atOnce(t *testing.T) {
	eachMonth(t, func(t *testing.T, d *db.DB, _ *time.Time) {
		a := newAtlas(t, d, 1)
		var who []actor.Actor
		for i := range 8 {
			who = append(who, a.member(int64(i+1)))
		}
		var all sync.WaitGroup
		for i, m := range who {
			for range 3 {
				all.Go(func() {
					still := mark.Same
					if i == 0 {
						still = mark.Changed
					}
					v := mark.Visit{Place: a.ids[0], Day: "2026-11", Outcome: mark.Found, Privacy: mark.Me, Still: still}
					if _, err := a.marks.Write(t.Context(), m, v); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		a.isConfirmed(0, place.Confirmation{Month: "2026-11", Visitors: 7, Health: place.Fresh})
		a.hasCounts(0, 8, 0)
		open := 0
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM field_notes WHERE member = 1 AND state = 'waiting'`).Scan(&open)
		})
		if err != nil || open != 1 {
			t.Errorf("%d field notes of one member wait at one place, %v", open, err)
		}
	})
}

func TestFieldNotes(t *testing.T) {
	eachMonth(t, func(t *testing.T, d *db.DB, _ *time.Time) {
		a := newAtlas(t, d, 1)
		q := &asked{}
		a.marks.Join(q)
		ada := a.member(1)
		a.found(ada, 0, "2026-11", mark.Same, "")
		if len(q.told) != 0 {
			t.Fatalf("the desk was told that all is well: %+v", q.told)
		}
		v := a.found(ada, 0, "2026-11-02", mark.Changed, "  The roof is gone.\u0000 ")
		if len(q.told) != 1 || q.told[0].Says != mark.Changed || q.told[0].Words != "The roof is gone." || q.told[0].Visit != v.ID || q.told[0].Day != "2026-11-02" {
			t.Fatalf("the desk was told %+v", q.told)
		}
		v.Note, v.Told = "For my friends", "The roof is gone."
		if _, err := a.marks.Write(t.Context(), ada, v); err != nil || len(q.told) != 1 {
			t.Errorf("told again for what is another's: %v, %+v", err, q.told)
		}
		v.Still, v.Told = mark.Shut, "All of it is gone."
		if _, err := a.marks.Write(t.Context(), ada, v); err != nil || len(q.told) != 2 || len(q.back) != 1 || q.back[0].ID != q.told[0].ID {
			t.Errorf("a changed word: %v, told %+v, back %+v", err, q.told, q.back)
		}
		a.found(ada, 0, "2026-11-03", mark.Shut, "Torn down.")
		if len(q.told) != 3 || len(q.back) != 2 {
			t.Errorf("a newer visit: told %+v, back %+v", q.told, q.back)
		}
		for _, bad := range []mark.Visit{
			{Place: a.ids[0], Day: "2026", Outcome: mark.Found, Privacy: mark.Me, Told: "Words without a choice"},
			{Place: a.ids[0], Day: "2026", Outcome: mark.Found, Privacy: mark.Me, Still: "burnt"},
		} {
			if _, err := a.marks.Write(t.Context(), ada, bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if err := a.marks.Forget(t.Context(), ada, v.ID); err != nil || len(q.back) != 2 {
			t.Errorf("a visit without a note that waits: %v, %+v", err, q.back)
		}
	})
}
