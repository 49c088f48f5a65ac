package mark_test

import (
	"fmt"

	"mirabilia/internal/db"
)

// insertMember makes the row of a member.
func insertMember(tx *db.Tx, id int64) error {
	name := fmt.Sprint("m", id)
	_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
		settings, accepted, declined, created_at, seen_at, revision)
		VALUES ($1, $2, $2, 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, name)
	return err
}
