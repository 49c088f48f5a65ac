package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/profile"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// profileAnswer renders a page of a member. Follows, visits and choices are no
// news in the log, so that no page is kept that shows what came of them.
func (s *Site) profileAnswer(ctx context.Context, page templ.Component, noIndex bool) (Answer, error) {
	a, err := s.render(ctx, page)
	a.Once, a.NoIndex = true, noIndex
	return a, err
}

// givenPart begins a page of what a member gave, which is the same for everyone.
func (s *Site) givenPart(ctx context.Context, q Public, part, title string) (v view.ProfilePart, m *user.Member, c profile.Counts, err error) {
	if m, err = s.Users.ByName(ctx, q.Slug); err != nil {
		return v, nil, c, err
	}
	if c, err = s.profiles.Counts(ctx, m, mark.Public); err != nil {
		return v, nil, c, err
	}
	v.Title = title
	if v.Base, err = s.profileBase(ctx, q, m, c, title+": "+m.Shown); err != nil {
		return v, nil, c, err
	}
	v.NoIndex = v.NoIndex || len(q.Query) > 0
	v.Head, err = s.profileHead(ctx, m, c, part)
	return v, m, c, err
}

func (s *Site) profileAdded(ctx context.Context, q Public) (Answer, error) {
	return s.profileCredits(ctx, q, place.Added, say.T(ctx, "Places added"))
}

func (s *Site) profileEdited(ctx context.Context, q Public) (Answer, error) {
	return s.profileCredits(ctx, q, place.Edited, say.T(ctx, "Places edited"))
}

// profileCredits lists the places that a member is credited for.
func (s *Site) profileCredits(ctx context.Context, q Public, part place.Part, title string) (Answer, error) {
	if q.Form != "" {
		return s.profileCreditsFile(ctx, q, part, title)
	}
	v, m, c, err := s.givenPart(ctx, q, string(part), title)
	if err != nil {
		return Answer{}, err
	}
	at, id, err := readCursor(q.Query)
	if err != nil {
		return Answer{}, err
	}
	list, err := s.Places.CreditedTo(ctx, m.Path(), part, place.Credited{Place: id, At: at}, profileShown+1)
	if err != nil {
		return Answer{}, err
	}
	next := ""
	if len(list) > profileShown {
		list = list[:profileShown]
		next = cursorOf(list[profileShown-1].At, list[profileShown-1].Place)
	}
	places, err := s.Places.Cards(ctx, creditedIDs(list))
	if err != nil {
		return Answer{}, err
	}
	total := c.Added
	if part == place.Edited {
		total = c.Edited
	}
	path := m.Path() + "/" + string(part)
	v.Listing = view.Listing{Cards: s.cards(ctx, places), Pager: partPager(ctx, path, placesIn(ctx, total), q.Query, next), Empty: ui.Empty{
		Title: say.T(ctx, "Nothing here yet."), Text: say.T(ctx, "What is accepted by the desk stands here, newest first."),
		Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}}}}
	if total > 0 {
		v.Forms, v.Feeds = otherFormsOf(path, profileForms), feeds(path, "", v.Site.Name+": "+v.Title+", "+m.Shown)
	}
	return s.profileAnswer(ctx, view.ProfilePartPage(v), v.NoIndex)
}

// profileCreditsFile is the same for other programs.
func (s *Site) profileCreditsFile(ctx context.Context, q Public, part place.Part, title string) (a Answer, err error) {
	m, err := s.Users.ByName(ctx, q.Slug)
	if err != nil {
		return a, err
	}
	most := fileMost
	if forms[q.Form].kind == Feed {
		most = feedMost
	}
	list, err := s.Places.CreditedTo(ctx, m.Path(), part, place.Credited{}, most)
	if err != nil {
		return a, err
	}
	places, err := s.wholeInParts(ctx, creditedIDs(list))
	if err != nil {
		return a, err
	}
	title += ": " + m.Shown
	if forms[q.Form].kind == Feed {
		a, err = s.feedOf(ctx, listOf(title, m.Path()+"/"+string(part), q.Form), places)
	} else {
		a, err = s.fileOf(ctx, q.Form, title, places)
	}
	a.Once = true
	return a, err
}

func listOf(title, path, form string) list { return list{title: title, path: path, form: form} }

