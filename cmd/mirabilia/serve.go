package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type serveCmd struct {
	config.Config
	Demo bool   `env:"MIRABILIA_DEMO" help:"Fill an empty atlas with the demo."`
	Log  string `default:"info" enum:"debug,info,warn,error" env:"MIRABILIA_LOG" help:"How much to log: ${enum}."`
}

// Run serves until the context ends.
func (c *serveCmd) Run(ctx context.Context, io streams, parser *kong.Kong) error {
	if err := c.Validate(); err != nil {
		return err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(io.err, &slog.HandlerOptions{Level: level}))
	for _, name := range unknownVariables(parser.Model, os.Environ()) {
		log.Warn("a variable of the environment is no setting of this version", "name", name)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, c.Config, app.Options{Log: log, Version: version, Demo: c.Demo, Pictures: []string{self, "picture"}})
	if err != nil {
		return err
	}
	defer a.Close()
	fmt.Fprintf(io.out, "Mirabilia is at %s\n%s", a.URL(), a.DemoLogins())
	return a.Run(ctx)
}
