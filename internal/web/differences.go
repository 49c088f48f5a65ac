package web

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// fieldLabels name the fields of a place as people read them.
var fieldLabels = map[string]string{
	"title": "Name", "subtitle": "Hook", "kind": "What it is", "lat": "Position", "location_tier": "How exactly the position is shown", "tier_reason": "Why not exactly",
	"address": "Address", "country_code": "Country", "body": "About", "know_before_you_go": "Know before you go", "tags": "Themes", "status": "State",
	"status_date": "In this state since", "status_until": "Closed until", "status_source": "Who says so", "facts": "Facts", "website": "Website",
	"sources": "Sources", "aliases": "Other names", "lang": "Language", "licence": "Licence of the text",
}

// choices are the values of fields that are chosen, each with its words, in the
// form's order.
var choices = map[string][][2]string{
	"kind":          {{"place", "A place"}, {"eatery", "Somewhere to eat or drink"}},
	"location_tier": {{"exact", "Exactly"}, {"approximate", "About here, some kilometres off"}, {"region", "Only the region"}, {"hidden", "Only the country"}},
}

func fieldLabel(ctx context.Context, name string) string {
	if l := fieldLabels[name]; l != "" {
		return say.T(ctx, l)
	}
	return name
}

// positionField is how the two fields of a position are chosen as one.
const positionField = "lat,lon"

// differences are the fields that say something else, in the order in which
// people are shown them, word by word.
func differences(ctx context.Context, old, new revision.Fields) []ui.Changed {
	names := revision.Changed(old, new)
	var out []ui.Changed
	for _, name := range place.FieldNames {
		if !slices.Contains(names, name) || name == "lon" && slices.Contains(names, "lat") {
			continue
		}
		c := ui.Changed{ID: "only-" + name, Field: name, Label: fieldLabel(ctx, name)}
		if name == "lat" || name == "lon" {
			name = "lat"
			c.ID, c.Field, c.Label = "only-lat", positionField, fieldLabel(ctx, name)
		}
		var added, removed int
		was, is := fieldText(ctx, old, name), fieldText(ctx, new, name)
		if len(old) == 0 { // a new entry is read, not compared
			if is != "" {
				c.New, c.Proposed, c.Note = true, allOf("", is), ""
				if n := len(strings.Fields(is)); name == "body" || name == "know_before_you_go" {
					c.Note = say.N(ctx, n, "%s word", "%s words")
				}
				out = append(out, c)
			}
			continue
		}
		if name == "lat" || name == "website" { // one thing each: no words of it are common
			c.Now, c.Proposed = allOf("del", was), allOf("ins", is)
		} else {
			c.Now, c.Proposed, added, removed = sides(was, is)
			c.Note = wordsNote(ctx, added, removed)
		}
		out = append(out, c)
	}
	return out
}

func allOf(op, s string) []ui.Words {
	if s == "" {
		return nil
	}
	return []ui.Words{{Op: op, Text: s}}
}

func wordsNote(ctx context.Context, added, removed int) string {
	switch {
	case added > 0 && removed > 0:
		return say.N(ctx, added, "+%s word", "+%s words") + ", −" + say.Number(ctx, removed)
	case added > 0:
		return say.N(ctx, added, "+%s word", "+%s words")
	case removed > 0:
		return say.N(ctx, removed, "−%s word", "−%s words")
	}
	return ""
}

// sides compares two texts: each side with its own words marked, and how many
// words came and went.
func sides(old, new string) (now, proposed []ui.Words, added, removed int) {
	for _, p := range revision.Words(old, new) {
		switch p.Op {
		case revision.Kept:
			now, proposed = append(now, ui.Words{Text: p.Text}), append(proposed, ui.Words{Text: p.Text})
		case revision.Removed:
			now = append(now, ui.Words{Op: "del", Text: p.Text})
			removed += len(strings.Fields(p.Text))
		case revision.Added:
			proposed = append(proposed, ui.Words{Op: "ins", Text: p.Text})
			added += len(strings.Fields(p.Text))
		}
	}
	return now, proposed, added, removed
}

