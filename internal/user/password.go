package user

import (
	"context"
	"runtime"
	"strings"

	"github.com/alexedwards/argon2id"
	"github.com/trustelem/zxcvbn"

	"mirabilia/internal/errs"
)

// The limits of a password in bytes: below the least none is safe, and the most
// keeps hashing cheap.
const (
	MinPassword = 8
	MaxPassword = 1024
)

// MinStrength is the least that zxcvbn must say of a password, of 0 to 4: at
// least 10⁸ guesses.
const MinStrength = 3

// cost is what OWASP's password storage sheet asks of argon2id at the least:
// 19 MiB, two passes, one lane; 20 ms of one core.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashing bounds how many passwords are hashed at once, and waiting how many
// wait for it: each takes 19 MiB and a core.
var (
	hashing = make(chan struct{}, runtime.GOMAXPROCS(0))
	waiting = make(chan struct{}, 32*runtime.GOMAXPROCS(0))
)

// atOnce runs fn when it is its turn.
func atOnce(ctx context.Context, fn func() error) error {
	select {
	case waiting <- struct{}{}:
		defer func() { <-waiting }()
	default:
		return errs.New(errs.Unavailable, "Very many people are signing in at this moment. Try again in a few seconds.")
	}
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return fn()
}

// hash is a password as the database keeps it. Whether it is strong enough is
// asked before: the command line only warns.
func (u *Users) hash(ctx context.Context, password string) (hash string, err error) {
	if len(password) > MaxPassword {
		return "", errs.InField("password", "has more than %d bytes", MaxPassword)
	}
	err = atOnce(ctx, func() error {
		u.Hashed.Add(1)
		hash, err = argon2id.CreateHash(password, cost)
		return err
	})
	return hash, err
}

// noHash is of a password that nobody knows: what is compared where there is no
// account, so that it takes as long.
const noHash = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5a25vd3NpdCE$KwpPwTQT2Hn6dyWnQJqaiS4rzhYDHWzpQ0HCLMbgNhQ"

// matches compares a password with a hash, "" for none. stale says that the
// hash was made at another cost.
func (u *Users) matches(ctx context.Context, password, hash string) (ok, stale bool, err error) {
	known := hash != ""
	if !known {
		hash = noHash
	}
	if len(password) > MaxPassword {
		password, known = "", false
	}
	err = atOnce(ctx, func() error {
		u.Hashed.Add(1)
		match, params, err := argon2id.CheckHash(password, hash)
		ok, stale = match && known, params != nil && *params != *cost
		return err
	})
	return ok, stale, err
}

// Strength is what zxcvbn says of a password, 0 to 4, knowing what else was
// typed: names and addresses make bad passwords.
func Strength(password string, known ...string) int {
	if len(password) > 100 { // it takes time that grows with the square
		password = password[:100]
	}
	var words []string
	for _, k := range known {
		words = append(words, strings.FieldsFunc(strings.ToLower(k), func(r rune) bool { return r == '@' || r == '.' || r == ' ' || r == '-' })...)
	}
	return zxcvbn.PasswordStrength(password, append(words, "mirabilia")).Score
}

// CheckPassword refuses a password that is guessed too soon. There are no rules
// of composition: length and strangeness are what counts.
func CheckPassword(password string, known ...string) error {
	switch {
	case password == "":
		return errs.InField("password", "a password is needed")
	case len(password) < MinPassword:
		return errs.InField("password", "has fewer than %d characters", MinPassword)
	case len(password) > MaxPassword:
		return errs.InField("password", "has more than %d bytes", MaxPassword)
	case Strength(password, known...) < MinStrength:
		return errs.InField("password", "would be guessed too soon; add a word or two that do not belong together")
	}
	return nil
}
