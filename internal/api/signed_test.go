package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

// signedIn gives the header that shows a token of a scope, of a member with a
// role: the same member each time.
func signedIn(t testing.TB, a *API, role actor.Role, scope actor.Scope) []string {
	t.Helper()
	email := string(role) + "@example.org"
	m, err := a.Users.ByEmail(t.Context(), email)
	if errs.Is(err, errs.NotFound) {
		m, err = a.Users.Add(t.Context(), actor.Actor{}, user.Account{Email: email, Name: "The " + string(role), Role: role, Verified: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	return tokenOf(t, a, m, scope)
}

func tokenOf(t testing.TB, a *API, m *user.Member, scope actor.Scope) []string {
	t.Helper()
	secret, err := a.Users.AddToken(t.Context(), actor.Actor{}, user.Token{Member: m.ID, Scope: scope})
	if err != nil {
		t.Fatal(err)
	}
	return []string{"Authorization", "Bearer " + secret}
}

// write is call with a JSON body and headers.
func write(a *API, method, target, sent string, header ...string) *httptest.ResponseRecorder {
	if sent != "" {
		target, header = target+" "+sent, append(header, "Content-Type", "application/json")
	}
	return call(a, method, Prefix+target, header...)
}

// roleFor is a role that a scope is enough for.
func roleFor(scope string) actor.Role {
	switch actor.Scope(scope) {
	case actor.Edit:
		return actor.Editor
	case actor.Administer:
		return actor.Admin
	}
	return actor.Member
}

// scopeOf is the scope that an operation needs, "" for none.
func scopeOf(security []map[string][]string) string {
	for _, s := range security {
		if list := s[bearer]; len(list) == 1 {
			return list[0]
		}
	}
	return ""
}

// Every call that needs a token refuses nobody, a wrong token, a smaller scope
// and a smaller role, whatever it is sent.
func TestWrites_areRefusedWithoutTheirScope(t *testing.T) {
	a := atlasOnSQLite(t)
	order := []actor.Scope{actor.Read, actor.Contribute, actor.Edit, actor.Administer}
	seen := 0
	for _, op := range a.Operations() {
		need := scopeOf(op.Security)
		if need == "" {
			if op.Method != http.MethodGet && op.OperationID != "along" {
				t.Errorf("%s %s writes without a scope", op.Method, op.Path)
			}
			continue
		}
		seen++
		target := examplePath(op.Path)
		for name, header := range map[string][]string{"nobody": nil, "a wrong token": {"Authorization", "Bearer mir_x"}, "another scheme": {"Authorization", "Basic eDp5"}} {
			if w := write(a, op.Method, target, "{}", header...); w.Code != http.StatusUnauthorized || w.Header().Get("Content-Type") != problemType || w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s by %s: %d %s", op.Method, op.Path, name, w.Code, w.Body)
			}
		}
		for _, scope := range order {
			if string(scope) == need {
				break
			}
			w := write(a, op.Method, target, "", signedIn(t, a, actor.Admin, scope)...)
			// A body that is missing may be said first.
			if w.Code != http.StatusForbidden && !(op.RequestBody != nil && (w.Code == http.StatusBadRequest || w.Code == http.StatusUnprocessableEntity)) {
				t.Errorf("%s %s with %s: %d %s", op.Method, op.Path, scope, w.Code, w.Body)
			}
			if w.Header().Get("Cache-Control") != "private, no-store" && w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s may be kept: %s", op.Method, op.Path, w.Header().Get("Cache-Control"))
			}
		}
	}
	if seen == 0 {
		t.Error("no call needs a token")
	}
}
