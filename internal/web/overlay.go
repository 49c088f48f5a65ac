package web

import (
	"context"
	"encoding/json"

	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

// overlaid is what a script lays over a public page, which is the same for
// everyone: who reads, and what is theirs on it. It is the one answer about the
// reader that public pages ask for.
type overlaid struct {
	mine
	Shown   string        `json:"shown"`
	Yours   string        `json:"yours"` // what the menu behind the name is called
	Out     string        `json:"out"`   // what the way out is called, at its end
	Links   []overlayLink `json:"links"`
	Unread  int           `json:"unread"`  // notices, at most a hundred
	Follows bool          `json:"follows"` // what the page is about
	// Edit leads to where the reader changes what the page shows; nil where there
	// is nothing of theirs.
	Edit *overlayLink `json:"edit,omitempty"`
}

type overlayLink struct {
	Text string `json:"text"`
	Path string `json:"path"`
	// Count is how much waits there, "" for nothing, and Label the whole in words.
	Count string `json:"count,omitempty"`
	Label string `json:"label,omitempty"`
	// InBar links stand in the bar itself, the others behind the reader's name.
	InBar bool `json:"bar,omitempty"`
}

// overlay answers for the page at path, which shows the places id.
func (s *Site) overlay(ctx context.Context, o Own) (Answer, error) {
	// Another site's page could learn from how long this takes who reads it.
	if o.Request.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return Answer{}, errs.New(errs.Denied, "This is for the pages of this atlas.")
	}
	out := overlaid{mine: mine{Marks: map[string]ofMine{}}, Links: []overlayLink{}}
	if o.Actor.SignedIn() {
		if err := s.overlayOf(ctx, o, &out); err != nil {
			return Answer{}, err
		}
	}
	body, err := json.Marshal(out)
	return Answer{Kind: Personal, Type: "application/json", Body: body}, err
}

func (s *Site) overlayOf(ctx context.Context, o Own, out *overlaid) (err error) {
	if s.Marks != nil {
		if out.mine, err = s.mineOf(ctx, o.Actor, askedPlaces(o.Query["id"])); err != nil {
			return err
		}
	}
	out.Member, out.Shown, out.Yours = o.Actor.Name, o.Actor.Shown, say.T(ctx, "Yours")
	out.Out = say.T(ctx, "Sign out")
	if out.Unread, err = s.unread(ctx, o.Actor); err != nil {
		return err
	}
	for _, l := range s.ownLinks(ctx, o) {
		x := overlayLink{Text: l.Text, Path: l.Path, InBar: view.InBar(l.Path)}
		if l.Path == view.NotificationsPath {
			if x.Count = view.UnreadCount(ctx, out.Unread); x.Count != "" {
				x.Label = say.T(ctx, "%s, %s unread", l.Text, x.Count)
			}
		}
		out.Links = append(out.Links, x)
	}
	path := o.Query.Get("path")
	if out.Follows, err = s.followsPath(ctx, o.Actor, path); err != nil {
		return err
	}
	follows, edit, err := s.followsMember(ctx, o.Actor, path)
	if err != nil || follows || edit != nil {
		out.Follows, out.Edit = follows, edit
		return err
	}
	out.Edit, err = s.overlayList(ctx, o.Actor, path)
	return err
}

// askedPlaces are the places that a page shows, as a script names them.
func askedPlaces(names []string) (ids []int64) {
	for _, name := range names {
		if id, ok := place.ParseID(name); ok && len(ids) < maxAsked {
			ids = append(ids, id)
		}
	}
	return ids
}
