package list_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/list"
)

// Programs that rewrite a list whole, and people who add to it meanwhile, lose
// nothing: whoever has not read the newest version is refused, and reads again.
func TestPatch_losesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const each = 5
		a := newAtlas(t, d, 4*each)
		ada, ben, ctx := a.member(1), a.member(2), t.Context()
		l := a.make(ada, "Towers", list.Private)
		a.must(a.lists.Invite(ctx, ada, l.Slug, ben.Name, list.Editor))
		// append puts a place at the front by writing the whole list anew.
		appended := func(place int64) {
			for {
				now, entries, _, err := a.lists.Shown(ctx, ben, l.ID, "")
				if err != nil {
					t.Error(err)
					return
				}
				all := []list.Written{{Place: place, Note: fmt.Sprint("note ", place)}}
				for _, e := range entries {
					all = append(all, list.Written{Place: e.Place, Note: e.Note})
				}
				err = a.lists.Patch(ctx, ben, l.Slug, now.Version, list.Change{Entries: &all})
				if err == nil {
					return
				}
				if !errs.Is(err, errs.Conflict) {
					t.Error(err)
					return
				}
			}
		}
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range each {
					place := int64(w*each + i + 1)
					if w%2 == 0 {
						appended(place)
					} else if err := a.lists.Add(ctx, ada, l.Slug, place, fmt.Sprint("note ", place)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		_, entries, _, err := a.lists.Shown(ctx, ada, 0, l.Slug)
		a.must(err)
		seen := map[int64]bool{}
		for _, e := range entries {
			if seen[e.Place] = true; e.Note != fmt.Sprint("note ", e.Place) {
				t.Errorf("place %d has the note %q", e.Place, e.Note)
			}
		}
		if len(seen) != 4*each {
			t.Errorf("%d of %d places are left", len(seen), 4*each)
		}
	})
}

// What is not public at the moment and what waits is not lost by who could not
// have named it.
func TestPatch_keepsWhatCannotBeNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 4)
		ada, sue, ctx := a.member(1), a.member(2), t.Context()
		l := a.make(ada, "Gates", list.Public, 1, 2, 3)
		a.must(a.lists.Invite(ctx, ada, l.Slug, sue.Name, list.Suggester))
		a.must(a.lists.Add(ctx, sue, l.Slug, 4, "perhaps"))
		a.must(d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE places SET state = 'withdrawn' WHERE id = 1`)
			return err
		}))
		written := []list.Written{{Place: 3}}
		a.must(a.lists.Patch(ctx, ada, l.Slug, 0, list.Change{Entries: &written}))
		if got := fmt.Sprint(a.order(ada, l.Slug)); got != "[3 1 4]" {
			t.Errorf("the order is %s", got)
		}
		if err := a.lists.Patch(ctx, sue, l.Slug, 0, list.Change{Entries: &written}); !errs.Is(err, errs.Denied) {
			t.Errorf("a suggester rewrites the list: %v", err)
		}
	})
}

func TestCopyAndCover(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 3)
		ada, ben, ctx := a.member(1), a.member(2), t.Context()
		l := a.make(ada, "Bells", list.Public, 2, 1)
		a.must(a.lists.Note(ctx, ada, l.Slug, 1, "", "loud"))
		a.must(a.lists.Cover(ctx, ada, l.Slug, 1))
		if err := a.lists.Cover(ctx, ada, l.Slug, 3); !errs.Is(err, errs.Conflict) {
			t.Errorf("a place that is not on the list covers it: %v", err)
		}
		if err := a.lists.Cover(ctx, ben, l.Slug, 1); !errs.Is(err, errs.NotFound) {
			t.Errorf("a stranger chooses the cover: %v", err)
		}
		if got, _, err := a.lists.Public(ctx, l.Slug); err != nil || got.Cover != 1 {
			t.Errorf("%+v %v", got, err)
		}
		mine, err := a.lists.Copy(ctx, ben, l.Slug, "")
		a.must(err)
		if got := fmt.Sprint(a.order(ben, mine.Slug)); got != "[2 1]" || mine.Slug == l.Slug || mine.Privacy != list.Private || !strings.Contains(mine.Intro, "a list by m1") {
			t.Errorf("the copy is %+v with %s", mine, got)
		}
		a.must(a.lists.Rewrite(ctx, ada, l.Slug, 1, list.Details{Title: "Bells", Privacy: list.Link}))
		if _, err := a.lists.Copy(ctx, ben, l.Slug, ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("what is not public is copied: %v", err)
		}
		own, _, _, _, err := a.lists.Mine(ctx, ada, l.Slug)
		a.must(err)
		if _, err := a.lists.Copy(ctx, ben, "", own.Secret); err != nil {
			t.Errorf("by its link: %v", err)
		}
		a.must(a.lists.Rewrite(ctx, ada, l.Slug, 2, list.Details{Title: "Bells", Privacy: list.Private}))
		if _, err := a.lists.Copy(ctx, ben, "", own.Secret); !errs.Is(err, errs.NotFound) {
			t.Errorf("a private list is copied by a link: %v", err)
		}
	})
}
