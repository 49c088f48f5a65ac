package web

import (
	"context"
	"net/http"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/follow"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/outward"
	"mirabilia/internal/query"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const (
	unusualShown = 6
	guideEat     = 4
	guideTags    = 16
)

// destinationsPage is the index of the whole world.
func (s *Site) destinationsPage(ctx context.Context, q Public) (Answer, error) {
	countries := s.below("")
	if q.Form != "" {
		out := outward.Destinations{Items: []outward.Child{}}
		for _, c := range countries {
			out.Items = append(out.Items, outward.ChildOf(c.Node, c.Count, s.URL))
		}
		out.Items = outward.Alphabetical(out.Items)
		return dataAnswer(out, true)
	}
	b, err := s.base(ctx, q, say.T(ctx, "Destinations"), say.T(ctx, "Every country, region and city in which something is written down."))
	if err != nil {
		return Answer{}, err
	}
	v := view.DestinationsPage{
		Base: b, Popular: s.popular(ctx), Letters: s.letters(countries),
		Counts: []view.Count{
			{N: s.Finder.CountIn(""), Singular: say.T(ctx, "place"), Plural: say.T(ctx, "places")},
			{N: len(countries), Singular: say.T(ctx, "country"), Plural: say.T(ctx, "countries")},
		},
		Map: s.worldMap(ctx),
		Empty: ui.Empty{Title: say.T(ctx, "No place is written down yet."), Text: say.T(ctx, "Destinations fill themselves from the places in them."),
			Ways: []ui.Link{{Text: say.T(ctx, "Add a place"), Path: "/places/new", Icon: "plus"}}, Picture: openSea()},
	}
	a, err := s.render(ctx, view.Destinations(v))
	a.Whole = true
	return a, err
}

// letters sorts destinations into an A–Z.
func (s *Site) letters(children []destination.Counted) []ui.Letter {
	names := make([]ui.Name, 0, len(children))
	for _, c := range children {
		names = append(names, ui.Name{Text: c.Name, Path: destination.Href(c.Path), Count: c.Count})
	}
	return alphabet(names)
}

// alphabet sorts names by their folded form, so that Åland stands under A.
func alphabet(names []ui.Name) []ui.Letter {
	folded := make(map[string]string, len(names))
	for _, n := range names {
		folded[n.Text] = text.Fold(n.Text)
	}
	sort.SliceStable(names, func(i, j int) bool {
		return strings.Compare(folded[names[i].Text], folded[names[j].Text]) < 0
	})
	var out []ui.Letter
	for _, n := range names {
		r, _ := utf8.DecodeRuneInString(folded[n.Text])
		letter := "#"
		if unicode.IsLetter(r) {
			letter = string(unicode.ToUpper(r))
		}
		if len(out) == 0 || out[len(out)-1].Letter != letter {
			out = append(out, ui.Letter{Letter: letter})
		}
		last := &out[len(out)-1]
		last.Names = append(last.Names, n)
	}
	return out
}

// destinationPage is the guide to a country, a region or a city.
func (s *Site) destinationPage(ctx context.Context, q Public) (Answer, error) {
	if q.Dest == "" {
		return Answer{}, errs.MovedTo("/destinations")
	}
	g, err := s.Destinations.ByPath(ctx, q.Dest)
	if path := s.cityMeant(q.Dest); path != "" && errs.Is(err, errs.NotFound) {
		return Answer{Kind: Failure, Status: http.StatusFound, Location: destination.Href(path) + q.Form}, nil
	}
	if err != nil {
		return Answer{}, err
	}
	p, err := query.ParsePlaces(q.Query)
	if err != nil {
		return Answer{}, err
	}
	p.Without = q.Been
	p.In = g.Path
	if q.Form == ".json" {
		return s.destinationData(g)
	}
	if q.Form != "" {
		own := p // as the page's own address has it
		own.In = ""
		return s.listForm(ctx, list{title: g.Name, path: q.Path, form: q.Form, query: own, filter: p.Filter(), order: p.Order(), limited: q.Query.Get("limit") != ""})
	}
	return s.guide(ctx, q, g, p)
}

// cityMeant is the path of the most populous city that a shortened path names,
// as somebody writes it who leaves the region out: "paris", "france/paris".
func (s *Site) cityMeant(short string) string {
	country, slug, below := strings.Cut(short, "/")
	if !below {
		country, slug = "", short
	}
	if strings.Contains(slug, "/") {
		return ""
	}
	for _, m := range s.Gazetteer.Named(strings.ReplaceAll(slug, "-", " "), namesakes) {
		if m.Level == gazetteer.City && strings.HasSuffix(m.Path, "/"+slug) && (country == "" || strings.HasPrefix(m.Path, country+"/")) {
			return m.Path
		}
	}
	return ""
}

// namesakes is how many places of one name are looked through for a city.
const namesakes = 100

func (s *Site) destinationData(g *destination.Guide) (Answer, error) {
	out := outward.Destination{Path: g.Path, Name: g.Name, Kind: g.Level.String(), Places: s.Finder.CountIn(g.Path),
		URL: s.absolute(g.Href()), Children: []outward.Child{}}
	for _, c := range s.below(g.Path) {
		out.Children = append(out.Children, outward.ChildOf(c.Node, c.Count, s.URL))
	}
	out.Children = outward.Alphabetical(out.Children)
	return dataAnswer(out, true)
}

// guide fills the page of a destination.
func (s *Site) guide(ctx context.Context, q Public, g *destination.Guide, p query.Places) (Answer, error) {
	page, err := s.Finder.List(p.Filter(), p.Order(), p.Limit, p.Cursor)
	if err != nil {
		return Answer{}, err
	}
	in := func(kinds ...finder.Kind) finder.Filter { return finder.Filter{Kinds: kinds, In: g.Path} }
	var unusual, eat finder.Page
	if p.Cursor == "" {
		if unusual, err = s.Finder.List(in(finder.Place), finder.Obscure, unusualShown, ""); err != nil {
			return Answer{}, err
		}
		if eat, err = s.Finder.List(in(finder.Eatery), finder.Newest, guideEat, ""); err != nil {
			return Answer{}, err
		}
	}
	nearest := s.nearestTo(g, page.Total)
	f, err := s.look(ctx, page.Hits, unusual.Hits, eat.Hits, nearest)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.base(ctx, q, say.T(ctx, "%s: the guide", g.Name), say.T(ctx, "Remarkable places in %s, from their coordinates.", g.Name))
	if err != nil {
		return Answer{}, err
	}
	b.Share = s.shareOfGuide(ctx, &g.Node)
	b.NoIndex = p.Cursor != "" || page.Total == 0
	b.Feeds = append(feeds(q.Path, "", b.Site.Name+": "+g.Name), s.oEmbedLinks(q.Path, g.Name)...)
	own := p
	own.In = ""
	v := view.DestinationPage{
		Base: b, Name: g.Name, Kicker: say.T(ctx, "The guide to"), Follow: s.followOf(follow.Destination, g.Path, g.Name), Crumbs: guideCrumbs(ctx, g),
		Picture: s.guidePicture(ctx, g, f.of(unusual.Hits)), Intro: text.Markdown(g.Intro), Before: s.inWords(ctx, g),
		Unusual: s.cards(ctx, f.of(unusual.Hits)), Eat: s.cards(ctx, f.of(eat.Hits)), Map: s.guideMap(ctx, g, p),
		Sorts: sorts(ctx, q.Path, own), Forms: otherForms(q.Path, own.After("").Encode()), Take: s.takeOf(q.Path, own, page.Total),
		Embed:   s.mapEmbed(query.Places{In: p.In, Tags: p.Tags, Limit: query.DefaultLimit}, g.Name),
		Listing: view.Listing{Total: page.Total, Empty: emptyGuide(ctx, g)},
	}
	v.LD = []any{view.CrumbsLD(s.URL, v.Crumbs)}
	v.Nearest = s.rows(f.of(nearest), f.metres)
	v.Listing.Cards = s.cards(ctx, f.of(page.Hits))
	v.Listing.Pager = pager(ctx, q.Path, own, len(v.Listing.Cards), page)
	if err := s.guideParts(ctx, g, &v); err != nil {
		return Answer{}, err
	}
	var lists []finder.Ref
	if v.Lists, lists, err = s.listsIn(ctx, g.Path); err != nil {
		return Answer{}, err
	}
	a, err := s.render(ctx, view.Destination(v))
	a.Shows, a.Whole, a.NoIndex = append(append(refs(f.places...), finder.Ref{Kind: finder.Destination, ID: destination.ID(g.Path)}), lists...), true, b.NoIndex
	return a, err
}

// listsIn are public lists that name what most wish to see in a destination.
func (s *Site) listsIn(ctx context.Context, path string) ([]view.ListCard, []finder.Ref, error) {
	if s.Lists == nil {
		return nil, nil, nil
	}
	page, err := s.Finder.List(finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, In: path}, finder.Wanted, namingAsked, "")
	if err != nil {
		return nil, nil, err
	}
	ids := make([]int64, len(page.Hits))
	for i, h := range page.Hits {
		ids[i] = h.ID
	}
	return s.naming(ctx, ids)
}

