package user_test

import (
	"errors"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

const goodPassword = "tin kettle on the moor"

func add(t *testing.T, u *user.Users, email, name string, role actor.Role) *user.Member {
	t.Helper()
	m, err := u.Add(t.Context(), actor.Actor{}, user.Account{Email: email, Name: name, Role: role, Password: goodPassword, Verified: true})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAdd_readAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := user.New(d)
		ada := add(t, u, " Ada@Example.ORG ", "Ada  Lovelace", actor.Editor)
		got, err := u.ByName(t.Context(), "ada-lovelace")
		if err != nil || got.ID != ada.ID || got.Email != "ada@example.org" || got.Shown != "Ada Lovelace" || got.Role != actor.Editor ||
			got.Level != actor.New || got.State != user.Active || !got.HasPassword || got.Verified.IsZero() || got.Revision != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		if a := got.Actor(); a.ID != ada.ID || a.Path() != "/users/ada-lovelace" || !a.Everywhere() {
			t.Errorf("%+v", a)
		}
		two, three := add(t, u, "b@example.org", "Ada Lovelace", actor.Member), add(t, u, "c@example.org", "Admin", actor.Member)
		if two.Name != "ada-lovelace-2" || three.Name != "admin-2" {
			t.Errorf("names: %s, %s", two.Name, three.Name)
		}
		if m := add(t, u, "d@example.org", "🙂", actor.Member); m.Name != "member" {
			t.Errorf("without a letter: %s", m.Name)
		}
		if _, err := u.Add(t.Context(), actor.Actor{}, user.Account{Email: "ada@example.org", Name: "X", Role: actor.Member}); !errs.Is(err, errs.Conflict) {
			t.Errorf("the same address twice: %v", err)
		}
		if _, err := u.ByName(t.Context(), "nobody"); !errs.Is(err, errs.NotFound) {
			t.Errorf("nobody: %v", err)
		}
		book, err := audit.Of(t.Context(), d, ada.Actor(), user.LogKind, ada.ID, 5)
		if err != nil || len(book) != 1 || book[0].Action != "add" {
			t.Errorf("audit: %+v, %v", book, err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := user.ByIDs(tx, []int64{ada.ID, two.ID, 5})
			if len(all) != 2 || all[two.ID].Name != two.Name {
				t.Errorf("by ids: %v", all)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestCheck_fields(t *testing.T) {
	for email, good := range map[string]bool{
		"a@b": true, "A.B+c@Example.org": true, "ü@exämple.de": true, "": false, "a": false, "@b": false, "a@": false, "a@b@c": false, "a b@c": false,
		"a@b\r\nBcc: x@y": false, "<a@b>": false, "a@b,c@d": false, "a@.b": false, "a@b..c": false, strings.Repeat("a", 65) + "@b": false, "a\u202e@b": false,
	} {
		if _, err := user.CheckEmail(email); (err == nil) != good {
			t.Errorf("%q: %v", email, err)
		}
	}
	for name, good := range map[string]bool{"Ada": true, "Ωmega": true, "": false, " \u200b ": false, "<b>": false, strings.Repeat("x", 61): false} {
		if _, err := user.CheckShown(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
	for address, good := range map[string]bool{"https://a.example/x": true, "": true, "javascript:alert(1)": false, "https://u:p@a.example": false, "//a.example": false} {
		if _, err := user.CheckLinks([]user.Link{{Label: "x", URL: address}}); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
	for password, good := range map[string]bool{
		goodPassword: true, "": false, "short": false, "password123": false, "lovelace2000": false, strings.Repeat("a", 2000): false, "correcthorsebatterystaple!!": true,
	} {
		if err := user.CheckPassword(password, "Ada Lovelace", "ada@example.org"); (err == nil) != good {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func asErr(err error, e **errs.Error) bool { return errors.As(err, e) }
