package list

import (
	"context"
	"crypto/rand"
	"regexp"
	"slices"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// Make begins a list of the actor's, with what stands on it already.
func (s *Lists) Make(ctx context.Context, a actor.Actor, d Details, entries ...Written) (l *List, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	d.Intro = plainLines(d.Intro)
	if err := d.check(); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := refuse(tx, a, d, entries...); err != nil {
			return err
		}
		if l, err = makeList(tx, a, d); err != nil {
			return err
		}
		if tx.Made(l.ID); len(entries) == 0 {
			return nil
		}
		l.Entries = len(entries)
		return arrange(tx, l, a, entries)
	})
	return l, err
}

func makeList(tx *db.Tx, a actor.Actor, d Details) (*List, error) {
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM lists WHERE owner = $1`, a.ID).Scan(&n); err != nil {
		return nil, err
	}
	if n >= maxLists {
		return nil, errs.New(errs.TooMany, "A member has at most %d lists.", maxLists)
	}
	l := &List{Owner: a.ID, By: a.Shown, ByName: a.Name, Title: d.Title, Intro: d.Intro, Privacy: d.Privacy, Edition: 1, Version: 1}
	l.ID, l.Created = tx.DB().NewID(), tx.DB().Now()
	l.Updated = l.Created
	var err error
	if l.Slug, err = freeSlug(tx, d.Title); err != nil {
		return nil, err
	}
	if l.Privacy == Link {
		l.Secret = newSecret()
	}
	_, err = tx.Exec(`INSERT INTO lists (`+written+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		l.ID, l.Slug, l.Owner, string(l.Privacy), l.Secret, l.Title, 0, l.Edition, db.Millis(l.Created), db.Millis(l.Updated), l.Intro, l.Version, l.Cover)
	if err == nil && l.Privacy == Public {
		changes.Append(tx, LogKind, l.ID, changes.Put)
	}
	return l, err
}

// fixedSlugs are pages of their own beside those of lists.
var fixedSlugs = []string{"new", "mine"}

// likeID is what ids of lists look like; no slug does.
var likeID = regexp.MustCompile(`^l[0-9]+$`)

// freeSlug makes a slug of the title that no list has. A title without letters
// that a slug can have gets a word of chance.
func freeSlug(tx *db.Tx, title string) (string, error) {
	base := text.Slug(title)
	if base == "" || slices.Contains(fixedSlugs, base) || likeID.MatchString(base) {
		base = strings.TrimPrefix(base+"-list-"+newSecret()[:6], "-")
	}
	for try := range 5 {
		slug := base
		if try > 0 {
			slug += "-" + newSecret()[:6]
		}
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM lists WHERE slug = $1`, slug).Scan(&n); err != nil || n == 0 {
			return slug, err
		}
	}
	return "", errs.New(errs.Conflict, "There are many lists of that title. Choose another.")
}

// newSecret is the word of a link: 130 bits of chance, in letters that a slug
// can have.
func newSecret() string { return strings.ToLower(rand.Text()) }

// changed runs a change of a list by somebody who may do so much: it takes the
// list's row first, so that changes come one after the other.
func (s *Lists) changed(ctx context.Context, a actor.Actor, slug string, needs Role, fn func(tx *db.Tx, l *List, role Role) error) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now := tx.DB().Millis()
		if _, err := tx.Exec(`UPDATE lists SET updated_at = $2, version = version + 1 WHERE slug = $1`, slug, now); err != nil {
			return err
		}
		l, err := one(tx, `slug = $1`, slug)
		if err != nil {
			return err
		}
		before := l.Privacy
		role, err := roleOf(tx, l, a)
		switch {
		case err != nil:
			return err
		case role == Stranger:
			return notThere()
		case !role.AtLeast(needs):
			return errs.New(errs.Denied, "Only %ss of the list may do that.", needs)
		}
		if err := fn(tx, l, role); err != nil {
			return err
		}
		var after Privacy
		if err := tx.QueryRow(`SELECT privacy FROM lists WHERE id = $1`, l.ID).Scan((*string)(&after)); err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		switch {
		case after == Public:
			changes.Append(tx, LogKind, l.ID, changes.Put)
		case before == Public:
			changes.Append(tx, LogKind, l.ID, changes.Drop)
		}
		return nil
	})
}

