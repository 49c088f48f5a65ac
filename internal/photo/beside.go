package photo

import (
	"context"
	"io"
	"slices"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/media"
	"mirabilia/internal/place"
)

// Form is what photos are beside as long as they belong to no place: a draft,
// the submission that it mends, and the place that it is an edit of; 0 for none.
type Form struct{ Draft, Submission, Place int64 }

const (
	// maxBeside is how many photos may be beside one form, maxLying how many of one
	// member beside all.
	maxBeside = 30
	maxLying  = 300
)

// beside is the condition for the photos beside a form.
const beside = `member = $1 AND place IS NULL AND becomes <> 'gone' AND (draft = $2 AND draft <> 0 OR submission = $3 AND submission <> 0)`

func (f Form) args(a actor.Actor) []any { return []any{a.ID, f.Draft, f.Submission} }

// Enclose puts a photo beside a form. It returns when the file and its row are
// on disk. What is written about it need not be whole before the form is sent.
func (s *Photos) Enclose(ctx context.Context, a actor.Actor, f Form, t About, file Sent) (*Added, error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	if err := t.tidy(); err != nil {
		return nil, err
	}
	if f.Draft <= 0 {
		return nil, errs.New(errs.Invalid, "A photo needs a draft that it is beside.")
	}
	if err := s.withinDay(ctx, a); err != nil {
		return nil, err
	}
	if err := s.roomBeside(ctx, a, f); err != nil {
		return nil, err
	}
	p := newPhoto(a, t, file.Name)
	p.Draft, p.Submission, p.OfPlace = f.Draft, f.Submission, f.Place
	return s.receive(ctx, a, p, file.From)
}

func (s *Photos) roomBeside(ctx context.Context, a actor.Actor, f Form) error {
	return s.db.Read(ctx, func(tx *db.Tx) error {
		here, all := 0, 0
		if err := tx.QueryRow(`SELECT count(*) FROM photos WHERE `+beside, f.args(a)...).Scan(&here); err != nil {
			return err
		}
		if here >= maxBeside {
			return errs.New(errs.TooMany, "%d photos are the most that one form holds. Remove one first.", maxBeside)
		}
		if err := tx.QueryRow(`SELECT count(*) FROM photos WHERE member = $1 AND place IS NULL AND visit = 0 AND becomes <> 'gone'`, a.ID).Scan(&all); err != nil {
			return err
		}
		if all >= maxLying {
			return errs.New(errs.TooMany, "You have %d photos in drafts and waiting. Send or throw some away first.", all)
		}
		return nil
	})
}

// Beside lists the photos beside a form, for who sent them: the first is the
// cover. What could not be read stands last, so that it never is.
func (s *Photos) Beside(ctx context.Context, a actor.Actor, f Form) (list []*Photo, err error) {
	if !a.SignedIn() {
		return nil, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = besideIn(tx, a, f)
		return err
	})
	return list, err
}

func besideIn(tx *db.Tx, a actor.Actor, f Form) ([]*Photo, error) {
	return listed(tx, `SELECT `+columns+` FROM photos WHERE `+beside+` ORDER BY CASE becomes WHEN 'refused' THEN 1 ELSE 0 END, position, id`, f.args(a)...)
}

