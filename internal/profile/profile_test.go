package profile_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/follow"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/list"
	"mirabilia/internal/mark"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/profile"
	"mirabilia/internal/revision"
	"mirabilia/internal/user"
)

var world = gazetteer.Open()

// atlas is some places and members on a fresh database.
type atlas struct {
	*testing.T
	db       *db.DB
	places   *place.Places
	marks    *mark.Marks
	follows  *follow.Follows
	users    *user.Users
	profiles *profile.Profiles
}

func newAtlas(t *testing.T, d *db.DB) *atlas {
	a := &atlas{T: t, db: d, places: place.New(d, world), marks: mark.New(d), follows: follow.New(d), users: user.New(d)}
	a.profiles = profile.New(a.places, a.marks, photo.New(d, nil, nil, a.places), list.New(d), a.follows)
	return a
}

func (a *atlas) member(id int64) (*user.Member, actor.Actor) {
	a.Helper()
	name := fmt.Sprint("m", id)
	a.write(func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
			settings, accepted, declined, created_at, seen_at, revision)
			VALUES ($1, $2, $2, 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, name)
		return err
	})
	m, err := a.users.ByID(a.Context(), id)
	if err != nil {
		a.Fatal(err)
	}
	return m, m.Actor()
}

func (a *atlas) write(fn func(tx *db.Tx) error) {
	a.Helper()
	if err := a.db.Write(a.Context(), fn); err != nil {
		a.Fatal(err)
	}
}

// create publishes a place by a member and gives its number.
func (a *atlas) create(m *user.Member, title string, lat, lon float64) (id int64) {
	a.Helper()
	f := revision.Fields{}
	f.Set("title", title)
	f.Set("lat", lat)
	f.Set("lon", lon)
	a.write(func(tx *db.Tx) error {
		done, err := a.places.Create(tx, place.Proposed{Fields: f, By: place.Credit{Name: m.Shown, URL: m.Path()}})
		id = done.ID
		return err
	})
	return id
}

func (a *atlas) choose(m *user.Member, privacy map[string]string) *user.Member {
	a.Helper()
	if err := a.users.Choose(a.Context(), m.Actor(), func(s *user.Settings) { s.Privacy = privacy }); err != nil {
		a.Fatal(err)
	}
	m, err := a.users.ByID(a.Context(), m.ID)
	if err != nil {
		a.Fatal(err)
	}
	return m
}

func TestSees(t *testing.T) {
	for _, c := range []struct {
		chosen string
		state  user.State
		by     profile.Sight
		seen   bool
	}{
		{chosen: "", by: mark.Public}, {chosen: "", by: mark.Followers}, {chosen: "", by: mark.Me, seen: true},
		{chosen: "me", by: mark.Followers}, {chosen: "followers", by: mark.Public}, {chosen: "followers", by: mark.Followers, seen: true},
		{chosen: "public", by: mark.Public, seen: true}, {chosen: "public", by: mark.Followers, seen: true},
		{chosen: "everybody", by: mark.Followers}, // what is no choice is none
		{chosen: "public", by: "", seen: true}, {chosen: "followers", by: ""},
		{chosen: "public", state: user.Suspended, by: mark.Public}, {chosen: "public", state: user.Suspended, by: mark.Followers}, {chosen: "public", state: user.Suspended, by: mark.Me, seen: true},
	} {
		m := &user.Member{State: user.Active, Settings: user.Settings{Privacy: map[string]string{"been": c.chosen}}}
		if c.state != "" {
			m.State = c.state
		}
		if got := profile.Sees(m, profile.Been, c.by); got != c.seen {
			t.Errorf("%q of %s by %q: %v", c.chosen, m.State, c.by, got)
		}
		if profile.Sees(m, profile.Want, c.by) != (c.by == mark.Me) {
			t.Errorf("another part follows the choice of this one: %+v", c)
		}
	}
}

func TestBadges(t *testing.T) {
	for _, c := range []struct {
		work profile.Work
		want string
	}{
		{profile.Work{}, "[]"}, {profile.Work{Edited: 9, Photos: 9}, "[]"}, {profile.Work{Added: 1}, "[{places 1}]"}, {profile.Work{Added: 9, Edited: 10}, "[{places 1} {edits 10}]"},
		{profile.Work{Added: 5000, Edited: 100, Photos: 99}, "[{places 1000} {edits 100} {photos 10}]"},
	} {
		if got := fmt.Sprint(profile.Badges(c.work)); got != c.want {
			t.Errorf("%+v: %s, want %s", c.work, got, c.want)
		}
	}
}

