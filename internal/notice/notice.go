// Package notice is what members are told: notices on the site, letters of their
// own, and one weekly letter, each as its member chose for its kind. It knows no
// feature: who has news calls Tell in the transaction that made them, so there
// is no news without its notice and no notice of what never happened.
//
// A notice that can still be taken back has its letter wait as a job. The job
// reads the notice again: what was taken back, or unwished since, sends nothing;
// that a letter left is written in the transaction that enqueues it, so no try
// of the job sends it twice.
package notice

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/job"
	"mirabilia/internal/user"
)

// Kind is what a notice is about; how one is told is chosen kind by kind.
type Kind string

// The kinds.
const (
	Decision Kind = "decision" // what was decided about what the member sent
	Message  Kind = "message"  // what an editor wrote to the member
	Desk     Kind = "desk"     // for editors: authors' answers
	Followed Kind = "followed" // what is new in what the member follows
	Follower Kind = "follower" // somebody follows the member
	Lists    Kind = "lists"    // somebody lets the member work on a list, or proposes a place for theirs
)

// Kinds lists every kind in the order in which settings show them.
var Kinds = []Kind{Decision, Message, Desk, Followed, Follower, Lists}

// Choice is how a member wishes to be told. Mail of Followed means the weekly
// letter; of the others a letter each.
type Choice struct{ Site, Mail bool }

// defaults are the choices of who has made none: what one waits for is mailed,
// what is merely interesting is not.
var defaults = map[Kind]Choice{
	Decision: {true, true}, Message: {true, true}, Desk: {true, true}, Followed: {true, false}, Follower: {true, false}, Lists: {true, false},
}

// Valid reports whether k is a kind.
func (k Kind) Valid() bool { _, ok := defaults[k]; return ok }

// Notice is one piece of news for one member.
type Notice struct {
	ID     int64
	Member int64
	Kind   Kind
	// Action is what happened, in a word of who tells.
	Action string
	// About and Subject say what it happened to: "place" and its number,
	// "submission" and its.
	About   string
	Subject int64
	By      Person // whose doing it is; nobody where that is not told
	// Once names what happened: of one name a member is told once.
	Once   string
	Title  string
	Reason string // a coded one
	Words  string // what somebody wrote
	Path   string // where to read on
	At     time.Time
	Read   bool

	mailed bool
}

// Person is a member as notices name them; the zero Person is nobody.
type Person struct {
	ID         int64
	Name, Path string
}

// Post writes the letter of one notice in the transaction that marks it as
// mailed; stop is the path of the way to have no more of its kind.
type Post func(tx *db.Tx, to *user.Member, n Notice, stop string) error

// Digest writes the weekly letter.
type Digest func(tx *db.Tx, to *user.Member, list []Notice, stop string) error

// Joins is what other rooms do for notices; app joins them.
type Joins struct {
	Post   Post
	Digest Digest
	// Fresh leaves out of a list what is no longer to be seen and brings titles up
	// to date; nil leaves lists as they are.
	Fresh func(ctx context.Context, list []Notice) ([]Notice, error)
	// Silent gives those of members who are not to hear of another: who blocked
	// them. nil silences nobody.
	Silent func(tx *db.Tx, of int64, members []int64) (map[int64]bool, error)
	// Outside says of a notice that its letter also goes to who is banned and reads
	// nothing on the site; nil says it of none.
	Outside func(n Notice) bool
}

// Notices is the use cases of notices. Safe for concurrent use.
type Notices struct {
	db    *db.DB
	key   []byte
	joins Joins
	// unread is how much each member has not read, between two commits.
	unread *db.Memo[int64, int]
}

// mostUnread is how many members' numbers are kept.
const mostUnread = 4096

// New makes the use cases on a database; key signs the ways out of mails.
func New(d *db.DB, key []byte, j Joins) *Notices {
	return &Notices{d, key, j, db.NewMemo[int64, int](d, mostUnread)}
}

// letter is the job that mails a notice.
type letter struct {
	Notice int64 `json:"notice"`
}

// Kind implements job.Args.
func (letter) Kind() string { return "notice.letter" }

// Tell tells one member, as they chose for the kind; a letter leaves at
// mailAfter, or at once when that is zero.
func (x *Notices) Tell(tx *db.Tx, n Notice, mailAfter time.Time) error {
	told, err := x.tell(tx, n, []int64{n.Member})
	if err != nil || len(told) == 0 || n.Kind == Followed || !told[0].mail {
		return err
	}
	return job.Enqueue(tx, letter{told[0].id}, job.At(mailAfter))
}