// Write keeps what is written about photos beside a form, by their ids. It gives
// the reasons for what could not be kept; everything else is.
func (s *Photos) Write(ctx context.Context, a actor.Actor, f Form, written map[int64]About) (faults map[int64]error, err error) {
	if len(written) == 0 || !a.SignedIn() {
		return nil, nil
	}
	list, err := s.Beside(ctx, a, f)
	if err != nil {
		return nil, err
	}
	faults = map[int64]error{}
	changed := map[int64]About{}
	for _, p := range list {
		t, ok := written[p.ID]
		if !ok {
			continue
		}
		if err := t.tidy(); err != nil {
			faults[p.ID] = err
			continue
		}
		if t != p.About() {
			changed[p.ID] = t
		}
	}
	if len(changed) == 0 {
		return faults, nil
	}
	return faults, s.db.Write(ctx, func(tx *db.Tx) error {
		for id, t := range changed {
			_, err := tx.Exec(`UPDATE photos SET caption = $5, alt = $6, credit = $7, licence = $8, focus_x = $9, focus_y = $10, written = '' WHERE id = $4 AND `+beside,
				append(f.args(a), id, t.Caption, t.Alt, t.Credit, t.Licence, int64(t.FocusX), int64(t.FocusY))...)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Arrange puts the photos beside a form into an order: those named come first, as
// they are named.
func (s *Photos) Arrange(ctx context.Context, a actor.Actor, f Form, ids []int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		list, err := besideIn(tx, a, f)
		if err != nil {
			return err
		}
		return arrange(tx, list, ids)
	})
}

func arrange(tx *db.Tx, list []*Photo, ids []int64) error {
	rank := func(p *Photo) int {
		if i := slices.Index(ids, p.ID); i >= 0 {
			return i
		}
		return len(ids)
	}
	slices.SortStableFunc(list, func(p, q *Photo) int { return rank(p) - rank(q) })
	for i, p := range list {
		if _, err := tx.Exec(`UPDATE photos SET position = $2 WHERE id = $1`, p.ID, i); err != nil {
			return err
		}
	}
	return nil
}

// Remove throws away a photo beside a form. It is no error when it is gone
// already.
func (s *Photos) Remove(ctx context.Context, a actor.Actor, f Form, id int64) error {
	if !a.SignedIn() {
		return a.Needs(actor.Member)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return dropWhere(tx, `id = $4 AND `+beside, append(f.args(a), id)...)
	})
}

// Discard throws away what is beside a draft that is thrown away, in its
// transaction.
func Discard(tx *db.Tx, member, draft int64) error {
	return dropWhere(tx, `member = $1 AND draft = $2 AND draft <> 0 AND place IS NULL AND submission = 0`, member, draft)
}

// Carry gives the photos of one form to another.
func (s *Photos) Carry(ctx context.Context, a actor.Actor, from, to Form) error {
	if !a.SignedIn() || from.Draft == 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE photos SET draft = $3, of_place = $4 WHERE member = $1 AND draft = $2 AND place IS NULL AND submission = 0`, a.ID, from.Draft, to.Draft, to.Place)
		return err
	})
}

// Offer gives the photos beside an edit to its place, as if they had been sent
// there: for an edit that says nothing else. It gives their number.
func (s *Photos) Offer(ctx context.Context, a actor.Actor, f Form) (n int, err error) {
	destination, err := s.mayAdd(ctx, a, f.Place)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n = 0
		list, err := besideIn(tx, a, f)
		if err != nil {
			return err
		}
		position, err := lastPosition(tx, f.Place)
		if err != nil {
			return err
		}
		for _, p := range list {
			there, err := sameIn(tx, f.Place, p.SHA256)
			if err != nil {
				return err
			}
			if p.Becomes == Refused || there != nil {
				if err := drop(tx, p.ID); err != nil {
					return err
				}
				continue
			}
			position++
			if err := s.offerOne(tx, a, p, f.Place, position, destination); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

func (s *Photos) offerOne(tx *db.Tx, a actor.Actor, p *Photo, placeID int64, position int, destination string) error {
	held, err := s.held(tx.Context(), p.About())
	if err != nil {
		return err
	}
	to := Waiting
	if a.Edits(destination) || a.Level == actor.Trusted && len(held) == 0 {
		to = Public
	}
	making := p.Making()
	if _, err := tx.Exec(`UPDATE photos SET place = $2, position = $3, becomes = $4, draft = 0, submission = 0, of_place = 0, credit = CASE WHEN credit = '' THEN $5 ELSE credit END WHERE id = $1`,
		p.ID, placeID, int64(position), string(to), a.Shown); err != nil {
		return err
	}
	if err := audit.Write(tx, a, "add", LogKind, p.ID, map[string]any{"place": place.PublicID(placeID), "state": to}); err != nil || making {
		return err
	}
	p.Place, p.Draft, p.Submission, p.OfPlace, p.Becomes = placeID, 0, 0, 0, Becoming(to)
	return s.end(tx, p)
}

// lastPosition is that of the last photo of a place, -1 where there is none.
func lastPosition(tx *db.Tx, placeID int64) (n int, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(position), -1) FROM photos WHERE place = $1`, placeID).Scan(&n)
	return n, err
}

// Spool keeps a file on disk for as long as it takes to know what it is for; it
// is gone when it is closed.
func (s *Photos) Spool(in io.Reader) (*blob.Received, error) {
	file, err := s.blobs.Receive(in, media.MaxBytes)
	if errs.Is(err, errs.TooLarge) {
		err = media.TooLarge()
	}
	return file, err
}
