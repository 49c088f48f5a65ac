package audit_test

import (
	"errors"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
)

func TestWrite_withWhatItTells(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		admin := actor.Actor{ID: 7, Role: actor.Admin}
		no := errors.New("no")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := audit.Write(tx, admin, "ban", "member", 1, nil); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		for i, action := range []string{"suspend", "ban"} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return audit.Write(tx, admin, action, "member", int64(i+1), map[string]string{"reason": "spam"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		all, err := audit.Newest(t.Context(), d, admin, 0, 10)
		if err != nil || len(all) != 2 || all[0].Action != "ban" || all[0].Member != 7 || string(all[0].Details) != `{"reason":"spam"}` {
			t.Fatalf("%+v, %v", all, err)
		}
		if older, err := audit.Newest(t.Context(), d, admin, all[0].ID, 10); err != nil || len(older) != 1 || older[0].Action != "suspend" {
			t.Errorf("%+v, %v", older, err)
		}
		if one, err := audit.Of(t.Context(), d, actor.Actor{ID: 8, Role: actor.Editor}, "member", 1, 10); err != nil || len(one) != 1 || one[0].Action != "suspend" {
			t.Errorf("%+v, %v", one, err)
		}
		if _, err := audit.Newest(t.Context(), d, actor.Actor{ID: 8, Role: actor.Editor}, 0, 10); !errs.Is(err, errs.Denied) {
			t.Errorf("an editor reads the whole book: %v", err)
		}
		if _, err := audit.Of(t.Context(), d, actor.Actor{ID: 9, Role: actor.Member}, "member", 1, 10); !errs.Is(err, errs.Denied) {
			t.Errorf("a member reads the book: %v", err)
		}
	})
}
