package list_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/list"
)

type atlas struct {
	t     *testing.T
	db    *db.DB
	lists *list.Lists
}

// newAtlas makes places 1 to n, published, without anything on them.
func newAtlas(t *testing.T, d *db.DB, n int64) *atlas {
	t.Helper()
	a := &atlas{t, d, list.New(d)}
	columns := []string{"id", "slug", "kind", "state", "title", "subtitle", "lang", "tier", "country_code", "destination", "status", "tags", "photos",
		"obscurity", "updated_at", "revision", "source", "source_id", "import_sum", "created_at", "tier_reason", "address", "website", "status_date", "status_until",
		"status_source", "source_url", "image_url", "licence", "added_by", "edited_by", "revised_by", "summary", "aliases", "facts", "sources", "extra", "know", "body"}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Insert("places", columns, int(n), func(i int, into []any) {
			for k := range into {
				into[k] = ""
			}
			for _, name := range []string{"photos", "obscurity", "updated_at", "revision", "import_sum", "created_at"} {
				into[slices.Index(columns, name)] = int64(0)
			}
			into[0], into[1], into[2], into[3], into[7] = int64(i+1), fmt.Sprint("place-", i+1), "place", "published", "exact"
			into[slices.Index(columns, "source_id")] = fmt.Sprint(i)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *atlas) member(id int64) actor.Actor {
	a.t.Helper()
	name := fmt.Sprint("m", id)
	err := a.db.Write(a.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
			settings, accepted, declined, created_at, seen_at, revision)
			VALUES ($1, $2, $2, 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, name)
		return err
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return actor.Actor{ID: id, Name: name, Role: actor.Member}
}

func (a *atlas) make(who actor.Actor, title string, p list.Privacy, places ...int64) *list.List {
	a.t.Helper()
	l, err := a.lists.Make(a.t.Context(), who, list.Details{Title: title, Privacy: p})
	if err != nil {
		a.t.Fatal(err)
	}
	for _, place := range places {
		a.must(a.lists.Add(a.t.Context(), who, l.Slug, place, ""))
	}
	return l
}

func (a *atlas) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// order is what stands on a list, as its owner sees it.
func (a *atlas) order(who actor.Actor, slug string) (places []int64) {
	a.t.Helper()
	_, entries, _, _, err := a.lists.Mine(a.t.Context(), who, slug)
	a.must(err)
	for _, e := range entries {
		places = append(places, e.Place)
	}
	return places
}

func TestMove_keepsTheRest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 5)
		ada, ctx := a.member(1), t.Context()
		l := a.make(ada, "Stairs", list.Private, 1, 2, 3, 4)
		a.must(a.lists.Add(ctx, ada, l.Slug, 2, "again")) // stays where it is
		for _, step := range []struct {
			do   func() error
			want string
		}{
			{func() error { return a.lists.Move(ctx, ada, l.Slug, 4, 2) }, "[1 4 2 3]"},
			{func() error { return a.lists.Move(ctx, ada, l.Slug, 1, 0) }, "[4 2 3 1]"},
			{func() error { return a.lists.Move(ctx, ada, l.Slug, 9, 2) }, "[4 2 3 1]"},
			{func() error { return a.lists.Shift(ctx, ada, l.Slug, 3, -1) }, "[4 3 2 1]"},
			{func() error { return a.lists.Shift(ctx, ada, l.Slug, 4, -1) }, "[4 3 2 1]"},
			{func() error { return a.lists.Shift(ctx, ada, l.Slug, 4, 1) }, "[3 4 2 1]"},
			{func() error { return a.lists.Remove(ctx, ada, l.Slug, 4) }, "[3 2 1]"},
		} {
			a.must(step.do())
			if got := fmt.Sprint(a.order(ada, l.Slug)); got != step.want {
				t.Errorf("the order is %s, want %s", got, step.want)
			}
		}
		l, entries, _, role, err := a.lists.Mine(ctx, ada, l.Slug)
		if err != nil || l.Entries != 3 || len(entries) != 3 || role != list.Owner {
			t.Errorf("%+v %v %s %v", l, entries, role, err)
		}
	})
}

