package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/follow"
	"mirabilia/internal/mark"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/profile"
	"mirabilia/internal/text"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// profileRoutes are the pages of a member. What the member gave to the atlas is
// the same for everyone who asks; what they keep for themselves depends on who
// asks, and is kept by no cache.
func (s *Site) profileRoutes() []*Route {
	if s.profiles == nil {
		return nil
	}
	page := func(pattern string, fn func(context.Context, Public) (Answer, error), forms []string, query ...string) *Route {
		return &Route{Method: http.MethodGet, Pattern: pattern, Access: Everyone, Kind: Page, Public: fn, Forms: forms, Query: query}
	}
	routes := []*Route{
		page("/users/{slug}", s.profilePage, tableForms),
		page("/users/{slug}/added", s.profileAdded, profileForms, "cursor"),
		page("/users/{slug}/edited", s.profileEdited, profileForms, "cursor"),
		page("/users/{slug}/photos", s.profilePhotos, nil, "cursor"),
		page("/users/{slug}/lists", s.profileLists, nil),
		ownRoute(http.MethodGet, "/users/{slug}/been", Everyone, s.profileMarks, "cursor"),
		ownRoute(http.MethodGet, "/users/{slug}/want", Everyone, s.profileMarks, "cursor"),
		ownRoute(http.MethodGet, "/users/{slug}/visits", Everyone, s.profileVisits, "cursor"),
		ownRoute(http.MethodGet, "/users/{slug}/countries", Everyone, s.profileCountries),
		ownRoute(http.MethodGet, "/users/{slug}/year/{year}", Everyone, s.profileYear),
	}
	for _, part := range []profile.Part{profile.Been, profile.Want} {
		for _, form := range markForms {
			routes = append(routes, ownRoute(http.MethodGet, "/users/{slug}/"+string(part)+form, Everyone, s.profileMarksFile))
		}
	}
	return routes
}

// profileForms are the other forms of what a member gave, and markForms of what
// they marked, which no feed reader could show its right to.
var (
	profileForms = []string{".geojson", ".csv", ".gpx", ".kml", ".atom", ".rss", ".feed.json"}
	markForms    = []string{".geojson", ".csv", ".gpx", ".kml"}
)

const (
	latelyShown    = 6  // on the first page of a profile
	profileShown   = 24 // on a page of a part
	countriesShown = 8
)

// profileHead is what stands on every page of a member, for a reader with so
// much sight; at is the part that is shown.
func (s *Site) profileHead(ctx context.Context, m *user.Member, c profile.Counts, at string) (view.ProfileHead, error) {
	h := view.ProfileHead{
		Person: ui.Person{Name: m.Shown}, Since: say.T(ctx, "Here since %s", say.Date(ctx, m.Created)), Seal: sealOf(ctx, m),
		Tabs: s.profileTabs(ctx, m, c, at),
	}
	if s.Reports != nil && s.Follows != nil {
		h.Acts = ui.Link{Text: say.T(ctx, "Report or block"), Path: m.Path() + "/block"}
	}
	for _, b := range profile.Badges(profile.Work{Added: c.Added, Edited: c.Edited, Photos: c.Photos}) {
		h.Badges = append(h.Badges, workBadge(ctx, b))
	}
	if c.Added > 0 {
		h.Feed = ui.Link{Text: say.T(ctx, "Feed"), Path: m.Path() + "/added.atom", Icon: "rss"}
	}
	if m.State != user.Active {
		h.Notice = &ui.Banner{Tone: "info", Statement: say.T(ctx, "This member cannot write at present."), Rest: say.T(ctx, "What they gave to the atlas stays.")}
		return h, nil
	}
	h.Picture = m.Avatar
	h.Bio, h.Follow = text.Markdown(m.Bio), s.followOf(follow.Member, m.Name, m.Shown)
	for _, l := range m.Links {
		h.Links = append(h.Links, ui.Link{Text: orWord(l.Label, l.URL), Path: l.URL})
	}
	n, err := s.profiles.Followers(ctx, m)
	if n > 0 {
		h.Followers = say.N(ctx, n, "Followed by one", "Followed by %s")
	}
	return h, err
}

