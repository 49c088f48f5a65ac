// Package campaign is what editors sweep together: a question asked of every
// place, or of those of a destination or tag, the places where the answer is yes,
// and a list of what is to be done with each. Who asks for the next place gets
// one on lease, so that no two editors are at the same.
package campaign

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
)

// Stage is where a campaign stands.
type Stage string

// The stages.
const (
	Gathering Stage = "gathering" // its places are still being found
	Running   Stage = "open"
	Closed    Stage = "closed"
)

// Result is what became of one place of a campaign.
type Result string

// The results.
const (
	Open    Result = "open"
	Done    Result = "done"
	Skipped Result = "skipped"
	Gone    Result = "gone" // it is not public any more
)

// Campaign is one sweep.
type Campaign struct {
	ID       int64
	Question Question
	In, Tag  string // a destination's path and a tag's slug, "" for all
	Title    string
	Steps    []string // what is to be done with each place
	Stage    Stage
	By       int64 // who made it, 0 for nobody
	Made     time.Time
	Closed   time.Time // zero: it is not
	// How many places have come to which result.
	Open, Done, Skipped, Gone int
}

// All is how many places it has.
func (c *Campaign) All() int { return c.Open + c.Done + c.Skipped + c.Gone }

// Handled is how many of them need nothing any more.
func (c *Campaign) Handled() int { return c.All() - c.Open }

// Item is one place of a campaign.
type Item struct {
	Place  int64
	Result Result
	By     int64 // who brought it to its result
	At     time.Time
	Note   string
	// Leased is who is at it, 0 for nobody.
	Leased int64
	Until  time.Time
}

// PublicID is the id as addresses write it.
func (c *Campaign) PublicID() string { return "c" + strconv.FormatInt(c.ID, 10) }

// ParseID reads an id as addresses write it.
func ParseID(s string) (int64, bool) {
	digits, ok := strings.CutPrefix(s, "c")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, ok && err == nil && n > 0
}

// Wish is a campaign as it is asked for.
type Wish struct {
	Question Question
	In, Tag  string
	Title    string
	Steps    string // a line each
}

const (
	maxTitle = 120
	maxSteps = 2000
	maxNote  = 500
)

func (w *Wish) check() error {
	w.Title, w.Steps = text.CleanLine(w.Title), strings.TrimSpace(text.Clean(w.Steps))
	w.In, w.Tag = strings.Trim(strings.TrimSpace(w.In), "/"), strings.TrimSpace(w.Tag)
	e := &errs.Error{Code: errs.Invalid, Message: "The campaign cannot be made as it is."}
	add := func(field, message string) { e.Fields = append(e.Fields, errs.Field{Field: field, Message: message}) }
	if !slices.Contains(Questions, w.Question) {
		add("question", "Choose what to look for.")
	}
	switch n := utf8.RuneCountInString(w.Title); {
	case n == 0:
		add("title", "Give it a title.")
	case n > maxTitle:
		add("title", "At most 120 characters.")
	}
	if utf8.RuneCountInString(w.Steps) > maxSteps {
		add("steps", "At most 2,000 characters.")
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// Campaigns is the use cases of campaigns. Safe for concurrent use.
type Campaigns struct {
	db     *db.DB
	places *place.Places
	dead   DeadLinks
}

// New makes the use cases on a database.
func New(d *db.DB, places *place.Places, dead DeadLinks) *Campaigns {
	return &Campaigns{d, places, dead}
}

func notThere() error { return errs.New(errs.NotFound, "There is no such campaign.") }