// Members who work on a list at once lose nothing: every place that was added is
// there once, and every note is.
func TestTogether_nothingIsLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const members, each = 4, 6
		a := newAtlas(t, d, members*each)
		ctx := t.Context()
		owner := a.member(1)
		l := a.make(owner, "Together", list.Public)
		who := []actor.Actor{owner}
		for id := int64(2); id <= members; id++ {
			who = append(who, a.member(id))
			a.must(a.lists.Invite(ctx, owner, l.Slug, who[id-1].Name, list.Editor))
		}
		var wg sync.WaitGroup
		for m := range members {
			wg.Go(func() {
				for i := range each {
					place := int64(m*each + i + 1)
					for _, err := range []error{a.lists.Add(ctx, who[m], l.Slug, place, ""), a.lists.Note(ctx, who[m], l.Slug, place, "", fmt.Sprint("note ", place)), a.lists.Shift(ctx, who[m], l.Slug, place, -3)} {
						if err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		got, entries, err := a.lists.Public(ctx, l.Slug)
		a.must(err)
		seen := map[int64]bool{}
		for _, e := range entries {
			seen[e.Place] = true
			if e.Note != fmt.Sprint("note ", e.Place) {
				t.Errorf("place %d has the note %q", e.Place, e.Note)
			}
		}
		if len(entries) != members*each || len(seen) != members*each || got.Entries != members*each {
			t.Errorf("%d entries, %d places, counted %d", len(entries), len(seen), got.Entries)
		}
	})
}

func TestNoteAndRewrite_conflict(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 1)
		ada, ben, ctx := a.member(1), a.member(2), t.Context()
		l := a.make(ada, "Wells", list.Private, 1)
		a.must(a.lists.Invite(ctx, ada, l.Slug, ben.Name, list.Editor))
		a.must(a.lists.Note(ctx, ada, l.Slug, 1, "", "deep\r\nand cold"))
		if err := a.lists.Note(ctx, ben, l.Slug, 1, "", "dry"); !errs.Is(err, errs.Conflict) {
			t.Errorf("a note was written over: %v", err)
		}
		a.must(a.lists.Note(ctx, ben, l.Slug, 1, "deep\r\nand cold", "dry"))
		a.must(a.lists.Rewrite(ctx, ada, l.Slug, 1, list.Details{Title: "Deep wells", Privacy: list.Private}))
		if err := a.lists.Rewrite(ctx, ben, l.Slug, 1, list.Details{Title: "Dry wells", Privacy: list.Private}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a title was written over: %v", err)
		}
		a.must(a.lists.Rewrite(ctx, ben, l.Slug, 2, list.Details{Title: "Dry wells", Privacy: list.Private}))
	})
}

func TestRoles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 3)
		owner, editor, suggester, stranger := a.member(1), a.member(2), a.member(3), a.member(4)
		ctx := t.Context()
		l := a.make(owner, "Bridges", list.Public, 1)
		a.must(a.lists.Invite(ctx, owner, l.Slug, editor.Name, list.Editor))
		a.must(a.lists.Invite(ctx, owner, l.Slug, suggester.Name, list.Suggester))
		for what, c := range map[string]struct {
			do      func(who actor.Actor) error
			allowed string
		}{
			"a note":      {func(w actor.Actor) error { return a.lists.Note(ctx, w, l.Slug, 1, "", "") }, "owner editor"},
			"moving":      {func(w actor.Actor) error { return a.lists.Shift(ctx, w, l.Slug, 1, 1) }, "owner editor"},
			"removing":    {func(w actor.Actor) error { return a.lists.Remove(ctx, w, l.Slug, 99) }, "owner editor"},
			"a link":      {func(w actor.Actor) error { return a.lists.NewLink(ctx, w, l.Slug) }, "owner"},
			"revoking":    {func(w actor.Actor) error { return a.lists.Revoke(ctx, w, l.Slug) }, "owner"},
			"inviting":    {func(w actor.Actor) error { return a.lists.Invite(ctx, w, l.Slug, editor.Name, list.Editor) }, "owner"},
			"adding none": {func(w actor.Actor) error { return a.lists.Add(ctx, w, l.Slug, 1, "") }, "owner editor suggester"},
		} {
			for name, who := range map[string]actor.Actor{"owner": owner, "editor": editor, "suggester": suggester, "stranger": stranger, "nobody": {}} {
				err := c.do(who)
				may := slices.Contains([]string{"owner", "owner editor", "owner editor suggester"}, c.allowed) && (name == "owner" || name == "editor" && c.allowed != "owner" || name == "suggester" && c.allowed == "owner editor suggester")
				want := map[string]errs.Code{"stranger": errs.NotFound, "nobody": errs.Unsigned}[name]
				if want == "" && !may {
					want = errs.Denied
				}
				if (err == nil) != may || err != nil && !errs.Is(err, want) {
					t.Errorf("%s by the %s: %v", what, name, err)
				}
			}
		}
		// What a suggester adds waits until somebody takes it.
		a.must(a.lists.Add(ctx, suggester, l.Slug, 2, "long"))
		a.must(a.lists.Add(ctx, suggester, l.Slug, 3, ""))
		if got, entries, err := a.lists.Public(ctx, l.Slug); err != nil || len(entries) != 1 || got.Entries != 1 {
			t.Errorf("what waits is shown: %v %v", entries, err)
		}
		a.must(a.lists.Remove(ctx, suggester, l.Slug, 3))
		a.must(a.lists.Take(ctx, editor, l.Slug, 2))
		if got, entries, err := a.lists.Public(ctx, l.Slug); err != nil || len(entries) != 2 || got.Entries != 2 || entries[1].Note != "long" {
			t.Errorf("%v %v", entries, err)
		}
		if err := a.lists.Remove(ctx, suggester, l.Slug, 2); !errs.Is(err, errs.Denied) {
			t.Errorf("a suggester took off what stands: %v", err)
		}
		a.must(a.lists.Invite(ctx, suggester, l.Slug, suggester.Name, list.Stranger)) // leaves
		if err := a.lists.Add(ctx, suggester, l.Slug, 3, ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("one who left adds: %v", err)
		}
	})
}

