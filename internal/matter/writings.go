package matter

import (
	"encoding/json"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/follow"
	"mirabilia/internal/list"
	"mirabilia/internal/mark"
	"mirabilia/internal/report"
	"mirabilia/internal/takedown"
)

// listThings are lists that everyone sees.
type listThings struct{ still }

// Find implements report.Things.
func (listThings) Find(tx *db.Tx, _ actor.Actor, id int64) (t report.Thing, err error) {
	l, down, err := list.Reported(tx, id)
	if err != nil {
		return t, orNothing(err)
	}
	return report.Thing{Kind: report.List, ID: id, Title: l.Title, Path: l.Path(), Says: l.Intro, Author: l.Owner, Down: down}, nil
}

// Settle implements report.Things.
func (listThings) Settle(tx *db.Tx, a actor.Actor, t report.Thing, how string, why takedown.Reason) (json.RawMessage, error) {
	b := back{How: how}
	var err error
	switch {
	case how == report.Down && !t.Down:
		err = list.TakeDown(tx, a, t.ID, why)
	case how == report.Restore && t.Down:
		if b.Why, err = whyDown(tx, list.LogKind, t.ID); err == nil {
			err = list.GiveBack(tx, t.ID)
		}
	default:
		err = noWay()
	}
	return pack(b, err)
}

// Unsettle implements report.Things.
func (listThings) Unsettle(tx *db.Tx, a actor.Actor, t report.Thing, undo json.RawMessage) error {
	var b back
	if err := json.Unmarshal(undo, &b); err != nil {
		return err
	}
	if b.How == report.Restore {
		return list.TakeDown(tx, a, t.ID, b.Why)
	}
	return list.GiveBack(tx, t.ID)
}

// visitThings are visits that others see.
type visitThings struct{ still }

// Find implements report.Things.
func (visitThings) Find(tx *db.Tx, a actor.Actor, id int64) (t report.Thing, err error) {
	v, down, err := mark.Reported(tx, id)
	if err != nil {
		return t, orNothing(err)
	}
	sees := v.Privacy == mark.Public || a.ID != 0 && v.Member == a.ID || down && a.Role.AtLeast(actor.Editor)
	if !sees && v.Privacy == mark.Followers {
		if sees, err = follow.Is(tx, a.ID, follow.Subject{Kind: follow.Member, ID: v.Member}); err != nil {
			return t, err
		}
		// Who has looked at a report of it once goes on doing so.
		sees = sees || a.Role.AtLeast(actor.Editor)
	}
	if !sees {
		return t, nothing()
	}
	t = report.Thing{Kind: report.Visit, ID: id, Place: v.Place, Author: v.Member, Says: v.Note, Down: down}
	return t, ofPlace(tx, &t, "")
}

// Settle implements report.Things.
func (visitThings) Settle(tx *db.Tx, a actor.Actor, t report.Thing, how string, why takedown.Reason) (json.RawMessage, error) {
	b := back{How: how}
	var err error
	switch {
	case how == report.Down && !t.Down:
		err = mark.TakeDown(tx, a, t.ID, why, t.Title, t.Path)
	case how == report.Restore && t.Down:
		if b.Why, err = whyDown(tx, string(report.Visit), t.ID); err == nil {
			err = mark.GiveBack(tx, t.ID)
		}
	default:
		err = noWay()
	}
	return pack(b, err)
}

// Unsettle implements report.Things.
func (visitThings) Unsettle(tx *db.Tx, a actor.Actor, t report.Thing, undo json.RawMessage) error {
	var b back
	if err := json.Unmarshal(undo, &b); err != nil {
		return err
	}
	if b.How == report.Restore {
		return mark.TakeDown(tx, a, t.ID, b.Why, t.Title, t.Path)
	}
	return mark.GiveBack(tx, t.ID)
}

// letterThings are the letters of conversations at the desk, between an author
// and editors.
type letterThings struct{ still }

// Find implements report.Things.
func (letterThings) Find(tx *db.Tx, a actor.Actor, id int64) (t report.Thing, err error) {
	l, err := desk.LetterIn(tx, a, id)
	if err != nil {
		return t, orNothing(err)
	}
	return report.Thing{Kind: report.Message, ID: id, Title: l.Title, Path: l.Path, Destination: l.Destination, Says: l.Text, Author: l.By}, nil
}

// Settle implements report.Things.
func (letterThings) Settle(tx *db.Tx, _ actor.Actor, t report.Thing, how string, _ takedown.Reason) (json.RawMessage, error) {
	if how != report.Down {
		return nil, noWay()
	}
	if err := desk.Rewrite(tx, t.ID, ""); err != nil {
		return nil, err
	}
	return json.Marshal(t.Says)
}

// Unsettle implements report.Things.
func (letterThings) Unsettle(tx *db.Tx, _ actor.Actor, t report.Thing, undo json.RawMessage) error {
	var was string
	if err := json.Unmarshal(undo, &was); err != nil {
		return err
	}
	return desk.Rewrite(tx, t.ID, was)
}
