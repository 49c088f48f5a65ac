package user

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// A proof of work makes many accounts dear and one account cheap. The challenge
// is "time.random.mac"; a browser looks for a number so that the SHA-256 of
// "challenge:number" begins with workBits zero bits, some 2^workBits hashes:
// about a second on a phone. The answer is good once.
const (
	workBits  = 17
	proofGood = 30 * time.Minute
)

// WorkBits is how many zero bits an answer must have.
func WorkBits() int { return workBits }

// WithKey gives the accounts the key that signs challenges; the nodes of one
// atlas share it.
func (u *Users) WithKey(key []byte) *Users { u.key = key; return u }

// Challenge makes one; nothing of it is kept.
func (u *Users) Challenge() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(u.db.Random(), b[:]); err != nil {
		return "", err
	}
	head := strconv.FormatInt(u.db.Millis(), 36) + "." + hex.EncodeToString(b[:])
	return head + "." + u.mac(head), nil
}

func (u *Users) mac(head string) string {
	h := hmac.New(sha256.New, u.key)
	_, _ = io.WriteString(h, "join proof\n"+head) // a hash takes everything
	return hex.EncodeToString(h.Sum(nil)[:16])
}

var errProof = errs.New(errs.Invalid, "The form had lain open for too long. Send it once more.")

// spendProof checks an answer, "challenge:number", and uses it up.
func (u *Users) spendProof(tx *db.Tx, proof string) error {
	challenge, number, ok := strings.Cut(proof, ":")
	head, mac, signed := cutLast(challenge, ".")
	if !ok || !signed || len(number) > 20 || len(proof) > 200 || !hmac.Equal([]byte(mac), []byte(u.mac(head))) {
		return errProof
	}
	at, err := strconv.ParseInt(head[:strings.IndexByte(head+".", '.')], 36, 64)
	age := tx.DB().Millis() - at
	if err != nil || age < 0 || age > proofGood.Milliseconds() || zeroBits(proof) < workBits {
		return errProof
	}
	n, err := tx.Exec(`INSERT INTO proofs (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hashOf(challenge), at+proofGood.Milliseconds())
	if err == nil && n == 0 {
		err = errProof
	}
	return err
}

// Vouch lets in a stranger who wants to say something without an account: with
// the answer to a challenge of work, or a few from each network without.
func (u *Users) Vouch(tx *db.Tx, proof, network string) error {
	l := plainReportsFrom
	if proof != "" {
		l = reportsFrom
	}
	if err := l.take(tx, l.key(network)); err != nil || proof == "" {
		return err
	}
	return u.spendProof(tx, proof)
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func zeroBits(s string) (n int) {
	sum := sha256.Sum256([]byte(s))
	for _, b := range sum {
		n += bits.LeadingZeros8(b)
		if b != 0 {
			break
		}
	}
	return n
}

// Work answers a challenge, as a browser's script does.
func Work(challenge string) string {
	for n := 0; ; n++ {
		if proof := fmt.Sprintf("%s:%d", challenge, n); zeroBits(proof) >= workBits {
			return proof
		}
	}
}

func asError(err error, e **errs.Error) bool { return errors.As(err, e) }
