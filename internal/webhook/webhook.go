// Package webhook tells other programs what changes in the atlas: the public
// change feed, pushed. Each receiver has a position in the log; a message holds
// what came after it and moves it on when it was taken. So nothing is skipped,
// the order is that of the log, and what waits for a receiver that is down
// takes no room.
//
// Messages follow Standard Webhooks (github.com/standard-webhooks, version 1 of
// its signature). The number of a message stays the same however often it is
// sent: a receiver that remembers numbers takes none twice.
package webhook

import (
	"context"
	"database/sql"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/seal"
)

const (
	auditKind = "webhook"
	// most is how many receivers an atlas has.
	most       = 20
	maxAddress = 2000
	secretSize = 32
	// bothFor is how long the secret before signs beside a new one.
	bothFor = 24 * time.Hour
)

// State says whether a receiver is told.
type State string

// The states of a receiver.
const (
	Active State = "active"
	Off    State = "off"    // by an admin
	Failed State = "failed" // by itself: it said 410, or took nothing for three days
)

// Hook is one receiver.
type Hook struct {
	ID        int64
	Address   string
	State     State
	Position  int64     // the last change that it has taken
	Behind    bool      // there are newer changes
	Attempts  int       // in vain, since it took the last message
	Next      time.Time // when it is tried again, zero when nothing failed
	Delivered time.Time // when it took something last, zero for never
	Fault     string    // why the last try failed
	Created   time.Time
}

// Poster sends a message and gives the status of the answer; an error for any
// answer but 2xx.
type Poster interface {
	Post(ctx context.Context, address string, header http.Header, body []byte) (status int, err error)
}

// Hooks is the use cases of receivers. Safe for concurrent use.
type Hooks struct {
	db     *db.DB
	seal   *seal.Seal
	poster Poster
	named  Named
}

// Named gives changes as the public feed shows them, without those that are
// nobody else's business.
type Named func(ctx context.Context, part []changes.Change) ([]any, error)

// New makes the receivers kept in d.
func New(d *db.DB, s *seal.Seal, p Poster, named Named) *Hooks {
	return &Hooks{db: d, seal: s, poster: p, named: named}
}

// Add makes a receiver of everything that changes from now on, and greets it.
// The secret is what its messages are signed with; it is shown once.
func (h *Hooks) Add(ctx context.Context, a actor.Actor, address string) (secret string, err error) {
	if err := a.Needs(actor.Admin); err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Fragment != "" || len(address) > maxAddress {
		return "", errs.InField("address", "must be an address that begins with https://, without a password in it")
	}
	last, err := changes.Last(ctx, h.db)
	if err != nil {
		return "", err
	}
	err = h.db.Write(ctx, func(tx *db.Tx) error {
		var n, same int
		if err := tx.QueryRow(`SELECT count(*), coalesce(sum(CASE WHEN address = $1 THEN 1 ELSE 0 END), 0) FROM webhooks`, address).Scan(&n, &same); err != nil {
			return err
		}
		if same > 0 {
			return errs.InField("address", "is told already")
		}
		if n >= most {
			return errs.InField("address", "would be one more than the %d that an atlas tells", most)
		}
		id := tx.DB().NewID()
		sealed, shown, err := h.newSecret(tx, id)
		if err != nil {
			return err
		}
		secret = shown
		_, err = tx.Exec(`
			INSERT INTO webhooks (id, address, secret, secret_before, rotated_at, state, greeting, position, until_seq, attempts, next_at, leased_until, failing_since, delivered_at, fault, created_at)
			VALUES ($1, $2, $3, '', 0, 'active', $4, $5, 0, 0, 0, 0, 0, 0, '', $6)`, id, address, sealed, true, last, tx.DB().Millis())
		if err != nil {
			return err
		}
		if err := audit.Write(tx, a, "add", auditKind, id, map[string]any{"address": address}); err != nil {
			return err
		}
		return enqueue(tx, id, time.Time{})
	})
	return secret, err
}

