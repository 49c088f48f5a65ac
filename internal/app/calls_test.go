package app_test

import (
	"encoding/json"
	"html"
	"strings"
	"testing"
)

// The page for people names every call of the description, with the scope that
// its token needs.
func TestEveryCallIsReadable(t *testing.T) {
	a := open(t, configOf(t, t.TempDir(), ""))
	run(t, a)
	_, spec := ask(a, "/api/v1/openapi.json")
	var described struct {
		Paths map[string]map[string]struct {
			Summary  string
			Security []map[string][]string
		}
	}
	if err := json.Unmarshal([]byte(spec), &described); err != nil || len(described.Paths) < 20 {
		t.Fatalf("%v, %d paths", err, len(described.Paths))
	}
	_, page := ask(a, "/api")
	for path, methods := range described.Paths {
		for method, op := range methods {
			call := "<code>" + strings.ToUpper(method) + " " + path
			_, row, ok := strings.Cut(page, call+"</code>")
			if !ok {
				_, row, ok = strings.Cut(page, call+"?")
			}
			row, _, _ = strings.Cut(row, "</tr>")
			if !ok || !strings.Contains(html.UnescapeString(row), op.Summary) {
				t.Errorf("%s %s (%s) is not on the page", method, path, op.Summary)
			}
			for _, wanted := range op.Security {
				for _, scopes := range wanted {
					if !strings.Contains(row, "<code>"+scopes[0]+"</code>") {
						t.Errorf("%s %s does not say that it needs %s", method, path, scopes[0])
					}
				}
			}
		}
	}
}
