package photo

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

// MaxAtVisit is how many photos one visit may have.
const MaxAtVisit = 20

// visitLicence is what others may do with the photos of a visit: look at them.
const visitLicence = "permission"

// Visits is who knows of visits and of who sees them; app joins it.
type Visits interface {
	// Own refuses a visit that is not the actor's, and takes its row, so that
	// nobody deletes it meanwhile.
	Own(tx *db.Tx, a actor.Actor, visit int64) error
	// Sees reports whether the actor, or nobody in particular, sees a visit.
	Sees(tx *db.Tx, a actor.Actor, visit int64) (bool, error)
}

// JoinVisits names who knows of visits. It is called before anything is sent.
func (s *Photos) JoinVisits(v Visits) { s.visits = v }

// TakeAt takes a photo of one's visit from a file, as Take does of a place. No
// editor looks at it: it is as private as its visit, and taken down with it.
func (s *Photos) TakeAt(ctx context.Context, a actor.Actor, visit int64, t About, file Sent) (*Added, error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	if s.visits == nil || visit <= 0 {
		return nil, noVisit()
	}
	t.Licence, t.Credit, t.FocusX, t.FocusY = visitLicence, a.Shown, 2, 2
	if err := t.check(); err != nil {
		return nil, err
	}
	if err := s.withinDay(ctx, a); err != nil {
		return nil, err
	}
	// Asked again with the row: a stranger's file need not be read for nothing.
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := refuseAt(tx, a, t); err != nil {
			return err
		}
		return s.visits.Own(tx, a, visit)
	})
	if err != nil {
		return nil, err
	}
	p := newPhoto(a, t, file.Name)
	p.Visit = visit
	return s.receive(ctx, a, p, file.From)
}

// refuseAt refuses words that are kept out of what nobody looks at first.
func refuseAt(tx *db.Tx, a actor.Actor, t About) error {
	return setting.Refuse(tx, a, setting.OfVisit, setting.Said{Field: "caption", Text: t.Caption}, setting.Said{Field: "alt", Text: t.Alt})
}

// roomAt takes the row of a photo's visit and sees that there is room for it.
func (s *Photos) roomAt(tx *db.Tx, a actor.Actor, p *Photo) error {
	if err := s.visits.Own(tx, a, p.Visit); err != nil {
		return err
	}
	n := 0
	err := tx.QueryRow(`SELECT count(*) FROM photos WHERE visit = $1 AND visit <> 0 AND becomes NOT IN ('refused', 'gone') AND sha256 <> $2`, p.Visit, p.SHA256).Scan(&n)
	if err == nil && n >= MaxAtVisit {
		err = errs.New(errs.TooMany, "%d photos are the most that one visit has. Remove one first.", MaxAtVisit)
	}
	return err
}

// sameAt finds the photo of the same visit that was made of the same bytes.
func sameAt(tx *db.Tx, p *Photo) (*Photo, error) {
	list, err := listed(tx, `SELECT `+columns+` FROM photos WHERE visit = $1 AND visit <> 0 AND sha256 = $2 AND becomes NOT IN ('refused', 'gone') ORDER BY visit, position, id LIMIT 1`, p.Visit, p.SHA256)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// AtVisits lists the photos of visits that the caller has found the actor to
// see, by visit. What is still being made, or cannot be, only its sender sees.
func (s *Photos) AtVisits(ctx context.Context, a actor.Actor, visits []int64) (at map[int64][]*Photo, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		at = map[int64][]*Photo{}
		for left := visits; len(left) > 0; {
			some := left[:min(len(left), 200)]
			left = left[len(some):]
			args := db.Padded(some)
			list, err := listed(tx, `SELECT `+columns+` FROM photos WHERE visit IN (`+db.In(len(args), 1)+`) AND visit <> 0 AND becomes <> 'gone' ORDER BY visit, position, id`, args...)
			if err != nil {
				return err
			}
			for _, p := range list {
				if p.Becomes == Ready || a.SignedIn() && p.Member == a.ID {
					at[p.Visit] = append(at[p.Visit], p)
				}
			}
		}
		return nil
	})
	return at, err
}

// DescribeAt changes what is written about a photo of one's visit.
func (s *Photos) DescribeAt(ctx context.Context, a actor.Actor, id int64, t About) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	t.Licence, t.Credit, t.FocusX, t.FocusY = visitLicence, a.Shown, 2, 2
	if err := t.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := refuseAt(tx, a, t); err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE photos SET caption = $3, alt = $4 WHERE id = $1 AND member = $2 AND visit <> 0 AND becomes <> 'gone'`, id, a.ID, t.Caption, t.Alt)
		if err == nil && n == 0 {
			err = notThere()
		}
		return err
	})
}

// RemoveAt throws away a photo of one's visit. It is no error when it is gone
// already.
func (s *Photos) RemoveAt(ctx context.Context, a actor.Actor, id int64) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return dropWhere(tx, `id = $1 AND member = $2 AND visit <> 0`, id, a.ID)
	})
}

// DropAt throws away the photos of a visit that is deleted, in its transaction.
func DropAt(tx *db.Tx, visit int64) error {
	return dropWhere(tx, `visit = $1 AND visit <> 0`, visit)
}

func noVisit() error { return errs.New(errs.NotFound, "There is no such visit of yours.") }
