package view

import "mirabilia/internal/web/view/ui"

// DeskPage is the review desk: the queue, and one submission beside it.
type DeskPage struct {
	Base
	Stats   []string // sentences at the head
	Filters []ui.Chip
	Orders  []ui.Chip
	Search  DeskFilter
	Queue   []QueueRow
	Pager   ui.Pager
	Undo    *Undo
	Notice  *ui.Banner
	// One is the submission that lies open, nil on the queue's own page.
	One *DeskOne
	// Next and Before are the neighbours in the queue.
	Next, Before string
}

// DeskFilter are the words that narrow the queue.
type DeskFilter struct {
	In, By ui.Field
	Keep   []ui.Option // hidden fields that go along
}

// QueueRow is one submission in the queue.
type QueueRow struct {
	Path, Title, What string
	Icon              string
	Age               string
	Badges            []ui.Badge
	Current           bool
}

// Undo is what was decided just now and can be taken back.
type Undo struct {
	Text, Path string // "" when it is too late
}

// DeskOne is one submission on the desk.
type DeskOne struct {
	ID, Path string
	Kicker   string // "Edit of revision 14 · 3 days ago"
	Title    string
	Page     string // of the place, "" for what has none
	Summary  string
	Badges   []ui.Badge
	Claim    string // who has it
	// Mine says that the reader has it, or may take it: only then may they decide.
	Mine, Taken bool
	Open        bool // not yet decided
	Changes     []ui.Changed
	// Since is what its author changed after an editor had asked for it; Mended what
	// the editor changed who published it.
	Since  *Since
	Mended []ui.Changed
	Text   string // of a pitch
	// Matter says that it has no fields to compare: it is published or declined
	// as it is.
	Matter bool
	Photo  *DeskPhoto
	Found  *DeskFound
	Report *DeskReport
	// Enclosed are photos that came with it.
	Enclosed []DeskEnclosed
	Talk     []Said
	Message  ui.Field
	Reasons  []Reason
	Of       ui.Field
	Likely   []ui.Option
	Until    ui.Field
	Publish  string // "Publish 3 fields"
	Decline  string // words of that button
	EditPath string
	Checks   []ui.Todo
	Passed   []ui.Todo // checks that found nothing
	Chart    *Chart
	NearRows []ui.Row
	// After is where a decision leads on to.
	After   string
	Alike   []Alike
	Author  Contributor
	Refused string
	Bad     []ui.Field
}

// DeskEnclosed is a photo that came with a submission.
type DeskEnclosed struct {
	ID      string
	Picture ui.Picture // Src "" as long as there is none
	Work    PhotoWork
	Notes   []string // what an editor should know: no description, another like it
	Alike   *DeskAlike
	Take    bool // ticked
	Badge   *ui.Badge
}

// DeskPhoto is a photo on the desk, with what is written about it.
type DeskPhoto struct {
	Picture ui.Picture
	Form    PhotoForm
	// Alike is a photo that looks nearly the same, nil for none.
	Alike *DeskAlike
	All   ui.Link // the photographs of the place
}

// DeskFound is what a visitor found otherwise than the entry says.
type DeskFound struct {
	Says, Day, Now string
	Words          string   // the visitor's own
	Status         ui.Field // what the entry is to say then
	Edit           ui.Link  // where to mend it otherwise
}

// DeskAlike is what a photo resembles.
type DeskAlike struct {
	Picture ui.Picture
	Of      ui.Link
}

// Reason is one coded reason to decline, with the words that go with it.
type Reason struct {
	Code, Name, Text string
	Chosen           bool
}

// Contributor is the record of who sent something.
type Contributor struct {
	Person             ui.Person
	Line               string
	Accepted, Declined int
	Percent            int
	More               string // what else they sent
	Whole              string // what can be done about all of it
}

// Chart is a drawing of what lies around a position: rings of distance around
// it, a dot for each neighbour.
type Chart struct {
	Rings []string // lengths of the radii
	Dots  []ChartDot
	Alt   string
}

// ChartDot is one neighbour; Doubt marks a likely duplicate.
type ChartDot struct {
	X, Y  int
	Label string
	Doubt bool
}

// The sizes of a chart: its middle and the step between two rings.
const (
	ChartMiddle = 150
	ChartRing   = 44
)

// QueuePage is the public statistics of the desk.
type QueuePage struct {
	Base
	Figures []Figure
	Kinds   []Figure
	Lead    string
}

// Figure is one number with its name.
type Figure struct{ Name, Value string }
