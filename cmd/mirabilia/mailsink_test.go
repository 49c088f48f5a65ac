package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// mailSink is a mail server that counts what comes to each address.
type mailSink struct {
	address string
	mu      sync.Mutex
	got     map[string]int
	came    chan struct{} // closed and made anew with each mail
}

func newMailSink(t *testing.T) *mailSink {
	t.Helper()
	k := &mailSink{got: map[string]int{}, came: make(chan struct{})}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailVisit{sink: k}, nil }))
	s.Domain, s.ErrorLog = "127.0.0.1", slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelError)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k.address = l.Addr().String()
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return k
}

// until waits until a mail has come to each address, or the context ends, and
// gives how many came to each.
func (k *mailSink) until(ctx context.Context, addresses []string) map[string]int {
	for {
		k.mu.Lock()
		all, got, came := true, map[string]int{}, k.came
		for _, a := range addresses {
			got[a] = k.got[a]
			all = all && got[a] > 0
		}
		k.mu.Unlock()
		if all {
			return got
		}
		select {
		case <-came:
		case <-ctx.Done():
			return got
		}
	}
}

type mailVisit struct {
	sink *mailSink
	to   []string
}

func (v *mailVisit) Mail(string, *smtp.MailOptions) error { return nil }

func (v *mailVisit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = append(v.to, to)
	return nil
}

func (v *mailVisit) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	v.sink.mu.Lock()
	defer v.sink.mu.Unlock()
	for _, to := range v.to {
		v.sink.got[to]++
	}
	close(v.sink.came)
	v.sink.came = make(chan struct{})
	return nil
}

func (v *mailVisit) Reset()        { v.to = nil }
func (v *mailVisit) Logout() error { return nil }
