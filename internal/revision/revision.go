// Package revision compares and joins states of an entry. A state is its
// fields under the names of the API; two of them are compared field by field
// and long texts word by word; three of them, where two people went on from
// one, are merged, so that what both changed in different places stands and
// what they changed in the same place is named and settled by a person.
//
// It is pure and knows no feature: whose fields they are and which of them are
// long texts is told by Rules.
package revision

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Fields is a state of an entry: names of the API and their JSON values. A
// field that is missing, null, "", [] or {} says the same: nothing.
type Fields map[string]json.RawMessage

// Set writes a value; one that says nothing takes the field away.
func (f Fields) Set(name string, value any) {
	b, err := json.Marshal(value)
	if err != nil || nothing(b) {
		delete(f, name)
		return
	}
	f[name] = b
}

// Text is the value of a field that is a text, "" for any other.
func (f Fields) Text(name string) (s string) {
	if v := f[name]; len(v) > 0 && json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

// Number is the value of a field that is a number.
func (f Fields) Number(name string) (n float64, ok bool) {
	v := f[name]
	if nothing(v) || json.Unmarshal(v, &n) != nil {
		return 0, false
	}
	return n, true
}

// With is f with every field of other put over it: one that says nothing there
// is cleared.
func (f Fields) With(other Fields) Fields {
	out := maps.Clone(f)
	if out == nil {
		out = Fields{}
	}
	for name, v := range other {
		if nothing(v) {
			delete(out, name)
			continue
		}
		out[name] = v
	}
	return out
}

// Only is f with none but the named fields.
func (f Fields) Only(names []string) Fields {
	out := Fields{}
	for _, name := range names {
		if v, ok := f[name]; ok {
			out[name] = v
		}
	}
	return out
}

// Names lists the fields in their alphabetical order.
func (f Fields) Names() []string { return slices.Sorted(maps.Keys(f)) }

// Changed lists the fields that say something else in new, in alphabetical
// order.
func Changed(old, new Fields) (names []string) {
	for _, name := range union(old, new) {
		if !Same(old[name], new[name]) {
			names = append(names, name)
		}
	}
	return names
}

// Same reports whether two values say the same, however they are written.
func Same(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) || nothing(a) && nothing(b) {
		return true
	}
	return canonical(a) == canonical(b)
}

// nothing reports whether a value is missing or empty.
func nothing(v json.RawMessage) bool {
	switch string(bytes.TrimSpace(v)) {
	case "", "null", `""`, "[]", "{}":
		return true
	}
	return false
}

// canonical writes a value in the one way that equal values share.
func canonical(v json.RawMessage) string {
	var x any
	if json.Unmarshal(v, &x) != nil {
		return string(v)
	}
	b, err := json.Marshal(x) // keys of objects in order, numbers in one form
	if err != nil {
		return string(v)
	}
	return string(b)
}

func union(sets ...Fields) []string {
	all := map[string]bool{}
	for _, f := range sets {
		for name := range f {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
