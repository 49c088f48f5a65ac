package interchange

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// sameAsStandard fails where the fast reader and encoding/json differ.
func sameAsStandard(t testing.TB, s string) (fast bool) {
	got, ok := fastObject(s)
	if !ok {
		return false
	}
	var want map[string]any
	if err := unmarshal([]byte(s), &want); err != nil {
		t.Fatalf("%q is read, but %v", s, err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%q\ngot  %#v\nwant %#v", s, got, want)
	}
	return true
}

func FuzzFastObject(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"a":"b\n\u00e9\ud83d\ude00","b":[1,-0.5e+3,true,null,{}],"a":2}`, `{"a":01}`, `{"a":.5}`, `{"a":1.}`, `{"a":-}`, "{\"a\":\"\t\"}", `{"a":"\x"}`, `{} {}`, `{"a":nulL}`, `{"a":1e}`, `{,}`, `{"a":[1,]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.ValidString(s) {
			sameAsStandard(t, s)
		}
	})
}

func TestFastObject(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := rapid.MapOf(rapid.String(), rapid.OneOf(
			rapid.Custom(func(t *rapid.T) any { return rapid.String().Draw(t, "s") }),
			rapid.Custom(func(t *rapid.T) any { return rapid.Float64Range(-1e300, 1e300).Draw(t, "f") }),
			rapid.Custom(func(t *rapid.T) any { return []any{rapid.Bool().Draw(t, "b"), nil, map[string]any{"x": []any{}}} }),
		)).Draw(rt, "m")
		raw, err := json.MarshalIndent(m, " ", "\t")
		if err != nil {
			rt.Fatal(err)
		}
		if !sameAsStandard(t, string(raw)) {
			rt.Fatalf("not read: %s", raw)
		}
		cutOff := rapid.IntRange(0, len(raw)-1).Draw(rt, "cut")
		if utf8.Valid(raw[:cutOff]) {
			sameAsStandard(t, string(raw[:cutOff]))
		}
	})
	if _, ok := fastObject(`{"a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "}"); ok {
		t.Error("deep nesting is read")
	}
}
