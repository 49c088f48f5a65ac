package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type backupCmd struct {
	config.Storage
	Force bool   `help:"Replace a file that is there."`
	Rows  bool   `help:"Keep rows instead of SQLite's pages: half the size, several times the time. PostgreSQL is always kept in rows."`
	File  string `arg:"" help:"File to write; it holds true positions, so only its owner may read it."`
}

// Run writes a backup and says, in one JSON line, what was read back from it.
func (c *backupCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if c.File == "-" {
		return errors.New("a backup is read back before it counts; name a file instead of -")
	}
	goBehind()
	saved, err := app.Backup(ctx, c.Storage, version, app.BackupTo{File: c.File, Replace: c.Force, Rows: c.Rows}, shownOn(s.err))
	if err != nil {
		return err
	}
	return json.NewEncoder(s.out).Encode(saved)
}

type restoreCmd struct {
	config.Storage
	Check       bool   `help:"Only read the backup to its end, and say whether it is whole."`
	SendWaiting bool   `help:"Send the mails and webhooks that waited when the backup was made; for moving an atlas that has not served since."`
	File        string `arg:"" help:"File that backup wrote; - is standard input."`
}

// Run fills the empty atlas and says, in one JSON line, what is there then.
func (c *restoreCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	in := s.in
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			var path *os.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			return fmt.Errorf("%s cannot be read: %w", c.File, err)
		}
		defer file.Close()
		in = file
	}
	take := func() (any, error) { return app.Restore(ctx, c.Storage, in, c.SendWaiting, shownOn(s.err)) }
	if c.Check {
		take = func() (any, error) { return app.CheckBackup(ctx, in, shownOn(s.err)) }
	}
	done, err := take()
	if err != nil {
		return err
	}
	return json.NewEncoder(s.out).Encode(done)
}

type copyCmd struct {
	config.Storage
	To string `required:"" placeholder:"URL" help:"postgres:// address, or a data directory for SQLite, of an empty atlas. A data directory gets the photos too, unless they are in a bucket."`
}

// Run fills the other database and says, in one JSON line, what is there then.
func (c *copyCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	done, err := app.Copy(ctx, c.Storage, c.To, shownOn(s.err))
	if err != nil {
		return err
	}
	return json.NewEncoder(s.out).Encode(done)
}