func TestPrivacy_andLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 2)
		ada, ben, ctx := a.member(1), a.member(2), t.Context()
		l := a.make(ada, "Doors", list.Private, 1)
		if _, _, err := a.lists.Public(ctx, l.Slug); !errs.Is(err, errs.NotFound) {
			t.Errorf("a private list is shown: %v", err)
		}
		if _, _, _, _, err := a.lists.Mine(ctx, ben, l.Slug); !errs.Is(err, errs.NotFound) {
			t.Errorf("another sees it: %v", err)
		}
		if last, err := changes.Last(ctx, d); err != nil || last != 0 {
			t.Errorf("a private list is in the log: %d %v", last, err)
		}
		a.must(a.lists.Rewrite(ctx, ada, l.Slug, 1, list.Details{Title: "Doors", Privacy: list.Link}))
		mine, _, _, _, err := a.lists.Mine(ctx, ada, l.Slug)
		a.must(err)
		old := mine.Secret
		if got, entries, err := a.lists.Linked(ctx, old); err != nil || got.ID != l.ID || len(entries) != 1 || len(old) < 20 {
			t.Errorf("by its link %q: %v %v", old, entries, err)
		}
		a.must(a.lists.NewLink(ctx, ada, l.Slug))
		if _, _, err := a.lists.Linked(ctx, old); !errs.Is(err, errs.NotFound) {
			t.Errorf("the old link leads on: %v", err)
		}
		a.must(a.lists.Revoke(ctx, ada, l.Slug))
		if _, _, err := a.lists.Linked(ctx, ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("no link leads on: %v", err)
		}
		a.must(a.lists.Rewrite(ctx, ada, l.Slug, 2, list.Details{Title: "Doors", Privacy: list.Public}))
		a.must(a.lists.Add(ctx, ada, l.Slug, 2, ""))
		a.must(a.lists.Rewrite(ctx, ada, l.Slug, 3, list.Details{Title: "Doors", Privacy: list.Private}))
		news, err := changes.Since(ctx, d, 0, 10)
		a.must(err)
		var ops []string
		for _, c := range news {
			ops = append(ops, c.Kind+" "+c.Op)
		}
		if fmt.Sprint(ops) != "[list put list put list drop]" {
			t.Errorf("the log says %v", ops)
		}
		a.must(d.Write(ctx, func(tx *db.Tx) error { return list.Leave(tx, ada.ID) }))
		if lists, err := a.lists.Of(ctx, ada); err != nil || len(lists) != 0 {
			t.Errorf("lists of one who left: %v %v", lists, err)
		}
	})
}
