package app

import (
	"cmp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/api"
	"mirabilia/internal/web"
)

// fewParams is how many parameters a call may have that are named in its row; a
// list of places has a table of its own.
const fewParams = 4

// callsOf are the calls of the API as its description has them, so that the page
// for people says the same: what anybody may read first, then what needs a token.
func callsOf(a *api.API) []web.Call {
	type sorted struct {
		path string
		call web.Call
	}
	var all []sorted
	for _, op := range a.Operations() {
		c := web.Call{Method: op.Method, Path: op.Path, What: op.Summary, Scope: scopeOf(op)}
		var params []string
		for _, p := range op.Parameters {
			if p.In == "query" {
				params = append(params, p.Name+"=")
			}
		}
		if len(params) > 0 && len(params) <= fewParams {
			c.Path += "?" + strings.Join(params, "&")
		}
		all = append(all, sorted{op.Path, c})
	}
	slices.SortFunc(all, func(x, y sorted) int {
		return cmp.Or(cmp.Compare(scopeRank(x.call.Scope), scopeRank(y.call.Scope)), strings.Compare(x.path, y.path), strings.Compare(x.call.Method, y.call.Method))
	})
	calls := make([]web.Call, len(all))
	for i, c := range all {
		calls[i] = c.call
	}
	return calls
}

// scopeOf is the scope that a call wants of a token; "" where it wants none.
func scopeOf(op *huma.Operation) string {
	for _, wanted := range op.Security {
		for _, scopes := range wanted {
			if len(scopes) > 0 {
				return scopes[0]
			}
		}
	}
	return ""
}

func scopeRank(scope string) int {
	return slices.Index([]string{"", "read", "contribute", "edit", "admin"}, scope)
}
