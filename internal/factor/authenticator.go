package factor

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

// auditKind is the kind of members in the audit log.
const auditKind = user.LogKind

// The authenticator as every app knows it (RFC 6238): six digits of SHA-1, a
// new code each half minute; one step of a wrong clock is forgiven.
const (
	step     = 30 * time.Second
	skew     = 1
	seedSize = 20
	codes    = 10 // recovery codes
	codeSize = 15 // bytes of one: 120 bits
)

var digits = base32.StdEncoding.WithPadding(base32.NoPadding)

// Seed is what an authenticator is set up with.
type Seed struct {
	Secret string // to be typed, in groups of four
	URL    string // to be scanned: otpauth://…
}

// BeginAuthenticator makes a seed that counts once it is confirmed; one that was
// not confirmed is replaced.
func (f *Factors) BeginAuthenticator(ctx context.Context, who actor.Actor) (s Seed, err error) {
	if err := who.Needs(actor.Member); err != nil {
		return s, err
	}
	seed, err := f.random(seedSize)
	if err != nil {
		return s, err
	}
	text, err := f.seal.Close(f.db.Random(), who.ID, seed)
	if err != nil {
		return s, err
	}
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		n, err := tx.Exec(`INSERT INTO factors (member, secret, last_step, confirmed_at, created_at) VALUES ($1, $2, 0, 0, $3)
			ON CONFLICT (member) DO UPDATE SET secret = excluded.secret, last_step = 0, created_at = excluded.created_at WHERE factors.confirmed_at = 0`,
			who.ID, text, tx.DB().Millis())
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "There is an authenticator already. Remove it before you set up another.")
		}
		return err
	})
	if err != nil {
		return s, err
	}
	return f.seedOf(ctx, who, seed), nil
}

// Unconfirmed gives the seed that waits for its first code, for the page that
// is shown again after a wrong one.
func (f *Factors) Unconfirmed(ctx context.Context, who actor.Actor) (s Seed, err error) {
	var text string
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT secret FROM factors WHERE member = $1 AND confirmed_at = 0`, who.ID).Scan(&text)
	})
	if err != nil {
		return s, err
	}
	seed, err := f.seal.Open(who.ID, text, "a second factor")
	if err != nil {
		return s, err
	}
	return f.seedOf(ctx, who, seed), nil
}

func (f *Factors) seedOf(ctx context.Context, who actor.Actor, seed []byte) Seed {
	secret := digits.EncodeToString(seed)
	name := f.name(ctx)
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + name + ":" + who.Name,
		RawQuery: "secret=" + secret + "&issuer=" + url.QueryEscape(name)}
	return Seed{Secret: groups(secret), URL: u.String()}
}

func groups(s string) string {
	var parts []string
	for len(s) > 4 {
		parts, s = append(parts, s[:4]), s[4:]
	}
	return strings.Join(append(parts, s), " ")
}

// ConfirmAuthenticator takes the first code; from then on signing in asks for
// one. It gives the recovery codes, which are shown once.
func (f *Factors) ConfirmAuthenticator(ctx context.Context, who actor.Actor, code string) (list []string, err error) {
	if err := who.Needs(actor.Member); err != nil {
		return nil, err
	}
	if err := f.countTry(ctx, who.ID); err != nil {
		return nil, err
	}
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		good, err := f.spend(tx, who.ID, code, false)
		if err != nil {
			return err
		}
		if !good {
			return errs.InField("code", "is not the one that is shown now; look again, and at the clock of the device")
		}
		if _, err := tx.Exec(`UPDATE factors SET confirmed_at = $1 WHERE member = $2`, tx.DB().Millis(), who.ID); err != nil {
			return err
		}
		if list, err = f.newCodes(tx, who.ID); err != nil {
			return err
		}
		if err := forgive(tx, bucketOf(who.ID)); err != nil {
			return err
		}
		return f.changed(tx, who, "factor-add", nil)
	})
	return list, err
}

// NewCodes replaces the recovery codes.
func (f *Factors) NewCodes(ctx context.Context, who actor.Actor) (list []string, err error) {
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		var has bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM factors WHERE member = $1 AND confirmed_at > 0)`, who.ID).Scan(&has); err != nil {
			return err
		}
		if !has {
			return errs.New(errs.Conflict, "Recovery codes come with an authenticator. Set one up first.")
		}
		if list, err = f.newCodes(tx, who.ID); err != nil {
			return err
		}
		return f.changed(tx, who, "codes-new", nil)
	})
	return list, err
}

