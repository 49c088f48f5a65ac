package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type importCmd struct {
	config.Storage
	DryRun         bool     `help:"Say what would happen and write nothing."`
	Format         string   `enum:",ndjson,json,csv,geojson,gpx,kml,kmz,wikivoyage" default:"" placeholder:"F" help:"ndjson, json, csv, geojson, gpx, kml, kmz or wikivoyage; told by content by default."`
	Publish        bool     `help:"Publish at once; without it records wait for review."`
	SkipDuplicates bool     `help:"Leave out what looks like an existing place."`
	File           []string `arg:"" help:"Files to read, gzipped or not; - is standard input."`
}

// Run reads the files in order. Status 1 means that some records failed, 2
// that nothing could be read.
func (c *importCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	im, err := app.OpenImport(ctx, c.Storage, app.ImportOptions{
		DryRun: c.DryRun, Publish: c.Publish, SkipDuplicates: c.SkipDuplicates,
		Report: func(line string) { fmt.Fprintln(s.err, line) },
	})
	if err != nil {
		return err
	}
	defer im.Close()
	if onTerminal(s.err) {
		l := &line{out: s.err}
		defer l.end()
		im.Progress(func(n int, took time.Duration) { l.show("", "%d records, %s", n, rate(int64(n), took)) })
	}
	unread := 0
	for _, name := range c.File {
		if err := c.read(ctx, im, name, s.in); err != nil {
			if ctx.Err() != nil {
				return errors.New("stopped; what was read is in, run it again for the rest")
			}
			var fatal *app.StorageError
			if errors.As(err, &fatal) {
				return err
			}
			fmt.Fprintf(s.err, "%s: %s\n", name, strings.TrimPrefix(err.Error(), filepath.Base(name)+": "))
			unread++
		}
	}
	sum := im.Sum()
	if err := json.NewEncoder(s.out).Encode(sum); err != nil {
		return err
	}
	switch {
	case unread > 0 && sum.Read == 0:
		return exit(2)
	case unread > 0 || sum.Failed > 0:
		return exit(1)
	}
	return nil
}

func (c *importCmd) read(ctx context.Context, im *app.Importing, name string, stdin io.Reader) error {
	if name == "-" {
		return im.Read(ctx, "stdin", stdin, c.Format)
	}
	file, err := os.Open(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			return path.Err
		}
		return err
	}
	defer file.Close()
	return im.Read(ctx, name, file, c.Format)
}