// sealOf is a member's office, or their standing by accepted work.
func sealOf(ctx context.Context, m *user.Member) string {
	switch {
	case m.State != user.Active:
		return ""
	case m.Role != actor.Member:
		return roleWord(ctx, m.Role)
	case m.Level == actor.Trusted:
		return say.T(ctx, "Trusted: %s accepted", say.Number(ctx, m.Accepted))
	}
	return ""
}

func workBadge(ctx context.Context, b profile.Badge) ui.Badge {
	switch {
	case b.Kind == "places" && b.From == 1:
		return ui.Badge{Text: say.T(ctx, "First place"), Icon: "map-pin"}
	case b.Kind == "places":
		return ui.Badge{Text: say.T(ctx, "%s places added", say.Number(ctx, b.From)), Icon: "map-pin"}
	case b.Kind == "edits":
		return ui.Badge{Text: say.T(ctx, "%s places mended", say.Number(ctx, b.From)), Icon: "pencil"}
	}
	return ui.Badge{Text: say.T(ctx, "%s photographs", say.Number(ctx, b.From)), Icon: "camera"}
}

func (s *Site) profileTabs(ctx context.Context, m *user.Member, c profile.Counts, at string) (tabs []view.ProfileTab) {
	add := func(part, word string, count *int) {
		t := view.ProfileTab{Link: ui.Link{Text: word, Path: m.Path() + "/" + part, Current: part == at}}
		if part == "" {
			t.Path = m.Path()
		}
		if count != nil {
			t.Count = say.Number(ctx, *count)
		}
		tabs = append(tabs, t)
	}
	add("", say.T(ctx, "Overview"), nil)
	add("been", say.T(ctx, "Been"), c.Been)
	add("want", say.T(ctx, "Want to go"), c.Want)
	add("added", say.T(ctx, "Added"), &c.Added)
	add("edited", say.T(ctx, "Edited"), &c.Edited)
	add("photos", say.T(ctx, "Photos"), &c.Photos)
	add("lists", say.T(ctx, "Lists"), &c.Lists)
	add("visits", say.T(ctx, "Visits"), c.Visits)
	add("countries", say.T(ctx, "Countries"), nil)
	return tabs
}

// profilePage is what everyone sees of a member.
func (s *Site) profilePage(ctx context.Context, q Public) (Answer, error) {
	m, err := s.Users.ByName(ctx, q.Slug)
	if err != nil {
		return Answer{}, err
	}
	c, err := s.profiles.Counts(ctx, m, mark.Public)
	if err != nil {
		return Answer{}, err
	}
	if q.Form != "" {
		a, err := dataAnswer(outward.MemberOf(m, c, s.URL), false)
		a.Once = true
		return a, err
	}
	v := view.ProfilePage{}
	if v.Base, err = s.profileBase(ctx, q, m, c, m.Shown); err != nil {
		return Answer{}, err
	}
	if v.Head, err = s.profileHead(ctx, m, c, ""); err != nil {
		return Answer{}, err
	}
	if c.Added > 0 {
		v.Feeds = feeds(m.Path()+"/added", "", v.Site.Name+": "+say.T(ctx, "added by %s", m.Shown))
	}
	if v.Travels, err = s.travels(ctx, m, mark.Public, countriesShown); err != nil {
		return Answer{}, err
	}
	if err := s.profileLately(ctx, m, c, &v); err != nil {
		return Answer{}, err
	}
	if c.Added+c.Edited+c.Photos+c.Lists == 0 && v.Travels == nil {
		v.Empty = &ui.Empty{Title: say.T(ctx, "%s has not added anything yet.", m.Shown), Text: say.T(ctx, "Whoever joins begins as a reader."), Picture: openSea(),
			Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}, {Text: say.T(ctx, "Random place"), Path: "/random"}}}
		v.OwnEmpty = &ui.Empty{Title: say.T(ctx, "Nothing of yours is public yet."), Text: say.T(ctx, "The first place or photo that the desk accepts stands here under your name; a public list does at once."), Picture: openSea(),
			Ways: []ui.Link{{Text: say.T(ctx, "Add a place"), Path: "/places/new", Icon: "plus"}, {Text: say.T(ctx, "Make a list"), Path: "/me/lists/new"}, {Text: say.T(ctx, "What you sent"), Path: "/drafts"}}}
	} else {
		year := s.now().UTC().Year()
		v.Year = &ui.Link{Text: say.T(ctx, "%s in review", strconv.Itoa(year)), Path: yearPath(m, year)}
	}
	return s.profileAnswer(ctx, view.Profile(v), v.NoIndex)
}

