// Package entry is what one types about a place: the texts of the controls of
// the forms to add and to edit, as they were typed, and the fields that they
// say. Nothing that was typed is changed before it is sent, so that a draft and
// a form that was refused show it as it was.
package entry

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/text"
)

// Values are the texts of the controls by their names.
type Values map[string]string

// plain are the controls that say one field each, by the field's name.
var plain = []string{
	"title", "subtitle", "body", "know_before_you_go", "location_tier", "tier_reason", "address", "website", "status",
	"status_date", "status_until", "status_source", "kind", "lang",
}

// aside are controls that say no field.
var aside = []string{"position", "spot", "tags", "summary", "rights"}

// FactParts, SourceParts and AliasParts are the parts of a fact, a source, a
// name.
var (
	FactParts   = []string{"value", "checked", "source"}
	SourceParts = []string{"title", "url", "author", "date", "archived"}
	AliasParts  = []string{"name", "lang"}
)

// Rows is the most rows of sources or names that a form has.
const Rows = 50

// Read takes the controls of the form out of what was sent.
func Read(sent url.Values) Values {
	v := Values{}
	for name, list := range sent {
		if len(list) > 0 && known(name) {
			v[name] = strings.ReplaceAll(list[len(list)-1], "\r\n", "\n")
		}
	}
	return v
}

