package notice

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"strconv"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

// choicesOf reads what members chose for a kind; who chose nothing is left out.
func choicesOf(tx *db.Tx, k Kind, members []int64) (map[int64]Choice, error) {
	out := map[int64]Choice{}
	args := append([]any{string(k)}, db.Padded(members)...)
	rows, err := tx.Query(`SELECT member, site, mail FROM notice_choices WHERE kind = $1 AND member IN (`+db.In(len(args)-1, 2)+`)`, args...)
	return out, db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		var c Choice
		err := r.Scan(&id, &c.Site, &c.Mail)
		out[id] = c
		return err
	})
}

// choiceOf is what one member chose for a kind.
func choiceOf(tx *db.Tx, k Kind, member int64) (Choice, error) {
	chosen, err := choicesOf(tx, k, []int64{member})
	if c, ok := chosen[member]; ok {
		return c, err
	}
	return defaults[k], err
}

// Choices is how the actor wishes to be told, kind by kind.
func (x *Notices) Choices(ctx context.Context, a actor.Actor) (map[Kind]Choice, error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	var out map[Kind]Choice
	return out, x.db.Read(ctx, func(tx *db.Tx) error {
		out = map[Kind]Choice{}
		for k, c := range defaults {
			out[k] = c
		}
		rows, err := tx.Query(`SELECT kind, site, mail FROM notice_choices WHERE member = $1`, a.ID)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var k Kind
			var c Choice
			err := r.Scan((*string)(&k), &c.Site, &c.Mail)
			if k.Valid() {
				out[k] = c
			}
			return err
		})
	})
}

// Choose sets how the actor wishes to be told of some kinds.
func (x *Notices) Choose(ctx context.Context, a actor.Actor, choices map[Kind]Choice) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	for k := range choices {
		if !k.Valid() {
			return errs.InField("kind", "is none of the kinds of notices")
		}
	}
	return x.db.Write(ctx, func(tx *db.Tx) error {
		for _, k := range Kinds { // in one order, so that nobody waits in a circle
			if c, ok := choices[k]; ok {
				if err := choose(tx, a.ID, k, c); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func choose(tx *db.Tx, member int64, k Kind, c Choice) error {
	_, err := tx.Exec(`INSERT INTO notice_choices (member, kind, site, mail) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member, kind) DO UPDATE SET site = excluded.site, mail = excluded.mail`, member, string(k), c.Site, c.Mail)
	if err != nil || c.Mail || k != Followed {
		return err
	}
	_, err = tx.Exec(`UPDATE notices SET weekly = $2 WHERE member = $1 AND weekly`, member, false)
	return err
}

// StopPath is the way out of mails of a kind: whoever holds the letter can have
// no more of them, without signing in. It is signed, so that nobody can make
// one for another, and stays good, since letters are kept for years.
func (x *Notices) StopPath(member int64, k Kind) string {
	return "/unsubscribe/" + string(k) + "/" + strconv.FormatInt(member, 36) + "/" + x.sign(member, k)
}

func (x *Notices) sign(member int64, k Kind) string {
	mac := hmac.New(sha256.New, x.key)
	mac.Write([]byte("unsubscribe\x00" + string(k) + "\x00" + strconv.FormatInt(member, 36)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// Stoppable reads such a path's parts; what nobody signed is errs.NotFound.
func (x *Notices) Stoppable(kind, member, signed string) (id int64, k Kind, err error) {
	id, bad := strconv.ParseInt(member, 36, 64)
	k = Kind(kind)
	if bad != nil || !k.Valid() || !hmac.Equal([]byte(signed), []byte(x.sign(id, k))) {
		return 0, "", errs.New(errs.NotFound, "This link does nothing. Which mails come is chosen in the settings.")
	}
	return id, k, nil
}

// Stop ends mails of a kind for whom a signed path names. Doing it twice changes
// nothing more.
func (x *Notices) Stop(ctx context.Context, kind, member, signed string) (Kind, error) {
	id, k, err := x.Stoppable(kind, member, signed)
	if err != nil {
		return k, err
	}
	return k, x.db.Write(ctx, func(tx *db.Tx) error {
		m, err := user.ByID(tx, id)
		if err != nil {
			return err
		}
		if m.State == user.Deleted {
			return nil
		}
		c, err := choiceOf(tx, k, id)
		if err != nil {
			return err
		}
		c.Mail = false
		return choose(tx, id, k, c)
	})
}
