package revision

import (
	"encoding/json"
	"slices"
	"strings"
)

// Rules says how the fields of a kind of entry are merged.
type Rules struct {
	// Texts are long texts, merged word by word. Every other text is one
	// thing: of two titles neither is right in halves.
	Texts []string
	// Together are groups of fields that only make sense together (latitude
	// and longitude, a status and its date): changed by both sides, they
	// conflict as a whole.
	Together [][]string
}

// Conflict is a field that both sides changed, each to something else.
type Conflict struct {
	Field  string          `json:"field"`
	Base   json.RawMessage `json:"base,omitempty"`
	Mine   json.RawMessage `json:"mine,omitempty"`
	Theirs json.RawMessage `json:"theirs,omitempty"`
}

// Merge joins what mine and theirs made of base. Where they conflict, merged
// holds theirs and the conflict holds all three; nothing else that either side
// changed is missing from merged.
func (r Rules) Merge(base, mine, theirs Fields) (merged Fields, conflicts []Conflict) {
	merged = Fields{}
	put := func(name string, v json.RawMessage) {
		if !nothing(v) {
			merged[name] = v
		}
	}
	done := map[string]bool{}
	for _, name := range union(base, mine, theirs) {
		if done[name] {
			continue
		}
		group := r.groupOf(name)
		for _, n := range group {
			done[n] = true
		}
		switch {
		case same(group, base, mine) || same(group, mine, theirs):
			for _, n := range group {
				put(n, theirs[n])
			}
		case same(group, base, theirs):
			for _, n := range group {
				put(n, mine[n])
			}
		default:
			if len(group) == 1 {
				if v, ok := r.value(name, base[name], mine[name], theirs[name]); ok {
					put(name, v)
					continue
				}
			}
			for _, n := range group {
				put(n, theirs[n])
				if !Same(mine[n], theirs[n]) {
					conflicts = append(conflicts, Conflict{n, base[n], mine[n], theirs[n]})
				}
			}
		}
	}
	return merged, conflicts
}

func (r Rules) groupOf(name string) []string {
	for _, g := range r.Together {
		if slices.Contains(g, name) {
			return g
		}
	}
	return []string{name}
}

func same(names []string, a, b Fields) bool {
	for _, n := range names {
		if !Same(a[n], b[n]) {
			return false
		}
	}
	return true
}

// value merges what both sides changed, where that can be done.
func (r Rules) value(name string, base, mine, theirs json.RawMessage) (json.RawMessage, bool) {
	if slices.Contains(r.Texts, name) {
		b, okB := textOf(base)
		m, okM := textOf(mine)
		t, okT := textOf(theirs)
		if !okB || !okM || !okT {
			return nil, false
		}
		s, ok := Text(b, m, t)
		v, err := json.Marshal(s)
		return v, ok && err == nil
	}
	if v, ok := lists(base, mine, theirs); ok {
		return v, true
	}
	return objects(base, mine, theirs)
}

// Text merges three texts word by word. It fails where both changed the same
// words, or words with no unchanged word between them: a sentence that neither
// wrote helps nobody.
func Text(base, mine, theirs string) (string, bool) {
	if mine == theirs || base == mine {
		return theirs, true
	}
	if base == theirs {
		return mine, true
	}
	b, m, t := tokens(base), tokens(mine), tokens(theirs)
	inM, inT := align(b, m), align(b, t)
	var out strings.Builder
	i, j, k := 0, 0, 0
	for i < len(b) || j < len(m) || k < len(t) {
		if i < len(b) && inM[i] == j && inT[i] == k {
			out.WriteString(b[i])
			i, j, k = i+1, j+1, k+1
			continue
		}
		// The change ends at the next word that all three have.
		end, endM, endT := len(b), len(m), len(t)
		for x := i; x < len(b); x++ {
			if inM[x] >= j && inT[x] >= k && isWord(b[x]) {
				end, endM, endT = x, inM[x], inT[x]
				break
			}
		}
		was, by, of := strings.Join(b[i:end], ""), strings.Join(m[j:endM], ""), strings.Join(t[k:endT], "")
		switch {
		case by == of || was == by:
			out.WriteString(of)
		case was == of:
			out.WriteString(by)
		default:
			return "", false
		}
		i, j, k = end, endM, endT
	}
	return out.String(), true
}
