package matter

import (
	"encoding/json"
	"slices"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/report"
	"mirabilia/internal/revision"
	"mirabilia/internal/takedown"
	"mirabilia/internal/user"
)

// Ways lists how a report of a thing can be settled besides leaving it as it is.
func Ways(t report.Thing, c report.Code) []string {
	switch {
	case t.Kind == report.Member && c == report.Appeal:
		if t.Barred {
			return []string{report.Restore}
		}
		return []string{report.Noted}
	case t.Down:
		return []string{report.Restore}
	case t.Kind == report.Place:
		return append(append([]string{report.Down}, statuses()...), report.Noted)
	}
	return []string{report.Down, report.Noted}
}

// statuses are those that a report of a place can lead to.
func statuses() []string {
	return []string{string(place.Closed), string(place.TemporarilyClosed), string(place.NoAccess), string(place.Lost), string(place.Altered), string(place.Moved)}
}

func noWay() error { return errs.InField("how", "is nothing that can be done about this") }

func nothing() error { return errs.New(errs.NotFound, "There is nothing like that to report.") }

// orNothing is the error of what is not there, or of a database that fails.
func orNothing(err error) error {
	if err == nil || errs.Is(err, errs.NotFound) {
		return nothing()
	}
	return err
}

// still is for things that are not hidden while a report is looked at.
type still struct{}

func (still) Hide(*db.Tx, actor.Actor, int64) (bool, error) { return false, nil }
func (still) Show(*db.Tx, actor.Actor, int64) error         { return nil }

// back is what a settled report is taken back by.
type back struct {
	How     string          `json:"how"`
	Changed place.Changed   `json:"changed"`
	Why     takedown.Reason `json:"why"`
	State   photo.State     `json:"state,omitempty"`
}

func pack(b back, err error) (json.RawMessage, error) {
	if err != nil {
		return nil, err
	}
	return json.Marshal(b)
}

// ofPlace fills what a thing has from the place that it belongs to.
func ofPlace(tx *db.Tx, t *report.Thing, part string) error {
	var slug string
	err := tx.QueryRow(`SELECT title, slug, destination FROM places WHERE id = $1`, t.Place).Scan(&t.Title, &slug, &t.Destination)
	t.Path = "/places/" + slug + part
	return err
}

// placeThings are places: reports of them hide nothing.
type placeThings struct {
	still
	desk   *desk.Desk
	places *place.Places
}

// Find implements report.Things.
func (p placeThings) Find(tx *db.Tx, _ actor.Actor, id int64) (t report.Thing, err error) {
	var state, slug string
	t = report.Thing{Kind: report.Place, ID: id, Place: id}
	err = tx.QueryRow(`SELECT title, subtitle, slug, state, destination FROM places WHERE id = $1`, id).Scan(&t.Title, &t.Says, &slug, &state, &t.Destination)
	if err != nil || state != string(place.Published) && state != string(place.Withdrawn) {
		return report.Thing{}, orNothing(err)
	}
	t.Path, t.Down = "/places/"+slug, state == string(place.Withdrawn)
	t.Author, err = p.desk.AuthorOf(tx, id)
	return t, err
}

// Settle implements report.Things.
func (p placeThings) Settle(tx *db.Tx, a actor.Actor, t report.Thing, how string, why takedown.Reason) (json.RawMessage, error) {
	b := back{How: how}
	var err error
	switch {
	case how == report.Down && !t.Down:
		err = p.places.TakeDown(tx, a, t.ID, why)
	case how == report.Restore && t.Down:
		if b.Why, err = whyDown(tx, place.LogKind, t.ID); err == nil {
			err = p.places.Return(tx, t.ID)
		}
	case slices.Contains(statuses(), how) && !t.Down:
		fields := revision.Fields{}
		fields.Set("status", how)
		fields.Set("status_date", tx.DB().Now().UTC().Format("2006-01"))
		b.Changed, err = p.places.Edit(tx, place.Proposed{ID: t.ID, Fields: fields, By: place.Credit{Name: a.Shown, URL: a.Path()}, Summary: "What it is like now, as readers report"})
	default:
		err = noWay()
	}
	return pack(b, err)
}

// whyDown is the reason for which a thing was taken down, to be put back when it
// turns out to be right.
func whyDown(tx *db.Tx, kind string, id int64) (takedown.Reason, error) {
	d, err := takedown.Of(tx, kind, id)
	if err != nil || d == nil {
		return takedown.Reason{Code: takedown.Other, Text: "An editor took it down."}, err
	}
	return d.Reason, nil
}

// Unsettle implements report.Things.
func (p placeThings) Unsettle(tx *db.Tx, a actor.Actor, t report.Thing, undo json.RawMessage) error {
	var b back
	if err := json.Unmarshal(undo, &b); err != nil {
		return err
	}
	switch b.How {
	case report.Down:
		return p.places.Return(tx, t.ID)
	case report.Restore:
		return p.places.TakeDown(tx, a, t.ID, b.Why)
	}
	return p.places.TakeBack(tx, b.Changed, place.Credit{Name: a.Shown, URL: a.Path()}, "Taken back")
}

