package follow_test

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/follow"
)

// member makes a member and gives who they are.
func member(t *testing.T, d *db.DB, id int64) actor.Actor {
	t.Helper()
	name := "m" + strconv.FormatInt(id, 10)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
			settings, accepted, declined, created_at, seen_at, revision)
			VALUES ($1, $2, $2, 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return actor.Actor{ID: id, Name: name, Shown: name, Role: actor.Member}
}

var (
	paris = follow.Subject{Kind: follow.Destination, ID: 900, Name: "france/paris"}
	bones = follow.Subject{Kind: follow.Tag, ID: 900, Name: "bones"}
)

func TestFollowing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := follow.New(d)
		ada, ben := member(t, d, 1), member(t, d, 2)
		begun := 0
		f.Begun = func(_ *db.Tx, by, of int64) error {
			if by != ada.ID || of != ben.ID {
				t.Errorf("%d follows %d", by, of)
			}
			begun++
			return nil
		}
		toBen := follow.Subject{Kind: follow.Member, ID: ben.ID}
		for range 2 { // twice is once
			for _, s := range []follow.Subject{paris, bones, toBen} {
				if err := f.Set(t.Context(), ada, s, true); err != nil {
					t.Fatal(err)
				}
			}
		}
		if begun != 1 {
			t.Errorf("told %d times of one follower", begun)
		}
		list, err := f.Of(t.Context(), ada)
		if err != nil || len(list) != 3 || list[0].Subject != bones || list[1].Subject != toBen || list[2].Subject != paris {
			t.Errorf("%+v, %v", list, err)
		}
		// The same number is another thing in another kind.
		if is, err := f.Is(t.Context(), ada.ID, follow.Subject{Kind: follow.Member, ID: 900}); is || err != nil {
			t.Errorf("%v, %v", is, err)
		}
		if err := f.Set(t.Context(), ada, bones, false); err != nil {
			t.Fatal(err)
		}
		for s, want := range map[follow.Subject]bool{paris: true, bones: false, toBen: true} {
			is, err := f.Is(t.Context(), ada.ID, s)
			n, err2 := f.Count(t.Context(), s)
			if is != want || (n == 1) != want || err != nil || err2 != nil {
				t.Errorf("%v: %v, %d followers, %v, %v", s, is, n, err, err2)
			}
		}
		refused := []struct {
			who  actor.Actor
			what follow.Subject
			code errs.Code
		}{
			{actor.Actor{}, paris, errs.Unsigned}, {ben, toBen, errs.Invalid}, {ben, follow.Subject{Kind: "story", ID: 1}, errs.Invalid}, {ben, follow.Subject{Kind: follow.Tag}, errs.Invalid},
		}
		for _, c := range refused {
			if err := f.Set(t.Context(), c.who, c.what, true); !errs.Is(err, c.code) {
				t.Errorf("%+v: %v", c.what, err)
			}
		}
	})
}

// Who is blocked cannot follow; a block ends what is there, both ways.
func TestBlocked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := follow.New(d)
		ada, ben, eve := member(t, d, 1), member(t, d, 2), member(t, d, 3)
		of := func(a actor.Actor) follow.Subject { return follow.Subject{Kind: follow.Member, ID: a.ID} }
		for _, x := range [][2]actor.Actor{{ada, ben}, {ben, ada}, {ada, eve}} {
			if err := f.Set(t.Context(), x[0], of(x[1]), true); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Block(t.Context(), ada, ben.ID, true); err != nil {
			t.Fatal(err)
		}
		if err := f.Set(t.Context(), ben, of(ada), true); !errs.Is(err, errs.Denied) {
			t.Errorf("a blocked member follows: %v", err)
		}
		for i, x := range [][2]actor.Actor{{ada, ben}, {ben, ada}, {ada, eve}} {
			if is, err := f.Is(t.Context(), x[0].ID, of(x[1])); is != (i == 2) || err != nil {
				t.Errorf("%s follows %s: %v, %v", x[0].Name, x[1].Name, is, err)
			}
		}
	})
}

func TestFollowers_inBatches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := follow.New(d)
		for id := int64(1); id <= 7; id++ {
			if err := f.Set(t.Context(), member(t, d, id), paris, true); err != nil {
				t.Fatal(err)
			}
		}
		var got []int64
		for after := int64(0); ; {
			var some []int64
			err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
				some, err = f.After(tx, paris, after, 3)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(some) == 0 {
				break
			}
			got = append(got, some...)
			after = some[len(some)-1]
		}
		if !slices.Equal(got, []int64{1, 2, 3, 4, 5, 6, 7}) {
			t.Errorf("%v", got)
		}
	})
}

// What a block does beside following: no news of the other, no invitation by it,
// and all of it ends with the block.
func TestBlocked_hearsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := follow.New(d)
		ada, ben, eve := member(t, d, 1), member(t, d, 2), member(t, d, 3)
		look := func(by, of int64) (silent map[int64]bool, apart bool) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				if silent, err = follow.Silent(tx, of, []int64{ada.ID, ben.ID, eve.ID}); err != nil {
					return err
				}
				apart, err = follow.Apart(tx, by, of)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return silent, apart
		}
		block := func(on bool) {
			t.Helper()
			for range 2 { // the second time changes nothing
				if err := f.Block(t.Context(), ada, ben.ID, on); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := f.Block(t.Context(), ada, ada.ID, true); !errs.Is(err, errs.Invalid) {
			t.Errorf("blocks oneself: %v", err)
		}
		if err := f.Block(t.Context(), actor.Actor{}, ben.ID, true); !errs.Is(err, errs.Unsigned) {
			t.Errorf("nobody blocks: %v", err)
		}
		block(true)
		if silent, apart := look(ada.ID, ben.ID); !silent[ada.ID] || silent[eve.ID] || silent[ben.ID] || !apart {
			t.Errorf("silent %v, apart %v", silent, apart)
		}
		if silent, apart := look(ben.ID, ada.ID); len(silent) != 0 || !apart {
			t.Errorf("the blocked one hears: silent %v, apart %v", silent, apart)
		}
		list, err := f.BlockedBy(t.Context(), ada)
		if err != nil || len(list) != 1 || list[0].Member != ben.ID {
			t.Errorf("%+v, %v", list, err)
		}
		block(false)
		if silent, apart := look(ada.ID, ben.ID); len(silent) != 0 || apart {
			t.Errorf("unblocked: silent %v, apart %v", silent, apart)
		}
		if is, err := f.HasBlocked(t.Context(), ada, ben.ID); is || err != nil {
			t.Errorf("%v, %v", is, err)
		}
	})
}
