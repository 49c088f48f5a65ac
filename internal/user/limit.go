package user

import (
	"context"
	"net/netip"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// limit is a bucket that holds burst tries and drains one in every interval.
// Buckets stand in the database, so that a restart or another node forgets
// nothing; a row is the moment at which its bucket would be empty.
type limit struct {
	name     string
	burst    int64
	interval time.Duration
}

var (
	// Failures of one account from one network, and of one network over all
	// accounts. An account is never locked as a whole: anybody could do that to
	// anybody.
	accountFailures = limit{"sign-in", 10, 2 * time.Minute}
	networkFailures = limit{"sign-in-net", 60, 10 * time.Second}
	// Mails that strangers can have sent: to one address, and from one network.
	mailsTo   = limit{"mail", 4, 20 * time.Minute}
	mailsFrom = limit{"mail-net", 20, 3 * time.Minute}
	// Accounts that one network can make: with a proof of work, and without.
	joinsFrom      = limit{"join", 30, 2 * time.Minute}
	plainJoinsFrom = limit{"join-plain", 5, 15 * time.Minute}
	// Beginnings of signing in by a passkey or the provider.
	knocksFrom = limit{"knock", 60, 5 * time.Second}
	// Reports that one network can send without an account: with a proof of work,
	// and without.
	reportsFrom      = limit{"report", 20, 10 * time.Minute}
	plainReportsFrom = limit{"report-plain", 3, time.Hour}
)

func (l limit) key(parts ...string) string {
	key := l.name
	for _, p := range parts {
		key += "\x1f" + p
	}
	return hashOf(key) // no address of a stranger stands in the table
}

// full is how long to wait until the bucket takes another try; 0 for now.
func (l limit) full(tx *db.Tx, key string) (time.Duration, error) {
	var due int64
	err := tx.QueryRow(`SELECT due FROM attempts WHERE bucket = $1`, key).Scan(&due)
	if errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	over := due + l.interval.Milliseconds() - tx.DB().Millis() - l.burst*l.interval.Milliseconds()
	return max(time.Duration(over)*time.Millisecond, 0), err
}

// note puts a try into the bucket.
func (l limit) note(tx *db.Tx, key string) error {
	now, step := tx.DB().Millis(), l.interval.Milliseconds()
	_, err := tx.Exec(`INSERT INTO attempts (bucket, due) VALUES ($1, $2)
		ON CONFLICT (bucket) DO UPDATE SET due = CASE WHEN attempts.due > $3 THEN attempts.due ELSE $3 END + $4`, key, now+step, now, step)
	return err
}

// take notes a try, or says how long to wait when there were too many.
func (l limit) take(tx *db.Tx, key string) error {
	wait, err := l.full(tx, key)
	if err != nil {
		return err
	}
	if wait > 0 {
		return tooOften(wait)
	}
	return l.note(tx, key)
}

func tooOften(wait time.Duration) error {
	minutes := int(wait/time.Minute) + 1
	if minutes == 1 {
		return errs.TooSoon(wait, "That was tried too often. Try again in a minute.")
	}
	return errs.TooSoon(wait, "That was tried too often. Try again in %d minutes.", minutes)
}

// NetworkOf is what counts as one place on the net: an IPv4 address or an IPv6
// /64, which one household has.
func NetworkOf(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	switch {
	case !a.IsValid():
		return "unknown"
	case a.Is4():
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// Sweep forgets what has expired: attempts, links, flows, proofs, answers of
// the API, sessions. It returns at the first error.
func (u *Users) Sweep(ctx context.Context) error {
	now := u.db.Millis()
	day := (24 * time.Hour).Milliseconds()
	for _, s := range []struct {
		text string
		at   int64
	}{
		{`DELETE FROM attempts WHERE due < $1`, now},
		{`DELETE FROM flows WHERE expires_at < $1`, now},
		{`DELETE FROM proofs WHERE expires_at < $1`, now},
		{`DELETE FROM links WHERE expires_at < $1`, now - 30*day},
		{`DELETE FROM idempotency WHERE at < $1`, now - day},
		{`DELETE FROM sessions WHERE seen_at < $1`, now - idle.Milliseconds()},
		{`DELETE FROM sessions WHERE created_at < $1`, now - longest.Milliseconds()},
		// An account that was never confirmed would keep its name and address
		// from those whose they are.
		{`DELETE FROM members WHERE verified_at = 0 AND role = 'member' AND created_at < $1`, now - 7*day},
	} {
		err := u.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(s.text, s.at)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
