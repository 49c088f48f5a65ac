// Package proposal is what the desk's submissions are about: places. It checks
// what members propose, tells where it belongs, notices what an editor should
// know before deciding, and makes it public or takes it back. It joins desk
// and place, which do not know each other.
package proposal

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
)

// Proposals is desk.Subject for places. Safe for concurrent use.
type Proposals struct {
	places   *place.Places
	finder   *finder.Finder
	settings *setting.Book
}

// New makes the subject of submissions.
func New(places *place.Places, f *finder.Finder, settings *setting.Book) *Proposals {
	return &Proposals{places, f, settings}
}

// checkable are the fields that a trusted member may change at once.
var checkable = []string{"facts", "website", "sources"}

// Check implements desk.Subject.
func (p *Proposals) Check(kind desk.Kind, fields revision.Fields, draft bool) (revision.Fields, error) {
	if draft {
		return drafted(fields)
	}
	switch kind {
	case desk.Edit: // what facts it may bring depends on those of its place, see About
		return p.places.CheckFields(fields, false)
	case desk.Place:
		clean, err := p.places.CheckFields(fields, true)
		if err == nil {
			err = newlySaid(clean, nil)
		}
		return clean, err
	}
	clean, err := p.places.CheckFields(fields, false)
	if err == nil {
		err = newlySaid(clean, nil)
	}
	if err != nil {
		return nil, err
	}
	// The form asks for a text as well; programs may leave it out.
	e := &errs.Error{Code: errs.Invalid, Message: "A pitch needs a title, and a position or an address."}
	if clean.Text("title") == "" {
		e.Fields = append(e.Fields, errs.Field{Field: "title", Message: "a pitch needs it"})
	}
	if at(clean) == nil && clean.Text("address") == "" {
		e.Fields = append(e.Fields, errs.Field{Field: "lat", Message: "a pitch needs a position or an address"})
	}
	if len(e.Fields) > 0 {
		return nil, e
	}
	return clean, nil
}

// MaxTitle is how long the name of a place is that somebody proposes, in
// characters: what stands on cards, and in one line of a list of results.
const MaxTitle = 120

