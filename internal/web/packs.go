package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/web/pack"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// The two forms in which places are taken along.
const (
	formPack = ".pack.json" // the list of what a device keeps
	formZIP  = ".zip"
)

// smallWidth is how wide a picture that is taken along is at least, where there
// is one as wide, in pixels.
const smallWidth = 320

// measured is how many pictures of a pack are looked at to say its size.
const measured = 24

// takeable is what somebody takes along: places in the order of a page.
type takeable struct {
	title, path, query string
	form               string
	ids                []int64
	total              int  // how many the page lists in all
	way                *way // what the places lie beside, nil for none
}

// takes reports whether a form is one of those in which places are taken along.
func takes(form string) bool { return form == formPack || form == formZIP }

// take offers the places of a page; nil when there are none.
func (s *Site) take(path, query string, places int) *view.TakeAlong {
	return view.NewTake(path, query, s.Assets.URL("offline.js"), places, pack.Most)
}

// takeForm gives what is taken along in its form.
func (s *Site) takeForm(ctx context.Context, t takeable) (Answer, error) {
	if t.total > pack.Most && len(t.ids) >= pack.Most {
		return Answer{}, errs.New(errs.Invalid, "A pack holds %s places, and this is %s. Narrow it down by a theme or a destination to take it along.",
			say.Number(ctx, pack.Most), say.Number(ctx, t.total))
	}
	if t.form == formPack {
		return s.manifestOf(ctx, t)
	}
	return s.zipOf(ctx, t)
}

