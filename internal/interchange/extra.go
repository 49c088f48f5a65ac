package interchange

import (
	"strings"
	"unicode/utf8"

	"mirabilia/internal/text"
)

// extra is what is left, under the names it came with. An "extra" object joins
// it; a column of the same name beside it wins.
func (b *builder) extra() map[string]any {
	var out map[string]any
	put := func(name string, v any) {
		if out == nil {
			out = map[string]any{}
		}
		out[text.Clean(name)] = cleanValue(v)
	}
	if v, _, ok := b.take("extra"); ok {
		if s, isText := v.(string); isText {
			if o, isObject := b.parsed(s).(map[string]any); isObject {
				v = o
			}
		}
		if o, isObject := v.(map[string]any); isObject {
			for name, v := range o {
				put(name, v)
			}
		} else {
			put("extra", v)
		}
	}
	for name, v := range b.values {
		if !empty(v) {
			put(name, v)
		}
	}
	return out
}

// parsed is the JSON in a cell, nil if there is none.
func (b *builder) parsed(s string) any {
	s = strings.TrimSpace(s)
	if s == "" || s[0] != '[' && s[0] != '{' || !utf8.ValidString(s) || tooDeep([]byte(s)) {
		return nil
	}
	var v any
	if unmarshal([]byte(s), &v) != nil {
		return nil
	}
	return v
}

// cleanValue cleans every text in v; the nesting of v is bounded.
func cleanValue(v any) any {
	switch v := v.(type) {
	case string:
		return text.Clean(v)
	case []any:
		for i := range v {
			v[i] = cleanValue(v[i])
		}
	case map[string]any:
		for k, e := range v {
			if c := text.Clean(k); c != k {
				delete(v, k)
				k = c
			}
			v[k] = cleanValue(e)
		}
	}
	return v
}