// newSecret draws a secret: sealed for the row, and as its receiver needs it.
func (h *Hooks) newSecret(tx *db.Tx, id int64) (sealed, shown string, err error) {
	var raw [secretSize]byte
	if _, err := io.ReadFull(tx.DB().Random(), raw[:]); err != nil {
		return "", "", err
	}
	sealed, err = h.seal.Close(tx.DB().Random(), id, raw[:])
	return sealed, "whsec_" + base64.StdEncoding.EncodeToString(raw[:]), err
}

// change runs fn on a receiver that is there, and notes the action.
func (h *Hooks) change(ctx context.Context, a actor.Actor, id int64, action string, fn func(tx *db.Tx) error) error {
	if err := a.Needs(actor.Admin); err != nil {
		return err
	}
	return h.db.Write(ctx, func(tx *db.Tx) error {
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM webhooks WHERE id = $1`, id).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "There is no such webhook.")
		}
		if err := fn(tx); err != nil {
			return err
		}
		return audit.Write(tx, a, action, auditKind, id, nil)
	})
}

// Rotate gives a receiver a new secret. For a day the one before signs too.
func (h *Hooks) Rotate(ctx context.Context, a actor.Actor, id int64) (secret string, err error) {
	err = h.change(ctx, a, id, "rotate", func(tx *db.Tx) error {
		sealed, shown, err := h.newSecret(tx, id)
		if err != nil {
			return err
		}
		secret = shown
		_, err = tx.Exec(`UPDATE webhooks SET secret_before = secret, secret = $1, rotated_at = $2 WHERE id = $3`, sealed, tx.DB().Millis(), id)
		return err
	})
	return secret, err
}

// Switch turns a receiver on, also one that had failed, or off. What changed
// meanwhile is told when it is on again.
func (h *Hooks) Switch(ctx context.Context, a actor.Actor, id int64, on bool) error {
	state, action := Off, "switch-off"
	if on {
		state, action = Active, "switch-on"
	}
	return h.change(ctx, a, id, action, func(tx *db.Tx) error {
		if _, err := tx.Exec(`UPDATE webhooks SET state = $1, attempts = 0, next_at = 0, failing_since = 0 WHERE id = $2`, string(state), id); err != nil || !on {
			return err
		}
		return enqueue(tx, id, time.Time{})
	})
}

// Greet sends a receiver a message that says nothing, for trying it.
func (h *Hooks) Greet(ctx context.Context, a actor.Actor, id int64) error {
	return h.change(ctx, a, id, "greet", func(tx *db.Tx) error {
		if _, err := tx.Exec(`UPDATE webhooks SET greeting = $1, next_at = 0 WHERE id = $2`, true, id); err != nil {
			return err
		}
		return enqueue(tx, id, time.Time{})
	})
}

// Remove forgets a receiver.
func (h *Hooks) Remove(ctx context.Context, a actor.Actor, id int64) error {
	return h.change(ctx, a, id, "remove", func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM webhooks WHERE id = $1`, id)
		return err
	})
}

// All lists the receivers, oldest first.
func (h *Hooks) All(ctx context.Context, a actor.Actor) (list []Hook, err error) {
	if err := a.Needs(actor.Admin); err != nil {
		return nil, err
	}
	last, err := changes.Last(ctx, h.db)
	if err != nil {
		return nil, err
	}
	err = h.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT id, address, state, position, attempts, next_at, delivered_at, fault, created_at FROM webhooks ORDER BY id`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var k Hook
			var next, delivered, created int64
			err := r.Scan(&k.ID, &k.Address, &k.State, &k.Position, &k.Attempts, &next, &delivered, &k.Fault, &created)
			k.Next, k.Delivered, k.Created, k.Behind = db.Time(next), db.Time(delivered), db.Time(created), k.Position < last
			list = append(list, k)
			return err
		})
	})
	return list, err
}