// What a member gave is found under their page: it comes with the credit, and
// goes with it.
func TestCredits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d)
		ada, _ := a.member(1)
		ben, _ := a.member(2)
		first, second := a.create(ada, "First", 48.85, 2.35), a.create(ada, "Second", 41.9, 12.5)
		count := func(m *user.Member, added, edited int) {
			t.Helper()
			c, err := a.profiles.Counts(t.Context(), m, mark.Public)
			if err != nil || c.Added != added || c.Edited != edited || c.Been != nil || c.Want != nil || c.Visits != nil {
				t.Errorf("%s: %+v %v, want %d added and %d edited", m.Name, c, err, added, edited)
			}
		}
		count(ada, 2, 0)
		count(ben, 0, 0)
		list, err := a.places.CreditedTo(t.Context(), ada.Path(), place.Added, place.Credited{}, 1)
		if err != nil || len(list) != 1 || list[0].Place != second {
			t.Fatalf("%v %v", list, err)
		}
		if list, err = a.places.CreditedTo(t.Context(), ada.Path(), place.Added, list[0], 5); err != nil || len(list) != 1 || list[0].Place != first {
			t.Errorf("the next page: %v %v", list, err)
		}

		var done place.Changed
		edit := revision.Fields{}
		edit.Set("subtitle", "Better.")
		by := place.Credit{Name: ben.Shown, URL: ben.Path()}
		a.write(func(tx *db.Tx) (err error) {
			done, err = a.places.Edit(tx, place.Proposed{ID: first, Base: 1, Fields: edit, By: by})
			return err
		})
		count(ben, 0, 1)
		a.write(func(tx *db.Tx) error { return a.places.TakeBack(tx, done, by, "Taken back") })
		count(ben, 0, 0)
		if err := a.places.Merge(t.Context(), second, first); err != nil {
			t.Fatal(err)
		}
		count(ada, 1, 0) // one of them is a part of the other now
		if err := a.places.Recredit(t.Context(), ada.Path(), place.Credit{Name: "a former member"}); err != nil {
			t.Fatal(err)
		}
		count(ada, 0, 0)
	})
}

func TestCountries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d)
		ada, who := a.member(1)
		_, ben := a.member(2)
		paris, rome, nowhere := a.create(ada, "In Paris", 48.85, 2.35), a.create(ada, "In Rome", 41.9, 12.5), a.create(ada, "At sea", 0, -30)
		lyon := a.create(ada, "In Lyon", 45.76, 4.84)
		for _, id := range []int64{paris, rome, nowhere, lyon} {
			if err := a.marks.Set(t.Context(), who, id, mark.Been, true); err != nil {
				t.Fatal(err)
			}
		}
		total := func(path string) int { return map[string]int{"france": 180, "italy": 0}[path] }
		if list, err := a.profiles.Countries(t.Context(), ada, mark.Public, total); err != nil || list != nil {
			t.Errorf("not chosen: %v %v", list, err)
		}
		ada = a.choose(ada, map[string]string{"statistics": "followers"})
		want := "[{france 2 180} {italy 1 1}]"
		if list, err := a.profiles.Countries(t.Context(), ada, mark.Followers, total); err != nil || fmt.Sprint(list) != want || list[0].Share() != 1 {
			t.Errorf("%v %v, want %s", list, err, want)
		}
		for _, c := range []struct {
			who  actor.Actor
			want profile.Sight
		}{{who, mark.Me}, {ben, mark.Public}, {actor.Actor{}, mark.Public}} {
			if got, err := a.profiles.Sight(t.Context(), c.who, ada); err != nil || got != c.want {
				t.Errorf("%s: %s %v", c.who.Name, got, err)
			}
		}
		if err := a.follows.Set(t.Context(), ben, follow.Subject{Kind: follow.Member, ID: ada.ID}, true); err != nil {
			t.Fatal(err)
		}
		if got, err := a.profiles.Sight(t.Context(), ben, ada); err != nil || got != mark.Followers {
			t.Errorf("a follower: %s %v", got, err)
		}
		if n, err := a.profiles.Followers(t.Context(), ada); n != 1 || err != nil {
			t.Errorf("%d followers: %v", n, err)
		}
		if err := a.places.Withdraw(t.Context(), lyon); err != nil {
			t.Fatal(err)
		}
		if list, err := a.profiles.Countries(t.Context(), ada, mark.Me, total); err != nil || list[0].Been != 1 {
			t.Errorf("a place that is gone counts: %v %v", list, err)
		}
	})
}

// A year is told by visits where the reader sees them, else by marks; what a
// visit says that the reader does not see changes nothing.
func TestYear(t *testing.T) {
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return now }}, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d)
		ada, who := a.member(1)
		old, fresh := a.create(ada, "Long ago", 48.85, 2.35), a.create(ada, "This year", 41.9, 12.5)
		for _, v := range []mark.Visit{{Place: old, Day: "2019-05", Outcome: mark.Found, Privacy: mark.Me}, {Place: fresh, Day: "2026-11-01", Outcome: mark.Found, Privacy: mark.Public}} {
			if _, err := a.marks.Write(t.Context(), who, v); err != nil {
				t.Fatal(err)
			}
		}
		year := func(sight profile.Sight, year int) profile.Year {
			t.Helper()
			y, err := a.profiles.Year(t.Context(), ada, sight, year)
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(y.Been)
			return y
		}
		if y := year(mark.Public, 2026); y.Counted || y.Shown || len(y.Been) != 0 || len(y.Added) != 2 || len(y.Edited) != 0 {
			t.Errorf("everything private: %+v", y)
		}
		if y := year(mark.Me, 2026); !slices.Equal(y.Been, []int64{fresh}) {
			t.Errorf("one's own: %+v", y)
		}
		if y := year(mark.Me, 2019); !slices.Equal(y.Been, []int64{old}) || len(y.Added) != 0 || y.Empty() {
			t.Errorf("one's own 2019: %+v", y)
		}
		ada = a.choose(ada, map[string]string{"been": "public", "visits": "public"})
		both := []int64{old, fresh}
		slices.Sort(both)
		if y := year(mark.Public, 2026); !slices.Equal(y.Been, both) {
			t.Errorf("a private visit shows by what is left out: %+v", y)
		}
		if y := year(mark.Public, 2019); !y.Empty() {
			t.Errorf("a private visit shows: %+v", y)
		}
		ada = a.choose(ada, map[string]string{"statistics": "public"})
		if y := year(mark.Public, 2026); !y.Counted || y.Shown || len(y.Been) != 2 {
			t.Errorf("statistics alone: %+v", y)
		}
	})
}
