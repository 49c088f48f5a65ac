package user

import (
	"context"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// ByID reads one member, also one that is deleted.
func (u *Users) ByID(ctx context.Context, id int64) (m *Member, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		m, err = ByID(tx, id)
		return err
	})
	return m, err
}

// ByIDs reads members by their numbers, also deleted ones; numbers without one
// are left out.
func (u *Users) ByIDs(ctx context.Context, ids []int64) (members map[int64]*Member, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		members, err = ByIDs(tx, ids)
		return err
	})
	return members, err
}

// ByName reads the member whose page is /users/{name}. A deleted one is Gone,
// a banned one and one whose address
// nobody has confirmed are not found.
func (u *Users) ByName(ctx context.Context, name string) (m *Member, err error) {
	if !text.IsSlug(name) {
		return found(nil, errs.New(errs.NotFound, ""))
	}
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		m, err = found(scanMember(tx.QueryRow(selectMember+`WHERE name = $1`, name)))
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case m.State == Deleted:
		return nil, errs.New(errs.Gone, "This member has left.")
	case m.State == Banned || m.Verified.IsZero():
		return nil, errs.New(errs.NotFound, "There is no such member.")
	}
	return m, nil
}

// ByEmail reads the member with an address, for the command line and admins.
func (u *Users) ByEmail(ctx context.Context, email string) (m *Member, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		m, err = byEmail(tx, FoldEmail(email))
		return err
	})
	return m, err
}
