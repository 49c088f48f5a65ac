package mail

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	gomail "github.com/wneessen/go-mail"

	"mirabilia/internal/db"
)

// file writes a letter into the outbox: whole under another name, then renamed,
// so that whoever reads the folder finds no half letter. The name is made of
// time and id: a letter written twice is one file.
func (p *Post) file(m Message, letter *gomail.Msg) (err error) {
	if err := os.MkdirAll(p.config.Outbox, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(p.config.Outbox, ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = letter.WriteTo(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	name := db.Time(m.At).Format("20060102T150405.000Z") + "-" + m.ID + ".eml"
	if err = os.Rename(f.Name(), filepath.Join(p.config.Outbox, name)); err != nil {
		return err
	}
	folder, err := os.Open(p.config.Outbox)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// leftover is the age at which a half-written letter is nobody's any more.
const leftover = time.Hour

// Sweep takes away what a sudden end left half-written in the outbox.
func (p *Post) Sweep() error {
	names, err := filepath.Glob(filepath.Join(p.config.Outbox, ".new-*"))
	for _, name := range names {
		if info, bad := os.Stat(name); bad == nil && p.config.Now().Sub(info.ModTime()) > leftover {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return err
}