// profilePhotos shows the photographs that a member sent.
func (s *Site) profilePhotos(ctx context.Context, q Public) (Answer, error) {
	v, m, c, err := s.givenPart(ctx, q, "photos", say.T(ctx, "Photographs"))
	if err != nil {
		return Answer{}, err
	}
	_, after, err := readCursor(q.Query)
	if err != nil {
		return Answer{}, err
	}
	list, err := s.Photos.Given(ctx, m.ID, after, profileShown+1)
	if err != nil {
		return Answer{}, err
	}
	next := ""
	if len(list) > profileShown {
		list = list[:profileShown]
		next = cursorOf(time.UnixMilli(0), list[profileShown-1].ID)
	}
	if v.Photos, err = s.profilePictures(ctx, list); err != nil {
		return Answer{}, err
	}
	v.Listing.Empty = ui.Empty{Title: say.T(ctx, "No photograph yet."), Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}}}
	if len(v.Photos) > 0 {
		p := partPager(ctx, m.Path()+"/photos", say.N(ctx, c.Photos, "%s photograph", "%s photographs"), q.Query, next)
		v.Pager = &p
	}
	return s.profileAnswer(ctx, view.ProfilePartPage(v), v.NoIndex)
}

// profilePictures joins photographs with their places.
func (s *Site) profilePictures(ctx context.Context, list []*photo.Photo) (out []view.ProfilePhoto, err error) {
	ids := make([]int64, len(list))
	for i, ph := range list {
		ids[i] = ph.Place
	}
	places, err := s.Places.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*place.Place, len(places))
	for _, p := range places {
		byID[p.ID] = p
	}
	for _, ph := range list {
		if p := byID[ph.Place]; p != nil {
			pic := photograph(place.Photo{Caption: ph.Caption, Alt: ph.Alt, Credit: ph.Credit, Licence: ph.Licence, Width: ph.Width, Height: ph.Height,
				URLs: ph.URLs, Blur: ph.Blur, FocusX: ph.FocusX, FocusY: ph.FocusY}, "(min-width:62rem) 20rem, (min-width:44rem) 45vw, 92vw")
			out = append(out, view.ProfilePhoto{Picture: pic, Place: ui.Link{Text: p.Title, Path: p.Path()}})
		}
	}
	return out, nil
}

// profileLists are the public lists of a member.
func (s *Site) profileLists(ctx context.Context, q Public) (Answer, error) {
	v, m, _, err := s.givenPart(ctx, q, "lists", say.T(ctx, "Public lists"))
	if err != nil {
		return Answer{}, err
	}
	lists, err := s.profiles.Lists(ctx, m)
	if err != nil {
		return Answer{}, err
	}
	for _, l := range lists {
		v.Lists = append(v.Lists, view.ListCard{Path: l.Path(), Title: l.Title, Places: placesIn(ctx, l.Entries)})
	}
	v.Listing.Empty = ui.Empty{Title: say.T(ctx, "No public list yet."), Ways: []ui.Link{{Text: say.T(ctx, "All lists"), Path: "/lists"}}}
	return s.profileAnswer(ctx, view.ProfilePartPage(v), v.NoIndex)
}

// partPager leads through a part of a profile.
func partPager(ctx context.Context, path, text string, asked url.Values, next string) ui.Pager {
	p := ui.Pager{Text: text, More: say.T(ctx, "Earlier")}
	if asked.Get("cursor") != "" {
		p.Prev = path
	}
	if next != "" {
		p.Next = address(path, url.Values{"cursor": {next}}.Encode())
	}
	return p
}

// readCursor reads what cursorOf wrote; without one it gives zeros.
func readCursor(q url.Values) (at time.Time, id int64, err error) {
	c := q.Get("cursor")
	if c == "" {
		return at, 0, nil
	}
	head, tail, ok := strings.Cut(c, ".")
	ms, err1 := strconv.ParseInt(head, 36, 64)
	id, err2 := strconv.ParseInt(tail, 36, 64)
	if !ok || err1 != nil || err2 != nil || ms < 0 || id < 0 || ms > 1<<50 {
		return at, 0, errs.InField("cursor", "is none that this atlas wrote; begin again without it")
	}
	return time.UnixMilli(ms), id, nil
}

func otherFormsOf(path string, of []string) []ui.Link {
	words := map[string]string{".geojson": "GeoJSON", ".csv": "CSV", ".gpx": "GPX", ".kml": "KML", ".atom": "Atom", ".rss": "RSS", ".feed.json": "JSON Feed"}
	out := make([]ui.Link, len(of))
	for i, form := range of {
		out[i] = ui.Link{Text: words[form], Path: path + form}
	}
	return out
}
