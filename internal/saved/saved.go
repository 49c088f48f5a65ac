// Package saved brings the places that members saved elsewhere: a file of them,
// as Google Takeout, maps on phones and other programs write it, is read entry by
// entry, each entry is held against the places of the atlas by its name and
// where it lies, and what the member says is the same becomes a mark. Nothing is
// marked that was not confirmed.
package saved

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
)

// Entry is one entry of a file, and what it may be.
type Entry struct {
	Title   string   `json:"title"`
	Address string   `json:"address,omitempty"`
	Lat     *float64 `json:"lat,omitempty"`
	Lon     *float64 `json:"lon,omitempty"`
	Found   []Found  `json:"found,omitempty"` // the likeliest first
}

// Found is a place of the atlas that an entry may be.
type Found struct {
	Place int64 `json:"place,string"`
	// Metres between the entry and the place, -1 where one of them tells none.
	Metres float64 `json:"metres"`
	// Likeness of their names, 0 to 1.
	Likeness float64 `json:"likeness"`
	// Sure says that it is hardly anything else.
	Sure bool `json:"sure,omitempty"`
}

// File is what a file of saved places holds.
type File struct {
	Entries []Entry `json:"entries"`
	// Bad says of entries that could not be used why, and More how many more
	// there were.
	Bad  []string `json:"bad,omitempty"`
	More int      `json:"more,omitempty"`
	// Cut says that the file goes on: only so many entries are read at once.
	Cut bool `json:"cut,omitempty"`
}

// Import is a file that a member brought.
type Import struct {
	ID      int64
	Name    string // of the file
	At      time.Time
	Applied time.Time // zero until the member has confirmed
	Kind    mark.Kind // what was marked
	Taken   int       // how many places
	File
}

// Places are all that entries of it may be, each once.
func (m *Import) Places() (ids []int64) {
	seen := map[int64]bool{}
	for _, e := range m.Entries {
		for _, f := range e.Found {
			if !seen[f.Place] {
				seen[f.Place] = true
				ids = append(ids, f.Place)
			}
		}
	}
	return ids
}

const (
	// kept is how many files of one member are kept, and keptFor how long.
	kept    = 5
	keptFor = 30 * 24 * time.Hour
)

// Saved is the use cases of bringing saved places. Safe for concurrent use.
type Saved struct {
	db     *db.DB
	places *place.Places
	finder *finder.Finder
	marks  *mark.Marks
}

// New makes the use cases.
func New(d *db.DB, places *place.Places, f *finder.Finder, marks *mark.Marks) *Saved {
	return &Saved{d, places, f, marks}
}

// Bring keeps what a file may be, for the actor to confirm.
func (s *Saved) Bring(ctx context.Context, a actor.Actor, name string, f File) (id int64, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return 0, err
	}
	if err := s.match(ctx, f.Entries); err != nil {
		return 0, err
	}
	text, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		id = tx.DB().NewID()
		now := tx.DB().Now()
		if _, err := tx.Exec(`DELETE FROM mark_imports WHERE at < $1`, db.Millis(now.Add(-keptFor))); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM mark_imports WHERE member = $1 AND id NOT IN (SELECT id FROM mark_imports WHERE member = $1 ORDER BY id DESC LIMIT $2)`, a.ID, kept-1)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO mark_imports (id, member, at, applied_at, kind, taken, file, entries) VALUES ($1, $2, $3, 0, '', 0, $4, $5)`, id, a.ID, db.Millis(now), name, string(text))
		return err
	})
	return id, err
}

const columns = `id, at, applied_at, kind, taken, file, entries`

func scan(r interface{ Scan(...any) error }) (*Import, error) {
	m := new(Import)
	var at, applied int64
	var text string
	if err := r.Scan(&m.ID, &at, &applied, (*string)(&m.Kind), &m.Taken, &m.Name, &text); err != nil {
		return nil, err
	}
	m.At = db.Time(at)
	if applied != 0 {
		m.Applied = db.Time(applied)
	}
	return m, json.Unmarshal([]byte(text), &m.File)
}

func one(tx *db.Tx, a actor.Actor, id int64) (*Import, error) {
	m, err := scan(tx.QueryRow(`SELECT `+columns+` FROM mark_imports WHERE id = $1 AND member = $2`, id, a.ID))
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "This file is not kept any more. Bring it again.")
	}
	return m, err
}

// Mine is one of the actor's files.
func (s *Saved) Mine(ctx context.Context, a actor.Actor, id int64) (m *Import, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err = one(tx, a, id)
		return err
	})
	return m, err
}

// All are the actor's files, the newest first.
func (s *Saved) All(ctx context.Context, a actor.Actor) (list []*Import, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT `+columns+` FROM mark_imports WHERE member = $1 ORDER BY id DESC LIMIT $2`, a.ID, kept)
		return db.Each(rows, err, func(r *sql.Rows) error {
			m, err := scan(r)
			list = append(list, m)
			return err
		})
	})
	return list, err
}

// Apply marks those of the chosen places that entries of the file may be. A file
// is applied once: what is sent again changes nothing.
func (s *Saved) Apply(ctx context.Context, a actor.Actor, id int64, k mark.Kind, chosen []int64) error {
	if !k.Valid() {
		return errs.InField("kind", "is none of been, want")
	}
	m, err := s.Mine(ctx, a, id)
	if err != nil || !m.Applied.IsZero() {
		return err
	}
	var list []mark.Change
	for _, p := range m.Places() {
		if slices.Contains(chosen, p) {
			list = append(list, mark.Change{Place: p, Kind: k, On: true})
		}
	}
	if len(list) == 0 {
		return errs.InField("take", "nothing is ticked; tick the places that are the same")
	}
	// Marks are set before it is written down that they are: what a crash leaves
	// between the two is set again, which changes nothing. Places that are gone
	// meanwhile are passed over.
	if err := s.marks.SetAll(ctx, a, list); err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE mark_imports SET applied_at = $3, kind = $4, taken = $5 WHERE id = $1 AND member = $2 AND applied_at = 0`,
			id, a.ID, tx.DB().Millis(), string(k), len(list))
		return err
	})
}

// Forget throws a file of the actor's away. What was marked stays marked.
func (s *Saved) Forget(ctx context.Context, a actor.Actor, id int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM mark_imports WHERE id = $1 AND member = $2`, id, a.ID)
		return err
	})
}
