package mark

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
)

// Still is how a visitor found a place beside its entry.
type Still string

// What visitors find. Same confirms the entry; the others are told to editors.
const (
	Unsaid  Still = ""
	Same    Still = "same"
	Changed Still = "changed"
	Shut    Still = "closed" // closed or gone
)

// Stills lists them in the order in which forms show them.
var Stills = []Still{Unsaid, Same, Changed, Shut}

// tells reports whether editors are to be told.
func (s Still) tells() bool { return s == Changed || s == Shut }

// NoteState is where a field note stands.
type NoteState string

// The states of field notes.
const (
	NoteWaiting   NoteState = "waiting"
	NoteTaken     NoteState = "taken"     // an editor made something of it
	NoteDismissed NoteState = "dismissed" // the entry stays as it is
	NoteWithdrawn NoteState = "withdrawn" // its member does not stand by it any more
)

// FieldNote is what a visitor found otherwise than the entry says.
type FieldNote struct {
	ID     int64
	Member int64
	Place  int64
	Visit  int64
	Says   Still
	Day    string
	Words  string
	State  NoteState
	Told   time.Time
}

// Queue is who decides about field notes: the desk, which app joins.
type Queue interface {
	// Told is asked in the transaction that writes a field note.
	Told(tx *db.Tx, a actor.Actor, n FieldNote) error
	// TakenBack says that its member does not stand by a field note any more.
	TakenBack(tx *db.Tx, n FieldNote) error
}

// Join names who decides about field notes. It is called before any is written.
func (m *Marks) Join(q Queue) { m.queue = q }

// Confirm counts anew who stands by a place's entry: of each member the newest
// word, so that who found it changed since confirms it no more. What was said
// before its status became another does not count.
func Confirm(tx *db.Tx, placeID int64) error {
	return place.Reconfirm(tx, placeID, func() (list []place.Seen, err error) {
		since, err := place.StatusSince(tx, placeID)
		if err != nil {
			return nil, err
		}
		in := map[string]int{}
		rows, err := tx.Query(`SELECT member, day, still FROM visits WHERE place = $1 AND still <> '' AND said_at >= $2 ORDER BY member, day DESC, id DESC`, placeID, since)
		last := int64(0)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var member int64
			var day string
			var still Still
			err := r.Scan(&member, &day, (*string)(&still))
			if member != last && still == Same {
				in[place.MonthOf(day)]++
			}
			last = member
			return err
		})
		for month, n := range in {
			list = append(list, place.Seen{Month: month, Visitors: n})
		}
		slices.SortFunc(list, func(a, b place.Seen) int { return cmp.Compare(b.Month, a.Month) })
		return list, err
	})
}

// said does what follows from how a visit says that the place was found: was is
// what it said before.
func (m *Marks) said(tx *db.Tx, a actor.Actor, v, was Visit) error {
	if v.Still != Unsaid || was.Still != Unsaid {
		if err := Confirm(tx, v.Place); err != nil {
			return err
		}
	}
	same := v.Still == was.Still && v.Told == was.Told && v.Day == was.Day
	if same || !v.Still.tells() && !was.Still.tells() {
		return nil
	}
	if err := m.takeBack(tx, `visit = $1`, v.ID); err != nil {
		return err
	}
	if !v.Still.tells() {
		return nil
	}
	// One at a time of a place: the newest word is what its member stands by.
	if err := m.takeBack(tx, `member = $1 AND place = $2`, v.Member, v.Place); err != nil {
		return err
	}
	n := FieldNote{ID: tx.DB().NewID(), Member: v.Member, Place: v.Place, Visit: v.ID, Says: v.Still, Day: v.Day, Words: v.Told, State: NoteWaiting, Told: tx.DB().Now()}
	_, err := tx.Exec(`INSERT INTO field_notes (id, member, place, visit, says, day, state, told_at, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		n.ID, n.Member, n.Place, n.Visit, string(n.Says), n.Day, string(n.State), db.Millis(n.Told), n.Words)
	if err != nil || m.queue == nil {
		return err
	}
	return m.queue.Told(tx, a, n)
}

// takeBack withdraws the field notes that wait, or may wait again.
func (m *Marks) takeBack(tx *db.Tx, which string, args ...any) error {
	var list []FieldNote
	rows, err := tx.Query(noteColumns+`WHERE `+which+` AND state IN ('waiting', 'dismissed') ORDER BY id`, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		n, err := scanNote(r)
		list = append(list, n)
		return err
	})
	if err != nil {
		return err
	}
	for _, n := range list {
		if err := MoveNote(tx, n.ID, n.State, NoteWithdrawn); err != nil {
			return err
		}
		if m.queue != nil {
			if err := m.queue.TakenBack(tx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

const noteColumns = `SELECT id, member, place, visit, says, day, state, told_at, words FROM field_notes `

func scanNote(r interface{ Scan(...any) error }) (n FieldNote, err error) {
	var at int64
	err = r.Scan(&n.ID, &n.Member, &n.Place, &n.Visit, (*string)(&n.Says), &n.Day, (*string)(&n.State), &at, &n.Words)
	n.Told = db.Time(at)
	return n, err
}

// NoteIn reads a field note in a transaction of whoever decides about it.
func NoteIn(tx *db.Tx, id int64) (FieldNote, error) {
	n, err := scanNote(tx.QueryRow(noteColumns+`WHERE id = $1`, id))
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "There is no such field note.")
	}
	return n, err
}

// Note reads a field note for who decides about it.
func (m *Marks) Note(ctx context.Context, id int64) (n FieldNote, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		n, err = NoteIn(tx, id)
		return err
	})
	return n, err
}

// MoveNote brings a field note from one state to another, once.
func MoveNote(tx *db.Tx, id int64, from, to NoteState) error {
	n, err := tx.Exec(`UPDATE field_notes SET state = $3 WHERE id = $1 AND state = $2`, id, string(from), string(to))
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "This field note stands otherwise by now.")
	}
	return err
}