// profileBase is the frame of a page of a member. Pages of members who gave
// nothing yet are no food for search engines: they would be made for these.
func (s *Site) profileBase(ctx context.Context, q Public, m *user.Member, c profile.Counts, title string) (view.Base, error) {
	b, err := s.base(ctx, q, title, say.T(ctx, "What %s has added to the atlas.", m.Shown))
	b.NoIndex = c.Added+c.Edited+c.Photos+c.Lists == 0 || m.State != user.Active
	return b, err
}

// profileLately fills the first page with what was done last.
func (s *Site) profileLately(ctx context.Context, m *user.Member, c profile.Counts, v *view.ProfilePage) (err error) {
	if v.Added, err = s.credited(ctx, m, place.Added, latelyShown); err != nil {
		return err
	}
	if c.Added > len(v.Added) {
		v.AddedTo = &ui.Link{Text: say.N(ctx, c.Added, "One", "All %s"), Path: m.Path() + "/added"}
	}
	if c.Been != nil {
		list, err := s.Marks.Newest(ctx, m.ID, mark.Been, mark.Marked{}, latelyShown/2)
		if err != nil {
			return err
		}
		places, err := s.Places.Cards(ctx, markedIDs(list))
		if err != nil {
			return err
		}
		if v.Been = s.cards(ctx, places); *c.Been > len(v.Been) {
			v.BeenTo = &ui.Link{Text: say.N(ctx, *c.Been, "One", "All %s"), Path: m.Path() + "/been"}
		}
	}
	if v.Edited, err = s.credited(ctx, m, place.Edited, latelyShown/2); err != nil {
		return err
	}
	if c.Edited > len(v.Edited) {
		v.EditTo = &ui.Link{Text: say.N(ctx, c.Edited, "One", "All %s"), Path: m.Path() + "/edited"}
	}
	if c.Photos > 0 && s.Photos != nil {
		list, err := s.Photos.Given(ctx, m.ID, 0, latelyShown/2)
		if err != nil {
			return err
		}
		if v.Photos, err = s.profilePictures(ctx, list); err != nil {
			return err
		}
		if c.Photos > len(v.Photos) {
			v.PhotoTo = &ui.Link{Text: say.N(ctx, c.Photos, "One", "All %s"), Path: m.Path() + "/photos"}
		}
	}
	lists, err := s.profiles.Lists(ctx, m)
	for i, l := range lists {
		if i == latelyShown {
			v.ListsTo = &ui.Link{Text: say.N(ctx, c.Lists, "One list", "All %s lists"), Path: m.Path() + "/lists"}
			break
		}
		v.Lists = append(v.Lists, view.ListCard{Path: l.Path(), Title: l.Title, Places: placesIn(ctx, l.Entries)})
	}
	return err
}

func (s *Site) credited(ctx context.Context, m *user.Member, part place.Part, n int) ([]ui.Card, error) {
	list, err := s.Places.CreditedTo(ctx, m.Path(), part, place.Credited{}, n)
	if err != nil {
		return nil, err
	}
	places, err := s.Places.Cards(ctx, creditedIDs(list))
	return s.cards(ctx, places), err
}

func creditedIDs(list []place.Credited) []int64 {
	ids := make([]int64, len(list))
	for i, c := range list {
		ids[i] = c.Place
	}
	return ids
}

func yearPath(m *user.Member, year int) string { return m.Path() + "/year/" + strconv.Itoa(year) }

// cursorOf writes where a page ends, and readCursor reads it; what nobody wrote
// begins at the start.
func cursorOf(at time.Time, id int64) string {
	return strconv.FormatInt(at.UnixMilli(), 36) + "." + strconv.FormatInt(id, 36)
}
