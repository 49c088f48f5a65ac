package mark

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
)

// Outcome is what came of a visit.
type Outcome string

// The outcomes.
const (
	Found    Outcome = "found"
	NotFound Outcome = "not_found"
	Closed   Outcome = "closed"
	NoAccess Outcome = "no_access"
)

// Outcomes lists them in the order in which forms show them.
var Outcomes = []Outcome{Found, NotFound, Closed, NoAccess}

// Privacy says who may see something of a member.
type Privacy string

// The privacies, from nobody else to everybody.
const (
	Me        Privacy = "me"
	Followers Privacy = "followers"
	Public    Privacy = "public"
)

// Privacies lists them in the order in which forms show them.
var Privacies = []Privacy{Me, Followers, Public}

// Valid reports whether p is one of them.
func (p Privacy) Valid() bool { return p == Me || p == Followers || p == Public }

// Visit is a dated been.
type Visit struct {
	ID      int64
	Member  int64
	Place   int64
	Day     string // 2026, 2026-11 or 2026-11-03
	Outcome Outcome
	Note    string // plain text, or Markdown of links and emphasis
	Privacy Privacy
	// Still is how the place was found beside its entry, and Told what its member
	// tells editors of that: no part of the visit that others see.
	Still   Still
	Told    string
	Written time.Time
}

// maxNote is the length of a visit's note, and maxTold of what editors are told
// with it, in characters.
const (
	maxNote = 4000
	maxTold = 1000
)

// check gives every fault of a visit at once, each beside its field.
func (v *Visit) check(today time.Time) error {
	v.Day, v.Note, v.Told = strings.TrimSpace(v.Day), strings.TrimSpace(v.Note), strings.TrimSpace(text.Clean(v.Told))
	e := &errs.Error{Code: errs.Invalid, Message: "The visit cannot be kept as it is."}
	add := func(field, message string) { e.Fields = append(e.Fields, errs.Field{Field: field, Message: message}) }
	// Somewhere on earth it is tomorrow already.
	if day, ok := parseDay(v.Day); !ok {
		add("day", "Write the date as 2026-11-03, 2026-11 or 2026.")
	} else if day.After(today.Add(14 * time.Hour)) {
		add("day", "That day is still to come.")
	}
	switch v.Outcome {
	case Found, NotFound, Closed, NoAccess:
	default:
		add("outcome", "Say what came of it.")
	}
	if !v.Privacy.Valid() {
		add("privacy", "Say who may see it.")
	}
	if utf8.RuneCountInString(v.Note) > maxNote {
		add("note", "At most 4,000 characters.")
	}
	switch {
	case !slices.Contains(Stills, v.Still):
		add("still", "Say how you found it, or nothing.")
	case v.Still == Same && v.Outcome == NotFound:
		add("still", "What could not be found cannot be as it is described.")
	case v.Told != "" && !v.Still.tells():
		add("still", "Say whether it has changed, or is closed or gone: editors read your words with that.")
	}
	if utf8.RuneCountInString(v.Told) > maxTold {
		add("told", "At most 1,000 characters.")
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

func parseDay(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil && len(s) == len(layout) && t.Year() >= 1900 {
			return t, true
		}
	}
	return time.Time{}, false
}

// Write keeps a visit of the actor's, a new one where ID is 0. A visit at which
// the place was found sets the mark been as well.
func (m *Marks) Write(ctx context.Context, a actor.Actor, v Visit) (Visit, error) {
	if err := a.Needs(actor.Member); err != nil {
		return v, err
	}
	if err := v.check(m.db.Now()); err != nil {
		return v, err
	}
	v.Member, v.Written = a.ID, m.db.Now()
	isNew := v.ID == 0 // still so when the transaction runs again
	err := m.db.Write(ctx, func(tx *db.Tx) error {
		if v.Privacy != Me { // nobody reviews what others see of it
			if err := setting.Refuse(tx, a, setting.OfVisit, setting.Said{Field: "note", Text: v.Note}); err != nil {
				return err
			}
		}
		if isNew {
			v.ID = tx.DB().NewID()
			if err := m.add(tx, v); err != nil {
				return err
			}
			return m.said(tx, a, v, Visit{})
		}
		was, err := ownVisit(tx, a, v.ID)
		if err != nil {
			return err
		}
		v.Place = was.Place
		_, err = tx.Exec(`UPDATE visits SET day = $3, outcome = $4, privacy = $5, note = $6, updated_at = $7, still = $8,
			said_at = CASE WHEN still <> $8 OR day <> $3 THEN $7 ELSE said_at END WHERE id = $1 AND member = $2`,
			v.ID, a.ID, v.Day, string(v.Outcome), string(v.Privacy), v.Note, db.Millis(v.Written), string(v.Still))
		if err != nil {
			return err
		}
		if err := mayShow(tx, v); err != nil {
			return err
		}
		return m.said(tx, a, v, was)
	})
	return v, err
}

// ownVisit reads a visit of the actor's, taking its row, so that of two changes
// of it the second knows what the first said.
func ownVisit(tx *db.Tx, a actor.Actor, id int64) (v Visit, err error) {
	n, err := tx.Exec(`UPDATE visits SET updated_at = updated_at WHERE id = $1 AND member = $2`, id, a.ID)
	if err != nil {
		return v, err
	}
	if n == 0 {
		return v, noVisit()
	}
	if err := tx.QueryRow(`SELECT place, day, still FROM visits WHERE id = $1`, id).Scan(&v.Place, &v.Day, (*string)(&v.Still)); err != nil {
		return v, err
	}
	v.ID, v.Member = id, a.ID
	if !v.Still.tells() {
		return v, nil
	}
	err = tx.QueryRow(`SELECT words FROM field_notes WHERE visit = $1 ORDER BY id DESC LIMIT 1`, id).Scan(&v.Told)
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return v, err
}

func (m *Marks) add(tx *db.Tx, v Visit) error {
	been := key{v.Place, v.Member, Been}
	found, err := standings(tx, []key{been})
	if err != nil {
		return err
	}
	if err := found[been].refuses(true); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO visits (id, member, place, day, outcome, privacy, note, created_at, updated_at, still, said_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $8)`, v.ID, v.Member, v.Place, v.Day, string(v.Outcome), string(v.Privacy), v.Note, db.Millis(v.Written), string(v.Still))
	if err != nil || v.Outcome != Found {
		return err
	}
	tx.AtEnd(func() error {
		_, err := alter(tx, map[key]bool{been: true}, found, db.Millis(v.Written))
		return err
	})
	return nil
}

// Held refuses a visit that is not the actor's, and takes its row for the
// transaction of whoever adds to it.
func Held(tx *db.Tx, a actor.Actor, id int64) error {
	_, err := ownVisit(tx, a, id)
	return err
}

// Forget deletes a visit of the actor's with its photos, and what it said of the
// place. The mark been stays as it is.
func (m *Marks) Forget(ctx context.Context, a actor.Actor, id int64) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		was, err := ownVisit(tx, a, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM visits WHERE id = $1 AND member = $2`, id, a.ID); err != nil {
			return err
		}
		if err := photo.DropAt(tx, id); err != nil {
			return err
		}
		now := was
		now.Still, now.Told = Unsaid, ""
		return m.said(tx, a, now, was)
	})
}

