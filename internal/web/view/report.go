package view

import "mirabilia/internal/web/view/ui"

// ReportPage is the form with which anybody reports something.
type ReportPage struct {
	Base
	Crumbs        []ui.Crumb
	Heading, Lead string
	Thing         ReportThing
	// Sent says that the report has arrived; then there is no form.
	Sent    *ui.Banner
	Refused string
	Faults  []ui.Field
	Of      string // the thing's name
	Codes   ui.Field
	Text    ui.Field
	Contact *ui.Field // of who is not signed in
	// Challenge is work for the browser of who is not signed in, in WorkBits.
	Challenge string
	WorkBits  int
	Button    string
	Ways      []ui.Link
}

// ReportThing is what is reported, or taken down.
type ReportThing struct {
	Kind        string // "Photograph"
	Title, Path string
	Says        string // what is written in it
	Picture     *ui.Picture
	Pictures    []ui.Picture // of a visit
	Author      *ui.Person
}

// MyReportsPage is what a member has reported.
type MyReportsPage struct {
	Base
	Crumbs []ui.Crumb
	Rows   []ReportRow
	Empty  ui.Empty
}

// ReportRow is one report as its sender sees it.
type ReportRow struct {
	Title, What, When string
	Badge             ui.Badge
}

// DeskReport is what lies on the desk when somebody has reported something.
type DeskReport struct {
	// Appeal says that a member appeals against their own suspension.
	Appeal  bool
	Thing   ReportThing
	Missing bool // the thing is not there any more
	Reports []Reported
	Earlier []Reported
	// Ways are what can be done about it, Why the kinds of public reasons, Public
	// its words.
	Ways   []ui.Option
	Why    ui.Field
	Public ui.Field
}

// Reported is one report as editors see it.
type Reported struct {
	By                   ui.Person
	Code, Text, When, To string // To says that an answer goes by mail
	Badge                *ui.Badge
}

// DownPage takes something from the public, or gives it back.
type DownPage struct {
	Base
	Crumbs        []ui.Crumb
	Heading, Lead string
	Thing         ReportThing
	Action        string
	Down          bool // it is taken down now
	Reason        string
	Refused       string
	Faults        []ui.Field
	Why, Public   ui.Field
}

// DownListPage is what editors have taken down.
type DownListPage struct {
	Base
	Crumbs []ui.Crumb
	Notice *ui.Banner
	Rows   []DownRow
	Pager  ui.Pager
}

// DownRow is one thing that is taken down.
type DownRow struct {
	Kind, Title, Why, Text, When string
	By                           ui.Person
	Path                         string // where it is given back
}

// MemberActsPage is what one may do about another member.
type MemberActsPage struct {
	Base
	Crumbs      []ui.Crumb
	Name, Shown string
	Report      string // path of the form
	SignIn      string // for who is not signed in
	// Own says that it is the reader; Blocked that they have blocked the member.
	Own, Blocked bool
}

// BlockedPage is whom a member has blocked.
type BlockedPage struct {
	Base
	Crumbs []ui.Crumb
	Notice *ui.Banner
	Rows   []BlockedRow
	Empty  ui.Empty
}

// BlockedRow is one member who is blocked; Path is "" for one who has left.
type BlockedRow struct {
	ID, Shown, Path, Since string
}
