package place

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Joint is one joining of two entries. What was carried over stands in the table
// place_carried under its number, so that it can be carried back.
type Joint struct {
	ID         int64
	From, Into int64 // the places: the one that ended, and the one that it is part of
}

// Carrier takes what others keep about a place (its marks, lists) over to the one
// that it becomes a part of, noting what it took, and back again.
type Carrier struct {
	Carry func(tx *db.Tx, j Joint) error
	Back  func(tx *db.Tx, j Joint) error
}

// Merge makes a published place a part of another: its page leads there, until
// Part makes them two again.
func (s *Places) Merge(ctx context.Context, id, into int64) error {
	if id == into {
		return errs.New(errs.Invalid, "a place cannot become a part of itself")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.Join(tx, id, into) })
}

// SetCarriers names who is asked when a place becomes a part of another.
func (s *Places) SetCarriers(list ...Carrier) { s.carriers = list }

// Join is Merge in the transaction of whoever decides it: pictures, credits and
// all that others keep are carried over.
func (s *Places) Join(tx *db.Tx, id, into int64) error {
	if id == into {
		return errs.New(errs.Invalid, "a place cannot become a part of itself")
	}
	if err := s.leaveIn(tx, id, Merged, into); err != nil {
		return err
	}
	j := Joint{ID: s.db.NewID(), From: id, Into: into}
	if _, err := tx.Exec(`INSERT INTO place_joints (id, place, into_place, at) VALUES ($1, $2, $3, $4)`, j.ID, id, into, tx.DB().Millis()); err != nil {
		return err
	}
	if err := s.carryPhotos(tx, j); err != nil {
		return err
	}
	if err := carryCredits(tx, id, into); err != nil {
		return err
	}
	for _, c := range s.carriers {
		if err := c.Carry(tx, j); err != nil {
			return err
		}
	}
	changes.Append(tx, LogKind, into, changes.Put)
	return nil
}

// carryPhotos puts the pictures of a place behind those of another.
func (s *Places) carryPhotos(tx *db.Tx, j Joint) error {
	var next int64
	if err := tx.QueryRow(`SELECT coalesce(max(position) + 1, 0) FROM photos WHERE place = $1`, j.Into).Scan(&next); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO place_carried (joint, what, thing, shared, number, text) SELECT CAST($1 AS BIGINT), 'photo', id, FALSE, position, '' FROM photos WHERE place = $2`, j.ID, j.From)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE photos SET place = $2, position = position + $3 WHERE place = $1`, j.From, j.Into, next)
	if err != nil || n == 0 {
		return err
	}
	if err := s.Pictured(tx, j.From); err != nil {
		return err
	}
	return s.Pictured(tx, j.Into)
}

// carryCredits names those who made a place among those who made the other.
func carryCredits(tx *db.Tx, from, into int64) error {
	old, err := placeByID(tx, from)
	if err != nil {
		return err
	}
	p, err := placeByID(tx, into)
	if err != nil {
		return err
	}
	for _, c := range old.makers() {
		if c.Name != "" && c != p.AddedBy && !slices.Contains(p.EditedBy, c) {
			p.EditedBy = append(p.EditedBy, c)
			if err := note(tx, into, Edited, c); err != nil {
				return err
			}
		}
	}
	_, err = tx.Exec(`UPDATE places SET edited_by = $2, updated_at = $3 WHERE id = $1`, into, creditsJSON(p.EditedBy), tx.DB().Millis())
	return err
}

func (p *Place) makers() []Credit { return append([]Credit{p.AddedBy}, p.EditedBy...) }

// Joined is a joining that can be taken back.
type Joined struct {
	Joint
	Slug, Title string // of the entry that ended
	At          time.Time
}

// Joined lists the entries that are parts of a place, the newest first.
func (s *Places) Joined(ctx context.Context, into int64) (list []Joined, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = list[:0]
		rows, err := tx.Query(`SELECT j.id, j.place, j.into_place, p.slug, p.title, j.at FROM place_joints j JOIN places p ON p.id = j.place
			WHERE j.into_place = $1 ORDER BY j.id DESC`, into)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var x Joined
			var at int64
			err := r.Scan(&x.ID, &x.From, &x.Into, &x.Slug, &x.Title, &at)
			x.At = db.Time(at)
			list = append(list, x)
			return err
		})
	})
	return list, err
}

