package web

import (
	"context"
	"unicode"
	"unicode/utf8"

	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/follow"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/outward"
	"mirabilia/internal/query"
	"mirabilia/internal/tag"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// commonTags is how many themes stand in large letters.
const commonTags = 24

// tagsPage is the index of themes.
func (s *Site) tagsPage(ctx context.Context, q Public) (Answer, error) {
	counts := s.Finder.Tags("")
	all, err := s.Tags.All(ctx)
	if err != nil {
		return Answer{}, err
	}
	known := make(map[string]tag.Tag, len(all))
	for _, t := range all {
		known[t.Slug] = t
	}
	var names []ui.Name
	data := outward.Tags{Items: []outward.Tag{}}
	for _, c := range counts {
		t, ok := known[c.Tag]
		if !ok {
			t = tag.Tag{Slug: c.Tag, Name: c.Tag}
		}
		names = append(names, ui.Name{Text: t.Name, Path: t.Path(), Count: c.Count})
		data.Items = append(data.Items, outward.Tag{Slug: t.Slug, Name: t.Name, Places: c.Count, URL: s.absolute(t.Path())})
	}
	if q.Form != "" {
		return dataAnswer(data, true)
	}
	b, err := s.base(ctx, q, say.T(ctx, "Themes"), say.T(ctx, "What the places of this atlas have in common."))
	if err != nil {
		return Answer{}, err
	}
	v := view.TagsPage{Base: b, Common: names[:min(len(names), commonTags)], Empty: ui.Empty{
		Title: say.T(ctx, "No theme is named yet."), Text: say.T(ctx, "Themes come with the places that have them."),
		Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}}, Picture: openSea(),
	}}
	v.Letters = alphabet(append([]ui.Name(nil), names...))
	a, err := s.render(ctx, view.Tags(v))
	a.Whole = true
	return a, err
}

// tagPage is a theme in the world, or in a destination.
func (s *Site) tagPage(ctx context.Context, q Public) (Answer, error) {
	t, err := s.Tags.BySlug(ctx, q.Tag)
	if err != nil {
		return Answer{}, err
	}
	p, err := query.ParsePlaces(q.Query)
	if err != nil {
		return Answer{}, err
	}
	p.Without = q.Been
	own := p // as the page's own address has it
	var node *gazetteer.Node
	if q.Dest != "" {
		var ok bool
		if node, ok = s.node(q.Dest); !ok {
			return Answer{}, errs.New(errs.NotFound, "There is no such destination.")
		}
		p.In = q.Dest
	}
	p.Tags = appendOnce(p.Tags, t.Slug)
	title := headed(t.Name)
	if node != nil {
		title = say.T(ctx, "%s in %s", title, node.Name)
	}
	if q.Form != "" {
		return s.listForm(ctx, list{title: title, path: q.Path, form: q.Form, query: own, filter: p.Filter(), order: p.Order(), limited: q.Query.Get("limit") != ""})
	}
	page, err := s.Finder.List(p.Filter(), p.Order(), p.Limit, p.Cursor)
	if err != nil {
		return Answer{}, err
	}
	f, err := s.look(ctx, page.Hits)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.base(ctx, q, title, say.T(ctx, "Places of the theme %s.", title))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = p.Cursor != "" || page.Total == 0
	b.Share = s.shareOfTag(ctx, t)
	b.Feeds = append(feeds(q.Path, "", b.Site.Name+": "+title), s.oEmbedLinks(q.Path, title)...)
	v := view.TagPage{
		Base: b, Heading: title, Kicker: say.T(ctx, "Theme"), Crumbs: tagCrumbs(ctx, t, node), Intro: text.Markdown(t.Intro),
		Counts: []view.Count{{N: page.Total, Singular: say.T(ctx, "place"), Plural: say.T(ctx, "places")}},
		Sorts:  sorts(ctx, q.Path, own), Forms: otherForms(q.Path, own.After("").Encode()), Take: s.takeOf(q.Path, own, page.Total),
		Embed:   s.mapEmbed(query.Places{Tags: []string{t.Slug}, In: p.In, Limit: query.DefaultLimit}, title),
		Listing: view.Listing{Cards: s.cards(ctx, f.places), Total: page.Total, Pager: pager(ctx, q.Path, own, len(f.places), page), Empty: emptyList(ctx, "/tags/"+t.Slug)},
		Map:     ui.Link{Text: say.T(ctx, "See them on the map"), Path: address("/map", query.Places{Tags: []string{t.Slug}, In: p.In}.Encode()), Icon: "map"},
		Random:  ui.Link{Text: say.T(ctx, "One of them by chance"), Path: address("/random", query.Places{Tags: []string{t.Slug}, In: p.In}.Encode()), Icon: "dices"},
	}
	if node == nil {
		v.Follow = s.followOf(follow.Tag, t.Slug, t.Name)
	}
	if err := s.tagAround(ctx, t, p, node, &v); err != nil {
		return Answer{}, err
	}
	a, err := s.render(ctx, view.Tag(v))
	a.Shows, a.Whole, a.NoIndex = append(refs(f.places...), finder.Ref{Kind: finder.Tag, ID: t.ID()}), true, b.NoIndex
	return a, err
}

// headed is the name of a theme as a heading: tags are written small, a heading
// begins with a capital.
func headed(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + name[size:]
}

// tagAround fills what stands beside the list: other themes of its places, and
// the destinations that have some.
func (s *Site) tagAround(ctx context.Context, t tag.Tag, p query.Places, node *gazetteer.Node, v *view.TagPage) error {
	facets := s.Finder.Facets(finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, Tags: []string{t.Slug}, In: p.In})
	related, err := s.tagNames(ctx, nil, facets.Tags, 13)
	if err != nil {
		return err
	}
	end := ""
	if node != nil {
		end = "/in/" + node.Path
	}
	for _, r := range related {
		if r.Value != t.Slug {
			v.Related = append(v.Related, ui.Chip{Text: r.Text, Path: "/tags/" + r.Value + end, Count: r.Count})
		}
	}
	for _, d := range facets.Destinations {
		n, ok := s.node(d.Path)
		if ok && node != nil && destination.IsArea(node) && n.Level != gazetteer.City {
			continue // an area has counts of every level
		}
		if ok && len(v.Where) < 24 {
			count := d.Count
			v.Where = append(v.Where, ui.Chip{Text: n.Name, Path: "/tags/" + t.Slug + "/in/" + d.Path, Count: &count})
		}
	}
	return nil
}

func tagCrumbs(ctx context.Context, t tag.Tag, node *gazetteer.Node) []ui.Crumb {
	out := []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/tags"}}
	if node == nil {
		return append(out, ui.Crumb{Name: headed(t.Name)})
	}
	return append(out, ui.Crumb{Name: headed(t.Name), Path: t.Path()}, ui.Crumb{Name: node.Name, Path: destination.Href(node.Path)}, ui.Crumb{Name: say.T(ctx, "Both")})
}

// appendOnce adds a word to a set.
func appendOnce(set []string, s string) []string {
	if contains(set, s) {
		return set
	}
	return append(append([]string(nil), set...), s)
}
