package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/list"
	"mirabilia/internal/user"
)

// listed is a list as a program reads it.
type listed struct {
	ID, Slug, Title, Intro, Status string
	By                             struct{ Name, URL string }
	Entries                        []struct {
		Place, Note string
		Waits       bool
	}
	Items []struct {
		Place struct{ ID, Slug string }
		Note  string
	}
	Places int
}

func (l listed) order() string {
	var s []string
	for _, e := range l.Items {
		s = append(s, e.Place.Slug+":"+e.Note)
	}
	return strings.Join(s, " ")
}

// A list is drawn up, read by who may read it, and changed by who has read it.
func TestLists_writtenAndChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		ada, other := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Editor, actor.Contribute)
		w := write(a, "POST", "/lists", `{"title":"Bones","description":"In *rows*.","entries":[{"place":"bone-chapel","note":"Look up."},{"place":"catacombs"}]}`, append(ada, keyHeader, "one")...)
		l := reads[listed](t, w, http.StatusCreated)
		if l.Status != "private" || l.Intro != "In *rows*." || l.order() != "bone-chapel:Look up. catacombs:" || l.Places != 2 || w.Header().Get("Location") != "https://atlas.example/api/v1/lists/"+l.ID {
			t.Errorf("%+v to %s", l, w.Header().Get("Location"))
		}
		again := write(a, "POST", "/lists", `{"title":"Bones","description":"In *rows*.","entries":[{"place":"bone-chapel","note":"Look up."},{"place":"catacombs"}]}`, append(ada, keyHeader, "one")...)
		if reads[listed](t, again, http.StatusCreated).ID != l.ID {
			t.Error("the same key made another list")
		}
		path := "/lists/" + l.ID
		for who, header := range map[string][]string{"nobody": nil, "another": other} {
			if w := write(a, "GET", path, "", header...); w.Code != http.StatusNotFound {
				t.Errorf("%s reads a private list: %d", who, w.Code)
			}
		}
		if w := write(a, "PATCH", path, `{"title":"X"}`, append(other, "If-Match", "*")...); w.Code != http.StatusNotFound {
			t.Errorf("another changes a private list: %d", w.Code)
		}
		read := write(a, "GET", "/lists/"+l.Slug, "", ada...)
		tag := read.Header().Get("ETag")
		if reads[listed](t, read, http.StatusOK).ID != l.ID || tag == "" || read.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("by its slug: %v", read.Header())
		}
		if w := write(a, "PATCH", path, `{"status":"published"}`, ada...); w.Code != http.StatusPreconditionRequired {
			t.Errorf("without If-Match: %d", w.Code)
		}
		w = write(a, "PATCH", path, `{"status":"published","entries":[{"place":"catacombs","note":"Low."},{"place":"secret-grove"},{"place":"bone-chapel","note":"Look up."}]}`, append(ada, "If-Match", tag)...)
		if l = reads[listed](t, w, http.StatusOK); l.Status != "published" || l.order() != "catacombs:Low. secret-grove: bone-chapel:Look up." || l.Title != "Bones" {
			t.Errorf("%+v", l)
		}
		if w.Header().Get("ETag") == tag {
			t.Error("the ETag stayed")
		}
		if w := write(a, "PATCH", path, `{"title":"Lost"}`, append(ada, "If-Match", tag)...); w.Code != http.StatusPreconditionFailed || w.Header().Get("Content-Type") != problemType {
			t.Errorf("with an old ETag: %d %s", w.Code, w.Body)
		}
		tag = w.Header().Get("ETag")
		for sent, field := range map[string]string{
			`{"entries":[{"place":"catacombs"},{"place":"nothing"}]}`:   "entries[1].place",
			`{"entries":[{"place":"p1"}]}`:                              "entries[0].place",
			`{"entries":[{"place":"catacombs"},{"place":"catacombs"}]}`: "entries[1].place",
			`{"title":" "}`: "title",
			fmt.Sprintf(`{"intro":%q}`, strings.Repeat("x", 4001)):                           "intro",
			`{"intro":"a","description":"b"}`:                                                "description",
			`{"entries":[{"place":"catacombs","note":"` + strings.Repeat("x", 1001) + `"}]}`: "entries[0].note",
		} {
			w := write(a, "PATCH", path, sent, append(ada, "If-Match", tag)...)
			if r := reads[refused](t, w, http.StatusUnprocessableEntity); !r.names(field) {
				t.Errorf("%.80s: %+v", sent, r)
			}
		}
		public := write(a, "GET", path, "")
		if reads[listed](t, public, http.StatusOK).order() != l.order() || public.Header().Get("ETag") != tag {
			t.Errorf("what was refused left something: %s", public.Body)
		}
		if w := write(a, "GET", path, "", "If-None-Match", tag); w.Code != http.StatusNotModified {
			t.Errorf("read again by its ETag: %d", w.Code)
		}
		if w := write(a, "PATCH", path, `{"title":"X"}`, append(other, "If-Match", tag)...); w.Code != http.StatusForbidden {
			t.Errorf("another changes a public list: %d", w.Code)
		}
		if w := write(a, "DELETE", path, "", other...); w.Code != http.StatusForbidden {
			t.Errorf("another deletes a public list: %d", w.Code)
		}
		if w := write(a, "DELETE", path, "", ada...); w.Code != http.StatusNoContent {
			t.Errorf("its owner deletes it: %d", w.Code)
		}
		if w := write(a, "GET", path, "", ada...); w.Code != http.StatusNotFound {
			t.Errorf("a deleted list: %d", w.Code)
		}
	})
}

