package main

import (
	"context"
	"fmt"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type dumpCmd struct {
	config.Config
}

// Run makes a dump and lists its files as sha256sum does.
func (c *dumpCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	set, err := app.Dump(ctx, c.Storage, c.URL)
	if err != nil {
		return err
	}
	for _, f := range set.Files {
		if _, err := fmt.Fprintf(s.out, "%s  %s\n", f.SHA256, f.Name); err != nil {
			return err
		}
	}
	return nil
}
