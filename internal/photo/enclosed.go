package photo

import (
	"context"
	"slices"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// leftOut is what its sender reads of a photo that an editor did not take with
// the rest.
const leftOut = "The editor left it out."

// Enclosed is what a submission brings along.
type Enclosed struct {
	Photos int
	Held   []string // why what is written about them is looked at first
	Undone int      // without a description for those who cannot see them
}

// EncloseIn gives the photos beside a form to the submission that it became, in
// its transaction. What could not be read stays behind.
func (s *Photos) EncloseIn(tx *db.Tx, a actor.Actor, f Form) (out Enclosed, err error) {
	list, err := besideIn(tx, a, f)
	if err != nil {
		return out, err
	}
	for i, p := range list {
		if p.Becomes == Refused {
			if err := drop(tx, p.ID); err != nil {
				return out, err
			}
			continue
		}
		if p.Licence == "" {
			return out, errs.InField("photos", "say of each photo under which licence it may be used")
		}
		if _, err := tx.Exec(`UPDATE photos SET submission = $2, draft = 0, of_place = $3, position = $4, credit = CASE WHEN credit = '' THEN $5 ELSE credit END WHERE id = $1`,
			p.ID, f.Submission, f.Place, int64(i), a.Shown); err != nil {
			return out, err
		}
		held, err := s.held(tx.Context(), p.About())
		if err != nil {
			return out, err
		}
		out.Held = append(out.Held, held...)
		out.Photos++
		if p.Alt == "" {
			out.Undone++
		}
	}
	return out, nil
}

// Of lists the photos that came with a submission, for editors and for who sent
// them.
func (s *Photos) Of(ctx context.Context, a actor.Actor, submission int64) (list []*Photo, err error) {
	if !a.SignedIn() || submission == 0 {
		return nil, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = ofSubmission(tx, submission)
		return err
	})
	if !a.Role.AtLeast(actor.Editor) {
		list = slices.DeleteFunc(list, func(p *Photo) bool { return p.Member != a.ID })
	}
	return list, err
}

func ofSubmission(tx *db.Tx, submission int64) ([]*Photo, error) {
	return listed(tx, `SELECT `+columns+` FROM photos WHERE submission = $1 AND submission <> 0 AND becomes NOT IN ('refused', 'gone') ORDER BY position, id`, submission)
}

// PublishIn gives the photos of a submission to its place, in the transaction
// that publishes it, but for those to leave out and those that the place has.
func (s *Photos) PublishIn(tx *db.Tx, submission, placeID int64, leave []int64) error {
	list, err := ofSubmission(tx, submission)
	if err != nil {
		return err
	}
	position, err := lastPosition(tx, placeID)
	if err != nil {
		return err
	}
	shown := false
	for _, p := range list {
		if p.Place != 0 || p.State != Waiting {
			continue
		}
		there, err := sameIn(tx, placeID, p.SHA256)
		if err != nil {
			return err
		}
		if there != nil || slices.Contains(leave, p.ID) {
			if _, err := tx.Exec(`UPDATE photos SET state = 'down', reason = $2 WHERE id = $1`, p.ID, leftOut); err != nil {
				return err
			}
			continue
		}
		position++
		state, becomes := Public, Ready
		if p.Making() { // it is shown when it can be
			state, becomes = Waiting, Becoming(Public)
		}
		_, err = tx.Exec(`UPDATE photos SET place = $2, position = $3, state = $4, becomes = $5 WHERE id = $1`, p.ID, placeID, int64(position), string(state), string(becomes))
		if err != nil {
			return err
		}
		shown = shown || state == Public
	}
	if !shown {
		return nil
	}
	return s.places.Pictured(tx, placeID)
}

// TakeBackIn undoes PublishIn.
func (s *Photos) TakeBackIn(tx *db.Tx, submission int64) error {
	list, err := ofSubmission(tx, submission)
	if err != nil {
		return err
	}
	var places []int64
	for _, p := range list {
		becomes := Ready
		if p.Making() {
			becomes = Becoming(Waiting)
		}
		if p.State == Hidden || p.State == Down && p.Reason != leftOut { // decided by itself meanwhile
			continue
		}
		if _, err := tx.Exec(`UPDATE photos SET place = NULL, state = 'waiting', reason = '', becomes = $2 WHERE id = $1`, p.ID, string(becomes)); err != nil {
			return err
		}
		if p.Place != 0 && !slices.Contains(places, p.Place) {
			places = append(places, p.Place)
		}
	}
	for _, id := range places {
		if err := s.places.Pictured(tx, id); err != nil {
			return err
		}
	}
	return nil
}
