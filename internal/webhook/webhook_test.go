package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/seal"
)

var admin = actor.Actor{ID: 1, Name: "ada", Role: actor.Admin}

// receiver is the other side: it answers with status, and remembers.
type receiver struct {
	mu       sync.Mutex
	status   int
	messages []received
}

type received struct {
	header http.Header
	text   []byte
	body
}

func (r *receiver) Post(ctx context.Context, _ string, header http.Header, text []byte) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	m := received{header: header, text: bytes.Clone(text)}
	if err := json.Unmarshal(text, &m.body); err != nil {
		return 0, err
	}
	r.messages = append(r.messages, m)
	if r.status != http.StatusNoContent {
		return r.status, errors.New("it answered with " + strconv.Itoa(r.status))
	}
	return r.status, nil
}

// took gives what was sent since the last call.
func (r *receiver) took() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.messages
	r.messages = nil
	return list
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

type stage struct {
	*testing.T
	db    *db.DB
	hooks *Hooks
	crew  *job.Crew
	to    *receiver
	now   time.Time
}

func each(t *testing.T, body func(s *stage)) {
	t.Helper()
	now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	s := &stage{now: now}
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return s.now }}, func(t *testing.T, d *db.DB) {
		key, err := seal.New(bytes.Repeat([]byte{3}, 32))
		if err != nil {
			t.Fatal(err)
		}
		*s = stage{T: t, db: d, to: &receiver{status: http.StatusNoContent}, now: now}
		s.hooks = New(d, key, s.to, func(_ context.Context, part []changes.Change) (items []any, err error) {
			for _, c := range part {
				if c.Kind == "place" {
					items = append(items, map[string]any{"seq": c.Seq, "kind": c.Kind, "id": strconv.FormatInt(c.ID, 10), "op": c.Op})
				}
			}
			return items, nil
		})
		s.crew = job.NewCrew(d, slog.New(slog.NewTextHandler(io.Discard, nil)))
		job.Work(s.crew, s.hooks.Send, job.Limits{})
		job.Work(s.crew, s.hooks.Wake, job.Limits{})
		body(s)
	})
}

// log appends n changes of a kind.
func (s *stage) log(kind string, n int) {
	s.Helper()
	err := s.db.Write(s.Context(), func(tx *db.Tx) error {
		for i := range n {
			changes.Append(tx, kind, int64(i+1), changes.Put)
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	if err := s.hooks.Wake(s.Context(), Wake{}); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) drain() []received {
	s.Helper()
	if _, err := s.crew.Drain(s.Context()); err != nil {
		s.Fatal(err)
	}
	return s.to.took()
}

func (s *stage) add() (id int64, secret string) {
	s.Helper()
	secret, err := s.hooks.Add(s.Context(), admin, "https://receiver.example/hook")
	if err != nil {
		s.Fatal(err)
	}
	return s.one().ID, secret
}

func (s *stage) one() Hook {
	s.Helper()
	list, err := s.hooks.All(s.Context(), admin)
	if err != nil || len(list) != 1 {
		s.Fatal(list, err)
	}
	return list[0]
}

// verify checks a message with another implementation of the standard.
func verify(t *testing.T, secret string, m received, want bool) {
	t.Helper()
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.VerifyIgnoringTimestamp(m.text, m.header); (err == nil) != want {
		t.Errorf("the signature is verified: %v, want %v", err, want)
	}
}

func TestHooks_areToldEverythingInOrder(t *testing.T) {
	each(t, func(s *stage) {
		s.log("place", 3) // before there is a receiver
		_, secret := s.add()
		list := s.drain()
		if len(list) != 1 || list[0].Type != "hello" || len(list[0].Data.Items) != 0 {
			s.Fatalf("greeted with %+v", list)
		}
		verify(s.T, secret, list[0], true)
		tampered := list[0]
		tampered.text = append(bytes.Clone(tampered.text), ' ')
		verify(s.T, secret, tampered, false)

		s.log("place", 250)
		s.log("setting", 5)
		list = s.drain()
		if len(list) != 3 {
			s.Fatalf("%d messages for 250 changes and some that are nobody's business", len(list))
		}
		seq, ids := int64(3), map[string]bool{}
		for _, m := range list {
			verify(s.T, secret, m, true)
			if id := m.header.Get("Webhook-Id"); ids[id] {
				s.Errorf("two messages have the number %s", id)
			} else {
				ids[id] = true
			}
			for _, item := range m.Data.Items {
				seq++
				if got := int64(item.(map[string]any)["seq"].(float64)); got != seq {
					s.Fatalf("change %d where %d is next", got, seq)
				}
			}
		}
		if k := s.one(); seq != 253 || k.Position != 258 || k.Behind || k.Delivered.IsZero() {
			s.Errorf("told to %d: %+v", seq, k)
		}
		if list := s.drain(); len(list) != 0 {
			s.Errorf("told again: %+v", list)
		}
	})
}

func TestHooks_tryAgainWithTheSameMessage(t *testing.T) {
	each(t, func(s *stage) {
		s.add()
		s.drain()
		s.to.answer(http.StatusInternalServerError)
		s.log("place", 2)
		first := s.drain()
		if len(first) != 1 {
			s.Fatalf("tried %d times at once", len(first))
		}
		s.log("place", 2) // more to tell does not hurry
		if more := s.drain(); len(more) != 0 {
			s.Fatalf("tried before its time: %+v", more)
		}
		if k := s.one(); k.Attempts != 1 || !strings.Contains(k.Fault, "500") || !k.Next.After(s.now) || !k.Behind {
			s.Errorf("it stands as %+v", k)
		}
		s.now = s.now.Add(6 * time.Second)
		second := s.drain()
		if len(second) != 1 || second[0].header.Get("Webhook-Id") != first[0].header.Get("Webhook-Id") || len(second[0].Data.Items) != 2 {
			s.Fatalf("tried again with %+v", second)
		}
		s.to.answer(http.StatusNoContent)
		s.now = s.now.Add(time.Hour)
		list := s.drain()
		if len(list) != 2 || list[0].header.Get("Webhook-Id") != first[0].header.Get("Webhook-Id") || len(list[1].Data.Items) != 2 {
			s.Fatalf("taken: %+v", list)
		}
		if k := s.one(); k.Attempts != 0 || k.Fault != "" || k.Behind {
			s.Errorf("it stands as %+v", k)
		}
	})
}

func TestHooks_end(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		after  time.Duration
		tries  int
	}{
		"it says gone":            {http.StatusGone, 0, 1},
		"it takes nothing, for 3": {http.StatusBadGateway, 3*24*time.Hour + time.Minute, 2},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(s *stage) {
				id, _ := s.add()
				s.drain()
				s.to.answer(test.status)
				s.log("place", 1)
				tries := len(s.drain())
				s.now = s.now.Add(test.after)
				tries += len(s.drain())
				if k := s.one(); k.State != Failed || tries != test.tries {
					s.Fatalf("after %d tries it is %+v", tries, k)
				}
				s.now = s.now.Add(24 * time.Hour)
				s.log("place", 1)
				if list := s.drain(); len(list) != 0 {
					s.Fatalf("it is told further: %+v", list)
				}
				s.to.answer(http.StatusNoContent)
				if err := s.hooks.Switch(s.Context(), admin, id, true); err != nil {
					s.Fatal(err)
				}
				if list := s.drain(); len(list) != 2 { // the one that failed, and what came since
					s.Errorf("switched on it is told %+v", list)
				}
			})
		})
	}
}

func TestHooks_rotate(t *testing.T) {
	each(t, func(s *stage) {
		id, before := s.add()
		s.drain()
		after, err := s.hooks.Rotate(s.Context(), admin, id)
		if err != nil || after == before {
			s.Fatal(err)
		}
		s.log("place", 1)
		for _, m := range s.drain() {
			verify(s.T, before, m, true)
			verify(s.T, after, m, true)
		}
		s.now = s.now.Add(25 * time.Hour)
		s.log("place", 1)
		list := s.drain()
		if len(list) != 1 {
			s.Fatal(list)
		}
		verify(s.T, before, list[0], false)
		verify(s.T, after, list[0], true)
		if strings.Contains(string(list[0].text), after) {
			s.Error("the message holds the secret")
		}
	})
}

func TestHooks_switchedOffAndRemoved(t *testing.T) {
	each(t, func(s *stage) {
		id, _ := s.add()
		s.drain()
		if err := s.hooks.Switch(s.Context(), admin, id, false); err != nil {
			s.Fatal(err)
		}
		s.log("place", 1)
		if list := s.drain(); len(list) != 0 {
			s.Errorf("told though off: %+v", list)
		}
		if err := s.hooks.Switch(s.Context(), admin, id, true); err != nil {
			s.Fatal(err)
		}
		if list := s.drain(); len(list) != 1 {
			s.Errorf("what changed meanwhile: %+v", list)
		}
		if err := s.hooks.Greet(s.Context(), admin, id); err != nil {
			s.Fatal(err)
		}
		if list := s.drain(); len(list) != 1 || list[0].Type != "hello" {
			s.Errorf("greeted: %+v", list)
		}
		if err := s.hooks.Remove(s.Context(), admin, id); err != nil {
			s.Fatal(err)
		}
		s.log("place", 1)
		if list := s.drain(); len(list) != 0 {
			s.Errorf("told though removed: %+v", list)
		}
		if err := s.hooks.Remove(s.Context(), admin, id); !errs.Is(err, errs.NotFound) {
			s.Error(err)
		}
	})
}

// TestHooks_together lets several nodes work the same receiver: each change is
// told once.
func TestHooks_together(t *testing.T) {
	each(t, func(s *stage) {
		id, _ := s.add()
		s.drain()
		s.log("place", 150)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := s.hooks.Send(s.Context(), Tell{id}); err != nil {
					s.Error(err)
				}
			})
		}
		all.Wait()
		s.now = s.now.Add(time.Minute)
		seen := map[float64]int{}
		for _, m := range s.drain() {
			for _, item := range m.Data.Items {
				seen[item.(map[string]any)["seq"].(float64)]++
			}
		}
		if len(seen) != 150 {
			s.Errorf("%d changes are told", len(seen))
		}
		for seq, n := range seen {
			if n != 1 {
				s.Errorf("change %v is told %d times", seq, n)
			}
		}
	})
}

func TestHooks_whoAndWhat(t *testing.T) {
	each(t, func(s *stage) {
		editor := actor.Actor{ID: 2, Role: actor.Editor}
		if _, err := s.hooks.Add(s.Context(), editor, "https://receiver.example/"); !errs.Is(err, errs.Denied) {
			s.Error("an editor adds one:", err)
		}
		if _, err := s.hooks.All(s.Context(), editor); !errs.Is(err, errs.Denied) {
			s.Error("an editor lists them:", err)
		}
		for _, address := range []string{"", "receiver.example", "ftp://receiver.example/", "https://me:secret@receiver.example/", "https://", "https://receiver.example/#part", "https://receiver.example/" + strings.Repeat("x", maxAddress)} {
			if _, err := s.hooks.Add(s.Context(), admin, address); !errs.Is(err, errs.Invalid) {
				s.Errorf("%q: %v", address, err)
			}
		}
		s.add()
		if _, err := s.hooks.Add(s.Context(), admin, "https://receiver.example/hook"); !errs.Is(err, errs.Invalid) {
			s.Error("the same one twice:", err)
		}
		for i := range most - 1 {
			if _, err := s.hooks.Add(s.Context(), admin, "https://receiver.example/"+strconv.Itoa(i)); err != nil {
				s.Fatal(err)
			}
		}
		if _, err := s.hooks.Add(s.Context(), admin, "https://receiver.example/more"); !errs.Is(err, errs.Invalid) {
			s.Error("too many:", err)
		}
	})
}
