package report

import (
	"context"
	"database/sql"
	"encoding/json"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/takedown"
)

const columns = `id, item, kind, thing, code, coalesce(member, 0), contact, state, hid, at, decided_at, title, text`

func listed(tx *db.Tx, text string, args ...any) (list []*Report, err error) {
	rows, err := tx.Query(text, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		x := new(Report)
		var at, decided int64
		err := r.Scan(&x.ID, &x.Item, (*string)(&x.Kind), &x.Thing, (*string)(&x.Code), &x.Member, &x.Contact, (*string)(&x.State), &x.Hid, &at, &decided, &x.Title, &x.Text)
		x.At, x.Decided = db.Time(at), db.Time(decided)
		list = append(list, x)
		return err
	})
	return list, err
}

func itemOf(tx *db.Tx, item int64) (list []*Report, err error) {
	list, err = listed(tx, `SELECT `+columns+` FROM reports WHERE item = $1 ORDER BY item, id`, item)
	if err == nil && len(list) == 0 {
		err = notThere()
	}
	return list, err
}

// mineShown is how many of their reports a member is shown.
const mineShown = 200

// Mine lists what the actor has reported, the newest first.
func (s *Reports) Mine(ctx context.Context, a actor.Actor) (list []*Report, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listed(tx, `SELECT `+columns+` FROM reports WHERE member = $1 ORDER BY id DESC LIMIT $2`, a.ID, mineShown)
		return err
	})
	return list, err
}

// Appealed is the newest appeal of a member about their own suspension or ban, nil
// for none.
func (s *Reports) Appealed(ctx context.Context, a actor.Actor) (r *Report, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err := listed(tx, `SELECT `+columns+` FROM reports WHERE kind = 'member' AND thing = $1 AND member = $1 AND code = 'appeal' ORDER BY id DESC LIMIT 1`, a.ID)
		r = nil
		if len(list) > 0 {
			r = list[0]
		}
		return err
	})
	return r, err
}

// Matter is the reports of one matter on the desk, what they are about, and what
// was reported about the same before.
type Matter struct {
	Thing   Thing
	Missing bool // the thing is not there any more
	Reports []*Report
	Earlier []*Report
}

// earlierShown is how many earlier reports the desk shows.
const earlierShown = 20

// Of gives one matter to editors.
func (s *Reports) Of(ctx context.Context, a actor.Actor, item int64) (m *Matter, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	return m, s.db.Read(ctx, func(tx *db.Tx) error {
		list, err := itemOf(tx, item)
		if err != nil {
			return err
		}
		m = &Matter{Reports: list, Thing: Thing{Kind: list[0].Kind, ID: list[0].Thing}}
		t, err := s.find(tx, a, list[0])
		switch {
		case errs.Is(err, errs.NotFound):
			m.Missing = true
		case err != nil:
			return err
		default:
			m.Thing = t
		}
		m.Earlier, err = listed(tx, `SELECT `+columns+` FROM reports WHERE kind = $1 AND thing = $2 AND id < $3 AND item <> $3 ORDER BY id DESC LIMIT $4`,
			string(list[0].Kind), list[0].Thing, item, earlierShown)
		return err
	})
}

func (s *Reports) find(tx *db.Tx, a actor.Actor, r *Report) (Thing, error) {
	things := s.things[r.Kind]
	if things == nil {
		return Thing{}, notThere()
	}
	return things.Find(tx, a, r.Thing)
}

// Verdict is what an editor decides about the reports of one matter.
type Verdict struct {
	Upheld bool
	How    string          // one of the ways, for Upheld
	Why    takedown.Reason // for Down
}

// undoing is what a decision is taken back by.
type undoing struct {
	How   string          `json:"how,omitempty"`
	Acted bool            `json:"acted,omitempty"`
	Shown bool            `json:"shown,omitempty"`
	Kept  int64           `json:"kept,omitempty"` // when it was kept before
	Thing json.RawMessage `json:"thing,omitempty"`
}

