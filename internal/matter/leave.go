package matter

import "mirabilia/internal/db"

// leftTitle stands in reports for the name of who has left, and of their lists.
const leftTitle = "a former member"

// ofTheirs are the reports about a member's page and about their lists.
const ofTheirs = `(kind = 'member' AND thing = $1 OR kind = 'list' AND thing IN (SELECT id FROM lists WHERE owner = $1))`

// Leave takes a member's name, and the names of their lists, from what others
// reported about them, as long as the lists are there. Their lists were theirs
// alone: that one was taken down is no longer told either.
func Leave(tx *db.Tx, member int64) error {
	if _, err := tx.Exec(`UPDATE submissions SET title = $2 WHERE kind = 'report' AND id IN (SELECT item FROM reports WHERE `+ofTheirs+`)`, member, leftTitle); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE reports SET title = $2 WHERE `+ofTheirs, member, leftTitle); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM takedowns WHERE kind = 'list' AND thing IN (SELECT id FROM lists WHERE owner = $1)`, member)
	return err
}