// JointIn reads a joining in the transaction of whoever takes it back, so that
// of two who do the second finds it gone.
func JointIn(tx *db.Tx, id int64) (j Joint, err error) {
	n, err := tx.Exec(`UPDATE place_joints SET at = at WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "These entries are two again already.")
	}
	if err != nil {
		return j, err
	}
	err = tx.QueryRow(`SELECT id, place, into_place FROM place_joints WHERE id = $1`, id).Scan(&j.ID, &j.From, &j.Into)
	return j, err
}

// Part makes of a joined place two again, in the transaction of whoever decides
// it: the page that ended is there under its address, and what was carried over
// goes back where it came from. What came to the other since stays there.
func (s *Places) Part(tx *db.Tx, j Joint) error {
	n, err := tx.Exec(`UPDATE places SET state = 'published', merged_into = NULL, updated_at = $3 WHERE id = $1 AND state = 'merged' AND merged_into = $2`, j.From, j.Into, tx.DB().Millis())
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "The entry that ended is no part of the other any more.")
	}
	var state State
	if err := tx.QueryRow(`SELECT state FROM places WHERE id = $1`, j.Into).Scan((*string)(&state)); err != nil {
		return err
	}
	if state == Merged {
		return errs.New(errs.Conflict, "The entry that it became a part of is part of another itself. Take that back first.")
	}
	if err := s.photosBack(tx, j); err != nil {
		return err
	}
	if err := creditsBack(tx, j); err != nil {
		return err
	}
	for _, c := range s.carriers {
		if err := c.Back(tx, j); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`DELETE FROM place_carried WHERE joint = $1`, j.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM place_joints WHERE id = $1`, j.ID); err != nil {
		return err
	}
	changes.Append(tx, LogKind, j.From, changes.Put)
	if state == Published {
		changes.Append(tx, LogKind, j.Into, changes.Put)
	}
	return nil
}

// photosBack gives a place its pictures back, in the order that they had.
func (s *Places) photosBack(tx *db.Tx, j Joint) error {
	n, err := tx.Exec(`UPDATE photos SET place = $2, position = (SELECT c.number FROM place_carried c WHERE c.joint = $3 AND c.what = 'photo' AND c.thing = photos.id)
		WHERE place = $1 AND id IN (SELECT thing FROM place_carried WHERE joint = $3 AND what = 'photo')`, j.Into, j.From, j.ID)
	if err != nil || n == 0 {
		return err
	}
	if err := s.Pictured(tx, j.From); err != nil {
		return err
	}
	return s.Pictured(tx, j.Into)
}

// creditsBack takes the credit for a place from those who made only the other:
// no revision of it is theirs, and no other entry that is a part of it.
func creditsBack(tx *db.Tx, j Joint) error {
	came, err := placeByID(tx, j.From)
	if err != nil {
		return err
	}
	p, err := placeByID(tx, j.Into)
	if err != nil {
		return err
	}
	own := map[string]bool{}
	rows, err := tx.Query(`SELECT author FROM place_revisions WHERE place = $1 UNION SELECT revised_by FROM places WHERE id = $1`, j.Into)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var author string
		err := r.Scan(&author)
		own[author] = true
		return err
	})
	if err != nil {
		return err
	}
	others, err := madeOthers(tx, j)
	if err != nil {
		return err
	}
	makers := came.makers()
	gone := func(c Credit) bool {
		return slices.Contains(makers, c) && !own[creditJSON(c)] && !slices.Contains(others, c)
	}
	for _, c := range p.EditedBy {
		if gone(c) && c.URL != "" {
			if _, err := tx.Exec(`DELETE FROM place_credits WHERE place = $1 AND part = 'edited' AND who = $2`, j.Into, c.URL); err != nil {
				return err
			}
		}
	}
	_, err = tx.Exec(`UPDATE places SET edited_by = $2, updated_at = $3 WHERE id = $1`, j.Into, creditsJSON(slices.DeleteFunc(p.EditedBy, gone)), tx.DB().Millis())
	return err
}

// madeOthers are those who made the other entries that are parts of a place.
func madeOthers(tx *db.Tx, j Joint) (list []Credit, err error) {
	var ids []int64
	rows, err := tx.Query(`SELECT place FROM place_joints WHERE into_place = $1 AND id <> $2`, j.Into, j.ID)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	for _, id := range ids {
		if err != nil {
			break
		}
		var p *Place
		if p, err = placeByID(tx, id); err == nil {
			list = append(list, p.makers()...)
		}
	}
	return list, err
}

// DestinationOf is the path of the guide that a place stands in.
func DestinationOf(tx *db.Tx, id int64) (path string, err error) {
	err = tx.QueryRow(`SELECT destination FROM places WHERE id = $1`, id).Scan(&path)
	if errs.Is(err, errs.NotFound) {
		err = notThere()
	}
	return path, err
}