// nearestTo is what is nearest to the middle of a city that holds nothing.
func (s *Site) nearestTo(g *destination.Guide, held int) []finder.Hit {
	if held > 0 || g.Level != gazetteer.City {
		return nil
	}
	return s.Finder.Nearest(labelPoint(g.Node), finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}}, nearestShown, nearestWithin)
}

const (
	nearestShown = 6
	// nearestWithin is as far as one goes out of an empty city, in metres.
	nearestWithin = 300_000
)

// guideParts fills the counts, the destinations inside, the themes.
func (s *Site) guideParts(ctx context.Context, g *destination.Guide, v *view.DestinationPage) error {
	facets := s.Finder.Facets(finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, In: g.Path})
	eat := facets.Kinds[finder.Eatery]
	v.Counts = []view.Count{
		{N: facets.Total, Singular: say.T(ctx, "place"), Plural: say.T(ctx, "places")},
		{N: eat, Singular: say.T(ctx, "to eat"), Plural: say.T(ctx, "to eat")},
	}
	if eat > 0 {
		v.EatMore = &ui.Link{Text: say.T(ctx, "All places to eat"), Path: "/places-to-eat?in=" + g.Path}
	}
	children := s.below(g.Path)
	v.Parts = s.letters(children)
	v.PartsTitle = say.T(ctx, "Cities A–Z")
	if g.Level == gazetteer.Country {
		v.PartsTitle = say.T(ctx, "Regions and cities A–Z")
		if slices.ContainsFunc(children, func(c destination.Counted) bool { return destination.IsArea(c.Node) }) {
			v.PartsTitle = say.T(ctx, "Regions, cities and areas A–Z")
		}
	}
	tags, err := s.tagNames(ctx, nil, facets.Tags, guideTags)
	if err != nil {
		return err
	}
	for _, t := range tags {
		v.Tags = append(v.Tags, ui.Chip{Text: t.Text, Path: "/tags/" + t.Value + "/in/" + g.Path, Count: t.Count})
	}
	v.Stories = ui.Empty{
		Title: say.T(ctx, "No story of %s has been told here yet.", g.Name),
		Text:  say.T(ctx, "Stories, lists and itineraries will stand here."),
	}
	if facets.Total > 0 { // else there is none to lead to
		v.Stories.Ways = []ui.Link{{Text: say.T(ctx, "A random place in %s", g.Name), Path: "/random?in=" + g.Path, Icon: "dices"}}
	}
	if above := g.Above; len(above) > 0 {
		for _, c := range s.below(above[len(above)-1].Path) {
			if c.Path != g.Path && len(v.Near) < 8 {
				v.Near = append(v.Near, ui.Name{Text: c.Name, Path: destination.Href(c.Path), Count: c.Count})
			}
		}
	}
	v.Tabs = guideTabs(ctx, v)
	if destination.IsArea(&g.Node) { // the gazetteer, which finds stops, knows no areas
		return nil
	}
	v.Tabs = append(v.Tabs, ui.Link{Text: say.T(ctx, "Along the way"), Path: address("/along", query.Along{Stops: []string{g.Name}}.Encode())})
	return nil
}

