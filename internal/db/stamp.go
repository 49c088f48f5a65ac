package db

// Stamp is a mark of all that is committed: as long as it stays the same,
// nothing was, by nobody.
type Stamp [stampSize]byte

// stampSize is that of the header of SQLite's index of its log.
const stampSize = 48

// Stamp tells where the database stands without asking it; false where that
// cannot be told so cheaply, which is always so on PostgreSQL. What was read
// after a stamp was taken is what one reads while it stays the same.
func (d *DB) Stamp() (Stamp, bool) { return d.store.stamp() }

func (p *pgPool) stamp() (s Stamp, ok bool) { return s, false }
