package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/job"
)

const (
	// handful is how many changes one message tells.
	handful = 100
	// round is how many messages one job sends before it lets others work.
	round = 20
	// lease is how long a message may be on its way: longer than a call takes.
	lease = 30 * time.Second
	// patience is how long a receiver may take nothing.
	patience = 3 * 24 * time.Hour
)

// Tell is the job that sends a receiver what it has not had yet.
type Tell struct {
	Hook int64 `json:"hook"`
}

// Kind names the job.
func (Tell) Kind() string { return "webhook.tell" }

// Wake is the job that looks for receivers that are behind, in case nobody
// told of a change.
type Wake struct{}

// Kind names the job.
func (Wake) Kind() string { return "webhook.wake" }

func enqueue(tx *db.Tx, id int64, at time.Time) error {
	return job.Enqueue(tx, Tell{id}, job.At(at), job.Once(strconv.FormatInt(id, 10)))
}

// Wake enqueues a job for each receiver that is behind the log.
func (h *Hooks) Wake(ctx context.Context, _ Wake) error {
	var behind []int64
	err := h.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT id FROM webhooks WHERE state = 'active' AND position < (SELECT coalesce(max(seq), 0) FROM changes)`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			behind = append(behind, id)
			return err
		})
	})
	if err != nil || len(behind) == 0 {
		return err
	}
	return h.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range behind {
			if err := enqueue(tx, id, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// message is one that is on its way.
type message struct {
	hook           int64
	address        string
	secrets        []string // sealed
	greeting       bool
	position, upTo int64
	at             int64 // when the last of its changes was made
	attempts       int
	failing        int64
}

// id is the number of a message, the same each time it is sent. Positions alone
// would not do: an atlas that was restored from a backup counts on from there,
// and would give other changes the numbers of messages that were sent already.
func (m *message) id() string {
	if m.greeting {
		return fmt.Sprintf("msg_%d_hello_%d", m.hook, m.position)
	}
	return fmt.Sprintf("msg_%d_%d_%d", m.hook, m.position, m.at)
}

// Send works a Tell: message after message, until the receiver has everything.
func (h *Hooks) Send(ctx context.Context, t Tell) error {
	for range round {
		m, err := h.take(ctx, t.Hook)
		if err != nil || m == nil {
			return err
		}
		fault, status, err := h.send(ctx, m)
		if err != nil {
			return errors.Join(err, h.give(context.WithoutCancel(ctx), m))
		}
		if err := h.settle(context.WithoutCancel(ctx), m, fault, status); err != nil || fault != nil {
			return err
		}
	}
	return h.db.Write(ctx, func(tx *db.Tx) error { return enqueue(tx, t.Hook, time.Time{}) })
}

// take gives the next message of a receiver and keeps others from sending it;
// nil when there is none, or it is not its time.
func (h *Hooks) take(ctx context.Context, id int64) (m *message, err error) {
	err = h.db.Write(ctx, func(tx *db.Tx) error {
		var state, secret, before string
		var next, leased, rotated int64
		m = &message{hook: id}
		err := tx.QueryRow(`SELECT address, secret, secret_before, rotated_at, state, greeting, position, until_seq, attempts, next_at, leased_until, failing_since FROM webhooks WHERE id = $1`, id).
			Scan(&m.address, &secret, &before, &rotated, &state, &m.greeting, &m.position, &m.upTo, &m.attempts, &next, &leased, &m.failing)
		if errors.Is(err, sql.ErrNoRows) || err == nil && State(state) != Active {
			m = nil
			return nil
		}
		if err != nil {
			return err
		}
		now := tx.DB().Millis()
		if wait := max(next, leased); wait > now {
			m = nil
			return enqueue(tx, id, db.Time(wait))
		}
		m.secrets = []string{secret}
		if before != "" && now-rotated < bothFor.Milliseconds() {
			m.secrets = append(m.secrets, before)
		}
		if !m.greeting && m.upTo == 0 {
			if err := tx.QueryRow(`SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2) AS next`, m.position, handful).Scan(&m.upTo); err != nil {
				return err
			}
			if m.upTo == 0 {
				m = nil
				return nil
			}
		}
		if err := tx.QueryRow(`SELECT coalesce(max(at), 0) FROM changes WHERE seq = $1`, m.upTo).Scan(&m.at); err != nil {
			return err
		}
		// Not the lease alone: another node may have sent this very message since
		// it was read, and have given the lease back.
		n, err := tx.Exec(`UPDATE webhooks SET until_seq = $1, leased_until = $2 WHERE id = $3 AND leased_until = $4 AND position = $5 AND greeting = $6 AND attempts = $7`,
			m.upTo, now+lease.Milliseconds(), id, leased, m.position, m.greeting, m.attempts)
		if err == nil && n == 0 { // another node was quicker
			m = nil
			return enqueue(tx, id, db.Time(now+lease.Milliseconds()))
		}
		return err
	})
	return m, err
}

// body is what a message says.
type body struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      data   `json:"data"`
}

type data struct {
	Items []any `json:"items"`
	// Next is the sequence to go on from: GET /api/v1/changes?since=.
	Next string `json:"next"`
}

// send sends a message, unless it would be empty: status is 0 then. fault is why
// the receiver did not take it; err why it could not be written at all.
func (h *Hooks) send(ctx context.Context, m *message) (fault error, status int, err error) {
	now := h.db.Now()
	b := body{Type: "hello", Timestamp: now.Format(time.RFC3339), Data: data{Items: []any{}, Next: strconv.FormatInt(m.position, 10)}}
	if !m.greeting {
		part, err := changes.Since(ctx, h.db, m.position, handful)
		if err != nil {
			return nil, 0, err
		}
		for len(part) > 0 && part[len(part)-1].Seq > m.upTo {
			part = part[:len(part)-1]
		}
		items, err := h.named(ctx, part)
		if err != nil {
			return nil, 0, err
		}
		if len(items) == 0 { // settings, or what is public no longer
			return nil, 0, nil
		}
		b.Type, b.Data = "changes", data{Items: items, Next: strconv.FormatInt(m.upTo, 10)}
	}
	text, err := json.Marshal(b)
	if err != nil {
		return nil, 0, err
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	var signatures []string
	for _, sealed := range m.secrets {
		secret, err := h.seal.Open(m.hook, sealed, "the secret of a webhook")
		if err != nil {
			return nil, 0, job.Hopeless(err)
		}
		signatures = append(signatures, sign(secret, m.id(), stamp, text))
	}
	status, fault = h.poster.Post(ctx, m.address, http.Header{
		"Content-Type": {"application/json"}, "Webhook-Id": {m.id()}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {strings.Join(signatures, " ")},
	}, text)
	if fault != nil && ctx.Err() != nil { // the program stops: no fault of the receiver
		return nil, 0, ctx.Err()
	}
	return fault, status, nil
}

// sign is a signature of Standard Webhooks, version 1.
func sign(secret []byte, id, stamp string, text []byte) string {
	mac := hmac.New(sha256.New, secret)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", id, stamp, text)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// give gives a message back that was not sent.
func (h *Hooks) give(ctx context.Context, m *message) error {
	return h.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE webhooks SET leased_until = 0 WHERE id = $1`, m.hook)
		return err
	})
}