func known(name string) bool {
	if slices.Contains(plain, name) || slices.Contains(aside, name) {
		return true
	}
	parts := strings.Split(name, ".")
	switch {
	case len(parts) == 2 && parts[0] == "keep":
		return slices.Contains(place.FieldNames, parts[1])
	case len(parts) != 3:
		return false
	case parts[0] == "facts":
		return slices.Contains(place.FactNames, parts[1]) && slices.Contains(FactParts, parts[2])
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n < 0 || n >= Rows || strconv.Itoa(n) != parts[1] {
		return false
	}
	return parts[0] == "sources" && slices.Contains(SourceParts, parts[2]) || parts[0] == "aliases" && slices.Contains(AliasParts, parts[2])
}

// Of fills the form with the fields of a place. Tags are written by the names
// that name gives.
func Of(f revision.Fields, name func(slug string) string) Values {
	v := Values{}
	for _, n := range plain {
		if s := f.Text(n); s != "" {
			v[n] = s
		}
	}
	if lat, ok := f.Number("lat"); ok {
		if lon, ok := f.Number("lon"); ok {
			v["position"] = geo.FormatDecimal(geo.Public{Lat: lat, Lon: lon})
		}
	}
	var tags []string
	decode(f, "tags", &tags)
	for i, t := range tags {
		tags[i] = name(t)
	}
	v.set("tags", strings.Join(tags, ", "))
	for fact, x := range factsOf(f) {
		if slices.Contains(place.FactNames, fact) {
			v.set("facts."+fact+".value", x.Value)
			v.set("facts."+fact+".checked", x.Checked)
			v.set("facts."+fact+".source", x.Source)
		}
	}
	var sources []place.Source
	decode(f, "sources", &sources)
	for i, s := range sources[:min(len(sources), Rows)] {
		for part, value := range map[string]string{"title": s.Title, "url": s.URL, "author": s.Author, "date": s.Date, "archived": s.Archived} {
			v.set("sources."+strconv.Itoa(i)+"."+part, value)
		}
	}
	var aliases []place.Alias
	decode(f, "aliases", &aliases)
	for i, a := range aliases[:min(len(aliases), Rows)] {
		v.set("aliases."+strconv.Itoa(i)+".name", a.Name)
		v.set("aliases."+strconv.Itoa(i)+".lang", a.Lang)
	}
	return v
}

func (v Values) set(name, value string) {
	if value != "" {
		v[name] = value
	}
}

// decode reads a field of a checked state; one of another form reads as nothing.
func decode(f revision.Fields, name string, into any) {
	if raw := f[name]; len(raw) > 0 {
		_ = json.Unmarshal(raw, into)
	}
}

func factsOf(f revision.Fields) map[string]place.Fact {
	facts := map[string]place.Fact{}
	decode(f, "facts", &facts)
	return facts
}

// Text is what was typed into a control, without the space around it.
func (v Values) Text(name string) string { return strings.TrimSpace(v[name]) }

// Tags are the themes that were typed, as slugs.
func (v Values) Tags() []string {
	var out []string
	for _, t := range strings.FieldsFunc(v["tags"], func(r rune) bool { return r == ',' || r == ';' || r == '|' || r == '\n' }) {
		if slug := text.Slug(strings.TrimSpace(t)); slug != "" && strings.TrimSpace(t) != "" && !slices.Contains(out, slug) {
			out = append(out, slug)
		}
	}
	return out
}

// Sources are the sources that were typed; rows without a word are left out.
func (v Values) Sources() []place.Source {
	var out []place.Source
	for i := range Rows {
		if s, ok := v.source(i); ok {
			out = append(out, s)
		}
	}
	return out
}

// source is a row of the sources, and whether it says one.
func (v Values) source(row int) (place.Source, bool) {
	at := "sources." + strconv.Itoa(row) + "."
	s := place.Source{Title: v.Text(at + "title"), URL: v.Text(at + "url"), Author: v.Text(at + "author"), Date: v.Text(at + "date"), Archived: v.Text(at + "archived")}
	return s, s.Title+s.URL+s.Author != ""
}

// Aliases are the other names that were typed.
func (v Values) Aliases() []place.Alias {
	var out []place.Alias
	for i := range Rows {
		if a, ok := v.alias(i); ok {
			out = append(out, a)
		}
	}
	return out
}

func (v Values) alias(row int) (place.Alias, bool) {
	at := "aliases." + strconv.Itoa(row) + "."
	a := place.Alias{Name: v.Text(at + "name"), Lang: v.Text(at + "lang")}
	return a, a.Name != ""
}

var rowPath = regexp.MustCompile(`^(sources|aliases)\[(\d+)\]\.(\w+)$`)

// Control names the control that says a part of the fields, as sources[1].url:
// rows that were left empty are among the controls and not in the fields.
func (v Values) Control(part string) string {
	m := rowPath.FindStringSubmatch(part)
	if m == nil {
		return part
	}
	n, _ := strconv.Atoi(m[2])
	for row := range Rows {
		_, says := v.source(row)
		if m[1] == "aliases" {
			_, says = v.alias(row)
		}
		if !says {
			continue
		}
		if n == 0 {
			return m[1] + "." + strconv.Itoa(row) + "." + m[3]
		}
		n--
	}
	return m[1]
}

// Halves are the controls that were left empty where those beside them would not
// be kept without them: the value of a fact, the name of a source, another name.
// A fact of base that is cleared is taken away, whatever still stands beside it.
func (v Values) Halves(base revision.Fields) (controls []string) {
	was := factsOf(base)
	for _, name := range place.FactNames {
		at := "facts." + name + "."
		if v.Text(at+"value") == "" && was[name].Value == "" && v.Text(at+"checked")+v.Text(at+"source") != "" {
			controls = append(controls, at+"value")
		}
	}
	for i := range Rows {
		at := strconv.Itoa(i) + "."
		if s, says := v.source(i); !says && s != (place.Source{}) {
			controls = append(controls, "sources."+at+"title")
		}
		if a, says := v.alias(i); !says && a != (place.Alias{}) {
			controls = append(controls, "aliases."+at+"name")
		}
	}
	return controls
}

// RowsOf is how many rows of a list hold something: one more than the last.
func (v Values) RowsOf(list string, parts []string) int {
	for i := Rows - 1; i >= 0; i-- {
		for _, p := range parts {
			if v[list+"."+strconv.Itoa(i)+"."+p] != "" {
				return i + 1
			}
		}
	}
	return 0
}

// Fields are what the form says of a place that was base before: base itself
// with everything that the form shows. The position is at, nil for none; when
// it was not moved, that of base stays.
func (v Values) Fields(base revision.Fields, at *geo.Public, moved bool) revision.Fields {
	f := base.With(nil)
	for _, n := range plain {
		f.Set(n, v.Text(n))
	}
	if moved {
		delete(f, "lat")
		delete(f, "lon")
		if at != nil {
			f.Set("lat", at.Lat)
			f.Set("lon", at.Lon)
		}
	}
	f.Set("tags", v.Tags())
	facts := factsOf(base)
	for _, name := range place.FactNames {
		x := place.Fact{Value: v.Text("facts." + name + ".value"), Checked: v.Text("facts." + name + ".checked"), Source: v.Text("facts." + name + ".source")}
		if x.Value == "" {
			delete(facts, name)
			continue
		}
		facts[name] = x
	}
	f.Set("facts", facts)
	f.Set("sources", v.Sources())
	f.Set("aliases", v.Aliases())
	return f
}

// Changed are the fields of now that say something else than base; null clears
// one.
func Changed(base, now revision.Fields) revision.Fields {
	out := revision.Fields{}
	for _, name := range revision.Changed(base, now) {
		if raw, ok := now[name]; ok {
			out[name] = raw
		} else {
			out[name] = json.RawMessage("null")
		}
	}
	// A position is one thing.
	for _, pair := range [][2]string{{"lat", "lon"}, {"lon", "lat"}} {
		if _, ok := out[pair[0]]; ok {
			if _, ok := out[pair[1]]; !ok && now[pair[1]] != nil {
				out[pair[1]] = now[pair[1]]
			}
		}
	}
	return out
}

// Words counts the words of a text of the form.
func (v Values) Words(name string) int { return len(text.Words(text.Plain(v[name]))) }

// Empty reports whether nothing was typed that says anything.
func (v Values) Empty() bool {
	for name, s := range v {
		if strings.TrimSpace(s) == "" {
			continue
		}
		switch name { // what the form says by itself
		case "location_tier", "status", "kind", "rights", "spot":
			continue
		}
		return false
	}
	return true
}

// Join puts what was written about a new place into the form of one that is
// there already: texts after texts, and where there is nothing yet what was
// typed. Nothing typed is lost: a name of its own becomes another name.
func Join(there, typed Values) Values {
	out := Values{}
	for name, s := range there {
		out[name] = s
	}
	if t := typed.Text("title"); t != "" && text.Fold(t) != text.Fold(there.Text("title")) {
		out.row("aliases", AliasParts, map[string]string{"name": t})
	}
	for _, n := range []string{"body", "know_before_you_go"} {
		switch s := typed.Text(n); {
		case s == "" || strings.Contains(there[n], s):
		case there.Text(n) == "":
			out[n] = s
		default:
			out[n] = there.Text(n) + "\n\n" + s
		}
	}
	if s := typed.Text("subtitle"); s != "" && there.Text("subtitle") == "" {
		out["subtitle"] = s
	} else if s != "" && !strings.Contains(out["body"], s) {
		out["body"] = strings.TrimSpace(out["body"] + "\n\n" + s)
	}
	for _, n := range []string{"address", "website"} {
		if there.Text(n) == "" {
			out.set(n, typed.Text(n))
		}
	}
	for _, t := range typed.Tags() {
		if !slices.Contains(there.Tags(), t) {
			out["tags"] = strings.TrimPrefix(out["tags"]+", "+t, ", ")
		}
	}
	for _, fact := range place.FactNames {
		if there.Text("facts."+fact+".value") == "" {
			for _, p := range FactParts {
				out.set("facts."+fact+"."+p, typed.Text("facts."+fact+"."+p))
			}
		}
	}
	for _, s := range typed.Sources() {
		if !slices.Contains(there.Sources(), s) {
			out.row("sources", SourceParts, map[string]string{"title": s.Title, "url": s.URL, "author": s.Author, "date": s.Date})
		}
	}
	for _, a := range typed.Aliases() {
		if !slices.Contains(there.Aliases(), a) {
			out.row("aliases", AliasParts, map[string]string{"name": a.Name, "lang": a.Lang})
		}
	}
	return out
}

// row adds a row to a list, where there is room.
func (v Values) row(list string, parts []string, row map[string]string) {
	if n := v.RowsOf(list, parts); n < Rows {
		for part, s := range row {
			v.set(list+"."+strconv.Itoa(n)+"."+part, s)
		}
	}
}
