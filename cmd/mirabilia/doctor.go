package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type doctorCmd struct{ config.Config }

// misconfigured tells whether a command line was refused for a value of the
// configuration of doctor, to which that is a fault like others; told is err
// with the variable named that the value comes from.
func misconfigured(err, told error, args []string) (fault string, ok bool) {
	if said := told.Error(); args[0] == "doctor" && strings.HasPrefix(said, "MIRABILIA_") {
		return "configuration: " + strings.Join(strings.Fields(said), " "), true
	}
	var refused *kong.ParseError
	if !errors.As(err, &refused) || refused.Context == nil {
		return "", false
	}
	node := refused.Context.Selected()
	fault, ok = strings.CutPrefix(err.Error(), "doctor: MIRABILIA_")
	return "configuration: MIRABILIA_" + fault, ok && node != nil && node.Name == "doctor"
}

// Run prints a line a fault; status 1 if there was any.
func (c *doctorCmd) Run(ctx context.Context, s streams) error {
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
