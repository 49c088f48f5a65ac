// Package list holds ordered, annotated lists of places that members make,
// alone or with others.
//
// Every change is of one thing (an entry comes, goes, moves, gets a note), never
// the list as somebody saw it a while ago: two people at work at once lose
// nothing. What two could write over each other, title, introduction and notes,
// is changed only by who has seen what stands there.
package list

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
)

// LogKind is the kind of lists in the log of changes.
const LogKind = "list"

// Privacy is who may see a list.
type Privacy string

// The privacies.
const (
	Private Privacy = "private" // those who work on it
	Link    Privacy = "link"    // and who has its link
	Public  Privacy = "public"  // everyone
)

// Privacies lists them in the order in which forms show them.
var Privacies = []Privacy{Private, Link, Public}

func (p Privacy) valid() bool { return p == Private || p == Link || p == Public }

// Role is what somebody may do with a list.
type Role string

// The roles, each with all that the one before it may.
const (
	Stranger  Role = ""
	Suggester Role = "suggester" // proposes places
	Editor    Role = "editor"    // changes what is on it
	Owner     Role = "owner"     // and who sees it and works on it
)

var roles = map[Role]int{Stranger: 0, Suggester: 1, Editor: 2, Owner: 3}

// AtLeast reports whether r may all that other may.
func (r Role) AtLeast(other Role) bool { return roles[r] >= roles[other] }

// List is a list without its entries.
type List struct {
	ID      int64
	Slug    string
	Owner   int64
	By      string // the owner, as pages show the name
	ByName  string // and in addresses
	Privacy Privacy
	Secret  string // of its link, "" for none
	Title   string
	Intro   string // Markdown
	Entries int    // how many stand on it
	Edition int64  // of title and introduction
	Version int64  // of all of it
	Cover   int64  // the place whose picture stands for it, 0 for the first that has one
	Created time.Time
	Updated time.Time
}

// Path is the page of a public list, EditPath that of those who work on it.
func (l *List) Path() string     { return "/lists/" + l.Slug }
func (l *List) EditPath() string { return l.Path() + "/edit" }

// Ref names the list in the finder.
func (l *List) Ref() finder.Ref { return finder.Ref{Kind: finder.List, ID: l.ID} }

// Doc is what the finder learns of a public list.
func (l *List) Doc() finder.Doc {
	return finder.Doc{Ref: l.Ref(), Slug: l.Slug, Title: l.Title, Body: text.Plain(l.Intro), Rank: float32(min(l.Entries, 100)),
		Published: db.Millis(l.Created), Updated: db.Millis(l.Updated)}
}

// Entry is a place on a list.
type Entry struct {
	Place   int64
	Note    string // Markdown of links and emphasis
	Waits   bool   // proposed by a suggester
	AddedBy int64
	Added   time.Time
}

// Worker is somebody who works on a list with its owner.
type Worker struct {
	Member      int64
	Name, Shown string
	Role        Role
}

// The limits of a list.
const (
	MaxEntries = 1000
	maxTitle   = 120
	maxIntro   = 4000
	maxNote    = 1000
	maxWorkers = 50
	maxLists   = 500 // of one member
)

// Lists is the use cases of lists.
type Lists struct {
	db *db.DB
	// Apart reports whether one of two members has blocked the other, who then
	// cannot be invited; nil lets everybody be.
	Apart func(tx *db.Tx, one, other int64) (bool, error)
	// Invited is told, in the same transaction, that a member may work on a list
	// from now on; nil where nobody is to be told.
	Invited func(tx *db.Tx, by, member int64, l *List) error
	// Proposed is told, in the same transaction, that a suggester has proposed a
	// place for a list; nil where nobody is to be told.
	Proposed func(tx *db.Tx, by int64, l *List) error
	// on is what On said.
	on *db.Memo[int64, int]
}

// mostOn bounds the places of which it is kept on how many lists they stand.
const mostOn = 10_000

// New makes the use cases on a database.
func New(d *db.DB) *Lists { return &Lists{db: d, on: db.NewMemo[int64, int](d, mostOn)} }

// Details are what one writes of a list as a whole.
type Details struct {
	Title   string
	Intro   string
	Privacy Privacy
}

func (d *Details) check() error {
	d.Title, d.Intro = strings.TrimSpace(text.Clean(d.Title)), strings.TrimSpace(d.Intro)
	e := &errs.Error{Code: errs.Invalid, Message: "The list cannot be kept as it is."}
	add := func(field, message string) { e.Fields = append(e.Fields, errs.Field{Field: field, Message: message}) }
	switch n := utf8.RuneCountInString(d.Title); {
	case n == 0:
		add("title", "Give it a title.")
	case n > maxTitle:
		add("title", "At most 120 characters.")
	}
	if utf8.RuneCountInString(d.Intro) > maxIntro {
		add("intro", "At most 4,000 characters.")
	}
	if !d.Privacy.valid() {
		add("privacy", "Say who may see it.")
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// refuse says which words of a list are not taken: a list can become public at
// any time, and nobody reviews it then.
func refuse(tx *db.Tx, a actor.Actor, d Details, entries ...Written) error {
	said := []setting.Said{{Field: "title", Text: d.Title}, {Field: "intro", Text: d.Intro}}
	for i, e := range entries {
		said = append(said, setting.Said{Field: fmt.Sprintf("entries[%d].note", i), Text: e.Note})
	}
	return setting.Refuse(tx, a, setting.OfList, said...)
}

// refuseNote is refuse for the note of one entry.
func refuseNote(tx *db.Tx, a actor.Actor, note string) error {
	return setting.Refuse(tx, a, setting.OfList, setting.Said{Field: "note", Text: note})
}

func notThere() error { return errs.New(errs.NotFound, "There is no such list.") }
