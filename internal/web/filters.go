package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// statusWords name the physical states as a reader would.
var statusWords = map[string]string{
	"open": "Open", "seasonal": "Seasonal", "by_appointment": "By appointment", "temporarily_closed": "Closed for now", "closed": "Closed for good",
	"moved": "Moved", "altered": "Altered", "lost": "Lost", "no_access": "No access", "unverified": "Unverified",
}

// factWords name the facts that one can filter by.
var factWords = map[string]string{
	"free": "Free to enter", "booking": "Booking needed", "stepfree": "Step-free", "parking": "With parking", "dogs": "Dogs welcome", "children": "Good with children",
}

// bands divide the obscurity dial.
var bands = []struct{ value, text string }{
	{"", "Famous or obscure"}, {"0-33", "Famous"}, {"34-66", "Between"}, {"67-100", "Obscure"},
}

// conditions are what is on, each as a chip that takes it away.
func (s *Site) conditions(ctx context.Context, path string, p query.Places, tags []ui.Option) []ui.Chip {
	var out []ui.Chip
	add := func(text string, without query.Places) {
		without.Cursor = ""
		out = append(out, ui.Chip{Text: text, Path: address(path, without.Encode()), Current: true, Remove: true})
	}
	plain := p
	if p.Q != "" {
		plain.Q = ""
		add("“"+p.Q+"”", plain)
	}
	for _, t := range tags {
		if t.Selected {
			add(t.Text, p.WithTag(t.Value))
		}
	}
	if p.In != "" {
		name := p.In
		if n, ok := s.node(p.In); ok {
			name = n.Name
		}
		w := p
		w.In = ""
		add(say.T(ctx, "in %s", name), w)
	}
	if p.Box != nil {
		w := p
		w.Box = nil
		add(say.T(ctx, "in a part of the map"), w)
	}
	if p.Near != nil {
		w := p
		w.Near, w.Radius = nil, 0
		if w.Sort == "near" {
			w.Sort = ""
		}
		add(say.T(ctx, "around a point"), w)
	}
	for _, st := range p.Status {
		add(say.T(ctx, statusWords[st]), p.WithStatus(st))
	}
	for _, name := range place.FactNames {
		if value := p.Facts[name]; value != "" {
			text := say.T(ctx, factWords[name])
			if value != "yes" {
				text += ": " + say.T(ctx, value)
			}
			add(text, p.WithFact(name, ""))
		}
	}
	if p.Photos {
		w := p
		w.Photos = false
		add(say.T(ctx, "with pictures"), w)
	}
	if p.Unvisited {
		w := p
		w.Unvisited = false
		add(say.T(ctx, "where I have not been"), w)
	}
	if o := p.Obscurity; o != nil {
		w := p
		w.Obscurity = nil
		add(say.T(ctx, "obscurity %d to %d", int(o[0]), int(o[1])), w)
	}
	return out
}

