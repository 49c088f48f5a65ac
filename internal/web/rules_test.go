package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/user"
)

// admin makes an admin of the house.
func (h *house) admin(name string) {
	h.t.Helper()
	m, err := user.New(h.db).Add(context.Background(), actor.Actor{}, user.Account{Email: name + "@example.org", Name: name, Role: actor.Admin, Verified: true})
	if err != nil {
		h.t.Fatal(err)
	}
	h.who[name] = m.Actor()
}

// What an admin blocks holds what is reviewed, and is refused beside its field
// where nobody reviews.
func TestRules(t *testing.T) {
	h := newHouse(t)
	h.admin("vera")
	page := h.as("vera", rulesPath)
	h.has(page, 200, "Rules of contributing", "Blocked words", `value="10"`)
	set, err := h.set.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := url.Values{}
	for _, g := range ruleGroups {
		for _, n := range g.numbers {
			f.Set(n.name, strconv.Itoa(*n.of(&set.Contributing, &set.Confirming)))
		}
	}
	f.Set("blocked_words", "Casino\r\n\r\n free  money \r\nCasino")
	f.Set("blocked_domains", "https://spam.example/x")
	f.Set("trusted_after", "12")
	h.has(h.post("vera", rulesPath, f), 422, "Are such as spam.example", "https://spam.example/x", `value="12"`)
	f.Set("blocked_domains", "spam.example")
	f.Set("fresh", "many")
	h.has(h.post("vera", rulesPath, f), 422, "Is a whole number", `value="many"`)
	f.Set("fresh", "50")
	h.sends("vera", rulesPath, f)
	h.has(h.as("vera", rulesPath), 200, "Casino\nfree  money</textarea>", `value="12"`)
	h.has(h.as("vera", "/admin"), 200, "changed the rules of contributing", rulesPath)
	for _, who := range []string{"ines", "tomasz"} {
		if w := h.as(who, rulesPath); w.Code == 200 {
			t.Errorf("%s reads the rules", who)
		}
		if w := h.post(who, rulesPath, f); w.Code < 400 {
			t.Errorf("%s sets rules: %d", who, w.Code)
		}
	}

	visit := url.Values{"day": {"2026-11-01"}, "outcome": {"found"}, "privacy": {"public"}, "note": {"Next to the C\u200basino"}}
	h.has(h.post("ines", "/places/casa-azul/visits", visit), 422, "It has a blocked word: “Casino”.", "Please write it without.")
	visit.Set("privacy", "me")
	h.sends("ines", "/places/casa-azul/visits", visit)
	list := url.Values{"title": {"Free money"}, "intro": {"See spam.example"}, "privacy": {"private"}}
	h.has(h.post("ines", "/me/lists", list), 422, "“free  money”", "blocked site: spam.example")
	list.Set("title", "Halls")
	list.Set("intro", "")
	to := h.sends("ines", "/me/lists", list)
	if !strings.HasPrefix(to, "/lists/") {
		t.Errorf("the list is at %s", to)
	}
	profile := url.Values{"do": {"profile"}, "name": {"Ines"}, "bio": {"I like the casino."}, "label1": {"Mine"}, "url1": {"https://me.spam.example/"}}
	h.has(h.post("ines", "/settings", profile), 422, "It has a blocked word", "It links to a blocked site: me.spam.example.", "I like the casino.")
	h.has(h.post("", "/join", url.Values{"name": {"Casino Royal"}, "email": {"c@example.org"}, "password": {"four walnut chairs humming"}}), 422, "It has a blocked word: “Casino”.")
	// An editor writes what they must.
	profile.Set("name", "Tomasz")
	h.sends("tomasz", "/settings", profile)
	edit := formOf(t, h.as("mario", "/places/casa-azul/edit").Body.String())
	edit.Set("do", "send")
	edit.Set("rights", "yes")
	edit.Set("subtitle", "Blue.")
	edit.Set("summary", "Told by www.spam.example")
	id := strings.TrimSuffix(strings.TrimPrefix(h.sends("mario", "/places/casa-azul/edit", edit), "/submissions/"), "?sent=yes")
	h.has(h.as("olga", "/desk/"+id), 200, "It links to a blocked site: www.spam.example.")
}
