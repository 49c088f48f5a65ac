package photo

import (
	"context"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
	"mirabilia/internal/takedown"
)

// Publish shows a photo to everyone: one that waits, or one that was hidden.
func (s *Photos) Publish(ctx context.Context, a actor.Actor, id int64) error {
	return s.decide(ctx, a, id, Public, "")
}

// Hide keeps a photo from sight while a report about it is looked at.
func (s *Photos) Hide(ctx context.Context, a actor.Actor, id int64) error {
	return s.decide(ctx, a, id, Hidden, "")
}

// TakeDown takes a photo away with a reason that everyone may read, or declines
// one that waits.
func (s *Photos) TakeDown(ctx context.Context, a actor.Actor, id int64, reason string) error {
	reason = strings.Join(strings.Fields(reason), " ")
	if reason == "" || len(reason) > 500 {
		return errs.InField("reason", "say in one or two sentences why")
	}
	return s.decide(ctx, a, id, Down, reason)
}

func (s *Photos) decide(ctx context.Context, a actor.Actor, id int64, to State, reason string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.Decide(tx, a, id, to, reason) })
}

// Decide is the decision inside another use case's transaction, such as the
// desk's. Deciding the same twice does nothing the second time.
func (s *Photos) Decide(tx *db.Tx, a actor.Actor, id int64, to State, reason string) error {
	p, err := byID(tx, id)
	if err != nil {
		return err
	}
	if p.Place == 0 {
		return notThere()
	}
	destination, err := destinationOf(tx, p.Place)
	if err != nil {
		return err
	}
	if !a.Edits(destination) {
		return firstOf(a.Needs(actor.Editor), errs.New(errs.Denied, "This place is in a region of other editors."))
	}
	if p.Becomes != Ready {
		return errs.New(errs.Conflict, "The sizes of this photo are not made yet.")
	}
	if p.State == to {
		return nil
	}
	n, err := tx.Exec(`UPDATE photos SET state = $2, reason = $3 WHERE id = $1 AND state = $4`, id, string(to), reason, string(p.State))
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "Somebody else has just decided about this photo.")
	}
	details := map[string]any{"place": place.PublicID(p.Place), "from": p.State, "to": to}
	if reason != "" {
		details["reason"] = reason
	}
	if err := audit.Write(tx, a, string(to), LogKind, id, details); err != nil {
		return err
	}
	if err := s.noteDown(tx, a, p, to, reason); err != nil {
		return err
	}
	was := p.State
	p.State, p.Reason = to, reason
	if s.queue != nil && (to == Public || to == Down) {
		if err := s.queue.Decided(tx, a, p); err != nil {
			return err
		}
	}
	if was != Public && to != Public {
		return nil
	}
	return s.places.Pictured(tx, p.Place)
}

// noteDown writes down for everybody why a photo that was to be seen is taken
// away, or that it is given back. What only waited was never public.
func (s *Photos) noteDown(tx *db.Tx, a actor.Actor, p *Photo, to State, reason string) error {
	switch {
	case p.State == Down:
		_, err := takedown.Lift(tx, LogKind, p.ID)
		return err
	case to != Down || p.State == Waiting:
		return nil
	}
	var title, slug string
	if err := tx.QueryRow(`SELECT title, slug FROM places WHERE id = $1`, p.Place).Scan(&title, &slug); err != nil {
		return err
	}
	return takedown.Put(tx, a, takedown.Down{Kind: LogKind, Thing: p.ID, Reason: takedown.Reason{Code: takedown.Other, Text: reason}, Title: title, Path: "/places/" + slug + "/photos"})
}

// Suspend hides a public photo while a report about it is looked at, whoever
// reports it, and tells whether it did; Resume shows it again.
func (s *Photos) Suspend(tx *db.Tx, a actor.Actor, id int64) (bool, error) {
	return s.shift(tx, a, id, Public, Hidden)
}

// Resume is the end of Suspend.
func (s *Photos) Resume(tx *db.Tx, a actor.Actor, id int64) (bool, error) {
	return s.shift(tx, a, id, Hidden, Public)
}

