package view

import "mirabilia/internal/web/view/ui"

// SubmissionPage is what an author sees of something that was sent to the desk.
type SubmissionPage struct {
	Base
	Crumbs  []ui.Crumb
	Heading string
	What    string // "Edit of revision 14, sent 3 November 2026"
	Badge   ui.Badge
	Lines   []string // where it stands, in sentences
	Summary string
	Changes []ui.Changed
	Was     string // what the state is called that Changes are told against
	// Since is what was changed before it was sent again, nil where it was sent once.
	Since *Since
	// Mended is what an editor changed in what they published.
	Mended []ui.Changed
	// Photos came with it.
	Photos []DeskEnclosed
	Talk   []Said
	// Path is where the forms are sent.
	Path string
	// What may be done with it now.
	Answer, Resubmit, Withdraw, Appeal bool
	ResubmitPath                       string
	Published                          *ui.Link
	Reply                              ui.Field
	AppealText                         ui.Field
	Refused                            string
	Bad                                []ui.Field
}

// Since is what changed in a submission after an editor had asked for it.
type Since struct {
	When    string // it was sent again
	Changes []ui.Changed
}

// Said is one line of the conversation, or one decision.
type Said struct {
	By    ui.Person
	When  string
	What  string // "asked for changes", "" for a plain message
	Tone  string
	Text  string
	Staff bool
	// Gone says that an editor took the words away; Report is the path of the
	// form, "" where there is none.
	Gone   bool
	Report string
}

// HistoryPage is what became of a place, revision by revision.
type HistoryPage struct {
	Base
	Crumbs    []ui.Crumb
	Heading   string
	Place     ui.Link
	Revisions []RevisionView
	Pager     ui.Pager
	// Parts are the entries that became parts of this one.
	Parts []PartView
	// Restores says that the reader may restore, by a form sent to Path.
	Restores bool
	Path     string
}

// PartView is an entry that became a part of another.
type PartView struct{ ID, Title, Path, When string }

// RevisionView is one revision with what it changed.
type RevisionView struct {
	Number  int
	By      ui.Person
	When    string
	Summary string
	Note    string // "+21 words, −6"
	Changes []ui.Changed
	First   bool // nothing was before it
	Current bool
}