// newlySaid refuses facts that no page would show, and names that no card holds.
// Those that an import brought to a place may stay.
func newlySaid(proposed, there revision.Fields) error {
	e := &errs.Error{Code: errs.Invalid, Message: "This cannot be taken as it is."}
	title := proposed.Text("title")
	if n := utf8.RuneCountInString(title); n > MaxTitle && title != there.Text("title") {
		e.Fields = append(e.Fields, errs.Field{Field: "title", Message: fmt.Sprintf("is %d characters long; %d are the most", n, MaxTitle)})
	}
	had := factNames(there)
	for _, name := range factNames(proposed) {
		if !slices.Contains(place.FactNames, name) && !slices.Contains(had, name) {
			e.Fields = append(e.Fields, errs.Field{Field: "facts." + name, Message: "is no fact; those are " + strings.Join(place.FactNames, ", ")})
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

// factNames lists the facts of checked fields by name.
func factNames(f revision.Fields) []string {
	facts := map[string]json.RawMessage{}
	_ = json.Unmarshal(f["facts"], &facts) // of another form there are none
	return slices.Sorted(maps.Keys(facts))
}

// Needed implements desk.Subject. How much is told of where a place is goes
// with the place: taking it without would publish what was to be kept back.
func (p *Proposals) Needed(kind desk.Kind) []string {
	if kind == desk.Edit {
		return nil
	}
	return []string{"title", "lat", "lon", "country_code", "location_tier", "tier_reason"}
}

// Secret implements desk.Subject: where a protected place lies.
func (p *Proposals) Secret(tx *db.Tx, id int64) ([]string, error) {
	now, _, err := p.places.Standing(tx, id, 0)
	if err != nil || !now.Protected() {
		return nil, err
	}
	return []string{"lat", "lon"}, nil
}

// drafted keeps what is written so far as it was typed: only names are known.
func drafted(fields revision.Fields) (revision.Fields, error) {
	out := revision.Fields{}
	for name, v := range fields {
		if !json.Valid(v) {
			return nil, errs.InField(name, "is not JSON")
		}
		if slices.Contains(place.FieldNames, name) {
			out[name] = v
		}
	}
	return out, nil
}

// at is the position that fields give.
func at(f revision.Fields) *geo.Public {
	lat, okLat := f.Number("lat")
	lon, okLon := f.Number("lon")
	if p := (geo.Public{Lat: lat, Lon: lon}); okLat && okLon && p.Valid() {
		return &p
	}
	return nil
}

// About implements desk.Subject.
func (p *Proposals) About(tx *db.Tx, s *desk.Submission) (desk.About, error) {
	a := desk.About{Title: s.Fields.Text("title"), Fields: s.Fields, Words: words(s.Fields)}
	where := at(s.Fields)
	if where != nil {
		a.Destination = p.places.Where(*where)
	}
	switch s.Kind {
	case desk.Import:
		a.Title = s.Title
		if where == nil {
			a.Destination = s.Destination
		}
		return a, nil
	case desk.Pitch, desk.Place:
		return a, nil
	}
	now, base, err := p.places.Standing(tx, s.Place, s.Base)
	if err != nil {
		return a, err
	}
	base.Set("country_code", now.CountryCode)
	a.Title, a.From, a.Base = now.Title, now.Destination, s.Base
	if a.Base == 0 {
		a.Base = now.Revision
	}
	if s.Status == desk.Draft || s.Status == desk.Changes { // what waits was taken as it is
		if err := newlySaid(s.Fields, base); err != nil {
			return a, err
		}
	}
	changed := revision.Changed(base, base.With(s.Fields))
	if len(changed) == 0 {
		return a, errs.InField("fields", "say nothing that the place does not say already")
	}
	a.Fields = s.Fields.Only(changed)
	if slices.Contains(changed, "lat") != slices.Contains(changed, "lon") { // the pair belongs together
		a.Fields["lat"], a.Fields["lon"] = s.Fields["lat"], s.Fields["lon"]
	}
	if where == nil || !slices.Contains(changed, "lat") && !slices.Contains(changed, "lon") {
		a.Destination = now.Destination
	}
	a.Words = words(a.Fields)
	a.Checkable = !slices.ContainsFunc(changed, func(name string) bool { return !slices.Contains(checkable, name) })
	return a, nil
}

// words counts what an editor has to read.
func words(f revision.Fields) int {
	n := 10 * len(f)
	for _, name := range []string{"body", "know_before_you_go", "subtitle"} {
		n += len(text.Words(f.Text(name)))
	}
	return n
}

// Publish implements desk.Subject.
func (p *Proposals) Publish(tx *db.Tx, s *desk.Submission, by desk.Person) (desk.Outcome, error) {
	n := place.Proposed{ID: s.Place, Base: s.Base, Fields: s.Fields, By: credit(by), Summary: s.Summary}
	var done place.Changed
	var err error
	switch s.Kind {
	case desk.Pitch:
		return desk.Outcome{Draft: s.Fields}, nil
	case desk.Place:
		done, err = p.places.Create(tx, n)
	case desk.Edit:
		done, err = p.places.Edit(tx, n)
	case desk.Import:
		n.Summary = "Changed when it was published"
		done, err = p.places.Accept(tx, n)
	}
	if err != nil {
		return desk.Outcome{}, err
	}
	undo, err := json.Marshal(done)
	return desk.Outcome{Place: done.ID, Undo: undo}, err
}

// TakeBack implements desk.Subject.
func (p *Proposals) TakeBack(tx *db.Tx, s *desk.Submission, undo json.RawMessage, by desk.Person) error {
	if s.Kind == desk.Pitch || len(undo) == 0 {
		return nil
	}
	var c place.Changed
	if err := json.Unmarshal(undo, &c); err != nil {
		return err
	}
	return p.places.TakeBack(tx, c, credit(by), "Taken back")
}

func credit(p desk.Person) place.Credit { return place.Credit{Name: p.Name, URL: p.Path} }

// Findings implements desk.Subject: it runs every automatic check.
func (p *Proposals) Findings(ctx context.Context, s *desk.Submission) ([]desk.Finding, error) {
	rules, err := p.settings.Now(ctx)
	if err != nil {
		return nil, err
	}
	look := &look{ctx: ctx, p: p, kind: s.Kind, place: s.Place, fields: s.Fields, summary: s.Summary, rules: rules.Contributing}
	for _, c := range checks {
		looks, err := c.of(look)
		if err == nil && looks {
			err = c.run(look, c.name)
		}
		if err != nil {
			return nil, err
		}
	}
	return look.found, nil
}

// Passed lists the checks, by name and in their order, that had something to look
// at in a submission and noticed nothing.
func (p *Proposals) Passed(ctx context.Context, s *desk.Submission) (names []string, err error) {
	look := &look{ctx: ctx, p: p, kind: s.Kind, place: s.Place, fields: s.Fields, summary: s.Summary}
	for _, c := range checks {
		if slices.ContainsFunc(s.Findings, func(f desk.Finding) bool { return f.Check == c.name }) {
			continue
		}
		looks, err := c.of(look)
		if err != nil {
			return nil, err
		}
		if looks {
			names = append(names, c.name)
		}
	}
	return names, nil
}
