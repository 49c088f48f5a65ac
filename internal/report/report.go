// Package report is what readers report: that something a stranger wrote should
// not stand as it does. A report waits on the desk; what an editor decides about
// the first one of a thing is decided about all that came in meanwhile, and
// everyone who reported is told. What can be reported it knows only as Things.
package report

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
	"mirabilia/internal/takedown"
	"mirabilia/internal/text"
)

// Kind is what can be reported.
type Kind string

// The kinds.
const (
	Place   Kind = "place"
	Photo   Kind = "photo"
	List    Kind = "list"
	Note    Kind = "note"
	Visit   Kind = "visit"
	Member  Kind = "member"
	Message Kind = "message" // a letter of a conversation at the desk
)

// Kinds lists every kind.
var Kinds = []Kind{Place, Photo, List, Note, Visit, Member, Message}

// Code is why something is reported.
type Code string

// The codes. Appeal asks for a second look at what was taken down, or at one's own
// suspension.
const (
	Wrong    Code = "wrong"     // what it says is not so
	Closed   Code = "closed"    // it is closed or no longer there
	Rights   Code = "rights"    // it belongs to somebody else
	Privacy  Code = "privacy"   // it shows or names somebody who does not wish it
	Danger   Code = "danger"    // it leads people into danger, or harms the place
	Abuse    Code = "abuse"     // it insults or threatens
	Promoted Code = "promotion" // it advertises
	Legal    Code = "legal"     // a notice under the law
	Other    Code = "other"
	Appeal   Code = "appeal"
)

var codes = map[Kind][]Code{
	Place:   {Closed, Wrong, Danger, Rights, Privacy, Promoted, Legal, Other},
	Photo:   {Rights, Privacy, Wrong, Abuse, Promoted, Legal, Other},
	List:    {Abuse, Promoted, Rights, Privacy, Legal, Other},
	Note:    {Wrong, Abuse, Promoted, Privacy, Danger, Legal, Other},
	Visit:   {Wrong, Abuse, Promoted, Privacy, Danger, Legal, Other},
	Member:  {Abuse, Promoted, Rights, Privacy, Legal, Other},
	Message: {Abuse, Promoted, Privacy, Legal, Other},
}

// CodesOf lists the codes of a thing in the order of the form.
func CodesOf(t Thing) []Code {
	if t.Down {
		return []Code{Appeal}
	}
	return codes[t.Kind]
}

// Urgent reports whether a report should not wait for its turn.
func (c Code) Urgent() bool { return c == Legal || c == Danger || c == Privacy }

// The ways in which a report can be settled beside leaving the thing as it is. A
// status of a place is a way too.
const (
	Noted   = ""        // seen to otherwise: nothing more is done to the thing
	Down    = "down"    // taken down, with a public reason
	Restore = "restore" // given back: an appeal is granted
)

// Thing is what a report is about.
type Thing struct {
	Kind        Kind
	ID          int64
	Title       string
	Path        string // of its page
	Says        string // what is written in it
	Destination string
	Place       int64 // that it belongs to, 0 for none
	Author      int64 // whose it is, 0 for nobody's
	Down        bool  // taken down; of a member who asks: suspended or banned
	// Barred says of a member that they are suspended or banned.
	Barred bool
}

// Name is how addresses name a thing: "photo-123".
func (t Thing) Name() string { return Name(t.Kind, t.ID) }

// Name is how addresses name a thing.
func Name(k Kind, id int64) string { return string(k) + "-" + strconv.FormatInt(id, 10) }

// ParseName reads such a name.
func ParseName(s string) (Kind, int64, bool) {
	kind, digits, ok := strings.Cut(s, "-")
	id, err := strconv.ParseInt(digits, 10, 64)
	return Kind(kind), id, ok && err == nil && id > 0 && slices.Contains(Kinds, Kind(kind))
}

