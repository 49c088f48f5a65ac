package web

import (
	"context"
	"strconv"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/profile"
	"mirabilia/internal/report"
	"mirabilia/internal/user"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// ownPart begins a page of what a member keeps for whom they choose; seen says
// whether the reader is one of them. Who is not learns nothing, not even
// whether there is anything.
func (s *Site) ownPart(ctx context.Context, o Own, part profile.Part, tab, title string) (v view.ProfilePart, m *user.Member, sight profile.Sight, seen bool, err error) {
	if m, err = s.Users.ByName(ctx, o.Slug); err != nil {
		return v, nil, sight, false, err
	}
	if sight, err = s.profiles.Sight(ctx, o.Actor, m); err != nil {
		return v, nil, sight, false, err
	}
	v.Title = title
	if v.Base, err = s.ownBase(ctx, o, title+": "+m.Shown, ""); err != nil {
		return v, nil, sight, false, err
	}
	c, err := s.profiles.Counts(ctx, m, sight)
	if err != nil {
		return v, nil, sight, false, err
	}
	if v.Head, err = s.profileHead(ctx, m, c, tab); err != nil {
		return v, nil, sight, false, err
	}
	if o.Actor.ID == m.ID {
		v.Head.Follow = nil
		v.Seen, v.Choose = seenBy(ctx, profile.Chosen(m, part)), ui.Link{Text: say.T(ctx, "Choose who sees it"), Path: "/settings"}
	}
	if seen = profile.Sees(m, part, sight); !seen {
		v.Kept = say.T(ctx, "%s has not chosen to show this to you.", m.Shown)
		if !o.Actor.SignedIn() {
			v.Kept += " " + say.T(ctx, "Some members show more to those who follow them.")
		}
	}
	return v, m, sight, seen, nil
}

func seenBy(ctx context.Context, p mark.Privacy) string {
	switch p {
	case mark.Public:
		return say.T(ctx, "Everyone sees this.")
	case mark.Followers:
		return say.T(ctx, "Your followers see this.")
	}
	return say.T(ctx, "Only you see this.")
}

// markPart is the part of a profile that a path names.
func markPart(path string) (profile.Part, mark.Kind) {
	if strings.Contains(path[strings.LastIndex(path, "/"):], "want") {
		return profile.Want, mark.Want
	}
	return profile.Been, mark.Been
}

func markTitle(ctx context.Context, k mark.Kind) string {
	if k == mark.Want {
		return say.T(ctx, "Places to go")
	}
	return say.T(ctx, "Places been to")
}

// profileMarks lists the places that a member has been to, or wants to go to.
func (s *Site) profileMarks(ctx context.Context, o Own) (Answer, error) {
	part, kind := markPart(o.Path)
	v, m, _, seen, err := s.ownPart(ctx, o, part, string(part), markTitle(ctx, kind))
	if err != nil {
		return Answer{}, err
	}
	if !seen {
		return s.render(ctx, view.ProfilePartPage(v))
	}
	at, id, err := readCursor(o.Query)
	if err != nil {
		return Answer{}, err
	}
	list, err := s.Marks.Newest(ctx, m.ID, kind, mark.Marked{Place: id, At: at}, profileShown+1)
	if err != nil {
		return Answer{}, err
	}
	next := ""
	if len(list) > profileShown {
		list = list[:profileShown]
		next = cursorOf(list[profileShown-1].At, list[profileShown-1].Place)
	}
	places, err := s.Places.Cards(ctx, markedIDs(list))
	if err != nil {
		return Answer{}, err
	}
	been, want, err := s.Marks.Counts(ctx, m.ID)
	if err != nil {
		return Answer{}, err
	}
	total := been
	if kind == mark.Want {
		total = want
	}
	path := m.Path() + "/" + string(part)
	v.Listing = view.Listing{Cards: s.cards(ctx, places), Pager: partPager(ctx, path, placesIn(ctx, total), o.Query, next), Empty: ui.Empty{
		Title: say.T(ctx, "No place is marked yet."), Text: say.T(ctx, "Every page of a place has a button for it."), Picture: openSea(),
		Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}, {Text: say.T(ctx, "What is near"), Path: "/near"}}}}
	if total > 0 {
		v.Forms = otherFormsOf(path, markForms)
	}
	if o.Actor.ID == m.ID {
		v.Ways = []ui.Link{{Text: say.T(ctx, "Bring saved places"), Path: bringPath, Icon: "upload"}}
	}
	return s.render(ctx, view.ProfilePartPage(v))
}

