package web

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/tag"
	"mirabilia/internal/text"
	"mirabilia/internal/web/feed"
	"mirabilia/internal/web/pack"
)

const (
	// fileMost is how many places a file holds when no limit is asked for; the
	// Link header leads on.
	fileMost = 5000
	// feedMost is the same of a feed.
	feedMost = 50
	// costlyFrom is how many rows make an answer wait for a slot.
	costlyFrom = 200
)

// list is a list of places in another form.
type list struct {
	title   string
	path    string // without the suffix
	form    string
	query   query.Places // as the address has it
	filter  finder.Filter
	order   finder.Order
	limited bool // the address itself sets a limit
}

// size is how many places the form holds.
func (l *list) size() int {
	if l.limited || l.form == ".json" {
		return l.query.Limit
	}
	if takes(l.form) {
		return pack.Most
	}
	if forms[l.form].kind == Feed {
		return feedMost
	}
	return fileMost
}

// listForm gives a list of places in one of its other forms.
func (s *Site) listForm(ctx context.Context, l list) (Answer, error) {
	if takes(l.form) {
		return s.takeList(ctx, l)
	}
	if l.size() > costlyFrom {
		select {
		case s.costly <- struct{}{}:
			defer func() { <-s.costly }()
		case <-ctx.Done():
			return Answer{}, errs.New(errs.Unavailable, "Too much is asked for at once. Try again.")
		}
	}
	page, err := s.Finder.List(l.filter, l.order, l.size(), l.query.Cursor)
	if err != nil {
		return Answer{}, err
	}
	ids := make([]int64, len(page.Hits))
	for i, h := range page.Hits {
		ids[i] = h.ID
	}
	places, err := s.wholeInParts(ctx, ids)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{}
	switch f := forms[l.form]; {
	case l.form == ".json":
		a, err = dataAnswer(outward.PlacesOf(page, places, l.filter.Near != nil, s.URL), true)
	case f.kind == Feed:
		a, err = s.feedOf(ctx, l, places)
	default:
		a, err = s.fileOf(ctx, l.form, l.title, places)
	}
	if err != nil {
		return Answer{}, err
	}
	a.Shows, a.Whole = refs(places...), true
	if page.Next != "" {
		a.Link = "<" + s.absolute(address(l.path+l.form, l.query.After(page.Next).Encode())) + `>; rel="next"`
	}
	return a, nil
}

// takeList gives a list to be taken along.
func (s *Site) takeList(ctx context.Context, l list) (Answer, error) {
	page, err := s.Finder.List(l.filter, l.order, l.size(), l.query.Cursor)
	if err != nil {
		return Answer{}, err
	}
	t := takeable{title: l.title, path: l.path, query: l.query.Encode(), form: l.form, total: page.Total}
	for _, h := range page.Hits {
		t.ids = append(t.ids, h.ID)
	}
	return s.takeForm(ctx, t)
}

// wholeInParts reads whole places some hundreds at a time.
func (s *Site) wholeInParts(ctx context.Context, ids []int64) ([]*place.Place, error) {
	out := make([]*place.Place, 0, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), costlyFrom)
		part, err := s.Places.Whole(ctx, ids[:n])
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
		ids = ids[n:]
	}
	return out, nil
}

// dataAnswer is a value as JSON.
func dataAnswer(v any, whole bool) (Answer, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Kind: Data, Type: "application/json", Body: append(body, '\n'), Whole: whole}, nil
}

// feedOf writes places as a feed.
func (s *Site) feedOf(ctx context.Context, l list, places []*place.Place) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	q := l.query.Encode()
	f := feed.Feed{
		ID: s.absolute(address(l.path, q)), Title: set.Name + ": " + l.title, Subtitle: set.Description, Home: s.absolute(address(l.path, q)),
		Self: s.absolute(address(l.path+l.form, q)), Lang: set.Language, Rights: set.Licence,
	}
	for _, p := range places {
		f.Entries = append(f.Entries, s.feedEntry(p))
		if p.Updated.After(f.Updated) {
			f.Updated = p.Updated
		}
	}
	if f.Updated.IsZero() {
		f.Updated = time.Unix(0, 0) // an empty feed has no day of its own
	}
	var body []byte
	switch l.form {
	case ".atom":
		body, err = f.Atom()
	case ".rss":
		body, err = f.RSS()
	default:
		body, err = f.JSON()
	}
	return Answer{Kind: Feed, Type: forms[l.form].mime, Body: body}, err
}

func (s *Site) feedEntry(p *place.Place) feed.Entry {
	e := feed.Entry{
		ID: s.absolute("/places/" + p.PublicID()), Title: p.Title, URL: s.absolute(p.Path()), Summary: p.Subtitle, HTML: text.Markdown(p.Body),
		Author: p.AddedBy.Name, Tags: p.Tags, Published: p.Published, Updated: p.Updated,
	}
	if e.Summary == "" {
		e.Summary = text.Excerpt(text.Plain(p.Body), 200)
	}
	if p.At != nil {
		e.Lat, e.Lon = &p.At.Lat, &p.At.Lon
	}
	if len(p.Photos) > 0 {
		if pic := photograph(p.Photos[0], ""); pic.Src != "" {
			e.Image = s.absolute(pic.Src)
		}
	}
	return e
}

// placeForm is one place in another form.
func (s *Site) placeForm(ctx context.Context, q Public, p *place.Place) (Answer, error) {
	var a Answer
	var err error
	switch {
	case takes(q.Form):
		return s.takeForm(ctx, takeable{title: p.Title, path: q.Path, form: q.Form, ids: []int64{p.ID}, total: 1})
	case q.Form == ".json":
		a, err = dataAnswer(outward.Whole(p, s.URL), false)
	default:
		a, err = s.fileOf(ctx, q.Form, p.Title, []*place.Place{p})
	}
	a.Shows = refs(p)
	return a, err
}

// filename is the name under which a browser saves a file.
func filename(title, form string) string {
	name := text.Slug(title)
	if name == "" {
		name = "places"
	}
	return name + form
}

func tagRef(slug string) finder.Ref { return finder.Ref{Kind: finder.Tag, ID: tag.ID(slug)} }

// decimal writes degrees as short as they are.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
