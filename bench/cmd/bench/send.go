package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"mirabilia/bench/draw"
)

// sending are the options of sendCommand.
type sending struct {
	n          int
	kinds      []string
	page, pid  string
	engine     string
	idle, busy time.Duration
}

// sendCommand sends submissions through the API, eight writers at once, in the
// names of the people in FOLDER/people.tsv, and tells how many a second were
// taken; with -page also how long readers wait for that page while nobody writes
// and meanwhile.
func sendCommand(args []string) error {
	var s sending
	set := flag.NewFlagSet("send", flag.ExitOnError)
	set.IntVar(&s.n, "n", 0, "how many; until the time is over without it")
	set.DurationVar(&s.busy, "for", 10*time.Second, "how long at most")
	set.StringVar(&s.page, "page", "", "page that readers read meanwhile")
	set.StringVar(&s.pid, "pid", "", "process of the server")
	set.StringVar(&s.engine, "engine", "", "name for the table; no line without it")
	kinds := set.String("kinds", "place", "kinds in turn: place, pitch, edit")
	_ = set.Parse(args)
	s.kinds, s.idle = strings.Split(*kinds, ","), 4*time.Second
	c := newCaller(set.Arg(0))
	list, err := readPeople(set.Arg(1), "people.tsv")
	if err != nil {
		return err
	}
	drafts, err := c.drafts(s.kinds)
	if err != nil {
		return err
	}
	return s.run(c, list, drafts)
}

func (s sending) run(c *caller, list []person, drafts *drafts) error {
	one := func(w, i int) error {
		p := &list[(w+writers*i)%len(list)] // no token is asked too much of
		return c.call(p, http.MethodPost, "/api/v1/submissions", drafts.next(), nil)
	}
	if _, err := atOnce(writers, 200, s.busy/5, one); err != nil { // plans are made and pages read
		return err
	}
	var quiet *clock
	if s.page != "" {
		over, err := startReaders(c.base, s.page)
		if err != nil {
			return err
		}
		time.Sleep(s.idle)
		if quiet, err = over(); err != nil {
			return err
		}
	}
	before, _ := usedBy(s.pid)
	sent, meanwhile, err := s.beside(c, s.n, one)
	if err != nil {
		return err
	}
	after, _ := usedBy(s.pid)
	rate, cpu := sent.rate, ms(after-before)/float64(len(sent.took))
	fmt.Printf("%d submissions, %.0f/s, p50 %.1f, p99 %.1f ms; CPU of the server with its readers %.2f ms each\n", len(sent.took), rate, ms(sent.at(.5)), ms(sent.at(.99)), cpu)
	if s.engine == "" || s.page == "" {
		return nil
	}
	tableLine(fmt.Sprintf("submissions through the API, %d writers, %s, at load %s", writers, s.engine, machineLoad()), "",
		fmt.Sprintf("%.0f/s, p99 %.1f ms, CPU %.2f ms", rate, ms(sent.at(.99)), cpu), "", "≥ 500/s")
	s.readersLine(fmt.Sprintf("readers of a place's page meanwhile, %d a second, %s", int(time.Second/readEvery), s.engine), quiet, meanwhile)
	if sent, meanwhile, err = s.beside(c, 0, paced(promised, one)); err != nil {
		return err
	}
	s.readersLine(fmt.Sprintf("the same beside %.0f submissions a second, %s", sent.rate, s.engine), quiet, meanwhile)
	return nil
}

// promised is how many submissions a second the atlas is to take.
const promised = 500

// paced is one that waits for its turn, so that all writers together send so many
// a second.
func paced(rate int, one func(w, i int) error) func(w, i int) error {
	began := time.Now()
	return func(w, i int) error {
		time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / time.Duration(rate))))
		return one(w, i)
	}
}

// beside sends n submissions, or as many as fit into the time, while readers read.
func (s sending) beside(c *caller, n int, one func(w, i int) error) (sent, read *clock, err error) {
	over := func() (*clock, error) { return nil, nil }
	if s.page != "" {
		if over, err = startReaders(c.base, s.page); err != nil {
			return nil, nil, err
		}
	}
	sent, err = atOnce(writers, n, s.busy, one)
	read, failed := over()
	return sent, read, errors.Join(err, failed)
}

func (s sending) readersLine(what string, quiet, meanwhile *clock) {
	tableLine(what, fmt.Sprintf("nobody writes: p50 %.2f, p99 %.1f ms", ms(quiet.at(.5)), ms(quiet.at(.99))),
		fmt.Sprintf("p50 %.2f, p99 %.1f ms", ms(meanwhile.at(.5)), ms(meanwhile.at(.99))), fmt.Sprintf("p99 %.2f", float64(meanwhile.at(.99))/float64(quiet.at(.99))), "p99 ≤ 2")
}

// drafts are submissions that have not been sent yet, each another one.
type drafts struct {
	mu     sync.Mutex
	kinds  []string
	places []string // to edit
	texts  *draw.Texts
	points []draw.Point
	r      *rand.Rand
	n      int
}

func (c *caller) drafts(kinds []string) (*drafts, error) {
	world := draw.NewWorld()
	d := &drafts{kinds: kinds, texts: world.NewTexts(draw.QuestionSeed), points: world.Points(draw.QuestionSeed, 20_000), r: rand.New(rand.NewPCG(draw.QuestionSeed, 9))}
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := c.call(nil, http.MethodGet, "/api/v1/places?limit=50", nil, &page); err != nil {
		return nil, err
	}
	for _, p := range page.Items {
		d.places = append(d.places, p.ID)
	}
	if len(d.places) == 0 {
		return nil, errors.New("there is no place to edit")
	}
	return d, nil
}

func (d *drafts) next() map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, at, kind := d.texts.Next(), d.points[d.n%len(d.points)], d.kinds[d.n%len(d.kinds)]
	d.n++
	fields := map[string]any{"title": t.Title, "body": t.Body, "lat": at.Lat, "lon": at.Lon}
	out := map[string]any{"kind": kind, "fields": fields}
	if kind == "edit" {
		out["place"], out["fields"], out["summary"] = d.places[d.r.IntN(len(d.places))], map[string]any{"body": t.Body}, "Its text anew."
	}
	return out
}
