package main

import (
	"context"
	"fmt"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type migrateCmd struct{ config.Storage }

// Run brings the schema up to this version's.
func (c *migrateCmd) Run(ctx context.Context, io streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	from, to, err := app.Migrate(ctx, c.Storage)
	if err != nil {
		return err
	}
	if from == to {
		fmt.Fprintf(io.out, "The schema is version %d already.\n", to)
		return nil
	}
	fmt.Fprintf(io.out, "The schema went from version %d to %d.\n", from, to)
	return nil
}
