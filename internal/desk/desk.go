// Package desk is where what members send is kept, reviewed and decided:
// pitches, new places, edits, imports that wait, photos, notes and reports. It
// knows submissions, who has them, and what was decided; what a submission is
// about it knows only as a Subject, which checks it, publishes it and takes it
// back, or as a Matter, which has rows of its own.
//
// A decision, what it publishes, its line in the audit log and the news for its
// author are one transaction: all are there, or none.
package desk

import (
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
)

// Kind is what is proposed.
type Kind string

// The kinds.
const (
	Pitch  Kind = "pitch"  // an idea, before the work of writing
	Place  Kind = "place"  // a new place
	Edit   Kind = "edit"   // a change of a place
	Import Kind = "import" // imported without being published; nobody's
	// Matters: they wait under the number of the thing itself.
	Photo  Kind = "photo"
	Note   Kind = "note"
	Report Kind = "report"
	Visit  Kind = "visit" // a visitor found it otherwise than its entry says
)

// Kinds lists every kind.
var Kinds = []Kind{Pitch, Place, Edit, Import, Photo, Note, Report, Visit}

// Status is where a submission stands.
type Status string

// The statuses of the contract.
const (
	Draft     Status = "draft" // what an accepted pitch goes on as; what is typed and not sent is in room draft
	Waiting   Status = "waiting"
	Changes   Status = "changes" // the author was asked for changes
	Held      Status = "held"
	Published Status = "published"
	Declined  Status = "declined"
	Duplicate Status = "duplicate"
	Withdrawn Status = "withdrawn"
)

// Statuses lists every status.
var Statuses = []Status{Draft, Waiting, Changes, Held, Published, Declined, Duplicate, Withdrawn}

// Action is a decision.
type Action string

// The actions of editors, and those that are noted among them.
const (
	Publish       Action = "publish"
	AskChanges    Action = "changes"
	Decline       Action = "decline"
	MarkDuplicate Action = "duplicate"
	Hold          Action = "hold"
	Undo          Action = "undo"
	Appeal        Action = "appeal"
)

// outcomes is the status that each decision leads to.
var outcomes = map[Action]Status{Publish: Published, AskChanges: Changes, Decline: Declined, MarkDuplicate: Duplicate, Hold: Held}

// Reasons lists the coded reasons of the contract.
var Reasons = []string{"promotional", "well-known", "duplicate", "unverifiable", "rights", "too-short", "other"}

// Person is a member as submissions name them; the zero Person is nobody.
type Person struct {
	ID   int64
	Name string // as pages show it
	Path string // of their page
}

// Submission is one thing proposed.
type Submission struct {
	ID          int64
	Kind        Kind
	Status      Status
	Author      Person // nobody's for imports
	Place       int64  // what it is about or became, 0 for none yet
	Base        int    // the revision that an edit was written on
	Title       string
	Destination string // path of where it is, "" where that is not known
	Fields      revision.Fields
	Summary     string
	// Version grows with every change: who saves says which one they saw.
	Version   int64
	Created   time.Time
	Submitted time.Time // zero for a draft
	Updated   time.Time
	Decided   time.Time // the last time; zero for never
	HeldUntil time.Time
	Claim     Claim // who is at it
	Appealed  bool
	Live      bool // it was published at once, since its author is trusted
	Sampled   bool // published at once, to be looked at all the same
	Findings  []Finding
	Decisions []Decision // oldest first; not in lists
	Messages  []Message  // oldest first; not in lists
	// Earlier is what it said before it was sent again, nil where it was sent once;
	// not in lists.
	Earlier *Version
	turn    int64
}

// Claim is an editor's lease on a submission; By is nobody when there is none.
type Claim struct {
	By    Person
	Until time.Time
}

// Decision is what was decided about a submission.
type Decision struct {
	ID     int64
	Action Action
	Reason string
	Text   string
	Of     int64 // the place that it is a duplicate of
	Only   []string
	// Mended are the fields that the editor changed in what they published, as they
	// were published; null clears one.
	Mended revision.Fields
	By     Person
	At     time.Time
	Undone time.Time // zero: it stands
	undo   string
}

// Message is one letter between author and editors.
type Message struct {
	ID   int64
	By   Person
	At   time.Time
	Text string
}

// Finding is what an automatic check noticed. Blocking ones keep a trusted
// member's edit from going live by itself; none stops an editor.
type Finding struct {
	Check    string `json:"check"` // name of the check
	Field    string `json:"field,omitempty"`
	Message  string `json:"message"`
	Blocking bool   `json:"blocking,omitempty"`
}

// PublicID is the id as the API writes it.
func PublicID(id int64) string { return "s" + strconv.FormatInt(id, 10) }

// ParseID reads an id as the API writes it.
func ParseID(s string) (int64, bool) {
	digits, ok := strings.CutPrefix(s, "s")
	if !ok || digits == "" || len(digits) > 19 || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n > 0
}

// Path is the address at which its author finds it.
func (s *Submission) Path() string { return "/submissions/" + PublicID(s.ID) }

// Open reports whether it can be decided.
func (s *Submission) Open() bool { return s.Status == Waiting || s.Status == Held }

// Desk is the use cases of submissions. Safe for concurrent use.
type Desk struct {
	db       *db.DB
	settings *setting.Book
	subject  Subject
	matters  map[Kind]Matter
	// enclosures may be nil: nothing comes along.
	enclosures Enclosures
	// Tell gives a member news in the transaction that caused it; nil tells
	// nobody.
	Tell func(tx *db.Tx, member int64, n News) error
	// Announce is told of what became public, in that transaction too; nil tells
	// nobody.
	Announce func(tx *db.Tx, p Publication) error

	median atomic.Pointer[median]
	far    atomic.Pointer[far]
}

// New makes the desk on a database.
func New(d *db.DB, settings *setting.Book, subject Subject) *Desk {
	return &Desk{db: d, settings: settings, subject: subject}
}

// News is what a member is told about a submission: of theirs, or, for an
// editor, of one that they have had to do with.
type News struct {
	Submission int64
	Kind       Kind
	Title      string
	Action     Action
	Reason     string
	Text       string
	Path       string // where to read on
	// Decision is the one that is told of, or that was undone; Message the letter
	// of the conversation. 0 for neither.
	Decision int64
	Message  int64
	Thing    int64 // that came with the submission and was reworded
	Version  int64 // of the submission, once the news are true
	// ToEditor says that an editor is told what By, the author, did.
	ToEditor bool
	By       Person // nobody where decisions are told: the desk speaks as one
	// Appeal says that it is an appeal by itself, against what was taken down or a
	// suspension.
	Appeal bool
	// Mended says that what was published is not word by word what was sent.
	Mended bool
	// Not before: a decision can be undone until then.
	After time.Time
}

// The actions beside decisions that are told of.
const (
	Wrote     Action = "message"
	SentAgain Action = "again"
	// Mended is Publish where the editor changed something in it.
	Mended Action = "mended"
	// Reworded is that an editor changed what is written about a photo.
	Reworded Action = "reworded"
)

// Publication is a place or an edit that became public by a decision.
type Publication struct {
	Decision int64
	Kind     Kind
	Place    int64
	Author   int64 // 0 for nobody
	// After is until when it can be undone.
	After time.Time
}

func notThere() error { return errs.New(errs.NotFound, "There is no such submission.") }

func outside() error { return errs.New(errs.Denied, "This is outside the regions that you edit.") }

func person(a actor.Actor) Person { return Person{a.ID, a.Shown, a.Path()} }