// Settle decides about the reports of a matter and gives what Unsettle needs,
// and the reports that it decided, for who tells their senders. It tells the
// thing's author itself.
func (s *Reports) Settle(tx *db.Tx, a actor.Actor, item int64, v Verdict) (undo json.RawMessage, list []*Report, err error) {
	if list, err = itemOf(tx, item); err != nil {
		return nil, nil, err
	}
	first := list[0]
	if err := s.turn(tx, first.Kind, first.Thing); err != nil {
		return nil, nil, err
	}
	if list, err = itemOf(tx, item); err != nil { // those that joined meanwhile
		return nil, nil, err
	}
	if v.Upheld && v.How == Down {
		if err := v.Why.Check(); err != nil {
			return nil, nil, err
		}
	}
	t, err := s.find(tx, a, first)
	missing := errs.Is(err, errs.NotFound)
	if err != nil && !missing {
		return nil, nil, err
	}
	u, told, err := s.act(tx, a, list, t, missing, v)
	if err != nil {
		return nil, nil, err
	}
	state := Kept
	if v.Upheld {
		state = Upheld
	}
	if _, err := tx.Exec(`UPDATE reports SET state = $2, decided_at = $3 WHERE item = $1`, item, string(state), s.db.Millis()); err != nil {
		return nil, nil, err
	}
	if u.Kept, err = s.keptAt(tx, first, state); err != nil {
		return nil, nil, err
	}
	details := map[string]any{"report": item, "how": v.How}
	if v.How == Down {
		details["why"], details["public"] = v.Why.Code, v.Why.Text
	}
	if err := audit.Write(tx, a, "report."+string(state), string(first.Kind), first.Thing, details); err != nil {
		return nil, nil, err
	}
	if told {
		if u.Acted {
			u.How = v.How
		}
		if err := s.concern(tx, Concerned{Thing: t, Item: item, How: u.How, Why: v.Why, After: s.db.Now().Add(s.Undo)}); err != nil {
			return nil, nil, err
		}
	}
	undo, err = json.Marshal(u)
	return undo, list, err
}

// act does to the thing what was decided, and says whether its author is to be
// told.
func (s *Reports) act(tx *db.Tx, a actor.Actor, list []*Report, t Thing, missing bool, v Verdict) (u undoing, told bool, err error) {
	hid := false
	for _, r := range list {
		hid = hid || r.Hid
	}
	switch {
	case missing && v.Upheld && v.How != Noted:
		return u, false, errs.New(errs.Conflict, "What was reported is not there any more. Say that it was seen to otherwise.")
	case missing:
		return u, false, nil
	case v.Upheld && v.How != Noted:
		u.Acted = true
		u.Thing, err = s.things[t.Kind].Settle(tx, a, t, v.How, v.Why)
		return u, v.How == Down || v.How == Restore, err
	case hid:
		u.Shown = true
		return u, true, s.things[t.Kind].Show(tx, a, t.ID)
	}
	return u, false, nil
}

// keptAt notes when an editor let a thing stay, and gives when one did before.
func (s *Reports) keptAt(tx *db.Tx, r *Report, to State) (was int64, err error) {
	if err := tx.QueryRow(`SELECT kept_at FROM reported WHERE kind = $1 AND thing = $2`, string(r.Kind), r.Thing).Scan(&was); err != nil || to != Kept || r.Code == Appeal {
		return was, err
	}
	_, err = tx.Exec(`UPDATE reported SET kept_at = $3 WHERE kind = $1 AND thing = $2`, string(r.Kind), r.Thing, s.db.Millis())
	return was, err
}

func (s *Reports) concern(tx *db.Tx, c Concerned) error {
	if s.Concern == nil || c.Author == 0 {
		return nil
	}
	return s.Concern(tx, c)
}

// Unsettle lets the reports of a matter wait again, and gives them.
func (s *Reports) Unsettle(tx *db.Tx, a actor.Actor, item int64, undo json.RawMessage) ([]*Report, error) {
	list, err := itemOf(tx, item)
	if err != nil {
		return nil, err
	}
	var u undoing
	if err := json.Unmarshal(undo, &u); err != nil {
		return nil, err
	}
	first := list[0]
	if err := s.turn(tx, first.Kind, first.Thing); err != nil {
		return nil, err
	}
	if err := s.unact(tx, a, first, u); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE reported SET kept_at = $3 WHERE kind = $1 AND thing = $2`, string(first.Kind), first.Thing, u.Kept); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE reports SET state = 'open', decided_at = 0 WHERE item = $1`, item)
	return list, err
}

