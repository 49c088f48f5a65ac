package revision

import (
	"encoding/json"
	"slices"
)

// lists merges three lists as sets in an order: what either took away is gone,
// what either added is there. It fails for what is no list, for lists that
// hold a thing twice, and where both changed the order.
func lists(base, mine, theirs json.RawMessage) (json.RawMessage, bool) {
	b, okB := listOf(base)
	m, okM := listOf(mine)
	t, okT := listOf(theirs)
	if !okB || !okM || !okT {
		return nil, false
	}
	// The side that kept base's order is put into the other one.
	from, other := t, m
	if !inOrder(b, m) {
		if !inOrder(b, t) {
			return nil, false
		}
		from, other = m, t
	}
	var out []item
	for _, x := range from {
		if has(other, x) || !has(b, x) {
			out = append(out, x)
		}
	}
	for i, x := range other {
		if has(b, x) || has(out, x) {
			continue
		}
		at := len(out) // behind what it stood behind, if that is there
		for k := i - 1; k >= 0; k-- {
			if n := slices.IndexFunc(out, func(y item) bool { return y.key == other[k].key }); n >= 0 {
				at = n + 1
				break
			}
		}
		out = slices.Insert(out, at, x)
	}
	raw := make([]json.RawMessage, len(out))
	for i, x := range out {
		raw[i] = x.raw
	}
	v, err := json.Marshal(raw)
	return v, err == nil
}

type item struct {
	key string
	raw json.RawMessage
}

// listOf reads a list of different things; nothing is the empty one.
func listOf(v json.RawMessage) (list []item, ok bool) {
	if nothing(v) {
		return nil, true
	}
	var raw []json.RawMessage
	if json.Unmarshal(v, &raw) != nil {
		return nil, false
	}
	seen := map[string]bool{}
	for _, r := range raw {
		x := item{canonical(r), r}
		if seen[x.key] {
			return nil, false
		}
		seen[x.key] = true
		list = append(list, x)
	}
	return list, true
}

func has(list []item, x item) bool {
	return slices.ContainsFunc(list, func(y item) bool { return y.key == x.key })
}

// inOrder reports whether what both have stands in the same order.
func inOrder(a, b []item) bool {
	i := 0
	for _, x := range a {
		if !has(b, x) {
			continue
		}
		for i < len(b) && !has(a, b[i]) {
			i++
		}
		if i == len(b) || b[i].key != x.key {
			return false
		}
		i++
	}
	return true
}

// objects merges three objects key by key. It fails for what is no object and
// where both changed one key.
func objects(base, mine, theirs json.RawMessage) (json.RawMessage, bool) {
	var f [3]Fields
	for i, v := range []json.RawMessage{base, mine, theirs} {
		if !nothing(v) && json.Unmarshal(v, &f[i]) != nil {
			return nil, false
		}
	}
	out := Fields{}
	for _, key := range union(f[0], f[1], f[2]) {
		b, m, t := f[0][key], f[1][key], f[2][key]
		v := t
		switch {
		case Same(b, m) || Same(m, t):
		case Same(b, t):
			v = m
		default:
			return nil, false
		}
		if !nothing(v) {
			out[key] = v
		}
	}
	v, err := json.Marshal(out)
	return v, err == nil
}
