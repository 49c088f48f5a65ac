package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/db/dbtest"
)

// TestKilledDesk kills the server at random points while members send and an
// editor decides. Every submission and decision that was answered is there.
func TestKilledDesk(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killedDesk(t, "") })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { killedDesk(t, dbtest.PostgresURL(t)) })
	}
}

// deskRun is one life of the server.
type deskRun struct {
	url            string
	member, editor string // tokens

	mu       sync.Mutex
	answered map[string]string // id → status
	lived    int               // calls answered in this life
}

func killedDesk(t *testing.T, database string) {
	data := filepath.Join(t.TempDir(), "data")
	command := func(args ...string) *exec.Cmd {
		c := exec.Command("mirabilia", args...)
		c.Env = append(os.Environ(), "MIRABILIA_DATA="+data, "MIRABILIA_DATABASE="+database, "MIRABILIA_LISTEN=127.0.0.1:0")
		return c
	}
	token := func(role, scope string) string {
		for _, c := range []*exec.Cmd{command("user", "add", "--email", role+"@example.org", "--name", role, "--role", role),
			command("token", "add", "--email", role+"@example.org", "--scope", scope)} {
			out, err := c.Output()
			if err != nil {
				t.Fatalf("%v: %v: %s", c.Args, err, out)
			}
			if c.Args[1] == "token" {
				return strings.TrimSpace(string(out))
			}
		}
		return ""
	}
	run := &deskRun{answered: map[string]string{}}
	// An admin sends: admins have no daily limits, and an editor decides.
	run.member, run.editor = token("admin", "contribute"), token("editor", "edit")
	chance := rand.New(rand.NewPCG(7, 1))
	for round := range killRounds {
		run.life(t, command("serve"), 20+chance.IntN(60))
		if round == killRounds-1 {
			t.Logf("%d submissions were answered", len(run.answered))
		}
	}
	c := command("serve")
	stop := run.start(t, c)
	defer stop()
	for id, status := range run.answered {
		var s struct{ Status string }
		if code := run.call(t, "GET", "/submissions/"+id, "", run.editor, &s); code != http.StatusOK || s.Status != status && s.Status != "published" {
			t.Errorf("%s was answered as %s and is now %d %s", id, status, code, s.Status)
		}
	}
	if out, err := command("doctor").Output(); err != nil && !strings.Contains(string(out), "fsync = off") {
		t.Errorf("doctor: %v: %s", err, out)
	}
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start starts the server and gives what kills it.
func (r *deskRun) start(t *testing.T, c *exec.Cmd) (kill func()) {
	t.Helper()
	log, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	r.url = ""
	lines := bufio.NewScanner(io.MultiReader(log, out))
	ready := false
	for (!ready || r.url == "") && lines.Scan() {
		if found := listening.FindString(lines.Text()); found != "" {
			r.url = found
		}
		ready = ready || strings.Contains(lines.Text(), "msg=ready")
	}
	if !ready || r.url == "" {
		t.Fatal("it was never ready, or told no address")
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return func() { _ = c.Process.Kill(); _ = c.Wait() }
}

// life lets four senders work until so many calls were answered, and kills the
// server in the middle of the next ones.
func (r *deskRun) life(t *testing.T, c *exec.Cmd, calls int) {
	kill := r.start(t, c)
	r.lived = 0
	enough := make(chan struct{})
	var once sync.Once
	var all sync.WaitGroup
	for w := range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := 0; ; n++ {
				var s struct{ ID, Status string }
				body := fmt.Sprintf(`{"kind":"place","fields":{"title":"Place %d of %d","lat":%d,"lon":10}}`, n, w, 40+w)
				if r.call(t, "POST", "/submissions", body, r.member, &s) != http.StatusCreated {
					return
				}
				r.note(s.ID, s.Status, calls, func() { once.Do(func() { close(enough) }) })
				if n%2 == 0 && r.call(t, "POST", "/submissions/"+s.ID+"/decision", `{"action":"publish"}`, r.editor, &s) == http.StatusOK {
					r.note(s.ID, s.Status, calls, func() { once.Do(func() { close(enough) }) })
				}
			}
		}()
	}
	select {
	case <-enough:
	case <-time.After(2 * time.Minute):
		t.Error("the server hardly answers")
	}
	kill()
	all.Wait()
}

func (r *deskRun) note(id, status string, calls int, enough func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered[id] = status
	if r.lived++; r.lived >= calls {
		enough()
	}
}

// call gives the status of an answer, 0 where there was none.
func (r *deskRun) call(t *testing.T, method, path, body, token string, into any) int {
	q, err := http.NewRequestWithContext(t.Context(), method, r.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0
	}
	q.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	if json.NewDecoder(answer.Body).Decode(into) != nil {
		return 0
	}
	return answer.StatusCode
}
