package main

import (
	"context"
	"io"
	"log/slog"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type mcpCmd struct {
	config.Config
}

// Run answers until the input ends. Standard output belongs to the protocol;
// what there is to log goes to standard error.
func (c *mcpCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return app.AnswerTools(ctx, c.Config, app.Options{Log: log, Version: version}, io.NopCloser(s.in), unclosed{s.out})
}

// unclosed is a stream that its user may not close.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