// fieldText writes a field as text, so that two of it can be compared by eye.
func fieldText(ctx context.Context, f revision.Fields, name string) string {
	switch name {
	case "lat":
		if at := positionOf(f); at != nil {
			return geo.FormatDecimal(*at)
		}
		return ""
	case "status":
		s := place.Status(f.Text(name))
		if n := statusNames[s]; n != "" {
			return say.T(ctx, n)
		}
		return string(s)
	case "kind", "location_tier":
		for _, c := range choices[name] {
			if c[0] == f.Text(name) {
				return say.T(ctx, c[1])
			}
		}
	case "tags":
		var tags []string
		readField(f, name, &tags)
		return strings.Join(tags, ", ")
	case "facts":
		return factsText(ctx, f)
	case "sources":
		var list []place.Source
		readField(f, name, &list)
		return lined(list, func(s place.Source) string { return commas(s.Author, s.Title, s.Date, s.URL, s.Archived) })
	case "aliases":
		var list []place.Alias
		readField(f, name, &list)
		return lined(list, func(a place.Alias) string { return commas(a.Name, a.Lang) })
	}
	return f.Text(name)
}

func readField(f revision.Fields, name string, into any) {
	if raw := f[name]; len(raw) > 0 {
		_ = json.Unmarshal(raw, into) // of a checked state; another form reads as nothing
	}
}

func factsText(ctx context.Context, f revision.Fields) string {
	facts := map[string]place.Fact{}
	readField(f, "facts", &facts)
	var names []string
	for _, n := range place.FactNames {
		if _, ok := facts[n]; ok {
			names = append(names, n)
			continue
		}
	}
	var rest []string
	for n := range facts {
		if !slices.Contains(place.FactNames, n) {
			rest = append(rest, n)
		}
	}
	slices.Sort(rest)
	return lined(append(names, rest...), func(n string) string {
		x := facts[n]
		return view.FactLabel(ctx, n) + ": " + commas(x.Value, x.Checked, x.Source)
	})
}

func lined[T any](list []T, line func(T) string) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = line(x)
	}
	return strings.Join(out, "\n")
}

func commas(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// conflictViews are the fields that both sides changed, three ways.
func (s *Site) conflictViews(ctx context.Context, w *writing) ([]view.Conflict, error) {
	if len(w.conflicts) == 0 {
		return nil, nil
	}
	by, err := s.changedBy(ctx, w)
	if err != nil {
		return nil, err
	}
	var out []view.Conflict
	mine := w.fields()
	for _, c := range w.conflicts {
		if c.Field == "lon" {
			continue
		}
		v := view.Conflict{Field: c.Field, Label: fieldLabel(ctx, c.Field), By: by[c.Field], Choice: w.typed["keep."+c.Field]}
		was := fieldText(ctx, w.base, c.Field)
		_, v.Now, _, _ = sides(was, fieldText(ctx, w.now, c.Field))
		_, v.Mine, _, _ = sides(was, fieldText(ctx, mine, c.Field))
		v.Was = text.Excerpt(was, 300)
		out = append(out, v)
	}
	return out, nil
}

// changedBy names who changed each field last since an edit was begun.
func (s *Site) changedBy(ctx context.Context, w *writing) (map[string]string, error) {
	list, err := s.Places.History(ctx, w.place.ID)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	newer := w.now
	for i := 0; i+1 < len(list) && list[i].Number > w.Base; i++ { // the newest first
		older, err := s.Places.Revision(ctx, w.place.ID, list[i+1].Number)
		if err != nil {
			return nil, err
		}
		for _, name := range revision.Changed(older, newer) {
			if out[name] == "" && list[i].Author.Name != "" {
				out[name] = say.T(ctx, "changed by %s", list[i].Author.Name)
			}
		}
		newer = older
	}
	return out, nil
}
