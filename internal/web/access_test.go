package web

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
)

var writeTables = flag.Bool("write-tables", false, "write the tables of access as they are, to be read before they are kept")

// accessTable is where the expected answers stand.
const accessTable = "testdata/access.txt"

// reader is one kind of reader of the table.
type reader struct {
	name   string
	cookie *http.Cookie
}

// The table of access: what every route answers each kind of reader. The things
// that the paths name are an author's: a submission that waits and a draft in
// Denmark, a private list. What is sent is a form that no route takes for good,
// so that a row tells who gets as far as having it read. Whoever adds a route
// writes its row; whoever changes one shows it in the table.
func TestTableOfAccess(t *testing.T) {
	a := newAccounts(t)
	readers, paths := a.peopled()
	var rows []string
	routes := a.site.Routes()
	// Signing out comes last: it ends the sessions.
	out := func(r *Route) bool { return r.Pattern == "/logout" }
	routes = append(slices.DeleteFunc(slices.Clone(routes), out), routes[slices.IndexFunc(routes, out)])
	for _, route := range routes {
		row := []string{fmt.Sprintf("%-5s%-44s", route.Method, route.Pattern)}
		if route.Own == nil {
			// It cannot know who asks.
			if route.Access != Everyone {
				t.Errorf("%s is for %s and does not learn who asks", route.Pattern, route.Access)
			}
			rows = append(rows, row[0]+"everyone, the same")
			continue
		}
		for _, r := range readers {
			row = append(row, fmt.Sprintf("%-6s", a.answered(route, paths, r)))
		}
		rows = append(rows, strings.TrimRight(strings.Join(row, " "), " "))
	}
	slices.Sort(rows)
	head := fmt.Sprintf("%-49s", "")
	for _, r := range readers {
		head += fmt.Sprintf(" %-6s", r.name)
	}
	checkTable(t, accessTable, head+"\n"+strings.Join(rows, "\n")+"\n")
}

// peopled adds the readers and the author's things, and gives what stands for
// the parts of paths.
func (a *accounts) peopled() ([]reader, map[string]string) {
	a.t.Helper()
	sign := func(name string, role actor.Role, regions ...string) *http.Cookie {
		_, c := a.add(name, role, regions...)
		return c
	}
	author := sign("author", actor.Member)
	readers := []reader{
		{"nobody", nil}, {"member", sign("member", actor.Member)}, {"author", author}, {"trust", sign("trusted", actor.Member)},
		{"away", sign("away", actor.Editor, "italy")}, {"region", sign("region", actor.Editor, "denmark")}, {"editor", sign("editor", actor.Editor)}, {"admin", sign("admin", actor.Admin)},
	}
	if err := a.db.Write(a.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE members SET level = 'trusted' WHERE name = 'trusted'`)
		return err
	}); err != nil {
		a.t.Fatal(err)
	}
	led := func(path string, form url.Values) string {
		w := a.form(path, author, form)
		if w.Code != http.StatusSeeOther {
			a.t.Fatalf("%s: %d %s", path, w.Code, words(w.Body.String()))
		}
		return w.Header().Get("Location")
	}
	submission := led("/places/new", lighthouse())
	list, _ := strings.CutSuffix(led("/me/lists", url.Values{"title": {"Mine alone"}, "privacy": {"private"}}), "/edit")
	draft := lighthouse()
	draft.Set("draft", "78")
	draft.Set("do", "save")
	led("/places/new", draft)
	last := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	paths := map[string]string{
		"/submissions/": last(submission), "/desk/": last(submission), "/lists/": last(list), "/me/lists/": last(list),
		"/users/": "author", "/admin/members/": "author", "/places/": "casa-azul", "/destinations/": "mexico", "/tags/": "museums",
	}
	return readers, paths
}

// answered is how a route answers a reader: a status, or login where it leads
// to signing in.
func (a *accounts) answered(route *Route, paths map[string]string, r reader) string {
	path := exampleFor(route.Pattern, paths)
	var w *httptest.ResponseRecorder
	if route.Method == http.MethodPost {
		w = a.form(path, r.cookie, url.Values{"do": {"nothing"}})
	} else {
		w = a.page(path, r.cookie)
	}
	if w.Code >= 500 {
		a.t.Errorf("%s %s by %s: %d", route.Method, path, r.name, w.Code)
	}
	if strings.HasPrefix(w.Header().Get("Location"), "/login?next=") {
		return "login"
	}
	return strconv.Itoa(w.Code)
}

// exampleFor fills the parts of a pattern with what is there.
func exampleFor(pattern string, paths map[string]string) string {
	for before, part := range paths {
		if rest, ok := strings.CutPrefix(pattern, before); ok && strings.HasPrefix(rest, "{") {
			_, rest, _ = strings.Cut(rest, "}")
			pattern = before + part + rest
		}
	}
	return examplePath(pattern)
}

// checkTable holds a table against its file, line by line.
func checkTable(t *testing.T, file, got string) {
	t.Helper()
	if *writeTables {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(b), "\n")
	is := strings.Split(got, "\n")
	for _, line := range is {
		if !slices.Contains(want, line) {
			t.Errorf("not in %s (write it by -args -write-tables, and read what changed): %s", file, line)
		}
	}
	for _, line := range want {
		if !slices.Contains(is, line) {
			t.Errorf("%s has what is not so: %s", file, line)
		}
	}
}
