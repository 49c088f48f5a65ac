package linkcheck

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/job"
	"mirabilia/internal/outbound"
	"mirabilia/internal/place"
)

var (
	editor = actor.Actor{ID: 1, Role: actor.Editor}
	gaz    = gazetteer.Open()
)

// web stands in for all sites: what is not in it is alive.
type web struct {
	health map[string]outbound.Health
	asked  []string
}

func (w *web) Look(_ context.Context, address string) (outbound.Health, int) {
	w.asked = append(w.asked, address)
	switch h := w.health[address]; h {
	case outbound.Gone:
		return h, 404
	case outbound.Failing, outbound.Barred:
		return h, 0
	default:
		return outbound.Alive, 200
	}
}

type stage struct {
	*testing.T
	links  *Links
	places *place.Places
	crew   *job.Crew
	web    *web
	now    time.Time
}

func eachEngine(t *testing.T, body func(s *stage)) {
	t.Helper()
	s := &stage{}
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return s.now }}, func(t *testing.T, d *db.DB) {
		*s = stage{T: t, places: place.New(d, gaz), web: &web{health: map[string]outbound.Health{}}, now: time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)}
		s.links = New(d, s.places, s.web)
		s.crew = job.NewCrew(d, slog.New(slog.NewTextHandler(io.Discard, nil)))
		job.Work(s.crew, s.links.Gather, job.Limits{})
		job.Work(s.crew, s.links.Look, job.Limits{})
		body(s)
	})
}

func (s *stage) publish(records ...place.Record) {
	s.Helper()
	total, err := s.places.Import(s.Context(), records, place.ImportOptions{Publish: true, Source: "test"})
	if err != nil || total.Failed > 0 {
		s.Fatal(total, err)
	}
	if err := s.links.Gather(s.Context(), Gather{}); err != nil {
		s.Fatal(err)
	}
}

// work does what is due now and within the next minutes.
func (s *stage) work() {
	s.Helper()
	for range 20 {
		if _, err := s.crew.Drain(s.Context()); err != nil {
			s.Fatal(err)
		}
		s.now = s.now.Add(breath)
	}
}

func (s *stage) dead() (list []string) {
	s.Helper()
	links, err := s.links.Dead(s.Context(), editor, 0, 100)
	if err != nil {
		s.Fatal(err)
	}
	for _, l := range links {
		list = append(list, l.Address)
	}
	slices.Sort(list)
	return list
}

func record(id, body string, more ...string) place.Record {
	lat, lon := 46.81, 10.53
	r := place.Record{ID: id, Title: "Place " + id, Body: body, Lat: &lat, Lon: &lon}
	if len(more) > 0 {
		r.Website = more[0]
	}
	for _, a := range more[min(1, len(more)):] {
		r.Sources = append(r.Sources, place.Source{URL: a})
	}
	return r
}

