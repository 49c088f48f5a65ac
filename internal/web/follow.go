package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/follow"
	"mirabilia/internal/tag"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// newsRoutes are the ways to what one follows and is told.
func (s *Site) newsRoutes() []*Route {
	if s.Follows == nil || s.Notices == nil {
		return nil
	}
	anyway := func(r *Route) *Route { r.Anyway = true; return r }
	return []*Route{
		ownRoute(http.MethodGet, "/follow", Members, s.followPage, "kind", "name"),
		// Everyone may press the button: who is not signed in yet is led there.
		ownRoute(http.MethodPost, "/follow", Everyone, s.setFollow),
		ownRoute(http.MethodGet, "/settings/following", Members, s.followingPage, "done"),
		ownRoute(http.MethodPost, "/settings/following", Members, s.endFollow),
		ownRoute(http.MethodGet, view.NotificationsPath, Members, s.noticesPage, "before"),
		anyway(ownRoute(http.MethodPost, view.NotificationsPath, Members, s.readNotices)),
		ownRoute(http.MethodGet, "/settings/notifications", Members, s.noticeSettingsPage, "done"),
		anyway(ownRoute(http.MethodPost, "/settings/notifications", Members, s.chooseNotices)),
		ownRoute(http.MethodGet, "/unsubscribe/{kind}/{member}/{signed}", Everyone, s.stopPage),
		anyway(ownRoute(http.MethodPost, "/unsubscribe/{kind}/{member}/{signed}", Everyone, s.stop)),
	}
}

// newsLinks are the ways to them from the settings.
func (s *Site) newsLinks(ctx context.Context) []ui.Link {
	if s.Notices == nil {
		return nil
	}
	return []ui.Link{{Text: say.T(ctx, "What comes, and how"), Path: "/settings/notifications"}, {Text: say.T(ctx, "What you follow"), Path: "/settings/following"}}
}

// followOf is the button of a public page; nil where nothing can be followed.
func (s *Site) followOf(kind follow.Kind, name, what string) *view.Follow {
	if s.Follows == nil {
		return nil
	}
	return &view.Follow{Kind: string(kind), Name: name, What: what}
}

// followed is something that can be followed, as forms and pages name it.
type followed struct {
	follow.Subject
	what, path string
}

// toFollow finds what a form or an address names.
func (s *Site) toFollow(ctx context.Context, kind, name string) (f followed, err error) {
	switch follow.Kind(kind) {
	case follow.Member:
		m, err := s.Users.ByName(ctx, name)
		if err != nil {
			return f, err
		}
		if m.State != user.Active {
			return f, errs.New(errs.NotFound, "There is no such member.")
		}
		return followed{follow.Subject{Kind: follow.Member, ID: m.ID}, m.Shown, m.Path()}, nil
	case follow.Destination:
		g, err := s.Destinations.ByPath(ctx, name)
		if err != nil {
			return f, err
		}
		return followed{follow.Subject{Kind: follow.Destination, ID: destination.ID(g.Path), Name: g.Path}, g.Name, g.Href()}, nil
	case follow.Tag:
		t, err := s.Tags.BySlug(ctx, name)
		if err != nil {
			return f, err
		}
		return followed{follow.Subject{Kind: follow.Tag, ID: t.ID(), Name: t.Slug}, t.Name, t.Path()}, nil
	}
	return f, errs.InField("kind", "is member, destination or tag")
}

func followPath(kind, name string) string {
	return address("/follow", url.Values{"kind": {kind}, "name": {name}}.Encode())
}

// setFollow follows something, or ends it, and shows how it stands.
func (s *Site) setFollow(ctx context.Context, o Own) (Answer, error) {
	kind, name := o.Form.Get("kind"), o.Form.Get("name")
	f, err := s.toFollow(ctx, kind, name)
	if err != nil {
		return Answer{}, err
	}
	if !o.Actor.SignedIn() {
		return See(signInPath(&url.URL{Path: "/follow", RawQuery: url.Values{"kind": {kind}, "name": {name}}.Encode()})), nil
	}
	err = s.Follows.Set(ctx, o.Actor, f.Subject, o.Form.Get("on") != "no")
	if errs.Is(err, errs.Denied) && f.Kind == follow.Member {
		return s.notToFollow(ctx, o, f, err)
	}
	if err != nil {
		return Answer{}, err
	}
	return See(followPath(kind, name)), nil
}

// notToFollow says that a member cannot be followed, and no more than they may
// know: of a block of one's own the way to end it, of another's nothing.
func (s *Site) notToFollow(ctx context.Context, o Own, f followed, refused error) (Answer, error) {
	own, err := s.Follows.HasBlocked(ctx, o.Actor, f.ID)
	if err != nil {
		return Answer{}, err
	}
	p := view.AccountPage{Heading: say.T(ctx, "You cannot follow %s", f.what), Text: say.T(ctx, refused.Error()),
		Ways: []ui.Link{{Text: say.T(ctx, "Back to %s", f.what), Path: f.path}, {Text: say.T(ctx, "What you follow"), Path: "/settings/following"}}}
	if own {
		p.Text = say.T(ctx, "You have blocked this member.")
		p.Ways[1] = ui.Link{Text: say.T(ctx, "Unblock"), Path: f.path + "/block"}
	}
	return s.account(ctx, o, p, http.StatusForbidden)
}

