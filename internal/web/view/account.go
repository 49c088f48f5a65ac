package view

import (
	"mirabilia/internal/web/view/ui"
)

// InBar tells whether a way of the reader's own stands in the bar itself; the
// others are behind their name.
func InBar(path string) bool {
	return path == "/desk" || path == "/admin" || path == NotificationsPath
}

// shown is the reader's name, which their menu opens by.
func (m *Me) shown() string {
	if len(m.Links) == 0 {
		return ""
	}
	return m.Links[0].Text
}

// Me is the reader who is signed in, for the bar of their own pages. Public
// pages get it from the overlay, after they were read.
type Me struct {
	// Links lead to what is theirs, their own page first.
	Links []ui.Link
	// Unread is how many notices are unread; at most a hundred are counted.
	Unread int
}

// AccountPage is a page with one form about an account: signing in, joining, a
// link from a mail.
type AccountPage struct {
	Base
	Heading, Text string
	// Notice says what has just happened.
	Notice *ui.Banner
	// Refused heads the list of what was wrong, which Faults are.
	Refused string
	Faults  []ui.Field
	// Action is where the form goes; without Button there is none.
	Action, Button string
	Fields         []ui.Field
	Checks         []Tick
	Hidden         []ui.Name // name and value
	// Challenge is work for the browser of who joins, in WorkBits.
	Challenge string
	WorkBits  int
	// Otherwise are other ways in than the form, before it; nil for none.
	Otherwise *Otherwise
	Ways      []ui.Link
	// Sight stands beside it all, nil for nothing.
	Sight *Sight
}

// Otherwise are ways in without a password; each is the words of its button, ""
// where there is none.
type Otherwise struct {
	Next     string // where to go afterwards, "" for home
	Passkey  string
	Provider string
	Mail     string
	Or       string // leads on to the form
}

// Sight is a place with its photograph.
type Sight struct {
	Title, Lang, Where, Path string
	Picture                  ui.Picture
}

// Tick is a box to tick.
type Tick struct {
	Name   string
	Option ui.Option
}

// SettingsPage is a member's own account.
type SettingsPage struct {
	Base
	Notice         *ui.Banner
	Refused        string
	Faults         []ui.Field
	Picture        *PictureForm // nil: none can be chosen
	Profile        []ui.Field
	Email          string
	EmailField     ui.Field
	Bounced        *ui.Banner // letters to the address come back
	Password       ui.Field
	HasPassword    bool
	Fresh          bool // has proved lately who it is
	SignIn         ui.Link
	Sessions       []SessionRow
	Tokens         []TokenRow
	TokenFields    []ui.Field
	NewToken       string // shown once
	Parts          []ui.Link
	PrivacyOptions []ui.Field
}

// PictureForm is where a member chooses a picture of themselves.
type PictureForm struct {
	Person  ui.Person
	Picture string // path of the present one, "" for none
	File    ui.Field
}

// SessionRow is a browser that is signed in.
type SessionRow struct {
	ID, Agent, Network, Since, Seen string
	Here                            bool
}

// TokenRow is a token of the API.
type TokenRow struct{ ID, Name, Scope, Since, Used, Until string }

// AdminPage lists members for the admins.
type AdminPage struct {
	Base
	Parts []ui.Link // the other pages of admins
	// Factor is the switch that requires a second factor of editors.
	Factor *ui.Option
	Notice *ui.Banner
	Find   ui.Field
	Rows   []MemberRow
	Next   string
	Log    []LogRow
	Older  string // the path of the lines before, "" for none
}

// MemberRow is one member, as admins see them.
type MemberRow struct {
	Path, Shown, Email, Role, State, Since string
}

// LogRow is one line of the audit log, a sentence: who did what to whom, and what
// is to be said of it beside.
type LogRow struct {
	At, Who, What string
	Whom          ui.Link // without a path it is named only
	Rest          string
}

// AdminMemberPage is one member, to be decided about.
type AdminMemberPage struct {
	Base
	Crumbs  []ui.Crumb
	Notice  *ui.Banner
	Refused string
	Faults  []ui.Field
	Facts   []ui.Fact
	Appoint []ui.Field
	State   []ui.Field
	Own     bool   // nobody decides about themselves
	Desk    string // where all of their work can be taken back
	Log     []LogRow
	Action  string
}
