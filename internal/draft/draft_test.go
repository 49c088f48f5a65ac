package draft_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/draft"
	"mirabilia/internal/errs"
)

var ctx = context.Background()

// members puts members into the database and gives them as actors.
func members(t *testing.T, d *db.DB, names ...string) []actor.Actor {
	t.Helper()
	var out []actor.Actor
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, name := range names {
			id := d.NewID()
			_, err := tx.Exec(`INSERT INTO members (id, name, shown, email, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar, settings, accepted, declined, created_at, seen_at, revision)
				VALUES ($1, $2, $2, $2, 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, name)
			if err != nil {
				return err
			}
			out = append(out, actor.Actor{ID: id, Name: name, Role: actor.Member})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDraftsLiveUntilTheyAreSent(t *testing.T) {
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return now }}, func(t *testing.T, d *db.DB) {
		s := draft.New(d)
		who := members(t, d, "ines", "mario")
		ines, mario := who[0], who[1]
		one := draft.Draft{ID: s.NewID(), Kind: draft.Edit, Place: 7, Base: 3, Title: "Casa", Typed: map[string]string{"body": "half a sen", "position": "nowhere\n"}}
		if err := s.Keep(ctx, ines, one); err != nil {
			t.Fatal(err)
		}
		one.Typed["body"] = "half a sentence"
		if err := s.Keep(ctx, ines, one); err != nil {
			t.Fatal(err)
		}
		got, err := s.Open(ctx, ines, one.ID)
		if err != nil || !reflect.DeepEqual(got.Typed, one.Typed) || got.Base != 3 || got.Place != 7 || got.Kept != now {
			t.Fatalf("kept %+v, %v", got, err)
		}
		if d, err := s.Latest(ctx, ines, 7); err != nil || d == nil || d.ID != one.ID {
			t.Errorf("the latest is %+v, %v", d, err)
		}
		if d, err := s.Latest(ctx, mario, 7); err != nil || d != nil {
			t.Errorf("mario has %+v, %v", d, err)
		}
		// Nobody else reads, overwrites or throws it away.
		if _, err := s.Open(ctx, mario, one.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("mario opens it: %v", err)
		}
		if err := s.Keep(ctx, mario, one); !errs.Is(err, errs.Conflict) {
			t.Errorf("mario keeps it: %v", err)
		}
		if err := s.Discard(ctx, mario, one.ID); err != nil {
			t.Error(err)
		}
		if err := s.Keep(ctx, actor.Actor{}, one); !errs.Is(err, errs.Unsigned) {
			t.Errorf("nobody keeps it: %v", err)
		}
		if list, err := s.Mine(ctx, ines); err != nil || len(list) != 1 {
			t.Errorf("hers are %v, %v", list, err)
		}
		// Sent, it is no draft any more, and a tab that was left open cannot
		// bring it back.
		if err := s.Sent(ctx, ines, one, 99); err != nil {
			t.Fatal(err)
		}
		if err := s.Keep(ctx, ines, one); !errs.Is(err, errs.Conflict) {
			t.Errorf("kept after it was sent: %v", err)
		}
		if got, err := s.Open(ctx, ines, one.ID); err != nil || got.Sent != 99 || len(got.Typed) != 0 {
			t.Errorf("sent: %+v, %v", got, err)
		}
		if list, _ := s.Mine(ctx, ines); len(list) != 0 {
			t.Errorf("hers are %v", list)
		}
		// Of one that was never kept it is noted too.
		if err := s.Sent(ctx, ines, draft.Draft{ID: 5, Kind: draft.Place}, 100); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Open(ctx, ines, 5); err != nil || got.Sent != 100 {
			t.Errorf("sent unkept: %+v, %v", got, err)
		}
		// After a week that is forgotten.
		now = now.Add(8 * 24 * time.Hour)
		if err := s.Keep(ctx, ines, draft.Draft{ID: 6, Kind: draft.Pitch}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(ctx, ines, 5); !errs.Is(err, errs.NotFound) {
			t.Errorf("still there: %v", err)
		}
		now = now.Add(-8 * 24 * time.Hour)
	})
}

// A form that is sent twice is sent once, and one whose sending failed or was cut
// short is a draft again.
func TestDraftIsSentOnce(t *testing.T) {
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return now }}, func(t *testing.T, d *db.DB) {
		s := draft.New(d)
		ines := members(t, d, "ines")[0]
		one := draft.Draft{ID: 1, Kind: draft.Place, Typed: map[string]string{"title": "A"}}
		errors := make(chan error, 8)
		for range 8 {
			go func() { errors <- s.Sending(ctx, ines, one) }()
		}
		sent := 0
		for range 8 {
			if err := <-errors; err == nil {
				sent++
			} else if !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		}
		if sent != 1 {
			t.Fatalf("sent %d times", sent)
		}
		if err := s.Stay(ctx, ines, 1); err != nil {
			t.Fatal(err)
		}
		if err := s.Sending(ctx, ines, one); err != nil {
			t.Errorf("sent again: %v", err)
		}
		if list, err := s.Mine(ctx, ines); err != nil || len(list) != 1 || list[0].Typed["title"] != "A" {
			t.Errorf("on its way it is %v, %v", list, err)
		}
		now = now.Add(2 * time.Minute)
		if err := s.Sending(ctx, ines, one); err != nil {
			t.Errorf("after it was cut short: %v", err)
		}
		now = now.Add(-2 * time.Minute)
	})
}

func TestDraftsAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := draft.New(d)
		ines := members(t, d, "ines")[0]
		large := draft.Draft{ID: 1, Kind: draft.Place, Typed: map[string]string{"body": strings.Repeat("a", 700_000)}}
		if err := s.Keep(ctx, ines, large); !errs.Is(err, errs.TooLarge) {
			t.Errorf("too large: %v", err)
		}
		for i := range int64(100) {
			if err := s.Keep(ctx, ines, draft.Draft{ID: i + 1, Kind: draft.Place}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Keep(ctx, ines, draft.Draft{ID: 101, Kind: draft.Place}); !errs.Is(err, errs.TooMany) {
			t.Errorf("one too many: %v", err)
		}
		if err := s.Keep(ctx, ines, draft.Draft{ID: 100, Kind: draft.Place}); err != nil {
			t.Errorf("an old one: %v", err)
		}
		if err := s.Discard(ctx, ines, 100); err != nil {
			t.Fatal(err)
		}
		if d, err := s.Mending(ctx, ines, 4); err != nil || d != nil {
			t.Errorf("mending %+v, %v", d, err)
		}
		if err := s.Keep(ctx, ines, draft.Draft{ID: 100, Kind: draft.Place, Mends: 4}); err != nil {
			t.Fatal(err)
		}
		if d, err := s.Mending(ctx, ines, 4); err != nil || d == nil || d.ID != 100 {
			t.Errorf("mending %+v, %v", d, err)
		}
	})
}
