package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"mirabilia/internal/errs"
	lists "mirabilia/internal/list"
	"mirabilia/internal/place"
)

// changeList does what one of the buttons of a list says, and shows the list
// again. What was refused is shown with everything that was typed.
func (s *Site) changeList(ctx context.Context, o Own) (Answer, error) {
	next := "/lists/" + o.Slug + "/edit"
	id, hasPlace := place.ParseID(o.Form.Get("place"))
	do := o.Form.Get("do")
	switch do {
	case "add", "remove", "take", "up", "down", "move", "note", "cover":
		if !hasPlace {
			return Answer{}, errs.InField("place", "is no id of a place")
		}
		return s.changeEntry(ctx, o, do, id, NextPath(o.Form.Get("next"), next+backAt(do, id)))
	case "details":
		d := sentDetails(o)
		edition, err := strconv.ParseInt(o.Form.Get("edition"), 10, 64)
		if err != nil {
			return Answer{}, errs.InField("edition", "is no number")
		}
		err = s.Lists.Rewrite(ctx, o.Actor, o.Slug, edition, d)
		return s.listDone(ctx, o, next, turnedDown{err: err, details: &d})
	case "invite":
		return s.listDone(ctx, o, next, turnedDown{err: s.Lists.Invite(ctx, o.Actor, o.Slug, o.Form.Get("name"), lists.Role(o.Form.Get("role")))})
	case "dismiss":
		return s.listDone(ctx, o, next, turnedDown{err: s.Lists.Invite(ctx, o.Actor, o.Slug, o.Form.Get("name"), lists.Stranger)})
	case "leave":
		return s.listDone(ctx, o, "/me/lists", turnedDown{err: s.Lists.Invite(ctx, o.Actor, o.Slug, o.Actor.Name, lists.Stranger)})
	case "link":
		return s.listDone(ctx, o, next, turnedDown{err: s.Lists.NewLink(ctx, o.Actor, o.Slug)})
	case "revoke":
		return s.listDone(ctx, o, next, turnedDown{err: s.Lists.Revoke(ctx, o.Actor, o.Slug)})
	case "delete":
		if o.Form.Get("sure") != "yes" {
			return s.renderListEdit(ctx, o, turnedDown{err: errs.New(errs.Invalid, "Tick the box to delete the list.")})
		}
		return s.listDone(ctx, o, "/me/lists", turnedDown{err: s.Lists.Delete(ctx, o.Actor, o.Slug)})
	}
	return Answer{}, errs.InField("do", "is nothing that a list does")
}

// backAt leads back to the button that was pressed, which the page gives the
// focus: who orders a list by the keyboard goes on where they were.
func backAt(do string, id int64) string {
	switch do {
	case "up", "down", "note":
		return "?at=" + url.QueryEscape(do+" "+place.PublicID(id))
	case "cover":
		return "#" + place.PublicID(id)
	case "remove", "take":
		return "#h-places"
	}
	return ""
}

func (s *Site) changeEntry(ctx context.Context, o Own, do string, id int64, next string) (Answer, error) {
	var err error
	switch do {
	case "add":
		err = s.Lists.Add(ctx, o.Actor, o.Slug, id, o.Form.Get("note"))
	case "remove":
		err = s.Lists.Remove(ctx, o.Actor, o.Slug, id)
	case "take":
		err = s.Lists.Take(ctx, o.Actor, o.Slug, id)
	case "up":
		err = s.Lists.Shift(ctx, o.Actor, o.Slug, id, -1)
	case "down":
		err = s.Lists.Shift(ctx, o.Actor, o.Slug, id, 1)
	case "move":
		before, _ := place.ParseID(o.Form.Get("before"))
		err = s.Lists.Move(ctx, o.Actor, o.Slug, id, before)
	case "cover":
		err = s.Lists.Cover(ctx, o.Actor, o.Slug, id)
	case "note":
		note := o.Form.Get("note")
		err = s.Lists.Note(ctx, o.Actor, o.Slug, id, o.Form.Get("was"), note)
		if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Invalid) {
			return s.renderListEdit(ctx, o, turnedDown{err: err, place: place.PublicID(id), note: note})
		}
	}
	if err != nil {
		return Answer{}, err
	}
	return See(next), nil
}

// listDone leads on, or shows the page with what was refused.
func (s *Site) listDone(ctx context.Context, o Own, next string, r turnedDown) (Answer, error) {
	switch {
	case r.err == nil:
		return See(next), nil
	case errs.Is(r.err, errs.Conflict), errs.Is(r.err, errs.Invalid):
		return s.renderListEdit(ctx, o, r)
	}
	return Answer{}, r.err
}

// messageOf is what may be shown of an error.
func messageOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return http.StatusText(http.StatusInternalServerError)
}