// Things is what reports of one kind are about.
type Things interface {
	// Find gives a thing that the actor may see, or one that was taken down;
	// any other is errs.NotFound.
	Find(tx *db.Tx, a actor.Actor, id int64) (Thing, error)
	// Hide keeps it from sight while it is looked at, where that is the rule for
	// its kind, and tells whether it did. Show undoes it.
	Hide(tx *db.Tx, a actor.Actor, id int64) (bool, error)
	Show(tx *db.Tx, a actor.Actor, id int64) error
	// Settle does what an editor decided. why is the public reason of Down.
	// Unsettle takes it back.
	Settle(tx *db.Tx, a actor.Actor, t Thing, how string, why takedown.Reason) (undo json.RawMessage, err error)
	Unsettle(tx *db.Tx, a actor.Actor, t Thing, undo json.RawMessage) error
}

// Queue is told of what comes in, in the same transaction.
type Queue interface {
	// Came is for the first report of a thing that is open.
	Came(tx *db.Tx, r *Report, t Thing) error
	// Hid is for one that hid a thing which was reported before.
	Hid(tx *db.Tx, item int64) error
}

// Report is one report.
type Report struct {
	ID, Item int64
	Kind     Kind
	Thing    int64
	Code     Code
	Member   int64 // who reports, 0 for somebody who is not signed in
	Contact  string
	State    State
	Hid      bool
	At       time.Time
	Decided  time.Time
	Title    string // of the thing, as it was called then
	Text     string

	voice string
}

// State is where a report stands.
type State string

// The states.
const (
	Open   State = "open"
	Upheld State = "upheld"
	Kept   State = "kept" // what was reported stays as it is
	// TakenBack is for one that its sender withdrew.
	TakenBack State = "withdrawn"
)

// Reports is the use cases of reports. Safe for concurrent use.
type Reports struct {
	db       *db.DB
	settings *setting.Book
	things   map[Kind]Things
	queue    Queue
	// Undo is how long a decision can be taken back.
	Undo time.Duration
	// Vouch lets in who is not signed in, by a proof of work; nil lets in nobody.
	Vouch func(tx *db.Tx, proof, network string) error
	// Key makes the sums of strangers' networks ones that nobody can guess.
	Key []byte
	// Answer writes to somebody who left an address; nil writes nothing.
	Answer func(tx *db.Tx, contact string, n Answered) error
	// Concern tells the author of a thing what was decided about it; nil tells
	// nobody.
	Concern func(tx *db.Tx, c Concerned) error
}

// Answered is what a reporter without an account is written.
type Answered struct {
	Report  int64
	Title   string
	Acted   bool
	Message string
	// Not before: a decision can be undone until then.
	After time.Time
}

// Concerned is what an author is told about a thing of theirs.
type Concerned struct {
	Thing
	Item int64 // the matter by which it was decided
	// How is Down, Restore, or "" for what was hidden and is shown again; Undone
	// says that this was taken back.
	How    string
	Undone bool
	Why    takedown.Reason
	After  time.Time
}

// New makes the use cases on a database.
func New(d *db.DB, settings *setting.Book, q Queue, things map[Kind]Things) *Reports {
	return &Reports{db: d, settings: settings, queue: q, things: things}
}

const maxText = 3000

func notThere() error { return errs.New(errs.NotFound, "There is nothing like that to report.") }

// check tidies a report and names what is wrong with it.
func (r *Report) check(t Thing, validAddress func(string) bool) error {
	e := &errs.Error{Code: errs.Invalid, Message: "The report was not sent."}
	if r.Code == Appeal {
		e.Message = "The appeal was not sent."
	}
	r.Text, r.Contact = text.Clean(r.Text), strings.TrimSpace(r.Contact)
	if !slices.Contains(CodesOf(t), r.Code) {
		e.Fields = append(e.Fields, errs.Field{Field: "code", Message: "Choose what is wrong."})
	}
	switch {
	case len(r.Text) > maxText:
		e.Fields = append(e.Fields, errs.Field{Field: "text", Message: "At most 3,000 bytes."})
	case strings.TrimSpace(r.Text) == "" && r.Code != Closed && r.Code != Promoted:
		e.Fields = append(e.Fields, errs.Field{Field: "text", Message: "Say in a sentence or two what an editor should look at."})
	}
	if r.Contact != "" && !validAddress(r.Contact) {
		e.Fields = append(e.Fields, errs.Field{Field: "contact", Message: "This is no mail address."})
	}
	if r.Code == Legal && r.Contact == "" && r.Member == 0 {
		e.Fields = append(e.Fields, errs.Field{Field: "contact", Message: "A notice needs an address to which it is answered."})
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}
