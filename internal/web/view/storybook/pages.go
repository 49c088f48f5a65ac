package storybook

import (
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func frameStories() []Story {
	rtl := base("مدينة", "/destinations/x")
	rtl.Dir, rtl.Lang = "rtl", "ar"
	list := base("All places", "/places")
	list.Finds, list.NoIndex, list.Prev, list.Next = true, true, "/places", "/places?cursor=x"
	list.Feeds = []view.Feed{{Title: "Places", Path: "/places.atom", Type: "application/atom+xml"}}
	return []Story{
		page("view.Frame", "with feeds and a query", view.Frame(list)),
		page("view.Frame", "right to left", view.Frame(rtl)),
	}
}

// FullHome is the front page with every part filled.
func FullHome() view.HomePage {
	b := base("", "/")
	b.LD = []any{view.SiteLD(b.Site)}
	m := *mapPicture()
	m.Path, m.Alt = "", "Map of the world; small red dots show where the places lie."
	starred := append(cards(), cards()[:2]...)
	starred[0].Picture = drawing("courtyard.svg", 930, 620, "", "")
	var latest []ui.Card
	for i, c := range append(cards(), cards()[:2]...) {
		c.Want = ""
		if i == 3 {
			c.Badge = &ui.Badge{Text: "No photo yet: send yours", Tone: "info"}
			c.Picture = locator()
		}
		latest = append(latest, c)
	}
	return view.HomePage{
		Base: b,
		Feature: &view.Feature{
			Kicker: "A place · Mexico City, Mexico", Title: "Museo Casa de León Trotsky", Path: "/places/x",
			Dek: "An exile walled up his own windows, fed his rabbits, and waited.", Note: "Added by hadaly", Picture: gallery()[0],
		},
		Starred: starred, Newest: latest, NewSentence: "Eleven places this week, by nine people.",
		Map: m, Places: 5012,
		Destinations: []ui.Name{{Text: "London", Path: "/a", Count: 341}, {Text: "Mexico City", Path: "/b", Count: 182}, {Text: "Paris", Path: "/c", Count: 298}, {Text: "Kyōto", Path: "/d", Count: 64}, {Text: "Kraków", Path: "/e", Count: 58}, {Text: "Buenos Aires", Path: "/f", Count: 83}, {Text: "Reykjavík", Path: "/g", Count: 41}, {Text: "New York", Path: "/h", Count: 655}, {Text: "Los Angeles", Path: "/i", Count: 287}},
		Sample:       rows(), SampleName: "Coyoacán, Mexico City",
	}
}

func pageStories() []Story {
	full, bare, hidden := FullPlace(), BarePlace(), ProtectedPlace()
	full.LD = []any{view.PlaceLD(full.Place, full.Canonical, []string{"http://127.0.0.1:8080/pictures/courtyard.svg"}), view.CrumbsLD(full.Site.URL, full.Crumbs)}
	stories := []Story{
		page("view.Place", "everything", view.Place(full)),
		page("view.Place", "a name and a position", view.Place(bare)),
		page("view.Place", "protected", view.Place(hidden)),
		page("view.Home", "everything", view.Home(FullHome())),
		page("view.Home", "an empty atlas", view.Home(view.HomePage{Base: base("", "/")})),
		page("view.Closed", "accounts", view.Closed(view.ClosedPage{
			Base: base("Join", "/join"), Heading: "Accounts are not open on this atlas yet", Text: "Reading needs none. Everything here is open to everyone, without signing in.",
			Ways: []ui.Link{{Text: "What is near me", Path: "/near", Icon: "locate-fixed"}, {Text: "All places", Path: "/places"}}, Picture: locator(),
			Crumbs: []ui.Crumb{{Name: "All", Path: "/"}, {Name: "Join"}},
		})),
	}
	for _, s := range place.Statuses {
		p := BarePlace()
		q := *p.Place
		q.Status, q.StatusDate, q.StatusSource = s, "2022-12-27", "the local paper"
		p.Place = &q
		stories = append(stories, page("view.Place", "status "+string(s), view.Place(p)))
	}
	for _, f := range []view.FailurePage{
		{Status: 400, Fields: []errs.Field{{Field: "radius", Message: "must be a number of kilometres from 0 to 20,000"}}},
		{Status: 404, Picture: locator()}, {Status: 410, Message: "Taken down at the wish of the owner."}, {Status: 429},
		{Status: 410, Message: "The garden is private, and its owner wishes no visitors.", Why: "Private property", Since: "29 November 2026", Object: ui.Link{Text: "Ask for a second look", Path: "/report?of=place-12"}},
		{Status: 500, Reference: "7f3a-11c2"}, {Status: 503},
	} {
		f.Base = base("Error", "/x")
		f.NoIndex, f.Finds = true, f.Status < 429
		stories = append(stories, page("view.Failure", strings.TrimSpace(statusText(f.Status)+" "+f.Since), view.Failure(f)))
	}
	return stories
}

func statusText(n int) string {
	return string(rune('0'+n/100)) + string(rune('0'+n/10%10)) + string(rune('0'+n%10))
}