// filterForm is the form that narrows a list of places. What it has no control
// for is kept in hidden fields.
func (s *Site) filterForm(ctx context.Context, path string, p query.Places, facets finder.Facets, tags []ui.Option, on int) view.Filters {
	f := view.Filters{Action: path, On: on, Clear: path, Photos: p.Photos, Tags: tags}
	v := p.Values()
	f.In = s.whereField(ctx, p.In, facets.Destinations)
	for _, name := range []string{"in", "bbox", "near", "radius", "limit"} {
		if v.Get(name) != "" && (name != "in" || len(f.In.Options) == 0) {
			f.Keep = append(f.Keep, ui.Option{Value: name, Text: v.Get(name)})
		}
	}
	f.Query = ui.Field{ID: "f-q", Name: "q", Label: say.T(ctx, "With the words"), Type: "search", Value: p.Q}
	f.Kind = ui.Field{ID: "f-kind", Name: "kind", Label: say.T(ctx, "Kind"), Options: []ui.Option{
		{Value: "", Text: say.T(ctx, "Places and eateries"), Selected: p.Kind == "" || p.Kind == "place"},
		{Value: "eatery", Text: say.T(ctx, "Only places to eat"), Selected: p.Kind == "eatery"},
	}}
	f.Sort = ui.Field{ID: "f-sort", Name: "sort", Label: say.T(ctx, "Order")}
	for _, c := range []struct{ value, text string }{{"newest", "Newest"}, {"wanted", "Most wanted"}, {"been", "Most visited"}, {"obscure", "Most obscure"}, {"near", "Nearest"}} {
		if c.value != "near" || p.Near != nil {
			f.Sort.Options = append(f.Sort.Options, ui.Option{Value: c.value, Text: say.T(ctx, c.text), Selected: p.SortName() == c.value})
		}
	}
	f.Obscure = ui.Field{ID: "f-obscurity", Name: "obscurity", Label: say.T(ctx, "How well known")}
	dial, listed := v.Get("obscurity"), false
	for _, b := range bands {
		listed = listed || b.value == dial
		f.Obscure.Options = append(f.Obscure.Options, ui.Option{Value: b.value, Text: say.T(ctx, b.text), Selected: b.value == dial})
	}
	if !listed {
		f.Obscure.Options = append(f.Obscure.Options, ui.Option{Value: dial, Text: dial, Selected: true})
	}
	count := map[string]int{}
	for _, c := range facets.Statuses {
		count[c.Value] = c.Count
	}
	for _, st := range place.Statuses {
		if n := count[string(st)]; n > 0 || contains(p.Status, string(st)) {
			f.Status = append(f.Status, ui.Option{Value: string(st), Text: say.T(ctx, statusWords[string(st)]), Count: &n, Selected: contains(p.Status, string(st))})
		}
	}
	yes := map[string]int{}
	for _, c := range facets.Facts {
		if c.Value == "yes" {
			yes[c.Name] = c.Count
		}
	}
	for _, name := range place.FactNames {
		if n := yes[name]; place.YesNo[name] && (n > 0 || p.Facts[name] == "yes") {
			f.Facts = append(f.Facts, ui.Option{Value: name, Text: say.T(ctx, factWords[name]), Count: &n, Selected: p.Facts[name] == "yes"})
		}
	}
	if s.Marks != nil {
		f.Facts = append(f.Facts, ui.Option{Value: "unvisited", Text: say.T(ctx, "Where I have not been"), Selected: p.Unvisited})
	}
	if n := facets.Photos; n > 0 || p.Photos {
		f.Facts = append(f.Facts, ui.Option{Value: "photos", Text: say.T(ctx, "With pictures"), Count: &n, Selected: p.Photos})
	}
	return f
}

// whereField narrows to a destination one step at a time: to one inside that
// which is chosen, or back out to one around it.
func (s *Site) whereField(ctx context.Context, in string, inside []finder.DestCount) ui.Field {
	f := ui.Field{ID: "f-in", Name: "in", Label: say.T(ctx, "Where")}
	var names []ui.Option
	for _, d := range inside {
		if n, ok := s.node(d.Path); ok && d.Path != in {
			names = append(names, ui.Option{Value: d.Path, Text: n.Name})
		}
	}
	if in == "" && len(names) == 0 {
		return f
	}
	folded := make(map[string]string, len(names))
	for _, o := range names {
		folded[o.Value] = text.Fold(o.Text)
	}
	slices.SortStableFunc(names, func(a, b ui.Option) int { return strings.Compare(folded[a.Value], folded[b.Value]) })
	f.Options = append(f.Options, ui.Option{Text: say.T(ctx, "Anywhere"), Selected: in == ""})
	for at, r := range in {
		if n, ok := s.node(in[:at]); r == '/' && ok {
			f.Options = append(f.Options, ui.Option{Value: n.Path, Text: n.Name})
		}
	}
	if in != "" {
		name := in
		if n, ok := s.node(in); ok {
			name = n.Name
		}
		f.Options = append(f.Options, ui.Option{Value: in, Text: name, Selected: true})
	}
	f.Options = append(f.Options, names...)
	return f
}

func contains(set []string, s string) bool {
	for _, v := range set {
		if v == s {
			return true
		}
	}
	return false
}

func itoa(n int) string { return strconv.Itoa(n) }
