// Package matter is what the desk decides about besides what members propose:
// photos. It joins the desk with what has rows of its own, neither of which
// knows the other: what comes in waits on the desk under its own number, and
// what the desk decides is done to it in the same transaction.
package matter

import (
	"encoding/json"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
)

// photos lets photos wait on the desk.
type photos struct {
	desk   *desk.Desk
	photos *photo.Photos
}

// JoinPhotos joins the desk and photos. It is called before either is used.
func JoinPhotos(d *desk.Desk, p *photo.Photos, rules *setting.Book) {
	m := photos{d, p}
	d.Takes(desk.Photo, m)
	d.Encloses(enclosed{p})
	p.Join(m, rules)
}

// Sent implements photo.Queue.
func (m photos) Sent(tx *db.Tx, p *photo.Photo, title, destination string, held []string) error {
	w := desk.Waits{ID: p.ID, Kind: desk.Photo, Author: p.Member, Place: p.Place, Title: title, Destination: destination, Summary: p.Caption,
		Live: p.State == photo.Public}
	for _, why := range held {
		w.Findings = append(w.Findings, desk.Finding{Check: "blocked", Message: why, Blocking: true})
	}
	if p.Alike != 0 {
		w.Findings = append(w.Findings, desk.Finding{Check: "alike", Message: "It looks much like another photo.", Blocking: false})
	}
	if p.Alt == "" {
		w.Findings = append(w.Findings, desk.Finding{Check: "alt", Field: "alt", Message: "It has no description for those who cannot see it."})
	}
	return m.desk.Put(tx, w)
}

// Decided implements photo.Queue: what the desk itself decided stands so already.
func (m photos) Decided(tx *db.Tx, a actor.Actor, p *photo.Photo) error {
	if p.State == photo.Public {
		return m.desk.Close(tx, a, p.ID, desk.Publish, "")
	}
	return m.desk.Close(tx, a, p.ID, desk.Decline, p.Reason)
}

// Reworded implements photo.Queue: who sent it is told where they sent it, by
// itself or along with something else.
func (m photos) Reworded(tx *db.Tx, p *photo.Photo) error {
	id := p.ID
	if p.Submission != 0 {
		id = p.Submission
	}
	return m.desk.Reworded(tx, id, p.ID)
}

// Withdrawn implements photo.Queue.
func (m photos) Withdrawn(tx *db.Tx, a actor.Actor, p *photo.Photo) error {
	return m.desk.WithdrawIn(tx, a, p.ID)
}

// Mended implements desk.Mender.
func (m photos) Mended(tx *db.Tx, id int64) (revision.Fields, error) {
	p, err := m.photos.In(tx, id)
	if err != nil || p.Written == nil {
		return nil, err
	}
	out := revision.Fields{}
	sent, now := p.Written, p.About()
	for name, words := range map[string][2]string{"caption": {sent.Caption, now.Caption}, "alt": {sent.Alt, now.Alt}, "credit": {sent.Credit, now.Credit}, "licence": {sent.Licence, now.Licence}} {
		if words[0] == words[1] {
			continue
		}
		if out[name], err = json.Marshal(words[1]); err != nil { // an empty text counts
			return nil, err
		}
	}
	return out, nil
}

// photoUndo is what a decision about a photo is taken back by.
type photoUndo struct {
	State photo.State  `json:"state"`
	About *photo.About `json:"about,omitempty"`
}

// Settle implements desk.Matter.
func (m photos) Settle(tx *db.Tx, a actor.Actor, s *desk.Submission, v desk.Verdict) (json.RawMessage, error) {
	p, err := m.photos.In(tx, s.ID)
	if err != nil {
		return nil, err
	}
	undo := photoUndo{State: p.State}
	if p.State == photo.Hidden {
		return nil, errs.New(errs.Conflict, "This photo is hidden while a report about it is looked at; decide about the report first.")
	}
	if t := described(p.About(), v.Fields); v.Action == desk.Publish && t != p.About() {
		was, err := m.photos.DescribeIn(tx, a, p.ID, t)
		if err != nil {
			return nil, err
		}
		undo.About = &was
	}
	to, why := photo.Public, ""
	if v.Action == desk.Decline {
		if to, why = photo.Down, v.Text; why == "" {
			why = "An editor declined it."
		}
	}
	if err := m.photos.Decide(tx, a, p.ID, to, why); err != nil {
		return nil, err
	}
	return json.Marshal(undo)
}

// Reopen implements desk.Matter.
func (m photos) Reopen(tx *db.Tx, a actor.Actor, s *desk.Submission, _ desk.Action, undo json.RawMessage) error {
	var u photoUndo
	if err := json.Unmarshal(undo, &u); err != nil {
		return err
	}
	if u.About != nil {
		if _, err := m.photos.DescribeIn(tx, a, s.ID, *u.About); err != nil {
			return err
		}
	}
	if u.State == photo.Public { // it was sampled: it waits no more than before
		u.State = photo.Waiting
	}
	return m.photos.Decide(tx, a, s.ID, u.State, "")
}

// Withdraw implements desk.Matter.
func (m photos) Withdraw(tx *db.Tx, a actor.Actor, s *desk.Submission) error {
	return m.photos.Retract(tx, a, s.ID)
}

// described is what is written about a photo with an editor's changes in it.
func described(t photo.About, f revision.Fields) photo.About {
	for name, to := range map[string]*string{"caption": &t.Caption, "alt": &t.Alt, "credit": &t.Credit, "licence": &t.Licence} {
		if _, ok := f[name]; ok {
			*to = f.Text(name)
		}
	}
	for name, to := range map[string]*int{"focus_x": &t.FocusX, "focus_y": &t.FocusY} {
		if n, ok := f.Number(name); ok {
			*to = int(n)
		}
	}
	return t
}
