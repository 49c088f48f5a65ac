package personal

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/user"
)

// FormerMember is the name of who has left without one.
const FormerMember = "a former member"

// Recredit is the job that puts the chosen name into what the member gave.
type Recredit struct {
	Path string `json:"path"`
	Name string `json:"name"`
}

// Kind implements job.Args.
func (Recredit) Kind() string { return "personal.recredit" }

// Work works the job.
func (o *Own) Work(ctx context.Context, r Recredit) error { return o.d.Recredit(ctx, r.Path, r.Name) }

// Leave deletes the actor's account: what is private is gone when it returns,
// what was given to the atlas stays under the name, or under that of a former
// member when named is false; entries say so a moment later.
func (o *Own) Leave(ctx context.Context, who actor.Actor, named bool) error {
	return o.db.Write(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		m, err := user.ByID(tx, who.ID)
		if err != nil {
			return err
		}
		if err := notTheLastAdmin(tx, m); err != nil {
			return err
		}
		for _, leave := range o.d.Leave {
			if err := leave(tx, m.ID); err != nil {
				return err
			}
		}
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		shown, name := m.Shown, m.Name
		if !named {
			shown, name = FormerMember, "former-"+strconv.FormatInt(m.ID, 36)
		}
		for _, r := range rules {
			if _, ok := r.in(tables); ok {
				if err := r.take(tx, m, shown); err != nil {
					return err
				}
			}
		}
		if err := dropLetters(tx, m.Email); err != nil {
			return err
		}
		if err := empty(tx, m.ID, name, shown); err != nil {
			return err
		}
		changes.Append(tx, user.LogKind, m.ID, changes.Drop)
		if err := job.Enqueue(tx, Recredit{m.Path(), shown}); err != nil {
			return err
		}
		if err := o.d.Farewell(tx, m.Email, m.Shown); err != nil {
			return err
		}
		return audit.Write(tx, actor.Actor{}, "leave", user.LogKind, m.ID, nil)
	})
}

// take does to the rows of a table what their rule says.
func (r rule) take(tx *db.Tx, m *user.Member, shown string) error {
	text := ""
	switch r.fate {
	case erased:
		text = fmt.Sprintf(`DELETE FROM %s WHERE %s = $1`, r.table, r.of)
	case changed:
		text = fmt.Sprintf(`UPDATE %s SET %s WHERE %s = $1`, r.table, r.set, r.of)
	default:
		return nil
	}
	if r.where != "" {
		text += ` AND ` + r.where
	}
	args := []any{m.ID}
	if strings.Contains(text, "$3") {
		args = append(args, shown, m.Shown)
	}
	_, err := tx.Exec(text, args...)
	return err
}

// empty leaves of the row of a member a number and the chosen name.
func empty(tx *db.Tx, id int64, name, shown string) error {
	_, err := tx.Exec(`UPDATE members SET name = $1, shown = $2, email = NULL, verified_at = 0, password = '', role = 'member', level = 'new', regions = '',
		state = 'deleted', state_reason = '', bio = '', links = '', avatar = '', settings = '', bounced_at = 0, bounced = '', seen_at = created_at, revision = revision + 1 WHERE id = $3`, name, shown, id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM attempts WHERE bucket = $1`, "factor:"+strconv.FormatInt(id, 10))
	return err
}

// dropLetters takes away letters that have not left, and those that never will.
func dropLetters(tx *db.Tx, email string) error {
	to, err := json.Marshal(email)
	if err != nil || email == "" {
		return err
	}
	_, err = tx.Exec(`DELETE FROM jobs WHERE kind = 'mail' AND args LIKE $1 ESCAPE '!'`, `%"to":`+literally.Replace(string(to))+`%`)
	return err
}

// literally makes a text stand for itself in a LIKE.
var literally = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// notTheLastAdmin keeps an atlas from being left without anybody in charge.
func notTheLastAdmin(tx *db.Tx, m *user.Member) error {
	if m.Role != actor.Admin {
		return nil
	}
	var others int
	err := tx.QueryRow(`SELECT count(*) FROM members WHERE role = 'admin' AND state = 'active' AND id <> $1`, m.ID).Scan(&others)
	if err == nil && others == 0 {
		err = errs.New(errs.Conflict, "You are the only admin of this atlas. Appoint another before you leave.")
	}
	return err
}
