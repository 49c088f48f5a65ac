// Package profile is what the page of a member tells, and to whom: what they
// gave to the atlas, which is as public as the entries that name them, and what
// they keep for themselves, of which they decide part by part who sees it. One
// function decides that (Sees), for pages, files, feeds and the API alike.
package profile

import (
	"context"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/follow"
	"mirabilia/internal/list"
	"mirabilia/internal/mark"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/user"
)

// Part is a part of a profile whose privacy its member chooses, under its name
// in the settings.
type Part string

// The parts.
const (
	Been       Part = "been"
	Want       Part = "want"
	Visits     Part = "visits"
	Statistics Part = "statistics"
)

// Parts lists them in the order in which settings show them.
var Parts = []Part{Been, Want, Visits, Statistics}

// Sight is how near a reader stands to a member.
type Sight = mark.Privacy

// Sees reports whether a reader with so much sight sees a part of a member's
// profile. What a member has not chosen is theirs alone, and of a member who is
// not active nobody else sees anything.
func Sees(m *user.Member, p Part, sight Sight) bool {
	switch {
	case sight == mark.Me:
		return true
	case m.State != user.Active:
		return false
	}
	switch mark.Privacy(m.Settings.Privacy[string(p)]) {
	case mark.Public:
		return true
	case mark.Followers:
		return sight == mark.Followers
	}
	return false
}

// Chosen is who sees a part of a member's profile.
func Chosen(m *user.Member, p Part) mark.Privacy {
	if c := mark.Privacy(m.Settings.Privacy[string(p)]); c.Valid() {
		return c
	}
	return mark.Me
}

// Profiles reads what profiles show. Safe for concurrent use.
type Profiles struct {
	places  *place.Places
	marks   *mark.Marks
	photos  *photo.Photos
	lists   *list.Lists
	follows *follow.Follows // nil where nobody can be followed
}

// New makes the profiles of what others keep.
func New(places *place.Places, marks *mark.Marks, photos *photo.Photos, lists *list.Lists, follows *follow.Follows) *Profiles {
	return &Profiles{places, marks, photos, lists, follows}
}

// Sight is how near the actor stands to a member: themselves, one of their
// followers, or anybody.
func (x *Profiles) Sight(ctx context.Context, a actor.Actor, m *user.Member) (Sight, error) {
	switch {
	case !a.SignedIn() || m.State != user.Active && a.ID != m.ID:
		return mark.Public, nil
	case a.ID == m.ID:
		return mark.Me, nil
	case x.follows == nil:
		return mark.Public, nil
	}
	is, err := x.follows.Is(ctx, a.ID, follow.Subject{Kind: follow.Member, ID: m.ID})
	if err == nil && is {
		return mark.Followers, nil
	}
	return mark.Public, err
}

// Counts is how much there is of each part; of what a reader does not see it is
// nil, which is not the same as nothing.
type Counts struct {
	Added, Edited, Photos, Lists int
	Been, Want, Visits           *int
}

// Counts counts what a reader with so much sight may know of a member.
func (x *Profiles) Counts(ctx context.Context, m *user.Member, sight Sight) (c Counts, err error) {
	if c.Added, c.Edited, err = x.places.CreditsOf(ctx, m.Path()); err != nil {
		return c, err
	}
	if c.Photos, err = x.photos.GivenBetween(ctx, m.ID, time.Time{}, time.Unix(1<<40, 0)); err != nil {
		return c, err
	}
	lists, err := x.Lists(ctx, m)
	if err != nil {
		return c, err
	}
	c.Lists = len(lists)
	been, want := Sees(m, Been, sight), Sees(m, Want, sight)
	if been || want {
		b, w, err := x.marks.Counts(ctx, m.ID)
		if err != nil {
			return c, err
		}
		if been {
			c.Been = &b
		}
		if want {
			c.Want = &w
		}
	}
	if Sees(m, Visits, sight) {
		list, err := x.marks.VisitsOf(ctx, m.ID, sight)
		if err != nil {
			return c, err
		}
		n := len(list)
		c.Visits = &n
	}
	return c, nil
}

// Lists are the public lists of a member, those changed last first; of one who
// is not active none is shown here.
func (x *Profiles) Lists(ctx context.Context, m *user.Member) ([]*list.List, error) {
	if m.State != user.Active {
		return nil, nil
	}
	return x.lists.PublicOf(ctx, m.ID)
}

// Followers is how many follow a member.
func (x *Profiles) Followers(ctx context.Context, m *user.Member) (int, error) {
	if x.follows == nil {
		return 0, nil
	}
	return x.follows.Count(ctx, follow.Subject{Kind: follow.Member, ID: m.ID})
}
