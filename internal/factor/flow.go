package factor

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// flowTime is how long somebody may take from a question to its answer.
const flowTime = 5 * time.Minute

// ErrFlow is the answer to a step whose first step is unknown, over, or another
// browser's.
var ErrFlow = errs.New(errs.Invalid, "That took too long, or was done already. Begin again.")

// begin remembers what the end of a flow must know, and gives the secret that
// only the browser has which began it. What others began and left goes with it.
func (f *Factors) begin(tx *db.Tx, purpose string, member int64, data any) (secret string, err error) {
	b, err := f.random(32)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	secret = base64.RawURLEncoding.EncodeToString(b)
	var of any
	if member != 0 {
		of = member
	}
	now := tx.DB().Millis()
	if _, err := tx.Exec(`DELETE FROM flows WHERE expires_at < $1`, now); err != nil {
		return "", err
	}
	_, err = tx.Exec(`INSERT INTO flows (hash, purpose, member, data, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		hashOf(secret), purpose, of, string(text), now+flowTime.Milliseconds())
	return secret, err
}

// end takes a flow: it can be ended once, whatever comes of it.
func end(tx *db.Tx, purpose, secret string, data any) (member int64, err error) {
	var text string
	hash := hashOf(secret)
	err = tx.QueryRow(`SELECT coalesce(member, 0), data FROM flows WHERE hash = $1 AND purpose = $2 AND expires_at > $3`, hash, purpose, tx.DB().Millis()).Scan(&member, &text)
	if errs.Is(err, errs.NotFound) {
		return 0, ErrFlow
	}
	if err != nil {
		return 0, err
	}
	n, err := tx.Exec(`DELETE FROM flows WHERE hash = $1`, hash)
	if err != nil {
		return 0, err
	}
	if n == 0 { // another was faster
		return 0, ErrFlow
	}
	return member, json.Unmarshal([]byte(text), data)
}

// Tries are limited: so many at once, and one more after each pause. The count
// is kept in the database, so that it holds for all nodes and after a restart.
const (
	tries      = 5
	triesPause = 3 * time.Minute // five in a quarter of an hour
)

// try counts a try of a member and refuses one too many. It is a transaction of
// its own, before the proof is looked at, so that a thousand tries at once are
// a thousand.
func (f *Factors) try(tx *db.Tx, bucket string) error {
	now, pause := tx.DB().Millis(), triesPause.Milliseconds()
	n, err := tx.Exec(`
		INSERT INTO attempts (bucket, due) VALUES ($1, $2)
		ON CONFLICT (bucket) DO UPDATE SET due = CASE WHEN attempts.due > $3 THEN attempts.due ELSE $3 END + $4 WHERE attempts.due <= $5`,
		bucket, now+pause, now, pause, now+(tries-1)*pause)
	if err != nil || n > 0 {
		return err
	}
	var due int64
	if err = tx.QueryRow(`SELECT due FROM attempts WHERE bucket = $1`, bucket).Scan(&due); err == nil {
		wait := time.Duration(due-now-(tries-1)*pause) * time.Millisecond
		err = errs.TooSoon(wait, "That was tried too often. Wait a quarter of an hour, or sign in with a passkey or a recovery code then.")
	}
	return err
}

// forgive empties the bucket after a good proof.
func forgive(tx *db.Tx, bucket string) error {
	_, err := tx.Exec(`DELETE FROM attempts WHERE bucket = $1`, bucket)
	return err
}
