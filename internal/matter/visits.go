package matter

import (
	"encoding/json"
	"slices"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
)

// visits lets what visitors found otherwise than the entry says wait on the
// desk.
type visits struct {
	desk   *desk.Desk
	places *place.Places
}

// JoinVisits joins the desk and the field notes of visitors. It is called before
// either is used.
func JoinVisits(d *desk.Desk, m *mark.Marks, p *place.Places) {
	v := visits{d, p}
	d.Takes(desk.Visit, v)
	m.Join(v)
}

// foundWords say in short what a visitor found.
var foundWords = map[mark.Still]string{mark.Changed: "It has changed", mark.Shut: "Closed or gone"}

// Told implements mark.Queue.
func (m visits) Told(tx *db.Tx, a actor.Actor, n mark.FieldNote) error {
	if err := m.desk.Allow(tx, a); err != nil {
		return err
	}
	p, _, err := m.places.Standing(tx, n.Place, 0)
	if err != nil {
		return err
	}
	rules, err := setting.In(tx)
	if err != nil {
		return err
	}
	w := desk.Waits{ID: n.ID, Kind: desk.Visit, Author: n.Member, Place: n.Place, Title: p.Title, Destination: p.Destination,
		Summary: foundWords[n.Says], Words: len(text.Words(n.Words))}
	for _, why := range rules.Contributing.Held(setting.OfFieldNote, n.Words) {
		w.Findings = append(w.Findings, desk.Finding{Check: "blocked", Message: why, Blocking: true})
	}
	return m.desk.Put(tx, w)
}

// TakenBack implements mark.Queue.
func (m visits) TakenBack(tx *db.Tx, n mark.FieldNote) error { return m.desk.Drop(tx, n.ID) }

// visitUndo is what a decision about a field note is taken back by: where it
// stood, and the edit that was made of it.
type visitUndo struct {
	From mark.NoteState `json:"from"`
	To   mark.NoteState `json:"to"`
	Edit *place.Changed `json:"edit,omitempty"`
}

// Settle implements desk.Matter. Publish takes the note up: How names the status
// that the entry gets, "" leaves it as it is, for who mends the entry otherwise.
// The edit is the editor's: who was there may wish that nobody knows.
func (m visits) Settle(tx *db.Tx, a actor.Actor, s *desk.Submission, v desk.Verdict) (json.RawMessage, error) {
	n, err := mark.NoteIn(tx, s.ID)
	if err != nil {
		return nil, err
	}
	// A dismissed one waits again when its visitor appealed.
	if n.State != mark.NoteWaiting && n.State != mark.NoteDismissed {
		return nil, errs.New(errs.Conflict, "This field note stands otherwise by now.")
	}
	undo := visitUndo{From: n.State, To: mark.NoteDismissed}
	if v.Action == desk.Publish {
		undo.To = mark.NoteTaken
		if undo.Edit, err = m.edit(tx, a, n, place.Status(v.How)); err != nil {
			return nil, err
		}
	}
	if err := mark.MoveNote(tx, n.ID, undo.From, undo.To); err != nil {
		return nil, err
	}
	return json.Marshal(undo)
}

func (m visits) edit(tx *db.Tx, a actor.Actor, n mark.FieldNote, status place.Status) (*place.Changed, error) {
	if status == "" {
		return nil, nil
	}
	if !slices.Contains(place.StatusesFound, status) {
		return nil, errs.InField("how", "is a status that a visitor can have found, or nothing")
	}
	f := revision.Fields{}
	f.Set("status", string(status))
	f.Set("status_date", n.Day[:min(len(n.Day), len("2006-01"))]) // the day is the visitor's own
	f.Set("status_source", "A visitor’s field note")
	c, err := m.places.Edit(tx, place.Proposed{ID: n.Place, Fields: f, By: creditOf(a), Summary: "A visitor found: " + foundWords[n.Says]})
	return &c, err
}

func creditOf(a actor.Actor) place.Credit { return place.Credit{Name: a.Shown, URL: a.Path()} }

// Reopen implements desk.Matter.
func (m visits) Reopen(tx *db.Tx, a actor.Actor, s *desk.Submission, _ desk.Action, undo json.RawMessage) error {
	var u visitUndo
	if err := json.Unmarshal(undo, &u); err != nil {
		return err
	}
	if u.Edit != nil {
		if err := m.places.TakeBack(tx, *u.Edit, creditOf(a), "Taken back"); err != nil {
			return err
		}
	}
	return mark.MoveNote(tx, s.ID, u.To, u.From)
}

// Withdraw implements desk.Matter.
func (m visits) Withdraw(tx *db.Tx, _ actor.Actor, s *desk.Submission) error {
	n, err := mark.NoteIn(tx, s.ID)
	if err != nil {
		return err
	}
	return mark.MoveNote(tx, s.ID, n.State, mark.NoteWithdrawn)
}