func (s *Photos) shift(tx *db.Tx, a actor.Actor, id int64, from, to State) (bool, error) {
	p, err := byID(tx, id)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE photos SET state = $2 WHERE id = $1 AND state = $3`, id, string(to), string(from))
	if err != nil || n == 0 {
		return false, err
	}
	if err := audit.Write(tx, a, string(to), LogKind, id, map[string]any{"place": place.PublicID(p.Place), "from": from, "to": to}); err != nil {
		return false, err
	}
	return true, s.places.Pictured(tx, p.Place)
}

// TakeBack throws away a photo of a place's that its sender does not wish to be
// shown, as long as it was not: one that waits, whose sizes are being made, or
// that could not be read. It is no error when it is thrown away already.
func (s *Photos) TakeBack(ctx context.Context, a actor.Actor, id int64) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := byID(tx, id)
		switch {
		case err != nil:
			return err
		case p.Member != a.ID || p.Place == 0:
			return notThere()
		case p.Becomes == Gone:
			return nil
		case p.Becomes == Ready && s.queue != nil:
			return s.queue.Withdrawn(tx, a, p)
		}
		return s.Retract(tx, a, id)
	})
}

// Retract is TakeBack inside the transaction of the desk, where a photo is
// withdrawn too: nobody has seen it, so nothing of it is kept.
func (s *Photos) Retract(tx *db.Tx, a actor.Actor, id int64) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	p, err := byID(tx, id)
	switch {
	case err != nil:
		return err
	case p.Member != a.ID:
		return notThere()
	case p.State != Waiting:
		return errs.New(errs.Conflict, "Somebody else has just decided about this photo.")
	}
	if err := drop(tx, id); err != nil {
		return err
	}
	return audit.Write(tx, a, "retract", LogKind, id, nil)
}

// Describe changes what is written about a photo: its sender may as long as it
// waits, editors always.
func (s *Photos) Describe(ctx context.Context, a actor.Actor, id int64, t About) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		was, err := s.DescribeIn(tx, a, id, t)
		if err != nil || s.queue == nil {
			return err
		}
		p, err := byID(tx, id)
		if err != nil || p.Written == nil || p.About().Words() == was.Words() {
			return err
		}
		return s.queue.Reworded(tx, p)
	})
}

// DescribeIn is Describe inside another use case's transaction; it gives what
// was written before.
func (s *Photos) DescribeIn(tx *db.Tx, a actor.Actor, id int64, t About) (was About, err error) {
	if err := t.check(); err != nil {
		return was, err
	}
	p, err := byID(tx, id)
	if err == nil && p.Place == 0 {
		err = notThere()
	}
	if err != nil {
		return was, err
	}
	was = p.About()
	destination, err := destinationOf(tx, p.Place)
	if err != nil {
		return was, err
	}
	if own := a.SignedIn() && p.Member == a.ID && p.State == Waiting; !own && !a.Edits(destination) {
		return was, firstOf(a.Needs(actor.Editor), errs.New(errs.Denied, "This place is in a region of other editors."))
	}
	if t.Credit == "" {
		t.Credit = p.Credit
	}
	// What the desk was warned of is of the words that it was sent with.
	err = setting.Refuse(tx, a, setting.OfPhotoAgain, setting.Said{Field: "caption", Text: t.Caption}, setting.Said{Field: "alt", Text: t.Alt}, setting.Said{Field: "credit", Text: t.Credit})
	if err != nil {
		return was, err
	}
	written, err := p.written(a, t)
	if err != nil {
		return was, err
	}
	_, err = tx.Exec(`UPDATE photos SET caption = $2, alt = $3, credit = $4, licence = $5, focus_x = $6, focus_y = $7, written = $8 WHERE id = $1`,
		id, t.Caption, t.Alt, t.Credit, t.Licence, t.FocusX, t.FocusY, written)
	if err != nil {
		return was, err
	}
	if err := audit.Write(tx, a, "describe", LogKind, id, nil); err != nil || p.State != Public {
		return was, err
	}
	return was, s.places.Pictured(tx, p.Place)
}

// Order puts the photos of a place into an order: those named come first, as
// they are named.
func (s *Photos) Order(ctx context.Context, a actor.Actor, placeID int64, ids []int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		destination, err := destinationOf(tx, placeID)
		if err != nil {
			return firstOf(nil, notThere())
		}
		if !a.Edits(destination) {
			return firstOf(a.Needs(actor.Editor), errs.New(errs.Denied, "This place is in a region of other editors."))
		}
		all, err := listed(tx, `SELECT `+columns+` FROM photos WHERE place = $1 ORDER BY place, position, id`, placeID)
		if err != nil {
			return err
		}
		if err := arrange(tx, all, ids); err != nil {
			return err
		}
		if err := audit.Write(tx, a, "order", LogKind, placeID, nil); err != nil {
			return err
		}
		return s.places.Pictured(tx, placeID)
	})
}

// Move gives the photos of one place to another, when the two are merged.
func (s *Photos) Move(tx *db.Tx, from, into int64) error {
	shift := 0
	if err := tx.QueryRow(`SELECT coalesce(max(position) + 1, 0) FROM photos WHERE place = $1`, into).Scan(&shift); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE photos SET place = $2, position = position + $3 WHERE place = $1`, from, into, shift); err != nil {
		return err
	}
	return firstOf(s.places.Pictured(tx, from), s.places.Pictured(tx, into))
}
