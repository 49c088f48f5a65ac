package api

import (
	"cmp"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/user"
)

var writeTables = flag.Bool("write-tables", false, "write the table of access as it is, to be read before it is kept")

// bodies are what those calls send whose body is looked at before who calls.
var bodies = map[string]string{"submit": grotto, "submitAgain": grotto, "decide": `{"action":"publish"}`}

// The table of access: what every operation answers each kind of caller, whose
// token has the widest scope that the caller may have. The things that the
// paths name are an author's: a submission that waits, in France, and a private
// list; what is sent is an empty object where bodies has nothing. Whoever adds an operation writes its
// row.
func TestTableOfAccess(t *testing.T) {
	const file = "testdata/access.txt"
	a := atlasOnSQLite(t)
	callers, paths := peopled(t, a)
	var rows []string
	operations := a.Operations()
	// Always in one order, for one changes what the next meets; what takes a
	// thing away comes after what is done with it.
	slices.SortFunc(operations, func(x, y *huma.Operation) int {
		return cmp.Or(cmp.Compare(strings.Count(x.Method, http.MethodDelete), strings.Count(y.Method, http.MethodDelete)),
			cmp.Compare(x.Path, y.Path), cmp.Compare(x.Method, y.Method))
	})
	for _, op := range operations {
		row := fmt.Sprintf("%-7s%-38s", op.Method, op.Path)
		for _, c := range callers {
			target := op.Path
			for part, is := range paths {
				target = strings.Replace(target, part, is, 1)
			}
			body := bodies[op.OperationID]
			if body == "" && op.RequestBody != nil {
				body = "{}"
			}
			w := write(a, op.Method, examplePath(target)+needed(op), body, c.header...)
			if w.Code >= 500 {
				t.Errorf("%s %s by %s: %d %s", op.Method, op.Path, c.name, w.Code, w.Body)
			}
			row += fmt.Sprintf(" %-6d", w.Code)
		}
		rows = append(rows, strings.TrimRight(row, " "))
	}
	slices.Sort(rows)
	head := fmt.Sprintf("%-45s", "")
	for _, c := range callers {
		head += fmt.Sprintf(" %-6s", c.name)
	}
	got := strings.TrimRight(head, " ") + "\n" + strings.Join(rows, "\n") + "\n"
	if *writeTables {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	is, was := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for _, line := range is {
		if !slices.Contains(was, line) {
			t.Errorf("not in %s (write it by -args -write-tables, and read what changed): %s", file, line)
		}
	}
	for _, line := range was {
		if !slices.Contains(is, line) {
			t.Errorf("%s has what is not so: %s", file, line)
		}
	}
}

// needed is the query that a call cannot do without.
func needed(op *huma.Operation) string {
	for _, p := range op.Parameters {
		if p.In == "query" && p.Required {
			return "?" + p.Name + "=1"
		}
	}
	return ""
}

// caller is one kind of who calls.
type caller struct {
	name   string
	header []string
}

// peopled adds the callers and the author's things, and gives what stands for
// the parts of paths.
func peopled(t *testing.T, a *API) ([]caller, map[string]string) {
	t.Helper()
	token := func(name string, role actor.Role, scope actor.Scope, regions ...string) []string {
		m, err := a.Users.Add(t.Context(), actor.Actor{}, user.Account{Email: name + "@example.org", Name: name, Role: role, Verified: true})
		if err == nil && len(regions) > 0 {
			err = a.Users.Appoint(t.Context(), actor.Actor{ID: 1, Role: actor.Admin}, m.ID, role, regions)
		}
		if err != nil {
			t.Fatal(err)
		}
		return tokenOf(t, a, m, scope)
	}
	author := token("author", actor.Member, actor.Contribute)
	callers := []caller{
		{"nobody", nil}, {"member", token("member", actor.Member, actor.Contribute)}, {"author", author},
		{"trust", token("trusted", actor.Member, actor.Contribute)}, {"away", token("away", actor.Editor, actor.Edit, "italy")},
		{"region", token("region", actor.Editor, actor.Edit, "france")}, {"editor", token("editor", actor.Editor, actor.Edit)}, {"admin", token("admin", actor.Admin, actor.Administer)},
	}
	if err := a.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE members SET level = 'trusted' WHERE name = 'trusted'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s := reads[sent](t, write(a, "POST", "/submissions", grotto, author...), http.StatusCreated)
	l := reads[listed](t, write(a, "POST", "/lists", `{"title":"Mine alone"}`, author...), http.StatusCreated)
	return callers, map[string]string{"/submissions/{id}": "/submissions/" + s.ID, "/lists/{id}": "/lists/" + l.ID, "/places/{id}": "/places/bone-chapel", "/places/{place}": "/places/bone-chapel", "/destinations/{path}": "/destinations/france", "/users/{name}": "/users/author"}
}
