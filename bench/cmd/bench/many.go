package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"mirabilia/bench/draw"
	"mirabilia/bench/kd"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/web/tiles"
)

// manyCommand measures the nearest places and the tiles' clusters, in process,
// at a tenth of the places and at all of them: how much more do many cost? With
// -postgis the same places are asked for there too.
func manyCommand(args []string) error {
	set := flag.NewFlagSet("many", flag.ExitOnError)
	postgis := set.String("postgis", "", "address of a PostgreSQL with PostGIS")
	_ = set.Parse(args)
	n, err := strconv.Atoi(set.Arg(0))
	if err != nil {
		return err
	}
	points, spots := draw.NewWorld().Points(draw.DataSeed, n), draw.NewWorld().Points(draw.QuestionSeed, 5000)
	few, err := measureMany(points[:n/10], spots)
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // what the tenth took
	many, err := measureMany(points, spots)
	if err != nil {
		return err
	}
	for i, of := range many {
		ref, ours := fmt.Sprintf("%d places: p50 %.1f, p99 %.1f µs", n/10, few[i].p50, few[i].p99), fmt.Sprintf("%d places: p50 %.1f, p99 %.1f µs", n, of.p50, of.p99)
		tableLine(of.where(), ref, ours, fmt.Sprintf("p50 %.2f, p99 %.2f", of.p50/few[i].p50, of.p99/few[i].p99), of.goal)
	}
	for i, name := range []string{"", ", filter of 1 in 100"} {
		tableLine(fmt.Sprintf("20 nearest of %d%s, beside the k-d tree", n, name), fmt.Sprintf("p50 %.1f µs", many[0].p50), fmt.Sprintf("p50 %.1f µs", many[i+1].p50), fmt.Sprintf("%.2f", many[i+1].p50/many[0].p50), "")
	}
	if *postgis == "" {
		return nil
	}
	debug.FreeOSMemory()
	return besidePostGIS(*postgis, points, spots, many)
}

// besidePostGIS asks PostGIS what was asked of us, and compares the clocks of the
// same names; it is asked over a connection on this machine, as our tiles were.
func besidePostGIS(address string, points, spots []draw.Point, ours []timed) error {
	if err := fillPostGIS(address, points); err != nil {
		return err
	}
	near, err := nearTarget("pg:" + address)
	if err != nil {
		return err
	}
	tile, _, err := tileTarget("pg:" + address)
	if err != nil {
		return err
	}
	asks := map[string]func(p draw.Point) error{"20 nearest": func(p draw.Point) error { _, err := near(p); return err }}
	for _, z := range zooms {
		asks[overHTTP(z)] = func(p draw.Point) error {
			x, y := tileOf(p, z)
			_, err := tile(z, x, y)
			return err
		}
	}
	for _, of := range ours {
		ask := asks[of.name]
		if ask == nil {
			continue
		}
		c, err := each(len(spots), limit/3, func(i int) error { return ask(spots[i]) })
		if err != nil {
			return err
		}
		tableLine(fmt.Sprintf("%s, of %d, beside PostGIS", of.where(), len(points)), fmt.Sprintf("p50 %.0f, p99 %.0f µs (%d asked)", micro(c.at(.5)), micro(c.at(.99)), len(c.took)),
			fmt.Sprintf("p50 %.1f, p99 %.1f µs", of.p50, of.p99), fmt.Sprintf("%.0f ×", micro(c.at(.5))/of.p50), "")
	}
	return nil
}

// fillPostGIS makes the table that nearTarget and tileTarget ask, with its indexes.
func fillPostGIS(address string, points []draw.Point) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, `create extension if not exists postgis; drop table if exists points, raw; create unlogged table raw(id bigint, lat float8, lon float8)`); err != nil {
		return err
	}
	rows := pgx.CopyFromSlice(len(points), func(i int) ([]any, error) { return []any{int64(i + 1), points[i].Lat, points[i].Lon}, nil })
	if _, err := c.CopyFrom(ctx, pgx.Identifier{"raw"}, []string{"id", "lat", "lon"}, rows); err != nil {
		return err
	}
	for _, text := range []string{
		`set maintenance_work_mem = '1GB'`,
		`create unlogged table points as select id, st_makepoint(lon,lat)::geography geog, st_transform(st_setsrid(st_makepoint(lon,lat),4326),3857)::geometry(point,3857) merc from raw`,
		`create index on points using gist(geog)`, `create index on points using gist(merc)`, `vacuum analyze points`, `drop table raw`,
	} {
		began := time.Now()
		if _, err := c.Exec(ctx, text); err != nil {
			return err
		}
		fmt.Printf("%.0f s: %.60s\n", time.Since(began).Seconds(), text)
	}
	return nil
}

