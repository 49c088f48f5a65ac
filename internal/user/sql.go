package user

import (
	"database/sql"
	"encoding/json"
	"errors"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

const memberColumns = `id, name, shown, coalesce(email, ''), verified_at, password, role, level, regions, state, state_reason,
	bio, links, avatar, settings, accepted, declined, created_at, seen_at, revision, bounced_at, bounced, state_until`

const selectMember = `SELECT ` + memberColumns + ` FROM members `

type scanner interface{ Scan(into ...any) error }

func scanMember(r scanner) (*Member, error) {
	var m Member
	var verified, created, seen, bounced, until int64
	var regions, links, settings string
	err := r.Scan(&m.ID, &m.Name, &m.Shown, &m.Email, &verified, &m.password, &m.Role, &m.Level, &regions, &m.State, &m.Reason,
		&m.Bio, &links, &m.Avatar, &settings, &m.Accepted, &m.Declined, &created, &seen, &m.Revision, &bounced, &m.BouncedWords, &until)
	if err != nil {
		return nil, err
	}
	m.Verified, m.Created, m.Seen, m.Bounced = db.Time(verified), db.Time(created), db.Time(seen), db.Time(bounced)
	m.Until = db.Time(until)
	m.HasPassword = m.password != ""
	err = errors.Join(readJSON(regions, &m.Regions), readJSON(links, &m.Links), readJSON(settings, &m.Settings))
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "the account %d is damaged", m.ID)
	}
	return &m, nil
}

// actorColumns are what is to be known of a member, m, who asks for something.
const actorColumns = `m.id, m.name, m.shown, m.role, m.level, m.regions, m.state`

// scanActor reads them behind other columns.
func (m *Member) scanActor(r scanner, before ...any) error {
	var regions string
	if err := r.Scan(append(before, &m.ID, &m.Name, &m.Shown, &m.Role, &m.Level, &regions, &m.State)...); err != nil {
		return err
	}
	return readJSON(regions, &m.Regions)
}

func readJSON(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// jsonOf is a value as its column keeps it: "" for nothing.
func jsonOf(v any) string {
	b, _ := json.Marshal(v) // strings and maps of them always marshal
	if s := string(b); s != "null" && s != "{}" && s != "[]" {
		return s
	}
	return ""
}

// ByID reads a member in a transaction, also one that is deleted.
func ByID(tx *db.Tx, id int64) (*Member, error) {
	return found(scanMember(tx.QueryRow(selectMember+`WHERE id = $1`, id)))
}

func byEmail(tx *db.Tx, email string) (*Member, error) {
	return found(scanMember(tx.QueryRow(selectMember+`WHERE email = $1`, email)))
}

func found(m *Member, err error) (*Member, error) {
	if errs.Is(err, errs.NotFound) {
		return nil, errs.New(errs.NotFound, "There is no such member.")
	}
	return m, err
}

// ByIDs reads members in a transaction, by their ids; ids without one are left
// out.
func ByIDs(tx *db.Tx, ids []int64) (map[int64]*Member, error) {
	out := make(map[int64]*Member, len(ids))
	for len(ids) > 0 {
		some := ids[:min(len(ids), 200)]
		ids = ids[len(some):]
		args := db.Padded(some)
		rows, err := tx.Query(selectMember+`WHERE id IN (`+db.In(len(args), 1)+`)`, args...)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			m, err := scanMember(r)
			if err == nil {
				out[m.ID] = m
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func insertMember(tx *db.Tx, m *Member) error {
	_, err := tx.Exec(`INSERT INTO members (id, name, shown, email, verified_at, password, role, level, regions, state, state_reason,
		bio, links, avatar, settings, accepted, declined, created_at, seen_at, revision)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		m.ID, m.Name, m.Shown, m.Email, db.Millis(m.Verified), m.password, string(m.Role), string(m.Level), jsonOf(m.Regions), string(m.State), m.Reason,
		m.Bio, jsonOf(m.Links), m.Avatar, jsonOf(m.Settings), m.Accepted, m.Declined, db.Millis(m.Created), db.Millis(m.Seen), 1)
	return err
}