// unact takes back what was done to the thing, where it is there still.
func (s *Reports) unact(tx *db.Tx, a actor.Actor, r *Report, u undoing) error {
	t, err := s.find(tx, a, r)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if u.Acted {
		if err := s.things[t.Kind].Unsettle(tx, a, t, u.Thing); err != nil {
			return err
		}
	}
	if u.Shown {
		if _, err := s.things[t.Kind].Hide(tx, a, t.ID); err != nil {
			return err
		}
	}
	if !u.Shown && u.How != Down && u.How != Restore {
		return nil
	}
	return s.concern(tx, Concerned{Thing: t, Item: r.Item, How: u.How, Undone: true})
}

// Author is whose the thing is that a matter is about, 0 for nobody's.
func (s *Reports) Author(tx *db.Tx, a actor.Actor, item int64) (int64, error) {
	list, err := itemOf(tx, item)
	if err != nil {
		return 0, err
	}
	t, err := s.find(tx, a, list[0])
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return t.Author, err
}

// Answering takes the address of somebody who wants an answer, once, as long as
// what it tells is so still: "" when there is nobody to write to.
func Answering(tx *db.Tx, id int64, acted bool) (contact string, err error) {
	state := Kept
	if acted {
		state = Upheld
	}
	err = tx.QueryRow(`SELECT contact FROM reports WHERE id = $1 AND state = $2`, id, string(state)).Scan(&contact)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	if err != nil || contact == "" {
		return "", err
	}
	n, err := tx.Exec(`UPDATE reports SET contact = '' WHERE id = $1 AND contact <> ''`, id)
	if err != nil || n == 0 {
		return "", err
	}
	return contact, nil
}

// Withdraw takes back a report; when nobody else has reported the thing
// meanwhile it is shown again.
func (s *Reports) Withdraw(tx *db.Tx, a actor.Actor, item int64) error {
	list, err := itemOf(tx, item)
	if err != nil {
		return err
	}
	if err := s.turn(tx, list[0].Kind, list[0].Thing); err != nil {
		return err
	}
	if list, err = itemOf(tx, item); err != nil {
		return err
	}
	if len(list) > 1 {
		return errs.New(errs.Conflict, "Others have reported the same; an editor looks at it now.")
	}
	if list[0].Hid {
		if err := s.things[list[0].Kind].Show(tx, a, list[0].Thing); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`UPDATE reports SET state = 'withdrawn', decided_at = $2, contact = '' WHERE item = $1`, item, s.db.Millis())
	return err
}

// TakeDown takes a thing down, or gives it back (Restore), at an editor's own
// wish: the reports of it that wait are decided by it, and given to also with
// their matter.
func (s *Reports) TakeDown(ctx context.Context, a actor.Actor, k Kind, id int64, how string, why takedown.Reason, also func(tx *db.Tx, item int64, list []*Report) error) error {
	if err := a.Needs(actor.Editor); err != nil {
		return err
	}
	if how == Down {
		if err := why.Check(); err != nil {
			return err
		}
	}
	if s.things[k] == nil {
		return notThere()
	}
	if how != Down && how != Restore {
		return errs.InField("how", "is down or restore")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return s.takeDown(tx, a, k, id, how, why, also)
	})
}

func (s *Reports) takeDown(tx *db.Tx, a actor.Actor, k Kind, id int64, how string, why takedown.Reason, also func(tx *db.Tx, item int64, list []*Report) error) error {
	t, err := s.things[k].Find(tx, a, id)
	if err != nil {
		return err
	}
	if !a.Edits(t.Destination) {
		return errs.New(errs.Denied, "This is outside the regions that you edit.")
	}
	if err := s.turn(tx, k, id); err != nil {
		return err
	}
	var open sql.NullInt64
	if err := tx.QueryRow(`SELECT min(item) FROM reports WHERE kind = $1 AND thing = $2 AND state = 'open' AND (code = 'appeal') = $3`, string(k), id, how == Restore).Scan(&open); err != nil {
		return err
	}
	if open.Valid {
		_, list, err := s.Settle(tx, a, open.Int64, Verdict{Upheld: true, How: how, Why: why})
		if err != nil {
			return err
		}
		return also(tx, open.Int64, list)
	}
	if _, err := s.things[k].Settle(tx, a, t, how, why); err != nil {
		return err
	}
	details := map[string]any{}
	if how == Down {
		details["why"], details["public"] = why.Code, why.Text
	}
	action := map[string]string{Down: "take-down", Restore: "give-back"}[how]
	if err := audit.Write(tx, a, action, string(k), id, details); err != nil {
		return err
	}
	return s.concern(tx, Concerned{Thing: t, Item: s.db.NewID(), How: how, Why: why})
}
