package matter

import (
	"context"
	"encoding/json"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/report"
	"mirabilia/internal/setting"
	"mirabilia/internal/takedown"
)

// Reports are the use cases of reports, joined with the desk and with what can be
// reported.
type Reports struct {
	*report.Reports
	desk *desk.Desk
}

// JoinReports makes them. It is called before the desk is used.
func JoinReports(d *db.DB, rules *setting.Book, on *desk.Desk, places *place.Places, photos *photo.Photos) *Reports {
	m := &Reports{desk: on}
	m.Reports = report.New(d, rules, m, map[report.Kind]report.Things{
		report.Place: placeThings{desk: on, places: places}, report.Photo: photoThings{photos}, report.List: listThings{},
		report.Visit: visitThings{}, report.Member: memberThings{}, report.Message: letterThings{},
	})
	m.Undo = desk.UndoWindow
	on.Takes(desk.Report, m)
	return m
}

// TakeDown takes a thing down, or gives it back, at an editor's own wish; the
// reports of it that wait are decided by it, and who sent them is told.
func (m *Reports) TakeDown(ctx context.Context, a actor.Actor, k report.Kind, id int64, how string, why takedown.Reason) error {
	if k == report.Member && how == report.Restore { // only who appeals is given back what they may
		return noWay()
	}
	return m.Reports.TakeDown(ctx, a, k, id, how, why, func(tx *db.Tx, item int64, list []*report.Report) error {
		s, err := m.desk.In(tx, item)
		if err != nil {
			return err
		}
		if err := m.desk.Close(tx, a, item, desk.Publish, ""); err != nil {
			return err
		}
		return m.answer(tx, s, list, desk.Verdict{Action: desk.Publish}, report.Answered{Title: s.Title, Acted: true, After: tx.DB().Now()})
	})
}

// Came implements report.Queue.
func (m *Reports) Came(tx *db.Tx, r *report.Report, t report.Thing) error {
	rules, err := setting.In(tx)
	if err != nil {
		return err
	}
	if r.Kind == report.Photo && r.Code == report.Appeal {
		if err := m.desk.Asked(tx, r.Thing); err != nil {
			return err
		}
	}
	findings := urgent(r)
	for _, why := range rules.Contributing.Held(setting.OfReport, r.Text) {
		findings = append(findings, desk.Finding{Check: "blocked", Message: "The report: " + why, Blocking: true})
	}
	return m.desk.Put(tx, desk.Waits{ID: r.ID, Kind: desk.Report, Author: r.Member, Place: t.Place, Title: t.Title, Destination: t.Destination,
		Summary: string(t.Kind) + ": " + string(r.Code), Findings: findings, Appeal: r.Code == report.Appeal})
}

const hiddenNow = "It is hidden until this is decided."

// urgent marks what should not wait.
func urgent(r *report.Report) (list []desk.Finding) {
	switch r.Code {
	case report.Legal:
		list = append(list, desk.Finding{Check: "urgent", Message: "It is a notice under the law: it should not wait.", Blocking: true})
	case report.Danger:
		list = append(list, desk.Finding{Check: "urgent", Message: "It may lead people into danger: it should not wait.", Blocking: true})
	case report.Privacy:
		list = append(list, desk.Finding{Check: "urgent", Message: "It is about somebody’s privacy: it should not wait.", Blocking: true})
	}
	if r.Hid {
		list = append(list, desk.Finding{Check: "hidden", Message: hiddenNow})
	}
	return list
}

// Hid implements report.Queue.
func (m *Reports) Hid(tx *db.Tx, item int64) error {
	return m.desk.Notice(tx, item, desk.Finding{Check: "hidden", Message: hiddenNow})
}

// Settle implements desk.Matter.
func (m *Reports) Settle(tx *db.Tx, a actor.Actor, s *desk.Submission, v desk.Verdict) (json.RawMessage, error) {
	if err := m.notTheirs(tx, a, s); err != nil {
		return nil, err
	}
	undo, list, err := m.Reports.Settle(tx, a, s.ID, report.Verdict{Upheld: v.Action == desk.Publish, How: v.How, Why: takedown.Reason{Code: takedown.Code(v.Why), Text: v.Public}})
	if err != nil {
		return nil, err
	}
	err = m.answer(tx, s, list, v, report.Answered{Title: s.Title, Acted: v.Action == desk.Publish, Message: v.Text, After: tx.DB().Now().Add(desk.UndoWindow)})
	return undo, err
}

// notTheirs keeps editors from deciding about what they wrote themselves, while
// there is another who could.
func (m *Reports) notTheirs(tx *db.Tx, a actor.Actor, s *desk.Submission) error {
	about, err := m.Reports.Author(tx, a, s.ID)
	if err != nil || about != a.ID || a.ID == 0 {
		return err
	}
	others, err := desk.OthersEdit(tx, a)
	if err == nil && others {
		err = errs.New(errs.Denied, "This is about something of yours: another editor decides it.")
	}
	return err
}

// answer gives everyone who reported the same their answer; the desk's author is
// told by the desk.
func (m *Reports) answer(tx *db.Tx, s *desk.Submission, list []*report.Report, v desk.Verdict, n report.Answered) error {
	for _, r := range list {
		var err error
		switch {
		case r.Member != 0 && r.Member != s.Author.ID && m.desk.Tell != nil:
			err = m.desk.Tell(tx, r.Member, desk.News{Submission: s.ID, Kind: desk.Report, Title: s.Title, Action: v.Action, Reason: v.Reason, Text: v.Text,
				Path: "/me/reports", Decision: r.ID, After: n.After})
		case r.Contact != "" && m.Answer != nil:
			n.Report = r.ID
			err = m.Answer(tx, r.Contact, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Reopen implements desk.Matter: those who joined the report are told that it
// waits again, as its author is.
func (m *Reports) Reopen(tx *db.Tx, a actor.Actor, s *desk.Submission, _ desk.Action, undo json.RawMessage) error {
	list, err := m.Reports.Unsettle(tx, a, s.ID, undo)
	if err != nil {
		return err
	}
	return m.answer(tx, s, anonymised(list), desk.Verdict{Action: desk.Undo}, report.Answered{})
}

// anonymised leaves out who is answered by mail: the letter of a decision that is
// undone does not leave.
func anonymised(list []*report.Report) (out []*report.Report) {
	for _, r := range list {
		if r.Member != 0 {
			out = append(out, r)
		}
	}
	return out
}

// Withdraw implements desk.Matter.
func (m *Reports) Withdraw(tx *db.Tx, a actor.Actor, s *desk.Submission) error {
	return m.Reports.Withdraw(tx, a, s.ID)
}
