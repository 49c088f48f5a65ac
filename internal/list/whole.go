package list

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// Written is an entry as a program writes it.
type Written struct {
	Place int64
	Note  string
}

// Change is what of a list is written anew; what is nil stays as it is.
type Change struct {
	Title, Intro *string
	Privacy      *Privacy
	// Entries are what is to stand on the list, in this order. What waits and
	// is not among them goes on waiting; what is not public at the moment stays
	// at the end, since nobody could have named it.
	Entries *[]Written
}

// Shown is a list for who may read it: everybody where it is public, else those
// who work on it, who also get what waits. It is found by its id, or where that
// is 0 by its slug.
func (s *Lists) Shown(ctx context.Context, a actor.Actor, id int64, slug string) (l *List, entries []Entry, role Role, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if id != 0 {
			l, err = one(tx, `id = $1`, id)
		} else {
			l, err = one(tx, `slug = $1`, slug)
		}
		if err != nil {
			return err
		}
		if role, err = roleOf(tx, l, a); err != nil {
			return err
		}
		if role == Stranger && l.Privacy != Public {
			return notThere()
		}
		entries, err = entriesOf(tx, l.ID, role != Stranger)
		return err
	})
	return l, entries, role, err
}

// Patch changes a list for whom it was at its version, or whatever it is at
// where version is 0. Where it has changed meanwhile the error is a Conflict.
func (s *Lists) Patch(ctx context.Context, a actor.Actor, slug string, version int64, c Change) error {
	return s.changed(ctx, a, slug, Editor, func(tx *db.Tx, l *List, role Role) error {
		if version != 0 && l.Version-1 != version { // this change counted already
			return errs.New(errs.Conflict, "The list has changed meanwhile. Read it again, and send what you want then.")
		}
		d := Details{Title: l.Title, Intro: l.Intro, Privacy: l.Privacy}
		if c.Title != nil {
			d.Title = *c.Title
		}
		if c.Intro != nil {
			d.Intro = plainLines(*c.Intro)
		}
		if c.Privacy != nil {
			d.Privacy = *c.Privacy
		}
		if c.Title != nil || c.Intro != nil || c.Privacy != nil {
			if err := d.check(); err != nil {
				return err
			}
			if err := refuse(tx, a, d); err != nil {
				return err
			}
			if err := rewrite(tx, l, role, d); err != nil {
				return err
			}
		}
		if c.Entries == nil {
			return nil
		}
		if err := refuse(tx, a, Details{}, *c.Entries...); err != nil {
			return err
		}
		return arrange(tx, l, a, *c.Entries)
	})
}