// settle writes down what came of a message.
func (h *Hooks) settle(ctx context.Context, m *message, fault error, status int) error {
	return h.db.Write(ctx, func(tx *db.Tx) error {
		now := tx.DB().Millis()
		if fault == nil {
			position, upTo := m.upTo, int64(0)
			if m.greeting {
				position, upTo = m.position, m.upTo
			}
			_, err := tx.Exec(`UPDATE webhooks SET position = $1, until_seq = $2, greeting = $3, attempts = 0, next_at = 0, leased_until = 0, failing_since = 0, delivered_at = CASE WHEN $4 THEN $5 ELSE delivered_at END, fault = '' WHERE id = $6`,
				position, upTo, false, status != 0, now, m.hook)
			return err
		}
		state, since := Active, m.failing
		if since == 0 {
			since = now
		}
		if status == http.StatusGone || now-since > patience.Milliseconds() {
			state = Failed
		}
		next := now + pause(m.attempts+1).Milliseconds()
		_, err := tx.Exec(`UPDATE webhooks SET state = CASE WHEN state = 'active' THEN $1 ELSE state END, attempts = attempts + 1, next_at = $2, leased_until = 0, failing_since = $3, fault = $4 WHERE id = $5`,
			string(state), next, since, fault.Error(), m.hook)
		if err != nil || state == Failed {
			return err
		}
		return enqueue(tx, m.hook, db.Time(next))
	})
}

// pause is the wait after the n-th try in vain: 5 s, 20 s, 80 s … at most four
// hours.
func pause(n int) time.Duration {
	d := 5 * time.Second
	for range min(n-1, 10) {
		d *= 4
	}
	return min(d, 4*time.Hour)
}
