// Package photo holds the photographs of places: who sent them, with which
// rights, whether they are public, and their files. The original is kept and
// never served; what is served are variants made anew from its pixels, under
// names that say what is in them. A photo of an editor or a trusted member is
// public as soon as its variants are there; others wait for the desk.
package photo

import (
	"strings"
	"time"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/media"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
)

// State says who sees a photo.
type State string

// The states.
const (
	Waiting State = "waiting" // for the desk: its sender and editors see it
	Public  State = "public"
	Hidden  State = "hidden" // while a report is looked at
	Down    State = "down"   // taken down, with a public reason
)

// LogKind is what the audit log calls a photo.
const LogKind = "photo"

// About is what is written about a photo.
type About struct {
	Caption string
	Alt     string // what someone who cannot see it wants to know
	Credit  string // of whom the picture is; "" is the sender
	Licence string // SPDX id or "permission"
	// FocusX and FocusY are the point to keep when the picture is cropped, 0
	// (start, top) to 4.
	FocusX, FocusY int
}

// Becoming is what a photo turns into when its sizes are made.
type Becoming string

// What photos become; the states Waiting and Public are the others.
const (
	Ready   Becoming = ""        // it is what its state says
	Refused Becoming = "refused" // its sizes cannot be made; Reason says why
	Gone    Becoming = "gone"    // thrown away; its files are next
)

// Photo is one photo with everything that is known of it.
type Photo struct {
	place.Photo
	Place      int64 // 0 as long as it is beside a form
	Draft      int64 // the form that it is beside, 0 for none
	Submission int64 // what that became, 0 for none yet
	OfPlace    int64 // that the form is an edit of, 0 for none
	Visit      int64 // that it is of, 0 for none: it is seen by who sees that
	Becomes    Becoming
	File       string // the name that it was sent under
	Taken      *media.Taken
	Member     int64 // who sent it, 0 for nobody
	State      State
	Reason     string // of Down
	Original   string // name of the file in the store
	SHA256     string // of the original
	Stem       string // of the variants' names
	Alike      int64  // a photo that looks nearly the same, 0 for none
	Added      time.Time
	// Written is what its sender wrote about it, nil as long as nobody else has
	// changed that.
	Written *About
}

// Photos is the use cases of photographs.
type Photos struct {
	db     *db.DB
	blobs  *blob.Store
	studio *media.Studio
	places *place.Places
	queue  Queue         // nil: nobody is told
	visits Visits        // nil: visits have no photos
	rules  *setting.Book // nil: no limits by trust
	gate   chan struct{} // whose sizes are made: one at a time
}

// Making reports whether its sizes are being made.
func (p *Photo) Making() bool { return p.Becomes == Becoming(Public) || p.Becomes == Becoming(Waiting) }

// Made is how many sizes there are, and how many there will be; 0 as long as
// that is not known.
func (p *Photo) Made() (n, of int) {
	if p.Width == 0 {
		return 0, 0
	}
	return len(p.URLs), media.Sizes(p.Width, p.Height)
}

// Queue is told, in the same transaction, what comes in and what is decided.
type Queue interface {
	// Sent is for a new photo: one that waits, or one that is public already,
	// since its sender is trusted. held says why a trusted member's waits.
	Sent(tx *db.Tx, p *Photo, title, destination string, held []string) error
	// Decided is for a photo that became public or was taken down.
	Decided(tx *db.Tx, a actor.Actor, p *Photo) error
	// Reworded is for a photo about which somebody else than its sender wrote
	// other words, beside any decision.
	Reworded(tx *db.Tx, p *Photo) error
	// Withdrawn is for a photo that its sender takes back while it waits; it calls
	// Retract.
	Withdrawn(tx *db.Tx, a actor.Actor, p *Photo) error
}

// Join names who is told of photos, and by which rules members may send them.
// It is called before anything is sent.
func (s *Photos) Join(q Queue, rules *setting.Book) { s.queue, s.rules = q, rules }

// New makes the use cases.
func New(d *db.DB, blobs *blob.Store, studio *media.Studio, places *place.Places) *Photos {
	return &Photos{db: d, blobs: blobs, studio: studio, places: places, gate: make(chan struct{}, 1)}
}

// Path is where variants are served; a name follows.
const Path = "/photos/"

// Limits of texts, in letters.
const (
	maxCaption = 300
	maxAlt     = 500
	maxCredit  = 120
)

// check tidies what is written and names the first thing that is wrong.
func (t *About) check() error {
	if err := t.tidy(); err != nil {
		return err
	}
	if t.Licence == "" {
		return errs.InField("licence", "say under which licence the photo may be used, for example CC-BY-SA-4.0, or permission")
	}
	return nil
}

// tidy is check for what is still being written: the licence may come later.
func (t *About) tidy() error {
	for _, f := range []struct {
		name string
		text *string
		most int
	}{{"caption", &t.Caption, maxCaption}, {"alt", &t.Alt, maxAlt}, {"credit", &t.Credit, maxCredit}, {"licence", &t.Licence, 64}} {
		*f.text = strings.Join(strings.Fields(*f.text), " ")
		if !utf8.ValidString(*f.text) || strings.ContainsFunc(*f.text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return errs.InField(f.name, "is not readable text")
		}
		if utf8.RuneCountInString(*f.text) > f.most {
			return errs.InField(f.name, "is longer than %d letters", f.most)
		}
	}
	switch {
	case t.Licence != "" && !licensed(t.Licence):
		return errs.InField("licence", "is neither an SPDX id such as CC-BY-SA-4.0 nor permission")
	case t.FocusX < 0 || t.FocusX > 4 || t.FocusY < 0 || t.FocusY > 4:
		return errs.InField("focus", "is outside the picture")
	}
	return nil
}

// said is all that people read of it.
func (t About) said() string { return t.Caption + "\n" + t.Alt + "\n" + t.Credit }

func notThere() error { return errs.New(errs.NotFound, "There is no such photo.") }

// MaxFile is the most bytes that the file of a photo may have.
const MaxFile = media.MaxBytes
