package view

import (
	"context"
	"strconv"
	"time"

	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// PlaceFormPage is the form of a new place, of an edit, or of an editor's own
// version of a submission: as the page of a place, with fields for its texts.
type PlaceFormPage struct {
	Base
	Heading string
	Lead    string
	Crumbs  []ui.Crumb
	// Action is where it is sent, Draft the number under which it is kept, "" as
	// long as it is not.
	Action, Draft string
	// From is the revision that the fields began from, "" for a new place.
	From string
	// Saved says when it was kept last.
	Saved string
	// Keeps says that the form is kept as a draft while one types.
	Keeps bool
	// New is a place that is not in the atlas yet.
	New bool

	// Refused says what stands in the way; each field of Bad has its message.
	Refused string
	Bad     []ui.Field
	Notices []ui.Banner

	Title, Hook, Position, Tier, Reason, Address ui.Field
	About, Know, Tags, Website                   ui.Field
	Status, StatusDate, Kind, Summary            ui.Field
	Facts                                        []FactFields
	Sources                                      []SourceFields
	Aliases                                      []AliasFields
	Words                                        string // "36 words of 120"
	Licence                                      string // name of the texts' licence
	Rights                                       bool   // the box is ticked
	Given                                        bool   // its author has ticked it: nobody is asked
	RightsError                                  string
	Same                                         []string // slugs said to be other places

	// Photos are those beside the form, nil where there can be none.
	Photos *PhotosBeside

	Where      Understood
	Map        *ui.MapPicture
	Alike      []Alike
	Ready      Readiness
	Conflicts  []Conflict
	Send       string // words of the main button
	Queue      string // "You would be 9th in the queue; …"
	Discards   bool   // there is a draft to throw away
	SummaryAsk bool   // an edit asks what was done
	// Kept are fields that go along without a control: name and value.
	Kept []ui.Option
}

// Understood is what was made of the words of a position.
type Understood struct {
	Said    string
	Good    bool
	Choices []ui.Option // other points the words may mean
}

// FactFields are the controls of one fact.
type FactFields struct {
	Label                  string
	Open                   bool
	Value, Checked, Source ui.Field
}

// SourceFields are the controls of one source.
type SourceFields struct {
	Label                              string // which of them it is
	URL, Title, Author, Date, Archived ui.Field
	// Archive is where a web archive may have a copy of an address that answers no
	// longer, "" for one that does.
	Archive string
}

// AliasFields are the controls of one other name.
type AliasFields struct{ Name, Lang ui.Field }

// Alike is a place of the atlas that the new one may repeat.
type Alike struct {
	Card  ui.Card
	Alike int // percent
	Slug  string
	// Other says that the member said it is another.
	Other bool
}

// Readiness is how far an entry is from what the desk publishes.
type Readiness struct {
	Heading  string
	Done, Of int
	Steps    []ui.Todo
}

// Percent is how full the meter is.
func (r Readiness) Percent() int {
	if r.Of == 0 {
		return 0
	}
	return 100 * r.Done / r.Of
}

// Conflict is one field that two people changed: as it was, as it is now, and
// as the draft has it.
type Conflict struct {
	Field, Label string
	By           string // who changed it meanwhile
	Was          string
	Now          []ui.Words // against what it was
	Mine         []ui.Words
	Choice       string // "theirs", "mine", "" as long as none is chosen
	Told         bool   // it is only told: what stands in the form is published
}

// PitchPage asks three questions.
type PitchPage struct {
	Base
	Action, Draft, Saved string
	Refused              string
	Bad                  []ui.Field
	Title, Body          ui.Field
	Position             ui.Field
	Where                Understood
	Alike                []Alike
	Same                 []string
	Queue                string
	Discards             bool
}

// DraftsPage lists what a member has begun and what was sent.
type DraftsPage struct {
	Base
	Drafts []DraftRow
	Sent   []SentRow
	Pager  *ui.Pager
}

// DraftRow is one draft.
type DraftRow struct{ Title, What, Kept, Path, Discard string }

// SentRow is one submission as its author sees it.
type SentRow struct {
	Title, What, When, Path string
	Badge                   ui.Badge
}

// age writes how long ago something was, in words as short as a list wants.
func age(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Minute:
		return say.T(ctx, "now")
	case d < time.Hour:
		return say.T(ctx, "%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return say.T(ctx, "%d h", int(d.Hours()))
	}
	return say.T(ctx, "%d d", int(d.Hours()/24))
}

// Age is how long ago something was: "3 d", "5 h".
func Age(ctx context.Context, d time.Duration) string { return age(ctx, d) }

// Moment writes a point in time to the minute.
func Moment(ctx context.Context, t time.Time) string {
	return say.Date(ctx, t) + ", " + t.Format("15:04")
}

// Ordinal writes a place in an order: 1st, 2nd, 9th.
func Ordinal(ctx context.Context, n int) string {
	end := "%sth"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			end = "%sst"
		case 2:
			end = "%snd"
		case 3:
			end = "%srd"
		}
	}
	return say.T(ctx, end, strconv.Itoa(n))
}

// FactLabel is what a fact is called in a form.
func FactLabel(ctx context.Context, name string) string { return say.T(ctx, factLabel(name)) }