func markedIDs(list []mark.Marked) []int64 {
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = x.Place
	}
	return ids
}

// profileMarksFile is the same for other programs, to who may see it.
func (s *Site) profileMarksFile(ctx context.Context, o Own) (Answer, error) {
	form := o.Request.URL.Path
	form = form[strings.LastIndex(form, "."):]
	part, kind := markPart(o.Path)
	m, err := s.Users.ByName(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	sight, err := s.profiles.Sight(ctx, o.Actor, m)
	if err != nil {
		return Answer{}, err
	}
	if !profile.Sees(m, part, sight) {
		return Answer{}, errs.New(errs.NotFound, "There is no such file for you.")
	}
	list, err := s.Marks.Newest(ctx, m.ID, kind, mark.Marked{}, fileMost)
	if err != nil {
		return Answer{}, err
	}
	places, err := s.wholeInParts(ctx, markedIDs(list))
	if err != nil {
		return Answer{}, err
	}
	a, err := s.fileOf(ctx, form, markTitle(ctx, kind)+": "+m.Shown, places)
	a.Kind = Export
	return a, err
}

// dayFor is the day of a visit as a reader may know it. Of a protected place
// others learn the month alone: days with another visit before and one after
// would tell where between the two it is.
func dayFor(reader actor.Actor, p *place.Place, v mark.Visit) string {
	if p.Protected() && v.Member != reader.ID && len(v.Day) > len("2026-11") {
		return v.Day[:len("2026-11")]
	}
	return v.Day
}

// profileVisits lists the visits that a reader may see.
func (s *Site) profileVisits(ctx context.Context, o Own) (Answer, error) {
	v, m, sight, seen, err := s.ownPart(ctx, o, profile.Visits, "visits", say.T(ctx, "Visits"))
	if err != nil || !seen {
		return s.renderUnless(ctx, v, err)
	}
	list, err := s.Marks.VisitsOf(ctx, m.ID, sight)
	if err != nil {
		return Answer{}, err
	}
	total := len(list)
	_, after, err := readCursor(o.Query)
	if err != nil {
		return Answer{}, err
	}
	for i, x := range list {
		if x.ID == after {
			list = list[i+1:]
			break
		}
	}
	next := ""
	if len(list) > profileShown {
		list = list[:profileShown]
		next = cursorOf(list[0].Written, list[profileShown-1].ID)
	}
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = x.Place
	}
	places, err := s.Places.Cards(ctx, ids)
	if err != nil {
		return Answer{}, err
	}
	byID := make(map[int64]*place.Place, len(places))
	for _, p := range places {
		byID[p.ID] = p
	}
	photos, err := s.photosOf(ctx, o, list)
	if err != nil {
		return Answer{}, err
	}
	for _, x := range list {
		if p := byID[x.Place]; p != nil {
			card, badge := s.card(ctx, p), outcomeBadge(ctx, x.Outcome)
			card.Hook, card.Badge = "", &badge
			visit := view.ProfileVisit{Card: card, Day: say.Day(ctx, dayFor(o.Actor, p, x)), Note: x.Note}
			for _, ph := range photos[x.ID] {
				if len(ph.URLs) > 0 {
					visit.Photos = append(visit.Photos, visitPicture(ph))
				}
			}
			if s.Reports != nil && (x.Note != "" || len(visit.Photos) > 0) && x.Member != o.Actor.ID {
				visit.Report = reportPath(report.Visit, x.ID)
			}
			v.Visits = append(v.Visits, visit)
		}
	}
	v.Listing.Empty = ui.Empty{Title: say.T(ctx, "No visit is written down yet."), Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}}}
	if total > 0 {
		p := partPager(ctx, m.Path()+"/visits", say.N(ctx, total, "%s visit", "%s visits"), o.Query, next)
		v.Pager = &p
	}
	return s.render(ctx, view.ProfilePartPage(v))
}

func (s *Site) renderUnless(ctx context.Context, v view.ProfilePart, err error) (Answer, error) {
	if err != nil {
		return Answer{}, err
	}
	return s.render(ctx, view.ProfilePartPage(v))
}