// Public lists are read page by page, each once; others are not among them.
func TestLists_inPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		ada := signedIn(t, a, actor.Member, actor.Contribute)
		for i := range 5 {
			write(a, "POST", "/lists", fmt.Sprintf(`{"title":"Number %d","status":%q}`, i, []string{"published", "private"}[i%2]), ada...)
		}
		seen := map[string]bool{}
		for next, pages := "", 0; pages < 5; pages++ {
			page := reads[struct {
				Items []listed
				Next  *string
			}](t, write(a, "GET", "/lists?limit=2&cursor="+next, ""), http.StatusOK)
			for _, l := range page.Items {
				if seen[l.ID] || l.Status != "published" {
					t.Errorf("%+v", l)
				}
				seen[l.ID] = true
			}
			if page.Next == nil {
				if len(seen) != 3 {
					t.Errorf("%d of 3", len(seen))
				}
				return
			}
			next = *page.Next
		}
		t.Error("the pages do not end")
	})
}

// What is wrong in a query is named as it is called there.
func TestLists_badQuery(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		w := write(a, "GET", "/lists?limit=0", "")
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"field":"limit"`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

// The roles of a list hold in the API as on its pages.
func TestLists_roles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		ada := signedIn(t, a, actor.Member, actor.Contribute)
		l := reads[listed](t, write(a, "POST", "/lists", `{"title":"Bones","entries":[{"place":"catacombs"}]}`, ada...), http.StatusCreated)
		owner, err := a.Users.ByEmail(t.Context(), "member@example.org")
		if err != nil {
			t.Fatal(err)
		}
		for role, status := range map[string][3]int{"editor": {200, 403, 403}, "suggester": {403, 403, 403}} {
			m, err := a.Users.Add(t.Context(), actor.Actor{}, user.Account{Email: role + "@lists.example", Name: "Their " + role, Role: actor.Member, Verified: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := a.Lists.Invite(t.Context(), owner.Actor(), l.Slug, m.Name, list.Role(role)); err != nil {
				t.Fatal(err)
			}
			who := append(tokenOf(t, a, m, actor.Contribute), "If-Match", "*")
			for i, sent := range []string{`{"intro":"By the ` + role + `"}`, `{"status":"published"}`} {
				if w := write(a, "PATCH", "/lists/"+l.ID, sent, who...); w.Code != status[i] {
					t.Errorf("%s sends %s: %d %s", role, sent, w.Code, w.Body)
				}
			}
			if w := write(a, "DELETE", "/lists/"+l.ID, "", who...); w.Code != status[2] {
				t.Errorf("%s deletes: %d", role, w.Code)
			}
			if role == "suggester" {
				p, err := a.Places.BySlug(t.Context(), "bone-chapel")
				if err == nil {
					err = a.Lists.Add(t.Context(), m.Actor(), l.Slug, p.ID, "deep")
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		got := reads[listed](t, write(a, "PATCH", "/lists/"+l.ID, `{"entries":[]}`, append(ada, "If-Match", "*")...), http.StatusOK)
		if len(got.Items) != 0 || len(got.Entries) != 1 || !got.Entries[0].Waits || got.Places != 0 {
			t.Errorf("what waited: %+v", got)
		}
	})
}