func overHTTP(z int) string { return fmt.Sprintf("tile over HTTP, z%d", z) }

// timed is what one kind of question took, in microseconds of the clock.
type timed struct {
	name, goal string
	p50, p99   float64
}

// where names it with how it was asked.
func (t timed) where() string {
	if strings.Contains(t.name, "HTTP") {
		return t.name
	}
	return t.name + ", in process"
}

// measureMany asks the tree, then us: near, near with a filter, clusters, tiles.
func measureMany(points, spots []draw.Point) ([]timed, error) {
	f := finder.New()
	i := 0
	f.Load(func() (finder.Doc, bool) {
		if i == len(points) {
			return finder.Doc{}, false
		}
		d := finder.Doc{Ref: finder.Ref{ID: int64(i + 1)}, Slug: "s" + strconv.Itoa(i+1), Title: "Place " + strconv.Itoa(i%5000), At: &geo.Public{Lat: points[i].Lat, Lon: points[i].Lon}, Status: "open", Rank: float32(i%997) / 997}
		if i++; i%oneIn == 7 {
			d.Status = "lost"
		}
		return d, true
	})
	tree := kd.Build(points)
	wrong := 0
	for _, p := range spots[:500] {
		wrong += differs(f.Nearest(geo.Public(p), finder.Filter{}, nearest, 0), tree.Nearest(p, nearest))
	}
	runtime.GC()
	fmt.Printf("%d places: %d of 500 answers differ, highest memory %d MiB\n", len(points), wrong, highest())
	if wrong > 0 {
		return nil, fmt.Errorf("%d answers are not the exact ones", wrong)
	}
	lost, goal := finder.Filter{Status: []string{"lost"}}, "≤ 2 × the tenth"
	tile, closed, err := serveTiles(f)
	if err != nil {
		return nil, err
	}
	defer closed()
	asks := []struct {
		name, goal string
		ask        func(p draw.Point)
	}{
		{"k-d tree", "", func(p draw.Point) { tree.Nearest(p, nearest) }},
		{"20 nearest", goal, func(p draw.Point) { f.Nearest(geo.Public(p), finder.Filter{}, nearest, 0) }},
		{"20 nearest, 1 in 100", goal, func(p draw.Point) { f.Nearest(geo.Public(p), lost, nearest, 0) }},
	}
	var room []finder.Cluster // used again, as serve does
	for _, z := range zooms {
		asks = append(asks, struct {
			name, goal string
			ask        func(p draw.Point)
		}{fmt.Sprintf("clusters of a tile, z%d", z), goal, func(p draw.Point) {
			x, y := tileOf(p, z)
			room = f.Tile(room[:0], 64, z, x, y, finder.Filter{})
		}})
	}
	var failed error
	for _, z := range zooms {
		asks = append(asks, struct {
			name, goal string
			ask        func(p draw.Point)
		}{overHTTP(z), goal, func(p draw.Point) {
			x, y := tileOf(p, z)
			if _, err := tile(z, x, y); err != nil {
				failed = err
			}
		}})
	}
	var out []timed
	for _, a := range asks {
		c, err := each(len(spots), limit/3, func(i int) error { a.ask(spots[i]); return nil })
		if err != nil {
			return nil, err
		}
		c.inside(a.name)
		out = append(out, timed{a.name, a.goal, micro(c.at(.5)), micro(c.at(.99))})
	}
	return out, failed
}

// serveTiles serves the finder's tiles as the program does, and gives a client.
func serveTiles(f *finder.Finder) (ask tileFunc, closed func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /tiles/places/{z}/{x}/{y}", tiles.Places(f, nil))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(l) }() // until it is closed
	ask, _, err = tileTarget("http://" + l.Addr().String())
	return ask, func() { _ = server.Close() }, err
}