// manifestOf lists what a device is to keep.
func (s *Site) manifestOf(ctx context.Context, t takeable) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	m := pack.Manifest{Name: t.title, Page: address(t.path, t.query), Made: s.now().UTC().Format(time.RFC3339), Atlas: set.Name, Licence: set.Licence}
	a := Answer{Kind: Data, Type: forms[formPack].mime, Whole: true}
	err = s.eachTaken(ctx, t.ids, func(p *place.Place, tags []string) error {
		item, leaf, err := s.taken(ctx, p, tags)
		if err == nil {
			err = pack.Seal(&item, &leaf)
		}
		m.Items = append(m.Items, item)
		a.Shows = append(a.Shows, p.Ref())
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	m.Tiles, m.Size.Map = pack.Cut(pack.Around(m.Items), s.keptGround(), func(path string) (int, bool) {
		body, _, err := s.own(ctx, path)
		return len(body), err == nil
	})
	m.Size.Pictures = s.weigh(ctx, pack.Pictures(m.Items))
	if ctx.Err() != nil {
		return Answer{}, errs.Wrap(ctx.Err(), errs.Unavailable, "This took too long. Try again.")
	}
	a.Body, err = m.JSON()
	return a, err
}

// keptGround is the basemap that a device keeps: ours, or the operator's archive.
// A foreign style is not ours to keep; the world stands in for it.
func (s *Site) keptGround() string {
	if s.Ground.Tiles == "" {
		return tiles.WorldTiles
	}
	return s.Ground.Tiles
}

// weigh says what pictures take, from a part of them.
func (s *Site) weigh(ctx context.Context, paths []string) int {
	sum, seen := 0, 0
	step := max(1, len(paths)/measured)
	for i := 0; i < len(paths) && seen < measured; i += step {
		if body, _, err := s.own(ctx, paths[i]); err == nil {
			sum += len(body)
		}
		seen++
	}
	if seen == 0 {
		return 0
	}
	return sum / seen * len(paths)
}

// eachTaken reads whole places in parts, each with the names of its tags. While
// what was read is being written, it holds no slot: a slow reader delays nobody.
func (s *Site) eachTaken(ctx context.Context, ids []int64, fn func(p *place.Place, tags []string) error) error {
	for len(ids) > 0 {
		n := min(len(ids), costlyFrom)
		places, names, err := s.readTaken(ctx, ids[:n])
		if err != nil {
			return err
		}
		for _, p := range places {
			tags := make([]string, len(p.Tags))
			for i, t := range p.Tags {
				tags[i] = names[t]
			}
			if err := fn(p, tags); err != nil {
				return err
			}
		}
		ids = ids[n:]
	}
	return nil
}

func (s *Site) readTaken(ctx context.Context, ids []int64) ([]*place.Place, map[string]string, error) {
	select {
	case s.costly <- struct{}{}:
		defer func() { <-s.costly }()
	case <-ctx.Done():
		return nil, nil, errs.Wrap(ctx.Err(), errs.Unavailable, "Too much is asked for at once. Try again.")
	}
	places, err := s.Places.Whole(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	var tags []string
	for _, p := range places {
		tags = append(tags, p.Tags...)
	}
	names, err := s.Tags.Names(ctx, tags)
	return places, names, err
}

// taken is a place as a device keeps it.
func (s *Site) taken(ctx context.Context, p *place.Place, tags []string) (pack.Item, pack.Leaf, error) {
	pic := s.smallPicture(p)
	item := pack.Item{
		ID: p.PublicID(), Slug: p.Slug, Kind: string(p.Kind), State: string(p.Status), Title: p.Title, Lang: p.Lang, Hook: p.Subtitle, Where: whereLine(p),
		Tags: tags, Picture: pic.Src,
	}
	if p.At != nil {
		item.Lat, item.Lon = &p.At.Lat, &p.At.Lon
	}
	if b := view.StatusBadge(ctx, p.Status); b != nil {
		item.Status = b.Text
	}
	for _, a := range p.Aliases {
		item.Names = append(item.Names, a.Name)
	}
	html, err := view.Bytes(ctx, view.KeptPlace(s.keptPage(p, tags, pic, p.Path())))
	return item, pack.Leaf{HTML: string(html)}, err
}

// keptPage fills the inside of the page of a place that is taken along.
func (s *Site) keptPage(p *place.Place, tags []string, pic ui.Picture, page string) view.KeptPage {
	v := view.KeptPage{Place: p, Where: whereLine(p), Body: s.texts.html(p.Body), Know: s.texts.html(p.Know), Picture: pic, Page: page}
	for _, t := range tags {
		v.Tags = append(v.Tags, ui.Chip{Text: t})
	}
	return v
}

// smallPicture is the one picture of a place that is taken along.
func (s *Site) smallPicture(p *place.Place) ui.Picture {
	if len(p.Photos) == 0 {
		pic := s.locator(p, locatorCard)
		pic.Alt = ""
		return pic
	}
	ph := p.Photos[0]
	pic := photograph(ph, "")
	best := 0
	for w := range ph.URLs {
		if w >= smallWidth && (best < smallWidth || w < best) || best < smallWidth && w > best {
			best = w
		}
	}
	pic.Src, pic.Srcset, pic.Full = ph.URLs[best], "", ""
	if ph.Width > 0 {
		pic.Width, pic.Height = best, max(1, best*ph.Height/ph.Width)
	}
	return pic
}

// packItems gives the texts of some places, as a device keeps them.
func (s *Site) packItems(ctx context.Context, q Public) (Answer, error) {
	asked := q.Query["id"]
	if len(asked) == 0 || len(asked) > pack.Part {
		return Answer{}, errs.InField("id", "is given 1 to %d times", pack.Part)
	}
	ids := make([]int64, len(asked))
	for i, a := range asked {
		id, ok := place.ParseID(a)
		if !ok {
			return Answer{}, errs.InField("id", "is the id of a place, such as p123")
		}
		ids[i] = id
	}
	out := struct {
		Items []pack.Leaf `json:"items"`
	}{[]pack.Leaf{}}
	err := s.eachTaken(ctx, ids, func(p *place.Place, tags []string) error {
		item, leaf, err := s.taken(ctx, p, tags)
		if err == nil {
			err = pack.Seal(&item, &leaf)
		}
		out.Items = append(out.Items, leaf)
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	a, err := dataAnswer(out, false)
	a.Once = true
	return a, err
}

// zipOf writes places as pages that open anywhere.
func (s *Site) zipOf(ctx context.Context, t takeable) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	var line []geo.Public
	if t.way != nil {
		line = t.way.drawn()
	}
	b := pack.Book{
		Way:  line,
		Name: t.title, Page: s.absolute(address((&url.URL{Path: t.path}).EscapedPath(), t.query)), Atlas: set.Name, URL: s.URL, Lang: set.Language,
		Licence: set.Licence, LicenceURL: ui.LicenceURL(set.Licence), Made: s.now(), Fetch: s.own,
		Words: pack.Words{
			Search: say.T(ctx, "Search"), SearchHint: say.T(ctx, "A place, a city, a word"), Back: say.T(ctx, "All places"), Places: say.T(ctx, "places"),
			Taken: say.N(ctx, len(t.ids), "%s place", "%s places"), Files: say.T(ctx, "The same places for maps and receivers:"),
			From: say.T(ctx, "Taken along from"), Licence: say.T(ctx, "Texts under"),
		},
		Each: func(ctx context.Context, fn func(pack.Sheet) error) error {
			return s.eachTaken(ctx, t.ids, func(p *place.Place, tags []string) error { return fn(s.sheet(ctx, p, tags)) })
		},
	}
	return Answer{Kind: File, Type: forms[formZIP].mime, Filename: filename(t.title, formZIP), Stream: b.ZIP, Once: true}, nil
}

// sheet is a place as a ZIP holds it.
func (s *Site) sheet(ctx context.Context, p *place.Place, tags []string) pack.Sheet {
	pic := s.smallPicture(p)
	item := pack.Item{ID: p.PublicID(), Slug: p.Slug, Title: p.Title, Lang: p.Lang, Hook: p.Subtitle, Where: whereLine(p), Tags: tags, Picture: pic.Src}
	for _, a := range p.Aliases {
		item.Names = append(item.Names, a.Name)
	}
	return pack.Sheet{Item: item, Record: fileRecord(p), HTML: func(picture string) (string, error) {
		pic.Src = picture
		html, err := view.Bytes(ctx, view.KeptPlace(s.keptPage(p, tags, pic, s.absolute(p.Path()))))
		return string(html), err
	}}
}

// maxOwn is the most that is taken of an answer of our own.
const maxOwn = 4 << 20

// own asks the site itself for a public path, as a browser without cookies and
// compression would, and gives what it says if that is 200.
func (s *Site) own(ctx context.Context, path string) (body []byte, kind string, err error) {
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
		return nil, "", errs.New(errs.NotFound, "That is no address of this atlas.")
	}
	r := (&http.Request{Method: http.MethodGet, URL: u, RequestURI: path, Host: "localhost", Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody}).WithContext(ctx)
	w := &ownAnswer{header: http.Header{}}
	s.ServeHTTP(w, r)
	if w.status != http.StatusOK || w.over {
		return nil, "", errs.New(errs.NotFound, "There is nothing at this address.")
	}
	return w.body.Bytes(), w.header.Get("Content-Type"), nil
}

// ownAnswer takes an answer into memory.
type ownAnswer struct {
	header http.Header
	status int
	over   bool
	body   bytes.Buffer
}

func (w *ownAnswer) Header() http.Header { return w.header }

func (w *ownAnswer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *ownAnswer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.body.Len()+len(b) > maxOwn {
		w.over = true
		return 0, io.ErrShortBuffer
	}
	return w.body.Write(b)
}

// takeOf is the offer of a list of places by its query; more than a pack holds
// is said so.
func (s *Site) takeOf(path string, p query.Places, total int) *view.TakeAlong {
	p.Limit = 0
	return s.take(path, p.After("").Encode(), total)
}