// profileCountries is how much of each country a member has seen.
func (s *Site) profileCountries(ctx context.Context, o Own) (Answer, error) {
	v, m, sight, seen, err := s.ownPart(ctx, o, profile.Statistics, "countries", say.T(ctx, "By country"))
	if err != nil || !seen {
		return s.renderUnless(ctx, v, err)
	}
	if v.Travels, err = s.travels(ctx, m, sight, 0); err != nil {
		return Answer{}, err
	}
	if v.Travels != nil && len(v.Travels.Countries) == 0 {
		v.Travels = nil
	}
	v.Listing.Empty = ui.Empty{Title: say.T(ctx, "No country yet."), Text: say.T(ctx, "Countries fill themselves from the places that are marked as been to."),
		Ways: []ui.Link{{Text: say.T(ctx, "Destinations"), Path: "/destinations"}}}
	return s.render(ctx, view.ProfilePartPage(v))
}

// mapMost is how many of the places that somebody has been to a map is drawn of.
const mapMost = 2000

// travels is where a member has been, as far as a reader with so much sight may
// know: the map needs the places, the numbers the statistics. most is how many
// countries are listed, 0 for all; nil where there is nothing to show.
func (s *Site) travels(ctx context.Context, m *user.Member, sight profile.Sight, most int) (*view.Travels, error) {
	t := &view.Travels{}
	if profile.Sees(m, profile.Been, sight) {
		list, err := s.Marks.Newest(ctx, m.ID, mark.Been, mark.Marked{}, mapMost)
		if err != nil {
			return nil, err
		}
		places, err := s.Places.Cards(ctx, markedIDs(list))
		if err != nil {
			return nil, err
		}
		t.Map = dotted(ctx, places, say.T(ctx, "A map of the world with a dot where %s has been.", m.Shown))
	}
	countries, err := s.profiles.Countries(ctx, m, sight, s.Finder.CountIn)
	if err != nil {
		return nil, err
	}
	been := 0
	for i, c := range countries {
		been += c.Been
		if most == 0 || i < most {
			t.Countries = append(t.Countries, s.countryRow(ctx, c))
		}
	}
	if len(countries) > 0 {
		t.Counts = []view.Count{{N: been, Singular: say.T(ctx, "place"), Plural: say.T(ctx, "places")}, {N: len(countries), Singular: say.T(ctx, "country"), Plural: say.T(ctx, "countries")}}
	}
	if len(countries) > len(t.Countries) {
		t.All = &ui.Link{Text: say.T(ctx, "All %s countries", say.Number(ctx, len(countries))), Path: m.Path() + "/countries"}
	}
	if t.Map == nil && len(t.Countries) == 0 {
		return nil, nil
	}
	return t, nil
}

// dotted is a map of the world with dots at places; nil where none can be drawn.
func dotted(ctx context.Context, places []*place.Place, alt string) *ui.MapPicture {
	var at []geo.Public
	for _, p := range places {
		if p.At != nil {
			at = append(at, *p.At)
		}
	}
	if len(at) == 0 {
		return nil
	}
	world := worldPicture(ctx)
	return &ui.MapPicture{Src: tiles.DotsPath(at), Width: world.Width, Height: world.Height, Alt: alt}
}

func (s *Site) countryRow(ctx context.Context, c profile.Country) view.CountryRow {
	name := c.Path
	if n, ok := s.node(c.Path); ok {
		name = n.Name
	}
	been, of := say.Number(ctx, c.Been), say.Number(ctx, c.Of)
	return view.CountryRow{Name: name, Path: destination.Href(c.Path), Been: been, Of: of, Share: c.Share(), Label: say.T(ctx, "%s of %s places in %s", been, of, name)}
}

// yearShown is how much of each kind the page of a year shows.
const yearShown = 12

