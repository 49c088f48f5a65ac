package changes_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

func add(t *testing.T, d *db.DB, id int64, op string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		changes.Append(tx, "place", id, op)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAppendOncePerThing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			changes.Append(tx, "place", 7, changes.Put)
			changes.Append(tx, "tag", 7, changes.Put)
			changes.Append(tx, "place", 7, changes.Drop)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		list, err := changes.Since(t.Context(), d, 0, 10)
		if err != nil || len(list) != 2 || list[0].Op != changes.Drop || list[1].Kind != "tag" || list[1].Seq != 2 {
			t.Errorf("the log is %+v, %v", list, err)
		}
		more, err := changes.Since(t.Context(), d, 1, 10)
		if err != nil || len(more) != 1 {
			t.Errorf("after 1: %+v, %v", more, err)
		}
	})
}

func TestNothingIsLoggedWhenNothingCommits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		no := errors.New("no")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			changes.Append(tx, "place", 1, changes.Put)
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		if last, err := changes.Last(t.Context(), d); err != nil || last != 0 {
			t.Errorf("last is %d, %v", last, err)
		}
	})
}

// A follower that reads while many write never sees a sequence appear behind
// its position, and misses none.
func TestOrderOfSequenceIsOrderOfCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const writers, each = 6, 20
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					add(t, d, int64(w*each+i+1), changes.Put)
				}
			})
		}
		f := changes.Follow(d, 0)
		defer f.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		seen := map[int64]bool{}
		for next := int64(1); len(seen) < writers*each; {
			list, err := f.Next(ctx, 7, 50*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				if c.Seq != next || seen[c.ID] {
					t.Fatalf("sequence %d of id %d where %d was next", c.Seq, c.ID, next)
				}
				seen[c.ID], next = true, next+1
			}
		}
		wg.Wait()
	})
}

// Another process is another handle here.
func TestFollowerHearsOtherHandles(t *testing.T) {
	try := func(t *testing.T, c db.Config, poll time.Duration) {
		here, there := dbtest.Open(t, c), dbtest.Open(t, c)
		f := changes.Follow(here, 0)
		defer f.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		got := make(chan error, 1)
		go func() {
			_, err := f.Next(ctx, 10, poll)
			got <- err
		}()
		add(t, there, 1, changes.Put)
		if err := <-got; err != nil {
			t.Errorf("no change was heard: %v", err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { try(t, db.Config{Dir: t.TempDir()}, 50*time.Millisecond) })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { try(t, db.Config{URL: dbtest.PostgresURL(t)}, time.Minute) })
	}
}

// A mark is the log's own: as long as nothing is set back it stays, and no
// other log has it.
func TestMark(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mark := func(seq int64) string {
			m, err := changes.Mark(t.Context(), d, seq)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		if mark(0) != "" || mark(1) != "" {
			t.Error("an empty log has a mark")
		}
		add(t, d, 1, changes.Put)
		add(t, d, 2, changes.Put)
		one, two := mark(1), mark(2)
		if one == "" || two == "" || one == two || mark(3) != "" {
			t.Errorf("the marks are %q, %q, %q", one, two, mark(3))
		}
		add(t, d, 3, changes.Drop)
		if mark(1) != one || mark(2) != two {
			t.Error("a mark has changed with what came later")
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { // set back, and gone another way
			if _, err := tx.Exec(`DELETE FROM changes WHERE seq >= $1`, 2); err != nil {
				return err
			}
			changes.Append(tx, "place", 4, changes.Put)
			return nil
		})
		if err != nil || mark(2) == two || mark(1) != one {
			t.Errorf("set back, %v: %q", err, mark(2))
		}
	})
}
