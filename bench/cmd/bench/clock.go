package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"mirabilia/bench/draw"
)

// clock collects the times of single questions.
type clock struct {
	took    []time.Duration
	own     []time.Duration // of CPU of the asking thread: other work on the machine hardly shows
	started time.Time
	cpu     time.Duration
	rate    float64 // questions a second of several askers at once
}

func start() *clock { return &clock{started: time.Now(), cpu: used()} }

// since is the seconds since the start.
func (c *clock) since() float64 { return time.Since(c.started).Seconds() }

// tableLine prints a line for the table of docs/performance.md.
func tableLine(work, reference, ours, ratio, goal string) {
	fmt.Printf("| %s | `bench/run %s` | %s | %s | %s | %s |\n", work, os.Getenv("ROW"), reference, ours, ratio, goal)
}

// used is the CPU time of this process so far.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// each times ask for 0 … n-1, for at most limit.
func each(n int, limit time.Duration, ask func(i int) error) (*clock, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	warm := time.Now()
	for i := 0; i < min(n, 50) && time.Since(warm) < limit/5; i++ {
		if err := ask(i); err != nil {
			return nil, err
		}
	}
	c := start()
	for i := 0; i < n && time.Since(c.started) < limit; i++ {
		t, own := time.Now(), ofThread()
		if err := ask(i); err != nil {
			return nil, err
		}
		c.took, c.own = append(c.took, time.Since(t)), append(c.own, ofThread()-own)
	}
	c.cpu = used() - c.cpu
	return c, nil
}

// highest is the most memory this process has had so far, in MiB.
func highest() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss >> 10
}

// ofThread is the CPU time of this thread so far.
func ofThread() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

func (c *clock) at(share float64) time.Duration { return at(c.took, share) }

func at(list []time.Duration, share float64) time.Duration {
	if !slices.IsSorted(list) {
		slices.Sort(list)
	}
	return list[int(share*float64(len(list)-1))]
}

func (c *clock) perSecond() float64 {
	sum := time.Duration(0)
	for _, d := range c.took {
		sum += d
	}
	return float64(len(c.took)) / sum.Seconds()
}

// line prints the clock's times, in microseconds.
func (c *clock) line(name string) {
	fmt.Printf("%-24s n=%d q/s=%.0f p50_us=%.1f p99_us=%.1f\n", name, len(c.took), c.perSecond(), micro(c.at(0.5)), micro(c.at(0.99)))
}

// inside prints also the CPU time of what was asked in process.
func (c *clock) inside(name string) {
	c.line(name)
	fmt.Printf("%-24s cpu p50_us=%.1f p99_us=%.1f, with collecting %.1f on average\n", "", micro(at(c.own, 0.5)), micro(at(c.own, 0.99)), micro(c.cpu)/float64(len(c.took)))
}

func micro(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

// lines reads a file of the data.
func lines(folder, name string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(folder, name))
	return strings.Split(strings.TrimSpace(string(b)), "\n"), err
}

// positions reads the positions to ask about.
func positions(folder string) ([]draw.Point, error) {
	list, err := lines(folder, "at.tsv")
	out := make([]draw.Point, 0, len(list))
	for _, l := range list {
		a, b, _ := strings.Cut(l, "\t")
		out = append(out, draw.Point{Lat: number(a), Lon: number(b)})
	}
	return out, err
}

func number(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

// eachPlace reads places.tsv.
func eachPlace(folder string, visit func(draw.Text, draw.Point)) error {
	f, err := os.Open(filepath.Join(folder, "places.tsv"))
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		a := strings.Split(sc.Text(), "\t")
		id, _ := strconv.Atoi(a[0])
		visit(draw.Text{ID: id, Title: a[1], Tags: strings.Fields(a[2]), City: a[3], Body: a[4]}, draw.Point{Lat: number(a[5]), Lon: number(a[6])})
	}
	return sc.Err()
}
