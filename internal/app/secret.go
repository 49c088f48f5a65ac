package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"mirabilia/internal/errs"
)

// secretName is the key's file in the data directory.
const secretName = "secret"

// readSecret reads the atlas's key, 32 bytes as hexadecimal digits, from the
// file that the configuration names or the data directory holds, making it
// where there is none: whole under another name, then linked, so that of two
// nodes that start together both have the same.
func readSecret(file, data string) ([]byte, error) {
	if file == "" {
		file = filepath.Join(data, secretName)
	}
	fail := func(err error, what string) ([]byte, error) {
		return nil, errs.Wrap(err, errs.Invalid, "MIRABILIA_SECRET_FILE: %s %s", file, what)
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		if err := makeSecret(file); err != nil {
			return fail(err, "cannot be made; name a file in a directory that this user may write")
		}
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return fail(err, "cannot be read")
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != 32 {
		return fail(nil, "holds no key; put back the file of this atlas; without it every second factor is set up anew")
	}
	info, err := os.Stat(file)
	if err != nil {
		return fail(err, "cannot be read")
	}
	if info.Mode().Perm()&0o007 != 0 {
		return fail(nil, "can be read by every user of this machine; chmod o-rwx it")
	}
	return key, nil
}

func makeSecret(file string) error {
	f, err := os.CreateTemp(filepath.Dir(file), secretName+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	var key [32]byte
	_, _ = rand.Read(key[:])
	_, err = f.WriteString(hex.EncodeToString(key[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), file); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}
