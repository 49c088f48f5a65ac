package place

import (
	"encoding/json"
	"slices"
	"testing"
)

// TestPlainList: what the short way reads is what JSON says, and all that it
// does not know is left to that.
func TestPlainList(t *testing.T) {
	for _, c := range []struct {
		text  string
		plain bool
	}{
		{`["a"]`, true}, {`["a","b-c","ü, d"]`, true}, {`[""]`, true}, {`["",""]`, true}, {`["a,b","]"]`, true},
		{`["a", "b"]`, false}, {`["a\"b"]`, false}, {`["\u0061"]`, false}, {`[]`, false}, {``, false}, {`null`, false},
		{`["a",["b"]]`, false}, {`["]`, false}, {`["a"`, false}, {`["a",1,"b"]`, false}, {`["a","b"],["c"]`, false},
	} {
		list, plain := plainList(c.text)
		if plain != c.plain || !plain && list != nil {
			t.Errorf("%s: read %q, %v", c.text, list, plain)
		}
		var want []string
		if plain && (json.Unmarshal([]byte(c.text), &want) != nil || !slices.Equal(list, want)) {
			t.Errorf("%s: read %q, JSON says %q", c.text, list, want)
		}
	}
}
