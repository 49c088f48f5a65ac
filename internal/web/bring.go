package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/saved"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const bringPath = "/me/import"

// bringRoutes are the ways to bring places that were saved elsewhere.
func (s *Site) bringRoutes() []*Route {
	if s.saved == nil {
		return nil
	}
	send := ownRoute(http.MethodPost, bringPath, Members, s.takeSaved)
	send.Files, send.Body = true, maxBrought
	settle := ownRoute(http.MethodPost, bringPath+"/{id}", Members, s.settleSaved)
	settle.Body = maxChoices
	return []*Route{
		ownRoute(http.MethodGet, bringPath, Members, s.bringPage), send,
		ownRoute(http.MethodGet, bringPath+"/{id}", Members, s.savedPage), settle,
	}
}

// maxBrought is what may be sent: more than is read, so that who sends a file that
// is a little too large is told so beside the field.
const maxBrought = 4 * saved.MaxFile

// maxChoices is what the form of a whole file may carry: three choices for each
// of its entries, and some.
const maxChoices = 512 << 10

// bringPage takes a file.
func (s *Site) bringPage(ctx context.Context, o Own) (Answer, error) {
	return s.renderBring(ctx, o, nil)
}

// renderBring shows the page, with why a file was refused.
func (s *Site) renderBring(ctx context.Context, o Own, refused error) (Answer, error) {
	b, err := s.ownBase(ctx, o, say.T(ctx, "Bring saved places"), say.T(ctx, "Places that you saved elsewhere become your marks here."))
	if err != nil {
		return Answer{}, err
	}
	p := view.BringPage{Base: b, Crumbs: []ui.Crumb{{Name: o.Actor.Shown, Path: o.Actor.Path()}, {Name: say.T(ctx, "Bring saved places")}}, Action: bringPath,
		File: ui.Field{ID: "file", Name: "file", Label: say.T(ctx, "Your file"),
			Hint: say.T(ctx, "Google Takeout (Saved Places.json, or the CSV of a list), GPX, KML, KMZ, GeoJSON or CSV; at most %s MB and %s places.", "16", say.Number(ctx, saved.MaxEntries))}}
	status := 0
	if refused != nil {
		title, faults, code, ok := shownAs(ctx, refused, &p.File)
		if e := errs.CodeOf(refused); e == errs.TooLarge {
			title, code, ok = refused.Error(), http.StatusRequestEntityTooLarge, true
			p.File.Error = title
			faults = []ui.Field{p.File}
		}
		if !ok {
			return Answer{}, refused
		}
		p.Refused, p.Faults, status = say.T(ctx, "Nothing was read."), faults, code
		if len(faults) == 0 {
			p.Refused = title
		}
	}
	list, err := s.saved.All(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	for _, m := range list {
		row := view.BringRow{Path: savedPath(m.ID), Name: m.Name, When: say.Date(ctx, m.At), State: say.T(ctx, "waits for you")}
		if !m.Applied.IsZero() {
			row.State = say.N(ctx, m.Taken, "one place marked", "%s places marked")
		}
		p.Earlier = append(p.Earlier, row)
	}
	a, err := s.render(ctx, view.Bring(p))
	a.Status = status
	return a, err
}

func savedPath(id int64) string { return bringPath + "/" + strconv.FormatInt(id, 10) }

// takeSaved reads a file and shows what its entries may be.
func (s *Site) takeSaved(ctx context.Context, o Own) (Answer, error) {
	select {
	case s.costly <- struct{}{}:
		defer func() { <-s.costly }()
	case <-ctx.Done():
		return Answer{}, errs.New(errs.Unavailable, "Too much is asked for at once. Try again.")
	}
	name, data, err := oneFile(o.Request)
	if err != nil {
		return s.renderBring(ctx, o, err)
	}
	f, err := saved.Read(ctx, name, data)
	if err != nil {
		return s.renderBring(ctx, o, err)
	}
	id, err := s.saved.Bring(ctx, o.Actor, text.Excerpt(text.CleanLine(name), 100), f)
	if errs.Is(err, errs.Invalid) {
		return s.renderBring(ctx, o, err)
	}
	if err != nil {
		return Answer{}, err
	}
	return See(savedPath(id)), nil
}

// oneFile reads the one file of a form.
func oneFile(r *http.Request) (name string, data []byte, err error) {
	none := errs.InField("file", "choose a file first")
	form, err := r.MultipartReader()
	if err != nil {
		return "", nil, none
	}
	for range 40 {
		part, err := form.NextPart()
		if err == io.EOF { // the reader gives it as it is
			break
		}
		if err != nil {
			return "", nil, savedError(err)
		}
		if part.FormName() != "file" {
			continue
		}
		data, err = io.ReadAll(io.LimitReader(part, saved.MaxFile+1))
		switch {
		case err != nil:
			return "", nil, savedError(err)
		case len(data) == 0:
			return "", nil, none
		case len(data) > saved.MaxFile:
			return "", nil, tooLarge()
		}
		return part.FileName(), data, nil
	}
	return "", nil, none
}

func savedError(err error) error {
	if e := formError(err); errs.CodeOf(e) != errs.TooLarge {
		return e
	}
	return tooLarge()
}

func tooLarge() error {
	return errs.New(errs.TooLarge, "The file is larger than 16 MB. Take the lists one by one.")
}

// savedPage shows what the entries of a file may be, to be confirmed, or what
// came of it.
func (s *Site) savedPage(ctx context.Context, o Own) (Answer, error) {
	return s.renderSaved(ctx, o, nil)
}

func (s *Site) savedOf(ctx context.Context, o Own) (*saved.Import, error) {
	id, err := strconv.ParseInt(o.Request.PathValue("id"), 10, 64)
	if err != nil {
		return nil, errs.New(errs.NotFound, "There is no such file.")
	}
	return s.saved.Mine(ctx, o.Actor, id)
}

func (s *Site) renderSaved(ctx context.Context, o Own, refused error) (Answer, error) {
	m, err := s.savedOf(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "Saved places: %s", m.Name), "")
	if err != nil {
		return Answer{}, err
	}
	v := view.SavedPage{Base: b, Action: savedPath(m.ID), Name: m.Name, Bad: m.Bad,
		Crumbs: []ui.Crumb{{Name: o.Actor.Shown, Path: o.Actor.Path()}, {Name: say.T(ctx, "Bring saved places"), Path: bringPath}, {Name: m.Name}}}
	if m.More > 0 {
		v.Bad = append(slices.Clone(v.Bad), say.N(ctx, m.More, "and one more", "and %s more"))
	}
	if m.Cut {
		v.Cut = say.T(ctx, "The file has more entries: the first %s are here. Bring the rest in another file.", say.Number(ctx, saved.MaxEntries))
	}
	if err := s.savedRows(ctx, o, m, &v); err != nil {
		return Answer{}, err
	}
	s.savedDone(ctx, o, m, &v)
	if refused != nil {
		title, _, status, ok := shownAs(ctx, refused)
		if !ok {
			return Answer{}, refused
		}
		for _, f := range faultFields(refused) {
			title = f.Message
		}
		v.Refused = title
		a, err := s.render(ctx, view.Saved(v))
		a.Status = status
		return a, err
	}
	return s.render(ctx, view.Saved(v))
}

