package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
	"mirabilia/internal/job"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
	"mirabilia/internal/mark"
	"mirabilia/internal/personal"
	"mirabilia/internal/place"
)

// secretName is the key's file in the data directory.
const secretName = "secret.key"

// readSecret reads the atlas's key, 32 bytes as hexadecimal digits, making it
// where there is none: whole under another name, then linked, so that of two
// nodes that start together both have the same.
func readSecret(file string) ([]byte, error) {
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
		return fail(nil, "holds no key; put back the file of this atlas, or remove it and every second factor is set up anew")
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

// proofs joins what members prove themselves with, and what is their own.
func (a *App) proofs() error {
	file := a.config.SecretFile
	if file == "" {
		file = filepath.Join(a.config.Data, secretName)
	}
	key, err := readSecret(file)
	if err != nil {
		return err
	}
	if a.factors, err = factor.New(a.db, key, a.config.URL, a.atlasName); err != nil {
		return err
	}
	if a.config.OIDCIssuer != "" {
		a.provider = a.factors.NewProvider(a.config.OIDCIssuer, a.config.OIDCClientID, a.config.OIDCClientSecret, a.config.URL+"/login/provider/return")
	}
	a.own = personal.New(a.db, personal.Deps{
		Files: a.filesOf,
		Leave: []func(*db.Tx, int64) error{mark.Leave},
		Farewell: func(tx *db.Tx, email, shown string) error {
			if email == "" {
				return nil
			}
			return mail.Enqueue(tx, letters.Farewell(a.letterhead(tx.Context()), email, shown))
		},
		Recredit: func(ctx context.Context, path, name string) error {
			return a.places.Recredit(ctx, path, place.Credit{Name: name})
		},
	})
	job.Work(a.jobs, a.own.Work, job.Limits{Together: 1, Time: 10 * time.Minute})
	return nil
}

// filesOf gives the photos that a member has sent, as they were sent.
func (a *App) filesOf(ctx context.Context, member int64) ([]personal.File, error) {
	originals, err := a.photos.Originals(ctx, member)
	list := make([]personal.File, len(originals))
	for i, o := range originals {
		list[i] = personal.File{Name: strconv.FormatInt(o.ID, 10) + "." + o.Format, Open: func(ctx context.Context) (io.ReadCloser, error) {
			in, _, err := a.blobs.Open(ctx, o.File)
			return in, err
		}}
	}
	return list, err
}
