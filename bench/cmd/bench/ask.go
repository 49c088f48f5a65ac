package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"mirabilia/bench/draw"
	"mirabilia/bench/kd"
)

// workers is how many clients ask at once in the second round.
const workers = 4

// zooms are those whose tiles are asked for.
var zooms = []int{0, 5, 10, 14}

// nearFunc answers with the distances of the nearest places, in metres.
type nearFunc func(draw.Point) ([]float64, error)

// askCommand measures targets over the network, ours first.
func askCommand(args []string) error {
	what, folder, targets := args[0], args[1], args[2:]
	at, err := positions(folder)
	if err != nil {
		return err
	}
	if what == "tiles" {
		return askTiles(at, targets)
	}
	var points []draw.Point
	if err := eachPlace(folder, func(_ draw.Text, p draw.Point) { points = append(points, p) }); err != nil {
		return err
	}
	tree := kd.Build(points)
	goal := map[string]string{"redis": "≥ 2 ×", "pg": "≥ 8 ×"}
	var ours [2]*clock
	for _, target := range targets {
		kind := strings.SplitN(target, ":", 2)[0]
		if err := checkNear(kind, target, tree, at[:200]); err != nil {
			return err
		}
		for i, n := range []int{1, workers} {
			c, err := askNear(kind, target, n, at)
			if err != nil {
				return err
			}
			if ours[i] == nil {
				ours[i] = c
				continue
			}
			tableLine(fmt.Sprintf("20 nearest of %d over HTTP, %d at once, beside %s", len(points), n, kind), c.short(), ours[i].short(), fmt.Sprintf("%.2f", ours[i].rate/c.rate), goal[kind])
		}
	}
	return nil
}

// short tells of a clock in a table.
func (c *clock) short() string {
	return fmt.Sprintf("%.0f q/s, p50 %.0f, p99 %.0f µs", c.rate, micro(c.at(.5)), micro(c.at(.99)))
}

// checkNear says how many answers are off by more than a hundredth (Redis keeps
// positions coarsely); an own one that is off by more than metres is an error.
func checkNear(kind, target string, tree *kd.Tree, at []draw.Point) error {
	ask, err := nearTarget(target)
	if err != nil {
		return err
	}
	wrong := 0
	for _, p := range at {
		got, err := ask(p)
		if err != nil {
			return err
		}
		for i, want := range tree.Nearest(p, nearest) {
			if math.Abs(got[i]-want.Metres) > max(5, want.Metres/100) {
				wrong++
				break
			}
		}
	}
	fmt.Printf("%s: %d of %d answers differ from the exact ones\n", kind, wrong, len(at))
	if kind == "http" && wrong > 0 {
		return fmt.Errorf("%d of our answers are not the exact ones", wrong)
	}
	return nil
}

// askNear lets n clients go through their shares of the positions at once.
func askNear(kind, target string, n int, at []draw.Point) (*clock, error) {
	asks := make([]nearFunc, n)
	for w := range asks {
		var err error
		if asks[w], err = nearTarget(target); err != nil {
			return nil, err
		}
	}
	var wg sync.WaitGroup
	clocks, errs := make([]*clock, n), make([]error, n)
	from := time.Now()
	for w, ask := range asks {
		wg.Go(func() {
			clocks[w], errs[w] = each(3000, limit/2, func(i int) error {
				_, err := ask(at[(i*n+w)%len(at)])
				return err
			})
		})
	}
	wg.Wait()
	all := &clock{}
	for w := range asks {
		if errs[w] != nil {
			return nil, errs[w]
		}
		all.took = append(all.took, clocks[w].took...)
	}
	all.rate = float64(len(all.took)) / time.Since(from).Seconds()
	fmt.Printf("%-24s n=%d %s\n", fmt.Sprintf("%s c=%d", kind, n), len(all.took), all.short())
	return all, nil
}

// get makes a client that reads answers whole.
func get() func(url string) ([]byte, error) {
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8}}
	return func(url string) ([]byte, error) {
		r, err := client.Get(url)
		if err != nil {
			return nil, err
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		if err == nil && r.StatusCode >= 300 {
			err = fmt.Errorf("%s answers %s", url, r.Status)
		}
		return b, err
	}
}

// distances reads those of our answer; no more of the JSON is of interest.
func distances(b []byte) (out []float64) {
	name := []byte(`"distance_m":`)
	for {
		i := bytes.Index(b, name)
		if i < 0 {
			return out
		}
		b = bytes.TrimLeft(b[i+len(name):], " ")
		n := bytes.IndexAny(b, ",} \n")
		if n < 0 {
			return out
		}
		out = append(out, number(string(b[:n])))
	}
}

func nearTarget(target string) (nearFunc, error) {
	kind, rest, _ := strings.Cut(target, ":")
	switch kind {
	case "http":
		return httpNear(strings.TrimPrefix(rest, "//"))
	case "redis":
		return redisNear(rest)
	case "pg":
		c, err := pgx.Connect(context.Background(), rest)
		return func(p draw.Point) ([]float64, error) {
			rows, err := c.Query(context.Background(), `select st_distance(geog, st_makepoint($1,$2)::geography, false) from points
 order by geog <-> st_makepoint($1,$2)::geography limit 20`, p.Lon, p.Lat)
			if err != nil {
				return nil, err
			}
			out, err := pgx.CollectRows(rows, pgx.RowTo[float64])
			if err != nil {
				return nil, err
			}
			return whole(out)
		}, err
	}
	return nil, fmt.Errorf("unknown target %s", target)
}

