package list

import (
	"context"
	"database/sql"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
)

const written = `id, slug, owner, privacy, secret, title, entries, edition, created_at, updated_at, intro, version, cover`

const columns = written + `, (SELECT shown FROM members WHERE members.id = lists.owner), (SELECT name FROM members WHERE members.id = lists.owner)`

type scanner interface{ Scan(...any) error }

func scan(r scanner) (*List, error) {
	l := new(List)
	var created, updated int64
	err := r.Scan(&l.ID, &l.Slug, &l.Owner, (*string)(&l.Privacy), &l.Secret, &l.Title, &l.Entries, &l.Edition, &created, &updated, &l.Intro, &l.Version, &l.Cover, &l.By, &l.ByName)
	l.Created, l.Updated = db.Time(created), db.Time(updated)
	return l, err
}

func one(tx *db.Tx, where string, arg any) (*List, error) {
	l, err := scan(tx.QueryRow(`SELECT `+columns+` FROM lists WHERE `+where, arg))
	if errs.Is(err, errs.NotFound) {
		return nil, notThere()
	}
	return l, err
}

// Public is a public list by its slug, with what stands on it.
func (s *Lists) Public(ctx context.Context, slug string) (l *List, entries []Entry, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if l, err = one(tx, `slug = $1`, slug); err != nil {
			return err
		}
		if l.Privacy != Public {
			return gone(tx, l.ID)
		}
		entries, err = entriesOf(tx, l.ID, false)
		return err
	})
	return l, entries, err
}

// PublicByID is Public by the list's id.
func (s *Lists) PublicByID(ctx context.Context, id int64) (l *List, entries []Entry, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if l, err = one(tx, `id = $1`, id); err != nil {
			return err
		}
		if l.Privacy != Public {
			return gone(tx, l.ID)
		}
		entries, err = entriesOf(tx, l.ID, false)
		return err
	})
	return l, entries, err
}

// Linked is the list of a secret link.
func (s *Lists) Linked(ctx context.Context, secret string) (l *List, entries []Entry, err error) {
	if secret == "" {
		return nil, nil, notThere()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if l, err = one(tx, `secret = $1 AND secret <> ''`, secret); err != nil {
			return err
		}
		if l.Privacy == Private {
			return gone(tx, l.ID)
		}
		entries, err = entriesOf(tx, l.ID, false)
		return err
	})
	return l, entries, err
}

// Mine is a list that the actor works on, by its slug, with all that stands on
// it and what waits, who works on it, and what the actor may do. To everybody
// else it is not there, whoever may see it.
func (s *Lists) Mine(ctx context.Context, a actor.Actor, slug string) (l *List, entries []Entry, workers []Worker, role Role, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if l, err = one(tx, `slug = $1`, slug); err != nil {
			return err
		}
		if role, err = roleOf(tx, l, a); err != nil {
			return err
		}
		if role == Stranger {
			return notThere()
		}
		if entries, err = entriesOf(tx, l.ID, true); err != nil {
			return err
		}
		workers = nil
		rows, err := tx.Query(`SELECT w.member, m.name, m.shown, w.role FROM list_members w JOIN members m ON m.id = w.member WHERE w.list = $1 ORDER BY w.member`, l.ID)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var w Worker
			err := r.Scan(&w.Member, &w.Name, &w.Shown, (*string)(&w.Role))
			workers = append(workers, w)
			return err
		})
	})
	return l, entries, workers, role, err
}

// roleOf is what the actor may do with a list.
func roleOf(tx *db.Tx, l *List, a actor.Actor) (role Role, err error) {
	if !a.SignedIn() {
		return Stranger, nil
	}
	if l.Owner == a.ID {
		return Owner, nil
	}
	err = tx.QueryRow(`SELECT role FROM list_members WHERE list = $1 AND member = $2`, l.ID, a.ID).Scan((*string)(&role))
	if errs.Is(err, errs.NotFound) {
		return Stranger, nil
	}
	return role, err
}

func entriesOf(tx *db.Tx, id int64, waiting bool) (list []Entry, err error) {
	rows, err := tx.Query(`SELECT place, note, waits, coalesce(added_by, 0), added_at FROM list_entries WHERE list = $1 ORDER BY position, place`, id)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var e Entry
		var at int64
		err := r.Scan(&e.Place, &e.Note, &e.Waits, &e.AddedBy, &at)
		e.Added = db.Time(at)
		if !e.Waits || waiting {
			list = append(list, e)
		}
		return err
	})
	return list, err
}

