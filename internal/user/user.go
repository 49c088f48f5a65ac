// Package user is the members: who has an account, how they prove who they are
// (password, session, token, a link in a mail), what they are appointed to and
// what they say of themselves.
package user

import (
	"net/url"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// LogKind is the kind of members in the log of changes and in the audit log.
const LogKind = "member"

// State is whether an account may be used.
type State string

// The states.
const (
	Active    State = "active"
	Suspended State = "suspended" // may read and sign in, not write
	Banned    State = "banned"    // may not sign in
	Deleted   State = "deleted"   // gone; what it wrote stays
)

// The limits of what a member says of themselves, in characters.
const (
	MaxShown = 60
	MaxBio   = 2000
	MaxLinks = 5
	MaxEmail = 254 // RFC 5321, 4.5.3.1.3: a path of 256 with its brackets
)

// Link is an address that a member shows on their page.
type Link struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// Settings is what a member chose for themselves. The zero value is everything
// at its default.
type Settings struct {
	// Unit of distances, "" for the atlas's.
	Unit string `json:"unit,omitempty"`
	// Privacy says who sees a part of the profile ("been", "want", "visits",
	// "lists", "statistics"…): "public", "followers" or "me".
	Privacy map[string]string `json:"privacy,omitempty"`
	// Mail says by kind of notice whether it is mailed too.
	Mail map[string]bool `json:"mail,omitempty"`
}

// Member is one account.
type Member struct {
	ID       int64
	Name     string // in addresses: /users/{name}; unique, never changed
	Shown    string // as pages show it
	Email    string // folded; "" once deleted
	Verified time.Time
	Role     actor.Role
	Level    actor.Level
	Regions  []string // that an editor is appointed for
	State    State
	Reason   string    // of the state, as the member is told
	Until    time.Time // when a suspension ends by itself, zero for when an editor ends it
	Bio      string    // Markdown
	Links    []Link
	// Bounced is when a mail server refused the address for good, zero for never;
	// BouncedWords is what it said.
	Bounced      time.Time
	BouncedWords string
	Avatar       string // path of a picture, "" for none
	Settings     Settings
	Accepted     int
	Declined     int
	Created      time.Time
	Seen         time.Time
	Revision     int64
	// HasPassword says that one can sign in by a password.
	HasPassword bool

	password string
}

// Path is the address of the member's page.
func (m *Member) Path() string { return "/users/" + m.Name }

// Actor is the member as use cases know who asks. Session, token and scope are
// whoever's that found out.
func (m *Member) Actor() actor.Actor {
	a := actor.Actor{ID: m.ID, Name: m.Name, Shown: m.Shown, Role: m.Role, Level: m.Level, Suspended: m.State == Suspended}
	if m.Role == actor.Editor { // an admin has no regions
		a.Regions = m.Regions
	}
	return a
}

// MayWrite is nil when the account may be used to write, else what its owner
// is told.
func (m *Member) MayWrite() error {
	switch m.State {
	case Active:
		return nil
	case Suspended:
		return errs.New(errs.Denied, "This account is suspended: %s", orElse(m.Reason, "ask the editors why."))
	}
	return errs.New(errs.Denied, "This account is closed.")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Users is all accounts of an atlas. Safe for concurrent use.
type Users struct {
	db *db.DB
	// Hashed counts the passwords that were hashed, for metrics and for tests
	// that no account can be told from none.
	Hashed atomic.Int64
	post   Post
	key    []byte // signs challenges
	// opened are sessions by the hash of their secret.
	opened *db.Memo[string, opened]
}

// New makes the accounts kept in d.
func New(d *db.DB) *Users {
	return &Users{db: d, opened: db.NewMemo[string, opened](d, mostOpened)}
}

// FoldEmail makes an address comparable: without white space around it and in
// lower case. It does not check it.
func FoldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CheckEmail folds an address and refuses what no mail server takes: it wants
// one @ with something around it and a host, and nothing that could end a line.
func CheckEmail(email string) (string, error) {
	e := FoldEmail(email)
	local, host, ok := strings.Cut(e, "@")
	switch {
	case e == "":
		return "", errs.InField("email", "an address is needed")
	case len(e) > MaxEmail || len(local) > 64:
		return "", errs.InField("email", "is longer than an address can be")
	case !ok || local == "" || host == "" || strings.Contains(host, "@") || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(host, "..") || strings.HasPrefix(host, "-"):
		return "", errs.InField("email", "is no mail address; one looks like name@example.org")
	case strings.ContainsFunc(e, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`,;:<>()[]\"`, r) || text.Hidden(r) || !text.Legal(r)
	}):
		return "", errs.InField("email", "holds a character that an address cannot have")
	}
	return e, nil
}

// CheckShown cleans a name as pages show it.
func CheckShown(name string) (string, error) {
	n := text.CleanLine(name)
	switch {
	case n == "":
		return "", errs.InField("name", "a name is needed")
	case utf8.RuneCountInString(n) > MaxShown:
		return "", errs.InField("name", "has more than %d characters", MaxShown)
	case strings.ContainsAny(n, "<>@"):
		return "", errs.InField("name", "cannot hold <, > or @")
	}
	return n, nil
}

// CheckLinks cleans the addresses on a member's page.
func CheckLinks(links []Link) ([]Link, error) {
	var out []Link
	for _, l := range links {
		l.Label, l.URL = text.CleanLine(l.Label), strings.TrimSpace(l.URL)
		if l.URL == "" {
			continue
		}
		u, err := url.Parse(l.URL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(l.URL) > 500 || utf8.RuneCountInString(l.Label) > MaxShown {
			return nil, errs.InField("links", "%q is no web address; one looks like https://example.org", text.Excerpt(l.URL, 60))
		}
		out = append(out, l)
	}
	if len(out) > MaxLinks {
		return nil, errs.InField("links", "are more than %d", MaxLinks)
	}
	return out, nil
}
