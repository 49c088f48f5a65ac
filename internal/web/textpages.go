package web

import (
	"context"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// textPage is one of the pages by slug: about, questions, privacy.
func (s *Site) textPage(ctx context.Context, q Public) (Answer, error) {
	p, ok := s.Pages.BySlug(strings.TrimPrefix(q.Path, "/"))
	if !ok {
		return Answer{}, errs.New(errs.NotFound, "There is no page at this address.")
	}
	b, err := s.base(ctx, q, p.Title, p.Description)
	if err != nil {
		return Answer{}, err
	}
	v := view.TextPage{Base: b, Heading: p.Title, Body: p.Body}
	switch p.Slug {
	case "about":
		v.Credits = works(ctx)
	case "feedback": // security.txt leads here
		set, err := s.Settings.Now(ctx)
		if err != nil {
			return Answer{}, err
		}
		v.Contact = set.Contact
	}
	return s.render(ctx, view.Text(v))
}

// works are the works of others that the atlas stands on.
func works(ctx context.Context) []view.Work {
	var out []view.Work
	for _, src := range gazetteer.Attribution() {
		out = append(out, view.Work{Name: src.Name, What: say.T(ctx, "countries, regions, cities and their names"), Licence: src.Licence, URL: src.URL})
	}
	return append(out,
		view.Work{Name: "Natural Earth", What: say.T(ctx, "the maps"), Licence: say.T(ctx, "public domain"), URL: "https://www.naturalearthdata.com/"},
		view.Work{Name: "Brygada 1918", What: say.T(ctx, "the serif face"), Licence: "OFL-1.1", URL: "https://github.com/kosmynkab/Brygada-1918"},
		view.Work{Name: "Source Sans 3", What: say.T(ctx, "the sans face"), Licence: "OFL-1.1", URL: "https://github.com/adobe-fonts/source-sans"},
		view.Work{Name: "Lucide", What: say.T(ctx, "the icons"), Licence: "ISC", URL: "https://lucide.dev/"},
		view.Work{Name: "MapLibre GL JS", What: say.T(ctx, "the moving map"), Licence: "BSD-3-Clause", URL: "https://maplibre.org/"},
	)
}

// closed is a part of the atlas that has nothing to show yet.
type closed struct {
	path, title, text string
	kind              Kind
	ways              []ui.Link
}

var (
	wayPlaces = ui.Link{Text: "All places", Path: "/places"}
	wayNear   = ui.Link{Text: "What is near me", Path: "/near", Icon: "locate-fixed"}
	wayChance = ui.Link{Text: "A random place", Path: "/random", Icon: "dices"}
	wayEat    = ui.Link{Text: "Places to eat", Path: "/places-to-eat", Icon: "utensils"}
	wayGuides = ui.Link{Text: "Destinations", Path: "/destinations"}
	wayFeed   = ui.Link{Text: "The feed of new places", Path: "/places.atom", Icon: "rss"}
)

// closedParts are the parts of the atlas that are real pages before they hold
// anything. Each says what it will hold and what there is meanwhile.
func closedParts() []closed {
	return []closed{
		{"/foods", "Foods", "No dish has been written down yet. When one is, its page will say what it is, how it is made and where to try it.", Page, []ui.Link{wayEat, wayPlaces}},
		{"/stories", "Stories", "No story has been told yet. The places speak for themselves meanwhile.", Page, []ui.Link{wayPlaces, wayChance}},
		{"/itineraries", "Itineraries", "No journey has been laid out yet, day by day. Guides gather what is in one country or city.", Page, []ui.Link{wayGuides, wayNear}},
		{"/videos", "Video", "No film has been shown here yet.", Page, []ui.Link{wayPlaces, wayChance}},
		{"/podcast", "Podcast", "No episode has been recorded yet.", Page, []ui.Link{wayPlaces, wayChance}},
		{"/trips", "Trips", "No guided trip is offered at the moment. One can always go alone.", Page, []ui.Link{wayGuides, wayNear}},
		{"/newsletters", "Newsletters", "No letter is sent yet. New places have a feed, which any reader of feeds takes.", Page, []ui.Link{wayFeed, wayPlaces}},
		{"/membership", "Membership", "Memberships are not open yet. Everything here is open to everyone.", Personal, []ui.Link{wayPlaces, wayChance}},
		{"/app", "Get the app", "The atlas itself is the app: open the menu of your browser and choose “Install” or “Add to home screen”.", Page, []ui.Link{wayNear, wayPlaces}},
	}
}

// closedPage is the page of such a part.
func (s *Site) closedPage(ctx context.Context, q Public) (Answer, error) {
	for _, c := range closedParts() {
		if c.path == q.Path {
			return s.renderClosed(ctx, q, c, nil)
		}
	}
	return Answer{}, errs.New(errs.NotFound, "There is no page at this address.")
}

func (s *Site) renderClosed(ctx context.Context, q Public, c closed, crumbs []ui.Crumb) (Answer, error) {
	b, err := s.base(ctx, q, say.T(ctx, c.title), say.T(ctx, c.text))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = c.kind == Personal
	v := view.ClosedPage{Base: b, Heading: say.T(ctx, c.title), Text: say.T(ctx, c.text), Crumbs: crumbs, Picture: *openSea()}
	for _, w := range c.ways {
		w.Text = say.T(ctx, w.Text)
		v.Ways = append(v.Ways, w)
	}
	a, err := s.render(ctx, view.Closed(v))
	a.Kind = c.kind
	return a, err
}
