package user

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// secret is 256 bits that nobody can guess, fit for addresses and cookies.
func (u *Users) secret() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(u.db.Random(), b[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// hashOf is a secret as the database keeps it. One round is enough: what has 256
// random bits cannot be guessed from its hash.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// tokenMark begins every token of the API, so that programs which look for
// leaked secrets know one when they see it; the checksum at its end spares them
// false alarms, and us a look into the database.
const tokenMark = "mir_"

const tokenLength = len(tokenMark) + 64 + 8

func (u *Users) newToken() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(u.db.Random(), b[:]); err != nil {
		return "", err
	}
	body := hex.EncodeToString(b[:])
	return tokenMark + body + checksum(body), nil
}

func checksum(body string) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body))) }

// looksLikeToken tells what could be a token from what cannot.
func looksLikeToken(s string) bool {
	body, ok := strings.CutPrefix(s, tokenMark)
	return ok && len(s) == tokenLength && checksum(body[:64]) == body[64:]
}
