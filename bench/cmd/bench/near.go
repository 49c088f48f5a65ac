package main

import (
	"fmt"
	"math"
	"runtime"
	"time"

	"mirabilia/bench/draw"
	"mirabilia/bench/kd"
	"mirabilia/internal/finder"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/geo"
)

const (
	nearest = 20
	// oneIn is how many places there are for one that the filter keeps.
	oneIn = 100
)

// limit bounds one measurement.
const limit = 15 * time.Second

// nearCommand measures the nearest places in process beside the exact tree.
func nearCommand(args []string) error {
	var points []draw.Point
	f := finder.New()
	next := func(yield func(finder.Doc) bool) error {
		return eachPlace(args[0], func(t draw.Text, p draw.Point) {
			points = append(points, p)
			d := finder.Doc{Ref: finder.Ref{ID: int64(t.ID)}, Slug: fmt.Sprint("s", t.ID), Title: t.Title, At: &geo.Public{Lat: p.Lat, Lon: p.Lon}, Status: "open"}
			if t.ID%oneIn == 7 {
				d.Status = "lost"
			}
			yield(d)
		})
	}
	if err := load(f, next); err != nil {
		return err
	}
	tree := kd.Build(points)
	bytesAPoint(points)
	spots, err := positions(args[0])
	if err != nil {
		return err
	}
	lost := finder.Filter{Status: []string{"lost"}}
	wrong := 0
	for _, p := range spots[:20] {
		wrong += differs(f.Nearest(geo.Public(p), finder.Filter{}, nearest, 0), tree.Brute(p, nearest, func(int32) bool { return true }))
		wrong += differs(f.Nearest(geo.Public(p), lost, nearest, 0), tree.Brute(p, nearest, func(id int32) bool { return (id+1)%oneIn == 7 }))
	}
	for _, p := range spots[:2000] {
		wrong += differs(f.Nearest(geo.Public(p), finder.Filter{}, nearest, 0), tree.Nearest(p, nearest))
	}
	fmt.Printf("exact: %d of 2040 answers differ\n", wrong)
	if wrong > 0 {
		return fmt.Errorf("%d answers are not the exact ones", wrong)
	}
	measure := func(name string, ask func(p draw.Point)) (*clock, error) {
		c, err := each(len(spots), limit, func(i int) error { ask(spots[i]); return nil })
		if err == nil {
			c.inside(name)
		}
		return c, err
	}
	ref, err := measure("k-d tree", func(p draw.Point) { tree.Nearest(p, nearest) })
	if err != nil {
		return err
	}
	ours, err := measure("ours", func(p draw.Point) { f.Nearest(geo.Public(p), finder.Filter{}, nearest, 0) })
	if err != nil {
		return err
	}
	table := func(work string, c *clock, goal string) {
		tableLine(fmt.Sprintf("20 nearest of %d%s, in process", len(points), work), fmt.Sprintf("k-d tree: p50 %.1f µs, of CPU %.1f", micro(ref.at(.5)), micro(at(ref.own, .5))),
			fmt.Sprintf("p50 %.1f, p99 %.1f µs, of CPU %.1f, %.1f; 0 of 2,040 answers differ", micro(c.at(.5)), micro(c.at(.99)), micro(at(c.own, .5)), micro(at(c.own, .99))),
			fmt.Sprintf("%.2f, of CPU %.2f", micro(c.at(.5))/micro(ref.at(.5)), micro(at(c.own, .5))/micro(at(ref.own, .5))), goal)
	}
	table("", ours, "≤ 2")
	few, err := measure("ours, 1 in 100", func(p draw.Point) { f.Nearest(geo.Public(p), lost, nearest, 0) })
	if err == nil {
		table(", filter of 1 in 100", few, "p50 ≤ 150 µs")
	}
	return err
}

// load fills a finder from a function that visits all documents.
func load(f *finder.Finder, all func(yield func(finder.Doc) bool) error) error {
	docs, failed := make(chan finder.Doc, 256), make(chan error, 1)
	go func() {
		failed <- all(func(d finder.Doc) bool { docs <- d; return true })
		close(docs)
	}()
	f.Load(func() (finder.Doc, bool) { d, ok := <-docs; return d, ok })
	return <-failed
}

// differs is 1 where an answer's distances are not the exact ones.
func differs(got []finder.Hit, want []kd.Found) int {
	if len(got) != len(want) {
		return 1
	}
	for i := range got {
		if math.Abs(got[i].Metres-want[i].Metres) > 2+want[i].Metres*1e-6 {
			return 1
		}
	}
	return 0
}

// bytesAPoint prints the heap that positions and their index take.
func bytesAPoint(points []draw.Point) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var at space.Positions
	at.Grow(len(points))
	for _, p := range points {
		at.Append(&geo.Public{Lat: p.Lat, Lon: p.Lon})
	}
	ix := space.Build(&at, func(uint32) bool { return true })
	runtime.GC()
	runtime.ReadMemStats(&after)
	tableLine("memory of a point with its index", "", fmt.Sprintf("%.1f bytes", float64(after.HeapAlloc-before.HeapAlloc)/float64(len(points))), "", "≤ 40")
	runtime.KeepAlive(ix)
	runtime.KeepAlive(&at)
}