func guideTabs(ctx context.Context, v *view.DestinationPage) []ui.Link {
	var out []ui.Link
	add := func(there bool, name, id string) {
		if there {
			out = append(out, ui.Link{Text: say.T(ctx, name), Path: "#" + id})
		}
	}
	add(len(v.Unusual) > 0, "Most unusual", "unusual")
	add(true, "Map", "map")
	add(true, "All places", "places")
	add(len(v.Parts) > 0, v.PartsTitle, "az")
	add(len(v.Eat) > 0, "Places to eat", "eat")
	add(true, "Stories", "stories")
	return out
}

func guideCrumbs(ctx context.Context, g *destination.Guide) []ui.Crumb {
	out := []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/destinations"}}
	for _, a := range g.Above {
		out = append(out, ui.Crumb{Name: a.Name, Path: destination.Href(a.Path)})
	}
	return append(out, ui.Crumb{Name: g.Name})
}

// inWords says what a destination is: "A city in Kansai, Japan".
func (s *Site) inWords(ctx context.Context, g *destination.Guide) string {
	var above []string
	for i := len(g.Above) - 1; i >= 0; i-- {
		above = append(above, g.Above[i].Name)
	}
	in := strings.Join(above, ", ")
	switch g.Level {
	case gazetteer.Country:
		return say.T(ctx, "What is hidden, curious and wondrous in %s, by those who stood in front of it.", g.Name)
	case gazetteer.Region:
		return say.T(ctx, "A region of %s.", in)
	case gazetteer.Metro:
		return say.T(ctx, "A large city in %s with all that belongs to it, as our editors have drawn it.", in)
	case gazetteer.Area:
		return say.T(ctx, "An area in %s, as our editors have drawn it.", in)
	}
	return say.T(ctx, "A city in %s.", in)
}

