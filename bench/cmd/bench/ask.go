package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"mirabilia/bench/draw"
)

// workers is how many clients ask at once in the second round.
const workers = 4

// askCommand measures one target over the network.
func askCommand(args []string) error {
	what, folder, target := args[0], args[1], args[2]
	at, err := positions(folder)
	if err != nil {
		return err
	}
	if what == "tiles" {
		return askTiles(at, target)
	}
	for _, n := range []int{1, workers} {
		asks := make([]func(draw.Point) error, n)
		for i := range asks {
			if asks[i], err = nearTarget(target); err != nil {
				return err
			}
		}
		if err := together(fmt.Sprintf("%s c=%d", strings.SplitN(target, ":", 2)[0], n), asks, at); err != nil {
			return err
		}
	}
	return nil
}

// together lets every asker go through its share of the positions.
func together(name string, asks []func(draw.Point) error, at []draw.Point) error {
	var wg sync.WaitGroup
	clocks, errs := make([]*clock, len(asks)), make([]error, len(asks))
	from := time.Now()
	for w, ask := range asks {
		wg.Go(func() {
			clocks[w], errs[w] = each(3000, limit/2, func(i int) error { return ask(at[(i*len(asks)+w)%len(at)]) })
		})
	}
	wg.Wait()
	all := &clock{}
	for w := range asks {
		if errs[w] != nil {
			return errs[w]
		}
		all.took = append(all.took, clocks[w].took...)
	}
	fmt.Printf("%-24s n=%d q/s=%.0f p50_us=%.1f p99_us=%.1f\n", name, len(all.took), float64(len(all.took))/time.Since(from).Seconds(), micro(all.at(.5)), micro(all.at(.99)))
	return nil
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

func nearTarget(target string) (func(draw.Point) error, error) {
	kind, rest, _ := strings.Cut(target, ":")
	switch kind {
	case "http":
		fetch := get()
		return func(p draw.Point) error {
			b, err := fetch(fmt.Sprintf("http:%s/api/v1/places?near=%.6f,%.6f&limit=%d", rest, p.Lat, p.Lon, nearest))
			if n := strings.Count(string(b), `"distance_m"`); err == nil && n != nearest {
				return fmt.Errorf("%d places in an answer", n)
			}
			return err
		}, nil
	case "redis":
		return redisNear(rest)
	case "pg":
		c, err := pgx.Connect(context.Background(), rest)
		return func(p draw.Point) error {
			rows, err := c.Query(context.Background(), `select id, st_distance(geog, st_makepoint($1,$2)::geography, false) from points
 order by geog <-> st_makepoint($1,$2)::geography limit 20`, p.Lon, p.Lat)
			if err != nil {
				return err
			}
			list, err := pgx.CollectRows(rows, pgx.RowToMap)
			if err == nil && len(list) != nearest {
				err = fmt.Errorf("%d rows", len(list))
			}
			return err
		}, err
	}
	return nil, fmt.Errorf("unknown target %s", target)
}

// tileQuery groups as our tiles do: a 64 × 64 grid, a count and one place each.
const tileQuery = `with t as (select st_tileenvelope($1,$2,$3) box),
 cells as (select floor((st_x(merc)-st_xmin(box))*64/(st_xmax(box)-st_xmin(box))) x, floor((st_y(merc)-st_ymin(box))*64/(st_ymax(box)-st_ymin(box))) y,
  count(*) n, min(id) id, avg(st_x(merc)) px, avg(st_y(merc)) py from points, t where merc && box group by 1, 2),
 shown as (select id, n, st_asmvtgeom(st_point(px,py,3857), (select box from t), 4096, 0, false) geom from cells)
 select coalesce(st_asmvt(shown,'places',4096,'geom'),'') from shown`

func askTiles(at []draw.Point, target string) error {
	kind, rest, _ := strings.Cut(target, ":")
	var ask func(z, x, y int) ([]byte, error)
	switch kind {
	case "http":
		fetch := get()
		ask = func(z, x, y int) ([]byte, error) {
			return fetch(fmt.Sprintf("http:%s/tiles/places/%d/%d/%d.mvt", rest, z, x, y))
		}
	case "pg":
		c, err := pgx.Connect(context.Background(), rest)
		if err != nil {
			return err
		}
		ask = func(z, x, y int) (b []byte, err error) {
			err = c.QueryRow(context.Background(), tileQuery, z, x, y).Scan(&b)
			return b, err
		}
	default:
		return fmt.Errorf("unknown target %s", target)
	}
	for _, z := range []int{0, 5, 10, 14} {
		size := 0
		c, err := each(200, limit, func(i int) error {
			x, y := tileOf(at[i], z)
			b, err := ask(z, x, y)
			size = max(size, len(b))
			return err
		})
		if err != nil {
			return err
		}
		c.line(fmt.Sprintf("%s z%d (≤%d kB)", kind, z, size/1000))
	}
	return nil
}

func tileOf(p draw.Point, z int) (x, y int) {
	n, s := math.Exp2(float64(z)), math.Sin(p.Lat*math.Pi/180)
	return int((p.Lon + 180) / 360 * n), int((0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)) * n)
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }
