package user

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// LogEntry is a line of the audit log with the members that it names.
type LogEntry struct {
	audit.Entry
	By *Member // nil for the command line
	Of *Member // nil where it was done to no member
}

// Log gives lines of the audit log backwards from before (0: from its end), for
// admins.
func (u *Users) Log(ctx context.Context, a actor.Actor, before int64, limit int) ([]LogEntry, error) {
	list, err := audit.Newest(ctx, u.db, a, before, limit)
	if err != nil {
		return nil, err
	}
	return u.named(ctx, list)
}

// LogOf gives the newest lines about one member, for admins.
func (u *Users) LogOf(ctx context.Context, a actor.Actor, member int64, limit int) ([]LogEntry, error) {
	if err := a.Needs(actor.Admin); err != nil {
		return nil, err
	}
	list, err := audit.Of(ctx, u.db, a, LogKind, member, limit)
	if err != nil {
		return nil, err
	}
	return u.named(ctx, list)
}

func (u *Users) named(ctx context.Context, list []audit.Entry) (out []LogEntry, err error) {
	var ids []int64
	for _, e := range list {
		ids = append(ids, e.Member)
		if e.Kind == LogKind {
			ids = append(ids, e.Subject)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var members map[int64]*Member
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		members, err = ByIDs(tx, ids)
		return err
	})
	for _, e := range list {
		x := LogEntry{Entry: e, By: members[e.Member]}
		if e.Kind == LogKind {
			x.Of = members[e.Subject]
		}
		out = append(out, x)
	}
	return out, err
}

// Number is the number of the member with a name, also of one who is banned or
// has left, for editors.
func (u *Users) Number(ctx context.Context, a actor.Actor, name string) (id int64, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return 0, err
	}
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		m, err := found(scanMember(tx.QueryRow(selectMember+`WHERE name = $1`, name)))
		if err == nil {
			id = m.ID
		}
		return err
	})
	return id, err
}

// Named finds any member by name, also one that is banned, for admins.
func (u *Users) Named(ctx context.Context, a actor.Actor, name string) (m *Member, err error) {
	if err := a.Needs(actor.Admin); err != nil {
		return nil, err
	}
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		m, err = found(scanMember(tx.QueryRow(selectMember+`WHERE name = $1`, name)))
		return err
	})
	if err == nil && m.State == Deleted {
		return nil, errs.New(errs.Gone, "This member has left.")
	}
	return m, err
}
