package user

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// Account is one that is not there yet.
type Account struct {
	Email    string
	Name     string // as pages show it; the address is made of it
	Role     actor.Role
	Password string // "" for none: sign in by mail
	Verified bool
}

// Add makes an account; by is who does it, for the audit log (the zero Actor
// for the command line).
func (u *Users) Add(ctx context.Context, by actor.Actor, n Account) (m *Member, err error) {
	m, err = u.draft(ctx, n)
	if err != nil {
		return nil, err
	}
	return m, u.insert(ctx, m, func(tx *db.Tx) error {
		return audit.Write(tx, by, "add", LogKind, m.ID, map[string]any{"role": m.Role})
	})
}

// insertTries is how often an account is made whose name or address another
// took at the same moment; the second time either is seen.
const insertTries = 3

// insert puts a new member into the database, with what then does in the same
// transaction.
func (u *Users) insert(ctx context.Context, m *Member, then func(*db.Tx) error) (err error) {
	for range insertTries {
		err = u.db.Write(ctx, func(tx *db.Tx) error {
			m.Revision = 1
			if err := u.put(tx, m); err != nil {
				return err
			}
			return then(tx)
		})
		if err == nil || !errs.Is(err, errs.Conflict) || errors.Is(err, errTaken) {
			return err
		}
	}
	return err
}

var errTaken = errs.New(errs.Conflict, "There is an account with this address already.")

// draft checks what an account is made of. Hashing happens here, outside of any
// transaction.
func (u *Users) draft(ctx context.Context, n Account) (*Member, error) {
	email, err := CheckEmail(n.Email)
	if err != nil {
		return nil, err
	}
	shown, err := CheckShown(n.Name)
	if err != nil {
		return nil, err
	}
	if !n.Role.Valid() {
		return nil, errs.InField("role", "is member, editor or admin")
	}
	m := &Member{Shown: shown, Email: email, Role: n.Role, Level: actor.New, State: Active}
	if n.Password != "" {
		if m.password, err = u.hash(ctx, n.Password); err != nil {
			return nil, err
		}
		m.HasPassword = true
	}
	now := u.db.Now()
	m.ID, m.Created, m.Seen = u.db.NewID(), now, now
	if n.Verified {
		m.Verified = now
	}
	return m, nil
}

// put inserts a member under a name of their own.
func (u *Users) put(tx *db.Tx, m *Member) error {
	if _, err := byEmail(tx, m.Email); !errs.Is(err, errs.NotFound) {
		if err == nil {
			err = errTaken
		}
		return err
	}
	var err error
	if m.Name, err = freeName(tx, m.Shown); err != nil {
		return err
	}
	if err := insertMember(tx, m); err != nil {
		return err
	}
	changes.Append(tx, LogKind, m.ID, changes.Put)
	return nil
}

// freeName is the slug of a name, with a number behind when others have it.
func freeName(tx *db.Tx, shown string) (string, error) {
	base := text.Slug(shown)
	if base == "place" { // no letter in it
		base = "member"
	}
	taken := map[string]bool{}
	rows, err := tx.Query(`SELECT name FROM members WHERE name >= $1 AND name < $2`, base, base+"-a")
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		taken[name] = true
		return err
	})
	if err != nil {
		return "", err
	}
	name := base
	for n := 2; taken[name] || reservedNames[name]; n++ {
		suffix := "-" + strconv.Itoa(n)
		name = strings.TrimRight(base[:min(len(base), text.MaxSlug-len(suffix))], "-") + suffix
	}
	return name, nil
}

// reservedNames would make others believe that they speak for the atlas.
var reservedNames = map[string]bool{"admin": true, "administrator": true, "editor": true, "editors": true, "moderator": true, "staff": true, "support": true, "system": true, "me": true, "root": true, "mirabilia": true}