// arrange makes entries what stands on a list.
func arrange(tx *db.Tx, l *List, a actor.Actor, entries []Written) error {
	before, err := entriesOf(tx, l.ID, true)
	if err != nil {
		return err
	}
	there := make(map[int64]bool, len(before))
	for _, e := range before {
		there[e.Place] = true
	}
	named := make([]int64, len(entries))
	for i, e := range entries {
		named[i] = e.Place
	}
	public, err := publishedOf(tx, append(slices.Clone(named), placesOf(before)...))
	if err != nil {
		return err
	}
	if entries, err = checkEntries(entries, public); err != nil {
		return err
	}
	at := len(entries)
	for _, e := range before {
		switch {
		case slices.Contains(named, e.Place):
		case e.Waits || !public[e.Place]:
			at++
			if err := position(tx, l.ID, e.Place, at); err != nil {
				return err
			}
		default:
			if _, err := tx.Exec(`DELETE FROM list_entries WHERE list = $1 AND place = $2`, l.ID, e.Place); err != nil {
				return err
			}
		}
	}
	if at > MaxEntries {
		return tooManyEntries()
	}
	for i, e := range entries {
		if there[e.Place] {
			_, err = tx.Exec(`UPDATE list_entries SET position = $3, waits = $4, note = $5 WHERE list = $1 AND place = $2`, l.ID, e.Place, i+1, false, e.Note)
		} else {
			_, err = tx.Exec(`INSERT INTO list_entries (list, place, position, waits, added_by, added_at, note) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				l.ID, e.Place, i+1, false, a.ID, tx.DB().Millis(), e.Note)
		}
		if err != nil {
			return err
		}
	}
	return recount(tx, l.ID)
}

func position(tx *db.Tx, list, place int64, at int) error {
	_, err := tx.Exec(`UPDATE list_entries SET position = $3 WHERE list = $1 AND place = $2 AND position <> $3`, list, place, at)
	return err
}

func placesOf(entries []Entry) []int64 {
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.Place
	}
	return ids
}

// checkEntries gives every fault of entries at once, and their notes as they
// are kept.
func checkEntries(entries []Written, public map[int64]bool) ([]Written, error) {
	if len(entries) > MaxEntries {
		return nil, tooManyEntries()
	}
	e := &errs.Error{Code: errs.Invalid, Message: "The list cannot be kept as it is."}
	out, seen := slices.Clone(entries), map[int64]bool{}
	for i := range out {
		field := fmt.Sprintf("entries[%d]", i)
		note, err := checkNote(out[i].Note)
		switch {
		case err != nil:
			e.Fields = append(e.Fields, errs.Field{Field: field + ".note", Message: "At most 1,000 characters."})
		case !public[out[i].Place]:
			e.Fields = append(e.Fields, errs.Field{Field: field + ".place", Message: "There is no such place."})
		case seen[out[i].Place]:
			e.Fields = append(e.Fields, errs.Field{Field: field + ".place", Message: "It stands on the list already."})
		}
		seen[out[i].Place], out[i].Note = true, note
	}
	if len(e.Fields) > 0 {
		return nil, e
	}
	return out, nil
}

func tooManyEntries() error {
	return errs.New(errs.TooMany, "A list holds at most %d places.", MaxEntries)
}

// publishedOf tells which of some places are public.
func publishedOf(tx *db.Tx, ids []int64) (map[int64]bool, error) {
	out := make(map[int64]bool, len(ids))
	for part := range slices.Chunk(ids, 200) {
		args := db.Padded(part)
		rows, err := tx.Query(`SELECT id FROM places WHERE id IN (`+db.In(len(args), 1)+`) AND state = 'published'`, args...)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			out[id] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// After is where a page of public lists ends: the next one begins behind it.
// The zero After is before the first.
type After struct{ Updated, ID int64 }

// Page lists public lists, those changed last first, behind the end of an
// earlier page.
func (s *Lists) Page(ctx context.Context, after After, limit int) ([]*List, error) {
	if after == (After{}) {
		return s.Newest(ctx, limit)
	}
	return s.many(ctx, `SELECT `+columns+` FROM lists WHERE privacy = 'public' AND (updated_at < $1 OR updated_at = $1 AND id < $2)
		ORDER BY updated_at DESC, id DESC LIMIT $3`, after.Updated, after.ID, limit)
}

// Cover makes the picture of one of its places that of the list, or with 0 that
// of the first that has one.
func (s *Lists) Cover(ctx context.Context, a actor.Actor, slug string, place int64) error {
	return s.changed(ctx, a, slug, Editor, func(tx *db.Tx, l *List, _ Role) error {
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM list_entries WHERE list = $1 AND place = $2 AND NOT waits`, l.ID, place).Scan(&n); err != nil {
			return err
		}
		if n == 0 && place != 0 {
			return errs.New(errs.Conflict, "The place was taken off the list meanwhile.")
		}
		_, err := tx.Exec(`UPDATE lists SET cover = $2 WHERE id = $1`, l.ID, place)
		return err
	})
}

// Copy makes a private list of the actor's with what stands on another that the
// actor may read: by its slug, or by the word of its link. Notes go with it;
// they are their writers', so the introduction says whose list it was.
func (s *Lists) Copy(ctx context.Context, a actor.Actor, slug, secret string) (*List, error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	var made *List
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		l, err := readable(tx, a, slug, secret)
		if err != nil {
			return err
		}
		entries, err := entriesOf(tx, l.ID, false)
		if err != nil {
			return err
		}
		public, err := publishedOf(tx, placesOf(entries))
		if err != nil {
			return err
		}
		intro := l.Intro
		if l.Owner != a.ID && l.Privacy == Public {
			intro = text.Excerpt(intro, maxIntro-200)
			intro += "\n\nCopied from “" + l.Title + "”, a list by " + l.By + "."
		}
		if made, err = makeList(tx, a, Details{Title: l.Title, Intro: plainLines(intro), Privacy: Private}); err != nil {
			return err
		}
		var written []Written
		for _, e := range entries {
			if public[e.Place] {
				written = append(written, Written{e.Place, e.Note})
			}
		}
		made.Entries = len(written)
		return arrange(tx, made, a, written)
	})
	return made, err
}

// readable is a list that the actor may read.
func readable(tx *db.Tx, a actor.Actor, slug, secret string) (*List, error) {
	if secret != "" {
		l, err := one(tx, `secret = $1 AND secret <> ''`, secret)
		if err == nil && l.Privacy == Private {
			err = notThere()
		}
		return l, err
	}
	l, err := one(tx, `slug = $1`, slug)
	if err != nil || l.Privacy == Public {
		return l, err
	}
	role, err := roleOf(tx, l, a)
	if err == nil && role == Stranger {
		err = notThere()
	}
	return l, err
}
