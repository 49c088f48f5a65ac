package desk

import (
	"encoding/json"
	"maps"
	"slices"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/revision"
)

// publish makes public what a verdict takes of a submission, and writes into the
// decision what the editor changed in it and how it is taken back.
func (d *Desk) publish(tx *db.Tx, a actor.Actor, s *Submission, v Verdict, made *Decision) error {
	taken, err := d.taken(s, v)
	if err != nil {
		return err
	}
	if err := d.within(tx, a, taken, v); err != nil {
		return err
	}
	by := s.Author
	if s.Kind == Import && len(taken.Fields) > 0 { // it is nobody's; what was changed in it is the editor's
		by = person(a)
	}
	out, err := d.subject.Publish(tx, taken, by)
	if err != nil {
		return err
	}
	if made.Mended, err = d.mended(tx, s, taken, v, out.Place); err != nil {
		return err
	}
	u := undoing{Subject: out.Undo}
	if u.Draft, err = d.goOn(tx, s, out); err != nil {
		return err
	}
	if err := d.publishEnclosed(tx, s, out.Place, v.Leave); err != nil {
		return err
	}
	if out.Place != 0 {
		s.Place = out.Place
		if _, err := tx.Exec(`UPDATE submissions SET place = $2 WHERE id = $1`, s.ID, out.Place); err != nil {
			return err
		}
	}
	b, err := json.Marshal(u)
	made.undo = string(b)
	return err
}

// taken is a submission with what a verdict takes of it: all its fields or some,
// with the editor's over them. What changes something that is there keeps a field
// that the editor cleared, so that it is cleared there.
func (d *Desk) taken(s *Submission, v Verdict) (*Submission, error) {
	taken := *s
	taken.Fields = s.Fields.With(v.Fields)
	if s.Kind == Edit || s.Kind == Import {
		taken.Fields = revision.Fields{}
		maps.Copy(taken.Fields, s.Fields)
		maps.Copy(taken.Fields, v.Fields)
	}
	if v.Over != nil && s.Kind == Edit {
		taken.Base, taken.Fields = v.Over.Base, v.Over.Fields
	}
	if len(v.Only) > 0 {
		for _, name := range v.Only {
			if _, ok := taken.Fields[name]; !ok {
				return nil, errs.InField("only", "%s is not among the proposed fields", name)
			}
		}
		taken.Fields = taken.Fields.Only(v.Only).With(taken.Fields.Only(d.subject.Needed(s.Kind)))
	}
	return &taken, nil
}

// within keeps an editor of some regions from moving a place out of them by their
// own changes.
func (d *Desk) within(tx *db.Tx, a actor.Actor, taken *Submission, v Verdict) error {
	if len(v.Fields) == 0 || a.Everywhere() {
		return nil
	}
	about, err := d.subject.About(tx, taken)
	if err == nil && !a.Edits(about.Destination) {
		err = outside()
	}
	return err
}

// mended are the fields of a verdict that say something else than the submission
// did, without those that its author is not told.
func (d *Desk) mended(tx *db.Tx, s, taken *Submission, v Verdict, place int64) (revision.Fields, error) {
	out := revision.Fields{}
	for name, value := range v.Fields {
		_, published := taken.Fields[name]
		sent, proposed := s.Fields[name]
		if !published && len(v.Only) > 0 || revision.Same(sent, value) && (proposed || s.Kind != Edit) {
			continue
		}
		out[name] = value // where an edit says nothing of a field, clearing it changes it too
	}
	if len(out) == 0 || place == 0 {
		return out, nil
	}
	secret, err := d.subject.Secret(tx, place)
	maps.DeleteFunc(out, func(name string, _ json.RawMessage) bool { return slices.Contains(secret, name) })
	return out, err
}

// goOn makes a draft of what an accepted pitch is gone on with, and gives its
// number; 0 for none.
func (d *Desk) goOn(tx *db.Tx, s *Submission, out Outcome) (int64, error) {
	if out.Draft == nil || s.Author.ID == 0 {
		return 0, nil
	}
	next := &Submission{ID: d.db.NewID(), Kind: Place, Status: Draft, Author: s.Author, Title: s.Title, Destination: s.Destination,
		Fields: out.Draft, Version: 1, Created: d.db.Now(), Updated: d.db.Now()}
	return next.ID, d.insert(tx, next)
}