// Newest lists public lists, those changed last first.
func (s *Lists) Newest(ctx context.Context, limit int) ([]*List, error) {
	return s.many(ctx, `SELECT `+columns+` FROM lists WHERE privacy = 'public' ORDER BY updated_at DESC, id DESC LIMIT $1`, limit)
}

// PublicOf lists the public lists that a member owns.
func (s *Lists) PublicOf(ctx context.Context, member int64) ([]*List, error) {
	return s.many(ctx, `SELECT `+columns+` FROM lists WHERE owner = $1 AND privacy = 'public' ORDER BY updated_at DESC, id DESC LIMIT $2`, member, maxLists)
}

// Of lists those that the actor owns or works on, those changed last first.
func (s *Lists) Of(ctx context.Context, a actor.Actor) ([]*List, error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	return s.many(ctx, `SELECT `+columns+` FROM lists WHERE owner = $1 OR id IN (SELECT list FROM list_members WHERE member = $1)
		ORDER BY updated_at DESC, id DESC LIMIT $2`, a.ID, 2*maxLists)
}

// WorkedOn lists those that a member owns or works on, for who is not there to ask.
func (s *Lists) WorkedOn(ctx context.Context, member int64) ([]*List, error) {
	return s.many(ctx, `SELECT `+columns+` FROM lists WHERE owner = $1 OR id IN (SELECT list FROM list_members WHERE member = $1)`, member)
}

func (s *Lists) many(ctx context.Context, text string, args ...any) (list []*List, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(text, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			l, err := scan(r)
			list = append(list, l)
			return err
		})
	})
	return list, err
}

// Standing is what a list has of a place, and what the actor may do there.
type Standing struct {
	Role  Role
	On    bool // it stands there, or waits
	Waits bool
	Own   bool // the actor has put it there
}

// Holding tells of each of the actor's lists how a place stands on it.
func (s *Lists) Holding(ctx context.Context, a actor.Actor, place int64) (on map[int64]Standing, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		on = map[int64]Standing{}
		rows, err := tx.Query(`SELECT l.id, CASE WHEN l.owner = $2 THEN 'owner' ELSE m.role END, e.place IS NOT NULL, coalesce(e.waits, FALSE), coalesce(e.added_by, 0)
			FROM lists l LEFT JOIN list_members m ON m.list = l.id AND m.member = $2 LEFT JOIN list_entries e ON e.list = l.id AND e.place = $1
			WHERE l.owner = $2 OR l.id IN (SELECT list FROM list_members WHERE member = $2)`, place, a.ID)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id, by int64
			var x Standing
			err := r.Scan(&id, (*string)(&x.Role), &x.On, &x.Waits, &by)
			x.Own = by == a.ID
			on[id] = x
			return err
		})
	})
	return on, err
}

// On is on how many public lists a place stands.
func (s *Lists) On(ctx context.Context, place int64) (int, error) {
	return s.on.Of(place, func() (n int, err error) {
		err = s.db.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM list_entries e JOIN lists l ON l.id = e.list WHERE e.place = $1 AND l.privacy = 'public' AND NOT e.waits`, place).Scan(&n)
		})
		return n, err
	})
}

// Docs gives the documents of those of the lists that are public; the others
// are to be dropped from the finder.
func (s *Lists) Docs(ctx context.Context, ids []int64) (docs []finder.Doc, drop []finder.Ref, err error) {
	for _, id := range ids {
		err := s.db.Read(ctx, func(tx *db.Tx) error {
			l, err := one(tx, `id = $1`, id)
			switch {
			case errs.Is(err, errs.NotFound) || err == nil && l.Privacy != Public:
				drop = append(drop, finder.Ref{Kind: finder.List, ID: id})
				return nil
			case err != nil:
				return err
			}
			docs = append(docs, l.Doc())
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return docs, drop, nil
}

// EachDoc gives the document of every public list.
func (s *Lists) EachDoc(ctx context.Context, fn func(finder.Doc) error) error {
	return s.db.Snapshot(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT ` + columns + ` FROM lists WHERE privacy = 'public' ORDER BY updated_at, id`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			l, err := scan(r)
			if err != nil {
				return err
			}
			return fn(l.Doc())
		})
	})
}