// httpNear asks over a connection of its own and reads as much of HTTP as an
// answer of known length needs, just as the others' clients read no more than
// their protocols: it is the server that is to be measured.
func httpNear(address string) (nearFunc, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(c, 1<<16)
	var out, body []byte
	return func(p draw.Point) ([]float64, error) {
		out = fmt.Appendf(out[:0], "GET /api/v1/places?near=%.6f,%.6f&limit=%d HTTP/1.1\r\nHost: %s\r\n\r\n", p.Lat, p.Lon, nearest, address)
		if _, err := c.Write(out); err != nil {
			return nil, err
		}
		status, err := r.ReadString('\n')
		if err != nil || !strings.HasPrefix(status, "HTTP/1.1 200 ") {
			return nil, fmt.Errorf("%s answers %q, %v", address, status, err)
		}
		n := -1
		for line := status; line != "\r\n"; {
			if line, err = r.ReadString('\n'); err != nil {
				return nil, err
			}
			if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
				n, _ = strconv.Atoi(strings.TrimSpace(v))
			}
		}
		if n < 0 {
			return nil, fmt.Errorf("%s answers without its length", address)
		}
		body = slices.Grow(body[:0], n)[:n]
		if _, err := io.ReadFull(r, body); err != nil {
			return nil, err
		}
		return whole(distances(body))
	}, nil
}

func whole(list []float64) ([]float64, error) {
	if len(list) != nearest {
		return nil, fmt.Errorf("%d places in an answer", len(list))
	}
	return list, nil
}

// tileQuery groups as our tiles do: a 64 × 64 grid, a count and one place each.
const tileQuery = `with t as (select st_tileenvelope($1,$2,$3) box),
 cells as (select floor((st_x(merc)-st_xmin(box))*64/(st_xmax(box)-st_xmin(box))) x, floor((st_y(merc)-st_ymin(box))*64/(st_ymax(box)-st_ymin(box))) y,
  count(*) n, min(id) id, avg(st_x(merc)) px, avg(st_y(merc)) py from points, t where merc && box group by 1, 2),
 shown as (select id, n, st_asmvtgeom(st_point(px,py,3857), (select box from t), 4096, 0, false) geom from cells)
 select coalesce(st_asmvt(shown,'places',4096,'geom'),'') from shown`

// tileFunc answers with a tile.
type tileFunc func(z, x, y int) ([]byte, error)

// tileTarget opens a target and names the attribute that counts its places.
func tileTarget(target string) (ask tileFunc, count string, err error) {
	kind, rest, _ := strings.Cut(target, ":")
	switch kind {
	case "http":
		fetch := get()
		return func(z, x, y int) ([]byte, error) {
			return fetch(fmt.Sprintf("http:%s/tiles/places/%d/%d/%d.mvt", rest, z, x, y))
		}, "count", nil
	case "pg":
		c, err := pgx.Connect(context.Background(), rest)
		return func(z, x, y int) (b []byte, err error) {
			err = c.QueryRow(context.Background(), tileQuery, z, x, y).Scan(&b)
			return b, err
		}, "n", err
	}
	return nil, "", fmt.Errorf("unknown target %s", target)
}

// askTiles measures tiles under the positions, and compares how many places
// they stand for.
func askTiles(at []draw.Point, targets []string) error {
	ours := map[int]*clock{}
	sums := map[[2]int]int{}
	for _, target := range targets {
		ask, count, err := tileTarget(target)
		if err != nil {
			return err
		}
		for _, z := range zooms {
			size, off := 0, 0
			c, err := each(200, limit, func(i int) error {
				x, y := tileOf(at[i], z)
				b, err := ask(z, x, y)
				size = max(size, len(b))
				return err
			})
			if err != nil {
				return err
			}
			for i := range min(5, len(c.took)) {
				x, y := tileOf(at[i], z)
				b, err := ask(z, x, y)
				if err != nil {
					return err
				}
				n, err := counted(b, count)
				if err != nil {
					return err
				}
				if ours[z] == nil {
					sums[[2]int{z, i}] = n
				} else if d := sums[[2]int{z, i}] - n; d > 1+n/1000 || d < -1-n/1000 { // the edges of tiles are shared
					off++
				}
			}
			c.line(fmt.Sprintf("%s z%d (≤%d kB)", strings.SplitN(target, ":", 2)[0], z, size/1000))
			if ours[z] == nil {
				ours[z] = c
				continue
			}
			goal := "p50 ≤ 1,500, p99 ≤ 4,000 µs"
			if z == 0 {
				goal += "; ≥ 500 ×"
			}
			if off > 0 {
				goal += fmt.Sprintf("; %d of 5 tiles stand for other numbers of places", off)
			}
			tableLine(fmt.Sprintf("tile over HTTP, z%d", z), fmt.Sprintf("PostGIS: p50 %.0f, p99 %.0f µs (%d asked)", micro(c.at(.5)), micro(c.at(.99)), len(c.took)),
				fmt.Sprintf("p50 %.0f, p99 %.0f µs", micro(ours[z].at(.5)), micro(ours[z].at(.99))), fmt.Sprintf("%.0f ×", micro(c.at(.5))/micro(ours[z].at(.5))), goal)
		}
	}
	return nil
}

func tileOf(p draw.Point, z int) (x, y int) {
	n, s := math.Exp2(float64(z)), math.Sin(p.Lat*math.Pi/180)
	return int((p.Lon + 180) / 360 * n), int((0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)) * n)
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }
