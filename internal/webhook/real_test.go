package webhook

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/job"
	"mirabilia/internal/outbound"
	"mirabilia/internal/seal"
)

// server is a receiver over HTTP.
type server struct {
	mu     sync.Mutex
	status int
	ids    []string
	at     string
}

func serving(t *testing.T) *server {
	t.Helper()
	s := &server{status: http.StatusNoContent}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ids = append(s.ids, r.Header.Get("Webhook-Id"))
		w.Header().Set("Location", "http://"+r.Host+"/elsewhere")
		w.WriteHeader(s.status)
		_, _ = io.WriteString(w, "a text that nobody is shown")
	}))
	t.Cleanup(h.Close)
	s.at = h.URL + "/hook"
	return s
}

func (s *server) answer(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// took gives the numbers of the messages that came since the last call.
func (s *server) took() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.ids
	s.ids = nil
	return list
}

// overHTTP makes the stage's receiver a real one, behind the guard that
// receivers are called through, and adds it.
func (s *stage) overHTTP() (to *server, id int64) {
	s.Helper()
	key, err := seal.New(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		s.Fatal(err)
	}
	to = serving(s.T)
	guard := outbound.NewGuard([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "https://atlas.example")
	s.hooks = New(s.db, key, guard, func(_ context.Context, part []changes.Change) (items []any, err error) {
		for _, c := range part {
			items = append(items, map[string]any{"seq": c.Seq})
		}
		return items, nil
	})
	s.crew = job.NewCrew(s.db, slog.New(slog.DiscardHandler))
	job.Work(s.crew, s.hooks.Send, job.Limits{})
	job.Work(s.crew, s.hooks.Wake, job.Limits{})
	if _, err := s.hooks.Add(s.Context(), admin, to.at); err != nil {
		s.Fatal(err)
	}
	s.drain()
	if got := to.took(); len(got) != 1 || !strings.Contains(got[0], "hello") {
		s.Fatalf("greeted with %v", got)
	}
	return to, s.one().ID
}

// A receiver that answers 410 Gone over HTTP is closed at once: it is asked once
// and hears nothing more until an admin switches it on.
func TestReceiver_goneIsClosed(t *testing.T) {
	each(t, func(s *stage) {
		to, id := s.overHTTP()
		to.answer(http.StatusGone)
		s.log("place", 1)
		s.drain()
		if got, k := to.took(), s.one(); len(got) != 1 || k.State != Failed || !strings.Contains(k.Fault, "410") || strings.Contains(k.Fault, "nobody is shown") {
			s.Fatalf("after %v it is %+v", got, k)
		}
		to.answer(http.StatusNoContent)
		for range 5 {
			s.now = s.now.Add(24 * time.Hour)
			s.log("place", 1)
			s.drain()
		}
		if got := to.took(); len(got) != 0 {
			s.Errorf("it is told further: %v", got)
		}
		if err := s.hooks.Switch(s.Context(), admin, id, true); err != nil {
			s.Fatal(err)
		}
		s.drain()
		if got, k := to.took(), s.one(); len(got) == 0 || k.State != Active || k.Behind {
			s.Errorf("switched on it is told %v: %+v", got, k)
		}
	})
}

// One that takes nothing is tried again and again, always with the same message
// and ever more seldom, for three days; then it is given up.
func TestReceiver_isGivenUpAfterThreeDays(t *testing.T) {
	for _, status := range []int{http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusNotFound, http.StatusTemporaryRedirect} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			each(t, func(s *stage) {
				to, _ := s.overHTTP()
				to.answer(status)
				s.log("place", 1)
				s.drain()
				begun, tries := s.now, len(to.took())
				for k := s.one(); k.State == Active; k = s.one() {
					if !k.Next.After(s.now) || tries > 40 {
						s.Fatalf("after %d tries it stands as %+v", tries, k)
					}
					s.now = k.Next.Add(-time.Second)
					s.drain()
					early := to.took()
					s.now = k.Next
					s.drain()
					if got := to.took(); len(early) != 0 || len(got) != 1 {
						s.Fatalf("tried %v before its time and %v at it", early, got)
					}
					tries++
				}
				took := s.now.Sub(begun)
				if took < patience || took > patience+5*time.Hour {
					s.Errorf("given up after %v and %d tries", took, tries)
				}
				k := s.one()
				if k.State != Failed || !strings.Contains(k.Fault, strconv.Itoa(status)) {
					s.Errorf("it stands as %+v", k)
				}
				to.took()
				s.now = s.now.Add(7 * 24 * time.Hour)
				s.log("place", 1)
				s.drain()
				if got := to.took(); len(got) != 0 {
					s.Errorf("it is told further: %v", got)
				}
			})
		})
	}
}

// Every try of one message bears the same number, and one that is taken at last
// is the end of it.
func TestReceiver_triesAreOneMessage(t *testing.T) {
	each(t, func(s *stage) {
		to, _ := s.overHTTP()
		to.answer(http.StatusBadGateway)
		s.log("place", 3)
		s.drain()
		first := to.took()
		for _, wait := range []time.Duration{5 * time.Second, 20 * time.Second, 80 * time.Second, 320 * time.Second} {
			s.now = s.now.Add(wait - time.Second)
			s.drain()
			if got := to.took(); len(got) != 0 {
				s.Fatalf("%v before its time: %v", wait, got)
			}
			s.now = s.now.Add(time.Second)
			s.drain()
			if got := to.took(); len(got) != 1 || got[0] != first[0] {
				s.Fatalf("after %v it is sent %v, first %v", wait, got, first)
			}
		}
		to.answer(http.StatusOK)
		s.now = s.now.Add(4 * time.Hour)
		s.drain()
		if got, k := to.took(), s.one(); len(got) != 1 || got[0] != first[0] || k.Attempts != 0 || k.Behind || k.Fault != "" {
			s.Errorf("taken %v: %+v", got, k)
		}
	})
}