func faultFields(err error) []errs.Field {
	list, _ := faultsOf(err)
	return list
}

// savedDone says what came of a file, or asks for what is to come of it.
func (s *Site) savedDone(ctx context.Context, o Own, m *saved.Import, v *view.SavedPage) {
	if !m.Applied.IsZero() {
		part, words := "want", say.N(ctx, m.Taken, "One place is marked as where you want to go.", "%s places are marked as where you want to go.")
		if m.Kind == mark.Been {
			part, words = "been", say.N(ctx, m.Taken, "One place is marked as been to.", "%s places are marked as been to.")
		}
		v.Done = &ui.Banner{Tone: "ok", Statement: words, Link: &ui.Link{Text: say.T(ctx, "See them"), Path: o.Actor.Path() + "/" + part}}
		return
	}
	been := o.Form.Get("kind") == string(mark.Been)
	if o.Form == nil {
		name := text.Fold(m.Name)
		been = strings.Contains(name, "been") || strings.Contains(name, "visited")
	}
	v.Kinds = []ui.Option{{Value: string(mark.Want), Text: say.T(ctx, "I want to go there"), Selected: !been}, {Value: string(mark.Been), Text: say.T(ctx, "I have been there"), Selected: been}}
}

// savedRows sorts the entries of a file: what is sure, what may be, and what the
// atlas does not have.
func (s *Site) savedRows(ctx context.Context, o Own, m *saved.Import, v *view.SavedPage) error {
	ids := m.Places()
	places := make(map[int64]*place.Place, len(ids))
	for part := range slices.Chunk(ids, costlyFrom) {
		list, err := s.Places.Cards(ctx, part)
		if err != nil {
			return err
		}
		for _, p := range list {
			places[p.ID] = p
		}
	}
	ticked := o.Form["take"]
	for _, e := range m.Entries {
		row := view.SavedRow{Title: e.Title, Address: e.Address, Pitch: pitchOf(e)}
		sure := false
		for _, f := range e.Found {
			p := places[f.Place]
			if p == nil {
				continue
			}
			c := view.SavedChoice{Value: p.PublicID(), Title: p.Title, Path: p.Path(), Where: whereLine(p), Ticked: f.Sure}
			if o.Form != nil {
				c.Ticked = slices.Contains(ticked, c.Value)
			}
			if f.Metres >= 0 {
				metres := f.Metres
				c.Metres = &metres
			}
			sure = sure || f.Sure
			row.Choices = append(row.Choices, c)
		}
		switch {
		case sure:
			row.Choices = row.Choices[:1]
			v.Sure = append(v.Sure, row)
		case len(row.Choices) > 0:
			v.Perhaps = append(v.Perhaps, row)
		default:
			v.Unknown = append(v.Unknown, row)
		}
	}
	return nil
}

// pitchOf leads to where a place is pitched that the atlas does not have.
func pitchOf(e saved.Entry) string {
	q := url.Values{"title": {e.Title}}
	if e.Lat != nil && e.Lon != nil {
		q.Set("lat", number(*e.Lat))
		q.Set("lon", number(*e.Lon))
	}
	return address("/pitch", q.Encode())
}

// settleSaved marks what was ticked, or throws the file away.
func (s *Site) settleSaved(ctx context.Context, o Own) (Answer, error) {
	m, err := s.savedOf(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	if o.Form.Get("do") == "forget" {
		if err := s.saved.Forget(ctx, o.Actor, m.ID); err != nil {
			return Answer{}, err
		}
		return See(bringPath), nil
	}
	var chosen []int64
	for _, name := range o.Form["take"] {
		if id, ok := place.ParseID(name); ok {
			chosen = append(chosen, id)
		}
	}
	err = s.saved.Apply(ctx, o.Actor, m.ID, mark.Kind(o.Form.Get("kind")), chosen)
	if errs.Is(err, errs.Invalid) {
		return s.renderSaved(ctx, o, err)
	}
	if err != nil {
		return Answer{}, err
	}
	return See(savedPath(m.ID)), nil
}
