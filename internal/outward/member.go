package outward

import (
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/profile"
	"mirabilia/internal/user"
)

// Member is a member as everyone sees them.
type Member struct {
	Name   string     `json:"name" doc:"In addresses."`
	Shown  string     `json:"shown" doc:"As pages show it."`
	URL    string     `json:"url"`
	Role   string     `json:"role" enum:"member,editor,admin"`
	Bio    string     `json:"bio" doc:"Markdown."`
	Links  []LinkItem `json:"links"`
	Avatar *string    `json:"avatar"`
	Joined string     `json:"joined" format:"date"`
	Added  int        `json:"added" doc:"Places that the member added and that are public."`
	Edited int        `json:"edited" doc:"Places of others that the member edited."`
	Photos int        `json:"photos" doc:"Public photographs."`
	Lists  int        `json:"lists" doc:"Public lists."`
	Been   *int       `json:"been" doc:"Places that the member has been to; null unless everyone may know."`
	Want   *int       `json:"want" doc:"Places that the member wants to go to; null unless everyone may know."`
}

// LinkItem is an address that a member shows.
type LinkItem struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// MemberOf is what is public of m. What waits to be said by a member who is
// suspended is not said.
func MemberOf(m *user.Member, c profile.Counts, url string) Member {
	out := Member{Added: c.Added, Edited: c.Edited, Photos: c.Photos, Lists: c.Lists, Been: c.Been, Want: c.Want,
		Name: m.Name, Shown: m.Shown, URL: url + m.Path(), Role: string(m.Role), Links: []LinkItem{}, Joined: m.Created.Format(time.DateOnly)}
	if m.Avatar != "" {
		picture := url + m.Avatar
		out.Avatar = &picture
	}
	if m.State != user.Active {
		return out
	}
	out.Bio = m.Bio
	for _, l := range m.Links {
		out.Links = append(out.Links, LinkItem(l))
	}
	return out
}

// Self is a member as they see themselves.
type Self struct {
	Member
	Email   string   `json:"email"`
	Level   string   `json:"level" enum:"new,known,trusted"`
	Regions []string `json:"regions" doc:"Destinations that an editor is appointed for; empty for everywhere."`
	State   string   `json:"state" enum:"active,suspended"`
	Scope   string   `json:"scope" enum:"read,contribute,edit,admin" doc:"Of the token that was shown."`
}

// SelfOf is m as they see themselves through a token.
func SelfOf(m *user.Member, c profile.Counts, a actor.Actor, url string) Self {
	regions := m.Regions
	if regions == nil {
		regions = []string{}
	}
	return Self{Member: MemberOf(m, c, url), Email: m.Email, Level: string(m.Level), Regions: regions, State: string(m.State), Scope: string(a.Scope)}
}