// followPage says whether the reader follows something.
func (s *Site) followPage(ctx context.Context, o Own) (Answer, error) {
	f, err := s.toFollow(ctx, o.Query.Get("kind"), o.Query.Get("name"))
	if err != nil {
		return Answer{}, err
	}
	on, err := s.Follows.Is(ctx, o.Actor.ID, f.Subject)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "Follow %s", f.what), "")
	if err != nil {
		return Answer{}, err
	}
	return s.render(ctx, view.FollowState(view.FollowPage{
		Base: b, Follow: view.Follow{Kind: string(f.Kind), Name: o.Query.Get("name"), What: f.what, Known: true, On: on},
		Back:   ui.Link{Text: say.T(ctx, "Back to %s", f.what), Path: f.path},
		Crumbs: []ui.Crumb{{Name: f.what, Path: f.path}, {Name: say.T(ctx, "Follow")}},
	}))
}

// followsPath reports whether the reader follows what the page at a path is
// about.
func (s *Site) followsPath(ctx context.Context, a actor.Actor, path string) (bool, error) {
	if s.Follows == nil || !a.SignedIn() {
		return false, nil
	}
	if name, ok := strings.CutPrefix(path, "/destinations/"); ok {
		return s.Follows.Is(ctx, a.ID, follow.Subject{Kind: follow.Destination, ID: destination.ID(name)})
	}
	if slug, ok := strings.CutPrefix(path, "/tags/"); ok {
		return s.Follows.Is(ctx, a.ID, follow.Subject{Kind: follow.Tag, ID: tag.ID(slug)})
	}
	return false, nil // of members see followsMember
}

// followingPage lists what the reader follows.
func (s *Site) followingPage(ctx context.Context, o Own) (Answer, error) {
	list, err := s.Follows.Of(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "What you follow"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.FollowingPage{Base: b, Crumbs: settingsCrumbs(ctx, say.T(ctx, "What you follow")), Empty: ui.Empty{
		Title: say.T(ctx, "You follow nothing yet."), Text: say.T(ctx, "Members, destinations and themes have a button for it on their pages."),
		Ways: []ui.Link{{Text: say.T(ctx, "Destinations"), Path: "/destinations"}, {Text: say.T(ctx, "Themes"), Path: "/tags"}}, Picture: openSea(),
	}}
	if o.Query.Get("done") != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "You follow it no more.")}
	}
	if p.Groups, err = s.followGroups(ctx, list); err != nil {
		return Answer{}, err
	}
	return s.render(ctx, view.Following(p))
}

func settingsCrumbs(ctx context.Context, here string) []ui.Crumb {
	return []ui.Crumb{{Name: say.T(ctx, "Settings"), Path: "/settings"}, {Name: here}}
}

// followGroups sorts what is followed by kind and names it.
func (s *Site) followGroups(ctx context.Context, list []follow.Followed) (groups []view.FollowGroup, err error) {
	var ids []int64
	for _, x := range list {
		if x.Kind == follow.Member {
			ids = append(ids, x.ID)
		}
	}
	members, err := s.Users.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	names, err := s.Tags.All(ctx)
	if err != nil {
		return nil, err
	}
	tags := make(map[string]string, len(names))
	for _, t := range names {
		tags[t.Slug] = t.Name
	}
	titles := map[follow.Kind]string{follow.Member: say.T(ctx, "Members"), follow.Destination: say.T(ctx, "Destinations"), follow.Tag: say.T(ctx, "Themes")}
	var last follow.Kind
	for _, x := range list {
		r := view.FollowRow{Kind: string(x.Kind), Name: x.Name, Text: x.Name, Since: say.T(ctx, "since %s", say.Date(ctx, x.Since))}
		switch x.Kind {
		case follow.Member:
			m := members[x.ID]
			if m == nil {
				continue
			}
			r.Name, r.Text, r.Path = strconv.FormatInt(m.ID, 10), m.Shown, m.Path()
		case follow.Destination:
			r.Path = destination.Href(x.Name)
			if n, ok := s.node(x.Name); ok {
				r.Text = n.Name
			}
		case follow.Tag:
			r.Text, r.Path = orWord(tags[x.Name], x.Name), tag.Tag{Slug: x.Name}.Path()
		}
		r.Stop = say.T(ctx, "Stop following %s", r.Text)
		if x.Kind != last {
			groups, last = append(groups, view.FollowGroup{Title: titles[x.Kind]}), x.Kind
		}
		g := &groups[len(groups)-1]
		g.Rows = append(g.Rows, r)
	}
	return groups, nil
}

// endFollow ends what the reader follows, also where it is no longer there to be
// followed.
func (s *Site) endFollow(ctx context.Context, o Own) (Answer, error) {
	kind, name := follow.Kind(o.Form.Get("kind")), o.Form.Get("name")
	subject := follow.Subject{Kind: kind, Name: name}
	switch kind {
	case follow.Destination:
		subject.ID = destination.ID(name)
	case follow.Tag:
		subject.ID = tag.ID(name)
	default:
		id, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return Answer{}, errs.New(errs.NotFound, "There is no such member.")
		}
		subject.ID, subject.Name = id, ""
	}
	if err := s.Follows.Set(ctx, o.Actor, subject, false); err != nil {
		return Answer{}, err
	}
	return See("/settings/following?done=yes"), nil
}
