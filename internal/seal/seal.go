// Package seal keeps secrets that have to be read again: the database holds
// them closed, and the key lies in a file outside of it, so that whoever has a
// copy of the database alone has none of them. It knows no feature.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"

	"mirabilia/internal/errs"
)

// Seal closes and opens secrets with AES-256-GCM. Safe for concurrent use.
type Seal struct{ aead cipher.AEAD }

// New makes a seal of a key of 32 bytes.
func New(key []byte) (*Seal, error) {
	block, err := aes.NewCipher(key)
	if err != nil || len(key) != 32 {
		return nil, errs.Wrap(err, errs.Invalid, "the key file of the atlas does not hold 32 bytes")
	}
	aead, err := cipher.NewGCM(block)
	return &Seal{aead}, err
}

// Close gives a secret as the database keeps it. It opens only with the same
// row, so that no row's secret serves in another's place.
func (s *Seal) Close(random io.Reader, row int64, secret []byte) (string, error) {
	nonce := make([]byte, s.aead.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return "", err
	}
	return base64.RawStdEncoding.EncodeToString(s.aead.Seal(nonce, nonce, secret, place(row))), nil
}

// Open gives the secret back; what names it in the error.
func (s *Seal) Open(row int64, text, what string) ([]byte, error) {
	b, err := base64.RawStdEncoding.DecodeString(text)
	n := s.aead.NonceSize()
	if err == nil && len(b) < n {
		err = errors.New("it is too short")
	}
	if err == nil {
		b, err = s.aead.Open(nil, b[:n], b[n:], place(row))
	}
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "%s cannot be read with the key file of this atlas", what)
	}
	return b, nil
}

func place(row int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(row)) }
