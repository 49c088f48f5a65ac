package interchange

import (
	"encoding/json"
	"strings"

	"mirabilia/internal/text"
)

// list is a value as a list: JSON's own, JSON in a cell, or a cell split at |
// or, if it holds none, at ;.
func (b *builder) list(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case map[string]any:
		return []any{v}
	case json.Number:
		return []any{v.String()}
	case string:
		if l, ok := b.parsed(v).([]any); ok {
			return l
		}
		sep := ";"
		if strings.Contains(v, "|") {
			sep = "|"
		}
		var out []any
		for _, part := range strings.Split(v, sep) {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
		return out
	}
	return nil
}

func (b *builder) tags() []string {
	v, name, ok := b.take("tags")
	if !ok {
		return nil
	}
	var out []string
	for _, e := range b.list(v) {
		if s := b.str(name, e); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (b *builder) aliases() []Alias {
	var out []Alias
	for _, name := range aliasNames {
		v, _, ok := b.take(name)
		if !ok {
			continue
		}
		for _, e := range b.list(v) {
			a := Alias{}
			if o, isObject := e.(map[string]any); isObject {
				a = Alias{Name: b.member(o, "name"), Lang: b.member(o, "lang")}
			} else {
				a.Name = b.str(name, e)
			}
			if a.Name != "" {
				out = append(out, a)
			}
		}
	}
	return out
}

func (b *builder) sources() []Source {
	v, name, ok := b.take("sources")
	if !ok {
		return nil
	}
	// Addresses may hold a semicolon, so a cell is split at | alone.
	if s, isText := v.(string); isText && b.parsed(s) == nil && !strings.Contains(s, "|") {
		v = []any{strings.TrimSpace(s)}
	}
	var out []Source
	for _, e := range b.list(v) {
		var s Source
		if o, isObject := e.(map[string]any); isObject {
			s = Source{
				URL: b.member(o, "url"), Title: b.member(o, "title"), Author: b.member(o, "author"),
				Date: b.member(o, "date"), Archived: b.member(o, "archived"),
			}
		} else if t := b.str(name, e); strings.HasPrefix(t, "http://") || strings.HasPrefix(t, "https://") {
			s.URL = t
		} else {
			s.Title = t
		}
		if s != (Source{}) {
			out = append(out, s)
		}
	}
	return out
}

func (b *builder) facts() map[string]Fact {
	v, _, ok := b.take("facts")
	if !ok {
		return nil
	}
	if s, isText := v.(string); isText {
		v = b.parsed(s)
	}
	o, ok := v.(map[string]any)
	if !ok {
		b.warn("facts is not an object and was left out")
		return nil
	}
	out := make(map[string]Fact, len(o))
	for name, e := range o {
		f := Fact{}
		if m, isObject := e.(map[string]any); isObject {
			f = Fact{Value: b.member(m, "value"), Checked: b.member(m, "checked"), Source: b.member(m, "source")}
		} else {
			f.Value = b.str("facts", e)
		}
		if f.Value != "" {
			out[text.Clean(name)] = f
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// member is one text of an object, "" where it is missing.
func (b *builder) member(o map[string]any, name string) string {
	if empty(o[name]) {
		return ""
	}
	return b.str(name, o[name])
}