// Add puts a place at the end of a list; one that is there stays where it is.
// What a suggester adds waits.
func (s *Lists) Add(ctx context.Context, a actor.Actor, slug string, place int64, note string) error {
	note, err := checkNote(note)
	if err != nil {
		return err
	}
	return s.changed(ctx, a, slug, Suggester, func(tx *db.Tx, l *List, role Role) error {
		if err := refuseNote(tx, a, note); err != nil {
			return err
		}
		var n, last, there int64
		err := tx.QueryRow(`SELECT count(*), coalesce(max(position), 0), coalesce(sum(CASE WHEN place = $2 THEN 1 ELSE 0 END), 0) FROM list_entries WHERE list = $1`, l.ID, place).Scan(&n, &last, &there)
		if err != nil || there > 0 {
			return err
		}
		if n >= MaxEntries {
			return tooManyEntries()
		}
		var state string
		if err := tx.QueryRow(`SELECT state FROM places WHERE id = $1`, place).Scan(&state); err != nil || state != "published" {
			return errs.New(errs.NotFound, "There is no such place.")
		}
		waits := !role.AtLeast(Editor)
		_, err = tx.Exec(`INSERT INTO list_entries (list, place, position, waits, added_by, added_at, note) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			l.ID, place, last+1, waits, a.ID, tx.DB().Millis(), note)
		if err != nil {
			return err
		}
		if waits && s.Proposed != nil {
			if err := s.Proposed(tx, a.ID, l); err != nil {
				return err
			}
		}
		return recount(tx, l.ID)
	})
}

// Take takes a place that waits onto the list.
func (s *Lists) Take(ctx context.Context, a actor.Actor, slug string, place int64) error {
	return s.changed(ctx, a, slug, Editor, func(tx *db.Tx, l *List, _ Role) error {
		if _, err := tx.Exec(`UPDATE list_entries SET waits = $3 WHERE list = $1 AND place = $2`, l.ID, place, false); err != nil {
			return err
		}
		return recount(tx, l.ID)
	})
}

// Remove takes a place off a list. A suggester may take back what still waits.
func (s *Lists) Remove(ctx context.Context, a actor.Actor, slug string, place int64) error {
	return s.changed(ctx, a, slug, Suggester, func(tx *db.Tx, l *List, role Role) error {
		text, args := `DELETE FROM list_entries WHERE list = $1 AND place = $2`, []any{l.ID, place}
		if !role.AtLeast(Editor) {
			text, args = text+` AND waits AND added_by = $3`, append(args, a.ID)
		}
		n, err := tx.Exec(text, args...)
		if err != nil {
			return err
		}
		if n == 0 && !role.AtLeast(Editor) {
			return errs.New(errs.Denied, "Only editors of the list may do that.")
		}
		return recount(tx, l.ID)
	})
}

func recount(tx *db.Tx, id int64) error {
	_, err := tx.Exec(`UPDATE lists SET entries = (SELECT count(*) FROM list_entries WHERE list = $1 AND NOT waits) WHERE id = $1`, id)
	return err
}

// Move puts a place before another one of the list, or at its end where before
// is 0. Everything else keeps its order, also what somebody else has moved or
// added meanwhile.
func (s *Lists) Move(ctx context.Context, a actor.Actor, slug string, place, before int64) error {
	return s.rearranged(ctx, a, slug, func(order []int64) []int64 {
		i := slices.Index(order, place)
		if i < 0 || place == before {
			return order
		}
		order = slices.Delete(order, i, i+1)
		at := slices.Index(order, before)
		if at < 0 {
			at = len(order)
		}
		return slices.Insert(order, at, place)
	})
}

// Shift moves a place by so many steps, up where by is below 0.
func (s *Lists) Shift(ctx context.Context, a actor.Actor, slug string, place int64, by int) error {
	return s.rearranged(ctx, a, slug, func(order []int64) []int64 {
		i := slices.Index(order, place)
		if i < 0 {
			return order
		}
		order = slices.Delete(order, i, i+1)
		return slices.Insert(order, min(max(i+by, 0), len(order)), place)
	})
}

func (s *Lists) rearranged(ctx context.Context, a actor.Actor, slug string, fn func([]int64) []int64) error {
	return s.changed(ctx, a, slug, Editor, func(tx *db.Tx, l *List, _ Role) error {
		entries, err := entriesOf(tx, l.ID, true)
		if err != nil {
			return err
		}
		order := placesOf(entries)
		for i, place := range fn(slices.Clone(order)) {
			if err := position(tx, l.ID, place, i+1); err != nil {
				return err
			}
		}
		return nil
	})
}

// Note writes the note of an entry for whom its note was was. Where somebody
// has written another one meanwhile, the error is a Conflict and holds it.
func (s *Lists) Note(ctx context.Context, a actor.Actor, slug string, place int64, was, note string) error {
	note, err := checkNote(note)
	if err != nil {
		return err
	}
	return s.changed(ctx, a, slug, Editor, func(tx *db.Tx, l *List, _ Role) error {
		if err := refuseNote(tx, a, note); err != nil {
			return err
		}
		var now string
		if err := tx.QueryRow(`SELECT note FROM list_entries WHERE list = $1 AND place = $2`, l.ID, place).Scan(&now); err != nil {
			if errs.Is(err, errs.NotFound) {
				return errs.New(errs.Conflict, "The place was taken off the list meanwhile.")
			}
			return err
		}
		if now != plainLines(was) && now != note {
			return errs.New(errs.Conflict, "Somebody else has written this note meanwhile: “%s”.", now)
		}
		_, err := tx.Exec(`UPDATE list_entries SET note = $3 WHERE list = $1 AND place = $2`, l.ID, place, note)
		return err
	})
}

// plainLines are the line ends that browsers turn into those of Windows.
func plainLines(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func checkNote(note string) (string, error) {
	note = plainLines(note)
	if len([]rune(note)) > maxNote {
		return "", &errs.Error{Code: errs.Invalid, Message: "The note is too long.", Fields: []errs.Field{{Field: "note", Message: "At most 1,000 characters."}}}
	}
	return note, nil
}