// TellAll tells many members of the same news and gives how many had not been
// told of it yet. It is for batches of some hundreds, and for kinds whose mail is
// the weekly letter.
func (x *Notices) TellAll(tx *db.Tx, n Notice, members []int64) (int, error) {
	told, err := x.tell(tx, n, members)
	return len(told), err
}

// told is a notice as it was written.
type told struct {
	id, member int64
	site, mail bool
}

func (x *Notices) tell(tx *db.Tx, n Notice, members []int64) ([]told, error) {
	members, err := x.listening(tx, n, members)
	if err != nil || len(members) == 0 {
		return nil, err
	}
	choices, err := choicesOf(tx, n.Kind, members)
	if err != nil {
		return nil, err
	}
	var list []told
	for _, id := range members {
		c, chosen := choices[id]
		if !chosen {
			c = defaults[n.Kind]
		}
		if c.Site || c.Mail {
			list = append(list, told{tx.DB().NewID(), id, c.Site, c.Mail})
		}
	}
	columns := []string{"id", "member", "kind", "action", "about", "subject", "by_member", "once", "title", "reason", "words", "path", "at",
		"shown", "weekly", "read_at", "mailed_at"}
	now := tx.DB().Millis()
	return list, tx.Insert("notices", columns, len(list), func(i int, into []any) {
		t := list[i]
		copy(into, []any{t.id, t.member, string(n.Kind), n.Action, n.About, n.Subject, orNull(n.By.ID), n.Once, n.Title, n.Reason, n.Words, n.Path, now,
			t.site, t.mail && n.Kind == Followed, int64(0), int64(0)})
	})
}

// listening leaves out who was told already, who did it, and who wishes to hear
// nothing of them.
func (x *Notices) listening(tx *db.Tx, n Notice, members []int64) (list []int64, err error) {
	if len(members) == 0 {
		return nil, nil
	}
	args := append([]any{n.Once}, db.Padded(members)...)
	not := map[int64]bool{n.By.ID: true}
	rows, err := tx.Query(`SELECT member FROM notices WHERE once = $1 AND member IN (`+db.In(len(args)-1, 2)+`)`, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		not[id] = true
		return err
	})
	if err != nil {
		return nil, err
	}
	silent := map[int64]bool{}
	if x.joins.Silent != nil && n.By.ID != 0 {
		if silent, err = x.joins.Silent(tx, n.By.ID, members); err != nil {
			return nil, err
		}
	}
	for _, id := range members {
		if !not[id] && !silent[id] {
			not[id] = true // named twice, told once
			list = append(list, id)
		}
	}
	return list, nil
}

// Hush takes away all that a member was told of another's doing, and with it the
// letters about it that have not left yet.
func (x *Notices) Hush(tx *db.Tx, member, of int64) error {
	_, err := tx.Exec(`DELETE FROM notices WHERE member = $1 AND by_member = $2`, member, of)
	return err
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// TakeBack takes back what a member was told under a name. Who has seen nothing
// of it hears nothing more; who has read it, or had a letter, is told instead
// that it no longer holds.
func (x *Notices) TakeBack(tx *db.Tx, member int64, once string, instead Notice) error {
	var id, read, mailed int64
	rows, err := tx.Query(`SELECT id, read_at, mailed_at FROM notices WHERE member = $1 AND once = $2`, member, once)
	err = db.Each(rows, err, func(r *sql.Rows) error { return r.Scan(&id, &read, &mailed) })
	if err != nil || id == 0 {
		return err
	}
	// On PostgreSQL the letter may leave between the reading and this.
	n, err := tx.Exec(`DELETE FROM notices WHERE id = $1 AND read_at = $2 AND mailed_at = $3`, id, read, mailed)
	if err != nil {
		return err
	}
	if n == 0 {
		if err := tx.QueryRow(`SELECT read_at, mailed_at FROM notices WHERE id = $1`, id).Scan(&read, &mailed); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM notices WHERE id = $1`, id); err != nil {
			return err
		}
	}
	if read == 0 && mailed == 0 {
		return nil
	}
	instead.Member, instead.Once = member, once+":back"
	if mailed == 0 { // the site told them, the site tells them again
		_, err := x.TellAll(tx, instead, []int64{member})
		return err
	}
	return x.Tell(tx, instead, time.Time{})
}

// Withdraw takes away what followers were told of something that they may see no
// longer.
func Withdraw(tx *db.Tx, about string, subject int64) error {
	_, err := tx.Exec(`DELETE FROM notices WHERE about = $1 AND subject = $2`, about, subject)
	return err
}

// Onces makes the name of what happened from its parts.
func Onces(what string, ids ...int64) string {
	for _, id := range ids {
		what += ":" + strconv.FormatInt(id, 10)
	}
	return what
}