func emptyGuide(ctx context.Context, g *destination.Guide) ui.Empty {
	ways := []ui.Link{{Text: say.T(ctx, "Add a place"), Path: "/places/new", Icon: "plus"}}
	if len(g.Above) > 0 {
		up := g.Above[len(g.Above)-1]
		ways = append(ways, ui.Link{Text: say.T(ctx, "The guide to %s", up.Name), Path: destination.Href(up.Path)})
	}
	if !destination.IsArea(&g.Node) { // the gazetteer, which finds stops, knows no areas
		ways = append(ways, ui.Link{Text: say.T(ctx, "Along the way"), Path: address("/along", query.Along{Stops: []string{g.Name}}.Encode()), Icon: "route"})
	}
	ways = append(ways, ui.Link{Text: say.T(ctx, "What is near"), Path: "/near?lat=" + number(g.Lat) + "&lon=" + number(g.Lon), Icon: "locate-fixed"})
	return ui.Empty{Title: say.T(ctx, "Nothing in %s is written down yet.", g.Name), Text: say.T(ctx, "The map goes on; so may you."), Ways: ways}
}

// labelPoint is where the name of a destination stands on a map.
func labelPoint(n gazetteer.Node) geo.Public { return geo.Public{Lat: n.Lat, Lon: n.Lon} }