func TestIn(t *testing.T) {
	got := In("See [it](https://a.example/x), or <https://b.example/y?q=1#part>. Also http://c.example.", "https://a.example/x", "ftp://d.example nothing", "https://e.example/"+strings.Repeat("x", maxAddress))
	want := []string{"https://a.example/x", "https://b.example/y?q=1", "http://c.example"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A link is dead when it failed again and again over days, and lives when it
// answers; sites that refuse robots or cannot be reached for an hour do not count.
func TestLinks_die(t *testing.T) {
	eachEngine(t, func(s *stage) {
		s.publish(record("1", "More at https://gone.example/page and https://fine.example/.", "https://failing.example", "https://source.example/book", "http://127.0.0.1/inside"), record("2", "", "https://gone.example/page"))
		s.web.health = map[string]outbound.Health{"https://gone.example/page": outbound.Gone, "https://failing.example": outbound.Failing, "http://127.0.0.1/inside": outbound.Barred}
		s.work()
		if len(s.web.asked) != 5 {
			t := slices.Clone(s.web.asked)
			slices.Sort(t)
			s.Fatalf("asked for %q", t)
		}
		if list := s.dead(); len(list) != 0 {
			s.Fatalf("dead after one look: %q", list)
		}
		for range 3 {
			s.now = s.now.Add(doubtful)
			if err := s.links.Gather(s.Context(), Gather{}); err != nil {
				s.Fatal(err)
			}
			s.work()
		}
		if list := s.dead(); !slices.Equal(list, []string{"https://failing.example", "https://gone.example/page"}) {
			s.Fatalf("dead: %q", list)
		}
		if n := count(s.web.asked, "https://fine.example/"); n != 1 {
			s.Errorf("one that is fine was looked at %d times in four days", n)
		}
		links, err := s.links.Dead(s.Context(), editor, 0, 100)
		if err != nil {
			s.Fatal(err)
		}
		for _, l := range links {
			if l.Address == "https://gone.example/page" && (len(l.Places) != 2 || l.Status != 404 || l.Since.IsZero()) {
				s.Errorf("it is known as %+v", l)
			}
		}
		// It comes back by itself…
		delete(s.web.health, "https://failing.example")
		s.now = s.now.Add(lost)
		if err := s.links.Gather(s.Context(), Gather{}); err != nil {
			s.Fatal(err)
		}
		s.work()
		if list := s.dead(); !slices.Equal(list, []string{"https://gone.example/page"}) {
			s.Fatalf("dead: %q", list)
		}
		// …by an editor who has seen it…
		if err := s.links.Again(s.Context(), editor, links[0].ID); err != nil {
			s.Fatal(err)
		}
		// …or is mended in the places.
		s.publish(record("1", "Nothing more."), record("2", ""))
		if list := s.dead(); len(list) != 0 {
			s.Errorf("dead though nobody names it: %q", list)
		}
	})
}

func count(list []string, want string) (n int) {
	for _, s := range list {
		if s == want {
			n++
		}
	}
	return n
}

// A machine that is cut off finds nothing dead.
func TestLinks_whenCutOff(t *testing.T) {
	eachEngine(t, func(s *stage) {
		var all []string
		for i := range 12 {
			all = append(all, fmt.Sprintf("https://site%d.example/", i))
			s.web.health[all[i]] = outbound.Failing
		}
		s.publish(record("1", strings.Join(all, " ")))
		for range 6 {
			s.work()
			s.now = s.now.Add(doubtful)
		}
		if list := s.dead(); len(list) != 0 {
			s.Errorf("dead: %q", list)
		}
		known, err := s.links.Known(s.Context(), all[:1])
		if err != nil || known[0].Health != Unknown {
			s.Errorf("%+v, %v", known, err)
		}
	})
}

// One site is asked one thing at a time.
func TestLinks_oneSiteAtATime(t *testing.T) {
	eachEngine(t, func(s *stage) {
		s.publish(record("1", "https://one.example/a https://one.example/b https://one.example/c https://two.example/"))
		if _, err := s.crew.Drain(s.Context()); err != nil {
			s.Fatal(err)
		}
		if len(s.web.asked) != 2 {
			s.Errorf("asked at once: %q", s.web.asked)
		}
		s.work()
		if len(s.web.asked) != 4 {
			s.Errorf("asked in the end: %q", s.web.asked)
		}
	})
}

func TestKnown_looksAtWhatIsNew(t *testing.T) {
	eachEngine(t, func(s *stage) {
		s.web.health["https://gone.example/"] = outbound.Gone
		list := []string{"https://gone.example/", "https://fine.example/"}
		known, err := s.links.Known(s.Context(), list)
		if err != nil || len(known) != 2 || known[0].Health != Unknown {
			s.Fatal(known, err)
		}
		s.work()
		known, err = s.links.Known(s.Context(), list)
		if err != nil || known[0].Health != outbound.Gone || known[1].Health != outbound.Alive {
			s.Errorf("%+v, %v", known, err)
		}
		if list := s.dead(); len(list) != 0 {
			s.Errorf("dead, though no place names it: %q", list)
		}
	})
}

func TestLinks_whoMay(t *testing.T) {
	eachEngine(t, func(s *stage) {
		member := actor.Actor{ID: 2, Role: actor.Member}
		if _, err := s.links.Dead(s.Context(), member, 0, 1); !errs.Is(err, errs.Denied) {
			s.Error(err)
		}
		if err := s.links.Again(s.Context(), member, 1); !errs.Is(err, errs.Denied) {
			s.Error(err)
		}
		if err := s.links.Again(s.Context(), editor, 1); !errs.Is(err, errs.NotFound) {
			s.Error(err)
		}
	})
}