func (f *Factors) newCodes(tx *db.Tx, member int64) (list []string, err error) {
	if _, err := tx.Exec(`DELETE FROM recovery_codes WHERE member = $1`, member); err != nil {
		return nil, err
	}
	for range codes {
		b, err := f.random(codeSize)
		if err != nil {
			return nil, err
		}
		list = append(list, digits.EncodeToString(b))
	}
	err = tx.Insert("recovery_codes", []string{"member", "hash", "used_at"}, codes, func(i int, into []any) {
		into[0], into[1], into[2] = member, hashOf(list[i]), 0
	})
	for i, c := range list {
		list[i] = groups(c)
	}
	return list, err
}

// StopAuthenticator throws away a seed that was never confirmed.
func (f *Factors) StopAuthenticator(ctx context.Context, who actor.Actor) error {
	if err := who.Needs(actor.Member); err != nil {
		return err
	}
	return f.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM factors WHERE member = $1 AND confirmed_at = 0`, who.ID)
		return err
	})
}

// RemoveAuthenticator takes it away, with the recovery codes.
func (f *Factors) RemoveAuthenticator(ctx context.Context, who actor.Actor) error {
	if err := who.Needs(actor.Member); err != nil {
		return err
	}
	return f.db.Write(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM factors WHERE member = $1`, who.ID)
		if err != nil || n == 0 {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM recovery_codes WHERE member = $1`, who.ID); err != nil {
			return err
		}
		return f.changed(tx, who, "factor-remove", nil)
	})
}

// Proof is how somebody proved himself a second time.
type Proof string

// The proofs.
const (
	ByAuthenticator Proof = "authenticator"
	ByRecoveryCode  Proof = "recovery code"
)

// Prove takes what was typed as a second factor: six digits, or a recovery
// code. Each can be used once.
func (f *Factors) Prove(ctx context.Context, member int64, typed string) (by Proof, err error) {
	if err := f.countTry(ctx, member); err != nil {
		return "", err
	}
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		by = ByAuthenticator
		good, err := f.spend(tx, member, typed, true)
		if err == nil && !good {
			by = ByRecoveryCode
			good, err = spendCode(tx, member, typed)
		}
		switch {
		case err != nil:
			return err
		case !good:
			return errs.InField("code", "is not right, or was used already")
		}
		if by == ByRecoveryCode {
			if err := f.changed(tx, actor.Actor{ID: member}, "code-use", nil); err != nil {
				return err
			}
		}
		return forgive(tx, bucketOf(member))
	})
	return by, err
}

func bucketOf(member int64) string { return "factor:" + strconv.FormatInt(member, 10) }

func (f *Factors) countTry(ctx context.Context, member int64) error {
	return f.db.Write(ctx, func(tx *db.Tx) error { return f.try(tx, bucketOf(member)) })
}

// spend tells whether six digits are right, and moves the member on to their
// step: neither they nor older ones are taken again.
func (f *Factors) spend(tx *db.Tx, member int64, typed string, confirmed bool) (bool, error) {
	typed = strings.ReplaceAll(strings.TrimSpace(typed), " ", "")
	if len(typed) != 6 {
		return false, nil
	}
	var text string
	var last, since int64
	err := tx.QueryRow(`SELECT secret, last_step, confirmed_at FROM factors WHERE member = $1`, member).Scan(&text, &last, &since)
	if errs.Is(err, errs.NotFound) || err == nil && (since > 0) != confirmed {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	seed, err := f.seal.Open(member, text, "a second factor")
	if err != nil {
		return false, err
	}
	now := tx.DB().Millis() / step.Milliseconds()
	for at := now - skew; at <= now+skew; at++ {
		want, err := hotp.GenerateCodeCustom(digits.EncodeToString(seed), uint64(at), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(typed)) == 1 && at > last {
			n, err := tx.Exec(`UPDATE factors SET last_step = $1 WHERE member = $2 AND last_step < $1`, at, member)
			return n == 1, err
		}
	}
	return false, nil
}

func spendCode(tx *db.Tx, member int64, typed string) (bool, error) {
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "0", "O", "1", "I").Replace(typed))
	n, err := tx.Exec(`UPDATE recovery_codes SET used_at = $1 WHERE member = $2 AND hash = $3 AND used_at = 0`, tx.DB().Millis(), member, hashOf(code))
	return n == 1, err
}
