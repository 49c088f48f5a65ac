package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
	"mirabilia/internal/errs"
)

// areaCmd is what an operator does to areas and metros; it may run beside
// serve.
type areaCmd struct {
	List   areaListCmd   `cmd:"" help:"List the areas, with the number of points and of places of each."`
	Put    areaPutCmd    `cmd:"" help:"Draw an area or metro from a GeoJSON file, or draw it anew."`
	Show   areaShowCmd   `cmd:"" help:"Write an area as GeoJSON."`
	Remove areaRemoveCmd `cmd:"" help:"Take an area away; its places stay."`
}

type areaListCmd struct{ config.Storage }

// Run lists one area a line: path, kind, points, places, name.
func (c *areaListCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	list, err := app.Areas(ctx, c.Storage)
	for _, a := range list {
		if _, err := fmt.Fprintf(s.out, "%s\t%s\t%d\t%d\t%s\n", a.Path, a.Kind, a.Shape.Points(), a.Count, a.Name); err != nil {
			return err
		}
	}
	return err
}

type areaPutCmd struct {
	config.Storage
	Kind  string `enum:"area,metro," default:"" placeholder:"K" help:"area or metro; area for a new one."`
	Name  string `placeholder:"NAME" help:"How it is called; needed for a new one."`
	Intro string `placeholder:"TEXT" help:"What its guide says of it, in Markdown."`
	Path  string `arg:"" help:"Its path, country/slug, as in france/massif-central."`
	File  string `arg:"" help:"GeoJSON with a Polygon or MultiPolygon; - is standard input."`
}

// Run keeps the area. What no flag names stays as it is.
func (c *areaPutCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	in := s.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return errs.Wrap(err, errs.NotFound, "%s cannot be read", c.File)
		}
		defer f.Close()
		in = io.Reader(f)
	}
	created, err := app.PutArea(ctx, c.Storage, app.AreaOptions{Path: c.Path, Kind: c.Kind, Name: c.Name, Intro: c.Intro}, in)
	if err != nil {
		return err
	}
	done := "changed"
	if created {
		done = "created"
	}
	_, err = fmt.Fprintln(s.out, done, c.Path)
	return err
}

type areaShowCmd struct {
	config.Storage
	Path string `arg:"" help:"Its path."`
}

// Run writes a feature that put reads again.
func (c *areaShowCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	a, err := app.ReadArea(ctx, c.Storage, c.Path)
	if err != nil {
		return err
	}
	type properties struct {
		Path  string `json:"path"`
		Kind  string `json:"kind"`
		Name  string `json:"name"`
		Intro string `json:"intro,omitempty"`
	}
	return json.NewEncoder(s.out).Encode(struct {
		Type       string          `json:"type"`
		Properties properties      `json:"properties"`
		Geometry   json.RawMessage `json:"geometry"`
	}{"Feature", properties{a.Path, a.Kind, a.Name, a.Intro}, a.Outline.GeoJSON()})
}

type areaRemoveCmd struct {
	config.Storage
	Path string `arg:"" help:"Its path."`
}

// Run takes the area away.
func (c *areaRemoveCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if err := app.RemoveArea(ctx, c.Storage, c.Path); err != nil {
		return err
	}
	_, err := fmt.Fprintln(s.out, "removed", c.Path)
	return err
}
