package main

import (
	"bufio"
	"context"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

type exportCmd struct {
	config.Storage
	Format  string `enum:"ndjson,csv,geojson,gpx,kml" default:"ndjson" placeholder:"F" help:"${enum}."`
	Private bool   `help:"With true positions and all that is needed to fill another atlas."`
	Query   string `placeholder:"QUERY" help:"Only what the query of /places gives, as tag=ruins&in=italy."`
}

// Run writes the places to standard output.
func (c *exportCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(s.out, 1<<16)
	if err := app.Export(ctx, c.Storage, out, app.ExportOptions{Format: c.Format, Private: c.Private, Query: c.Query}); err != nil {
		return err
	}
	return out.Flush()
}