// photoThings are photographs: a reported one is hidden.
type photoThings struct{ photos *photo.Photos }

// Find implements report.Things. One that was taken down is there for who sent it
// and for editors.
func (p photoThings) Find(tx *db.Tx, a actor.Actor, id int64) (t report.Thing, err error) {
	ph, err := p.photos.In(tx, id)
	if err != nil || ph.State == photo.Waiting {
		return t, orNothing(err)
	}
	t = report.Thing{Kind: report.Photo, ID: ph.ID, Place: ph.Place, Author: ph.Member, Says: ph.Caption, Down: ph.State == photo.Down}
	if err := ofPlace(tx, &t, "/photos"); err != nil {
		return report.Thing{}, err
	}
	if t.Down && !a.Edits(t.Destination) && (a.ID == 0 || ph.Member != a.ID) {
		return report.Thing{}, nothing()
	}
	return t, nil
}

// Hide implements report.Things.
func (p photoThings) Hide(tx *db.Tx, a actor.Actor, id int64) (bool, error) {
	return p.photos.Suspend(tx, a, id)
}

// Show implements report.Things.
func (p photoThings) Show(tx *db.Tx, a actor.Actor, id int64) error {
	_, err := p.photos.Resume(tx, a, id)
	return err
}

// Settle implements report.Things.
func (p photoThings) Settle(tx *db.Tx, a actor.Actor, t report.Thing, how string, why takedown.Reason) (json.RawMessage, error) {
	ph, err := p.photos.In(tx, t.ID)
	if err != nil {
		return nil, err
	}
	b := back{How: how, State: ph.State}
	switch {
	case how == report.Down && !t.Down:
		err = p.down(tx, a, t, why)
	case how == report.Restore && t.Down:
		if b.Why, err = whyDown(tx, photo.LogKind, t.ID); err == nil {
			err = p.photos.Decide(tx, a, t.ID, photo.Public, "")
		}
	default:
		err = noWay()
	}
	return pack(b, err)
}

func (p photoThings) down(tx *db.Tx, a actor.Actor, t report.Thing, why takedown.Reason) error {
	if err := p.photos.Decide(tx, a, t.ID, photo.Down, why.Text); err != nil {
		return err
	}
	return takedown.Put(tx, a, takedown.Down{Kind: photo.LogKind, Thing: t.ID, Reason: why, Title: t.Title, Path: t.Path})
}

// Unsettle implements report.Things.
func (p photoThings) Unsettle(tx *db.Tx, a actor.Actor, t report.Thing, undo json.RawMessage) error {
	var b back
	if err := json.Unmarshal(undo, &b); err != nil {
		return err
	}
	if b.How == report.Restore {
		return p.down(tx, a, t, b.Why)
	}
	// Its own submission stands as published again, whether or not it is hidden.
	if err := p.photos.Decide(tx, a, t.ID, photo.Public, ""); err != nil || b.State == photo.Public {
		return err
	}
	_, err := p.photos.Suspend(tx, a, t.ID)
	return err
}

// memberThings are members: what they say of themselves can be taken away, and a
// suspension or a ban ended that they appeal against. To suspend or ban somebody is done on
// a page of its own.
type memberThings struct{ still }

// Find implements report.Things.
func (memberThings) Find(tx *db.Tx, a actor.Actor, id int64) (t report.Thing, err error) {
	m, err := user.ByID(tx, id)
	if err != nil || m.State == user.Deleted || m.Verified.IsZero() {
		return t, orNothing(err)
	}
	if m.State == user.Banned && a.ID != id && !a.Role.AtLeast(actor.Editor) { // whose page nobody sees
		return t, nothing()
	}
	barred := m.State != user.Active
	return report.Thing{Kind: report.Member, ID: id, Title: m.Shown, Path: m.Path(), Says: m.Bio, Author: id, Barred: barred, Down: barred && a.ID == id}, nil
}

// memberBack is what a decision about a member is taken back by.
type memberBack struct {
	user.Words
	Standing *user.Standing `json:"standing,omitempty"`
}

// Settle implements report.Things.
func (memberThings) Settle(tx *db.Tx, a actor.Actor, t report.Thing, how string, _ takedown.Reason) (undo json.RawMessage, err error) {
	var was memberBack
	switch how {
	case report.Down:
		was.Words, err = user.Blank(tx, t.ID)
	case report.Restore:
		was.Standing = new(user.Standing)
		*was.Standing, err = user.Reinstate(tx, a, t.ID)
	default:
		err = noWay()
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(was)
}

// Unsettle implements report.Things.
func (memberThings) Unsettle(tx *db.Tx, a actor.Actor, t report.Thing, undo json.RawMessage) error {
	var was memberBack
	if err := json.Unmarshal(undo, &was); err != nil {
		return err
	}
	if was.Standing != nil {
		return user.SuspendAgain(tx, a, t.ID, *was.Standing)
	}
	return user.Unblank(tx, t.ID, was.Words)
}
