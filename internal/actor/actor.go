// Package actor says who asks: a member with role, trust and regions, through a
// browser's session or a token of the API, or nobody. Use cases take an Actor
// as their second argument and decide by it; the edges find out who it is.
package actor

import (
	"slices"
	"strings"
	"time"

	"mirabilia/internal/errs"
)

// Role is what a member is appointed to.
type Role string

// The roles, each with all that the one before it may.
const (
	Nobody Role = ""
	Member Role = "member"
	Editor Role = "editor"
	Admin  Role = "admin"
)

var roles = []Role{Nobody, Member, Editor, Admin}

// Valid reports whether r is a role that a member can have.
func (r Role) Valid() bool { return r != Nobody && slices.Contains(roles, r) }

// AtLeast reports whether r may all that other may.
func (r Role) AtLeast(other Role) bool { return slices.Index(roles, r) >= slices.Index(roles, other) }

// Level is the trust that a member has earned by accepted work.
type Level string

// The levels.
const (
	New     Level = "new"
	Known   Level = "known"
	Trusted Level = "trusted"
)

// Scope is what a token of the API may be used for, never more than its
// member's role allows.
type Scope string

// The scopes, each with all that the one before it allows.
const (
	Read       Scope = "read"
	Contribute Scope = "contribute"
	Edit       Scope = "edit"
	Administer Scope = "admin"
)

var scopes = []Scope{Read, Contribute, Edit, Administer}

// Valid reports whether s is one of the scopes.
func (s Scope) Valid() bool { return slices.Contains(scopes, s) }

// Actor is who asks. The zero Actor is nobody.
type Actor struct {
	ID      int64    // of the member, 0 for nobody
	Name    string   // in addresses: /users/{name}
	Shown   string   // as pages show it
	Role    Role     // Nobody for nobody
	Level   Level    // of trust
	Regions []string // destination paths that an editor is appointed for; empty: everywhere
	Session int64    // of the browser, 0 for none
	Token   int64    // of the API, 0 for none
	Scope   Scope    // of the token, "" without one
	// Factor says that the session was opened with a second factor or a passkey.
	Factor bool
	// Suspended says that the member may read and nothing else; the edges
	// refuse what they would write.
	Suspended bool
	// Proven is when the browser's owner last proved who they are.
	Proven time.Time
}

// SignedIn reports whether it is a member.
func (a Actor) SignedIn() bool { return a.ID != 0 }

// Path is the address of the member's page.
func (a Actor) Path() string { return "/users/" + a.Name }

// Edits reports whether it may decide about an entry in a destination (a path
// such as "italy/lazio/rome"; "" for one that is nowhere yet, about which every
// editor may decide).
func (a Actor) Edits(destination string) bool {
	if !a.Role.AtLeast(Editor) {
		return false
	}
	if len(a.Regions) == 0 || destination == "" {
		return true
	}
	return slices.ContainsFunc(a.Regions, func(r string) bool {
		return destination == r || strings.HasPrefix(destination, r+"/")
	})
}

// Everywhere reports whether it is an editor of the whole atlas.
func (a Actor) Everywhere() bool { return a.Role.AtLeast(Editor) && len(a.Regions) == 0 }

// Needs is nil when the actor has the role, else the error that says what is
// missing: Unsigned for nobody, Denied for one with less.
func (a Actor) Needs(r Role) error {
	switch {
	case a.Role.AtLeast(r):
		return nil
	case !a.SignedIn():
		return errs.New(errs.Unsigned, "Sign in first.")
	default:
		return errs.New(errs.Denied, "This needs an account with more rights than yours.")
	}
}

// NeedsScope is nil when the token that was shown allows s and its member's
// role does: edit needs an editor and admin an admin.
func (a Actor) NeedsScope(s Scope) error {
	if !a.SignedIn() {
		return errs.New(errs.Unsigned, "This call needs a token: Authorization: Bearer TOKEN.")
	}
	if slices.Index(scopes, a.Scope) < slices.Index(scopes, s) {
		return errs.New(errs.Denied, "This call needs a token with the scope %s.", s)
	}
	if a.Suspended && s != Read {
		return errs.New(errs.Denied, "This account is suspended: it can read and write nothing.")
	}
	switch s {
	case Edit:
		return a.Needs(Editor)
	case Administer:
		return a.Needs(Admin)
	}
	return nil
}
