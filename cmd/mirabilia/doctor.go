package main

import (
	"context"
	"fmt"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type doctorCmd struct{ config.Config }

// Run prints a line a fault; status 1 if there was any.
func (c *doctorCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		fmt.Fprintln(s.out, err)
		return exit(1)
	}
	faults, checked := app.Doctor(ctx, c.Config)
	for _, f := range faults {
		fmt.Fprintln(s.out, f)
	}
	if len(faults) > 0 {
		return exit(1)
	}
	fmt.Fprintln(s.out, "No fault:", checked)
	return nil
}