func noVisit() error { return errs.New(errs.NotFound, "There is no such visit of yours.") }

const visitColumns = `id, member, place, day, outcome, privacy, note, updated_at, still`

func scanVisit(r *sql.Rows) (v Visit, err error) {
	var at int64
	err = r.Scan(&v.ID, &v.Member, &v.Place, &v.Day, (*string)(&v.Outcome), (*string)(&v.Privacy), &v.Note, &at, (*string)(&v.Still))
	v.Written = db.Time(at)
	return v, err
}

// maxVisits is how many visits of one place, or of one member, are listed.
const maxVisits = 500

// VisitsAt lists the actor's own visits of a place, the newest first.
func (m *Marks) VisitsAt(ctx context.Context, a actor.Actor, placeID int64) (list []Visit, err error) {
	return m.visits(ctx, `SELECT `+visitColumns+` FROM visits WHERE member = $1 AND place = $2 ORDER BY day DESC, id DESC LIMIT $3`, a.ID, placeID, maxVisits)
}

// VisitsOf lists the visits of a member to public places that a reader with so much sight may
// see: those for the member alone need Me.
func (m *Marks) VisitsOf(ctx context.Context, member int64, sight Privacy) (list []Visit, err error) {
	least := map[Privacy]string{Public: "'public'", Followers: "'public', 'followers'", Me: "'public', 'followers', 'me'"}[sight]
	if least == "" {
		return nil, nil
	}
	return m.visits(ctx, `SELECT `+visitColumns+` FROM visits WHERE member = $1 AND privacy IN (`+least+`)
		AND EXISTS (SELECT 1 FROM places p WHERE p.id = visits.place AND p.state = 'published') ORDER BY day DESC, id DESC LIMIT $2`, member, maxVisits)
}

func (m *Marks) visits(ctx context.Context, text string, args ...any) (list []Visit, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(text, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			v, err := scanVisit(r)
			list = append(list, v)
			return err
		})
	})
	return list, err
}
