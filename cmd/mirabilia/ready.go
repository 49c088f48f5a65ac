package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"mirabilia/internal/errs"
)

// readyTime is how long a server may take to say how it is.
const readyTime = 3 * time.Second

// readyCmd asks a running server; a container without a shell has nothing else
// to ask with.
type readyCmd struct {
	URL string `arg:"" optional:"" default:"http://127.0.0.1:8080" help:"Address of the running server."`
}

// Run prints the server's answer; status 1 when it cannot serve.
func (c *readyCmd) Run(ctx context.Context, s streams) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.URL, "/")+"/readyz", nil)
	if err != nil {
		return errs.New(errs.Invalid, "%q is no web address; want http://127.0.0.1:8080", c.URL)
	}
	res, err := (&http.Client{Timeout: readyTime}).Do(req)
	if err != nil {
		fmt.Fprintln(s.out, "no answer from", c.URL)
		return exit(1)
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10)) // what came is worth showing
	fmt.Fprintln(s.out, strings.TrimSpace(string(said)))
	if res.StatusCode != http.StatusOK {
		return exit(1)
	}
	return nil
}