// profileYear is a member's year in review.
func (s *Site) profileYear(ctx context.Context, o Own) (Answer, error) {
	year, err := strconv.Atoi(o.Request.PathValue("year"))
	now := s.now().UTC().Year()
	if err != nil || year < 1900 || year > now || strconv.Itoa(year) != o.Request.PathValue("year") {
		return Answer{}, errs.New(errs.NotFound, "There is no such year here.")
	}
	p, m, sight, _, err := s.ownPart(ctx, o, profile.Been, "year", say.T(ctx, "%s in review", strconv.Itoa(year)))
	if err != nil {
		return Answer{}, err
	}
	v := view.ProfileYear{Base: p.Base, Head: p.Head, Title: p.Title, Dek: say.T(ctx, "What %s gave to the atlas, and where the way led.", m.Shown)}
	y, err := s.profiles.Year(ctx, m, sight, year)
	if err != nil {
		return Answer{}, err
	}
	if err := s.fillYear(ctx, m, y, &v); err != nil {
		return Answer{}, err
	}
	if year > m.Created.UTC().Year() || o.Actor.ID == m.ID {
		v.Before = &ui.Link{Text: strconv.Itoa(year - 1), Path: yearPath(m, year-1), Icon: "arrow-left"}
	}
	if year < now {
		v.After = &ui.Link{Text: strconv.Itoa(year + 1), Path: yearPath(m, year+1), Icon: "arrow-right"}
	}
	return s.render(ctx, view.ProfileYearPage(v))
}

func (s *Site) fillYear(ctx context.Context, m *user.Member, y profile.Year, v *view.ProfileYear) error {
	count := func(n int, one, many string) {
		if n > 0 {
			v.Counts = append(v.Counts, view.Count{N: n, Singular: one, Plural: many})
		}
	}
	count(len(y.Added), say.T(ctx, "place added"), say.T(ctx, "places added"))
	count(len(y.Edited), say.T(ctx, "place edited"), say.T(ctx, "places edited"))
	count(y.Photos, say.T(ctx, "photograph"), say.T(ctx, "photographs"))
	if y.Counted {
		places, err := s.Places.Cards(ctx, y.Been)
		if err != nil {
			return err
		}
		count(len(places), say.T(ctx, "place been to"), say.T(ctx, "places been to"))
		count(countriesOf(places), say.T(ctx, "country"), say.T(ctx, "countries"))
		if y.Shown {
			v.Map = dotted(ctx, places, say.T(ctx, "A map of the world with a dot where %s was in %s.", m.Shown, strconv.Itoa(y.Year)))
		}
	}
	parts := []struct {
		id, title string
		ids       []int64
	}{{"h-added", say.T(ctx, "Added"), y.Added}, {"h-edited", say.T(ctx, "Edited"), y.Edited}, {"h-been", say.T(ctx, "Been"), nil}}
	if y.Shown {
		parts[2].ids = y.Been
	}
	for _, p := range parts {
		places, err := s.Places.Cards(ctx, p.ids[:min(len(p.ids), yearShown)])
		if err != nil {
			return err
		}
		if len(places) == 0 {
			continue
		}
		part := view.ProfileYearPart{ID: p.id, Title: p.title, Cards: s.cards(ctx, places)}
		if more := len(p.ids) - yearShown; more > 0 {
			part.More = say.N(ctx, more, "and one more", "and %s more")
		}
		v.Parts = append(v.Parts, part)
	}
	if len(v.Counts) == 0 {
		v.Nothing = &ui.Empty{Title: say.T(ctx, "Nothing is told of this year."), Ways: []ui.Link{{Text: say.T(ctx, "The whole profile"), Path: m.Path()}}}
	}
	return nil
}

// countriesOf is in how many countries places lie.
func countriesOf(places []*place.Place) int {
	seen := map[string]bool{}
	for _, p := range places {
		if country, _, _ := strings.Cut(p.Destination, "/"); country != "" {
			seen[country] = true
		}
	}
	return len(seen)
}

// followsMember tells of a path of a member's pages whether the reader follows
// them, and leads a member from their own pages to where these are changed.
func (s *Site) followsMember(ctx context.Context, a actor.Actor, path string) (follows bool, edit *overlayLink, err error) {
	rest, ok := strings.CutPrefix(path, "/users/")
	if !ok || s.profiles == nil {
		return false, nil, nil
	}
	name, _, _ := strings.Cut(rest, "/")
	if name == a.Name {
		return false, &overlayLink{Text: say.T(ctx, "Change your page"), Path: "/settings"}, nil
	}
	m, err := s.Users.ByName(ctx, name)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Gone) {
		return false, nil, nil
	}
	if err != nil {
		return false, nil, err
	}
	sight, err := s.profiles.Sight(ctx, a, m)
	return sight == mark.Followers, nil, err
}
