package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// caller calls the program over connections that stay open.
type caller struct {
	base   string
	client *http.Client
}

func newCaller(base string) *caller {
	return &caller{strings.TrimSuffix(base, "/"), &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// call sends a request in a person's name: with the token where the path is of
// the API, else with the cookie. It reads the answer to its end, into out when
// that is not nil. An answer that is no success is an error.
func (c *caller) call(p *person, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequest(method, c.base+path, body)
	if err != nil {
		return err
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	switch {
	case p == nil:
	case strings.HasPrefix(path, "/api/"):
		r.Header.Set("Authorization", "Bearer "+p.token)
	default:
		r.AddCookie(&http.Cookie{Name: "session", Value: p.cookie})
	}
	a, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	if a.StatusCode >= 300 {
		return fmt.Errorf("%s %s answers %s: %.200s", method, path, a.Status, b)
	}
	if out != nil {
		return json.Unmarshal(b, out)
	}
	return nil
}

// atOnce has so many writers ask one after another until all n questions are
// asked or the time is over, whichever comes first; n 0 is no bound.
func atOnce(writers, n int, limit time.Duration, ask func(writer, i int) error) (*clock, error) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	var failed error
	c, next := start(), 0
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1, failed == nil && (n == 0 || next <= n) && time.Since(c.started) < limit
	}
	for w := range writers {
		wait.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				t := time.Now()
				err := ask(w, i)
				took := time.Since(t)
				mu.Lock()
				if c.took = append(c.took, took); err != nil && failed == nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	c.rate = float64(len(c.took)) / c.since()
	return c, failed
}

// usedBy is the CPU time of another process so far, in hundredths of a second.
func usedBy(pid string) (time.Duration, error) {
	b, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0, err
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond, nil
}

// machineLoad is the load of the machine over the last minute.
func machineLoad() string {
	b, _ := os.ReadFile("/proc/loadavg")
	one, _, _ := strings.Cut(string(b), " ")
	return one
}
