package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// readEvery is the time between two readers who come.
const readEvery = 5 * time.Millisecond

// startReaders starts a process that reads a page every few milliseconds, until
// over is called, which gives how long each reader waited. It is a process of its
// own because a writer's client beside it would hold it up, and that wait would
// be taken for the server's.
func startReaders(base, page string) (over func() (*clock, error), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	reading := exec.Command(self, "read", base, page)
	reading.Stderr = os.Stderr
	in, err := reading.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := reading.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := reading.Start(); err != nil {
		return nil, err
	}
	return func() (*clock, error) {
		failed, c := in.Close(), &clock{}
		for sc := bufio.NewScanner(out); sc.Scan(); {
			n, err := strconv.ParseInt(sc.Text(), 10, 64)
			failed, c.took = errors.Join(failed, err), append(c.took, time.Duration(n))
		}
		return c, errors.Join(failed, reading.Wait())
	}, nil
}

// readCommand reads a page every few milliseconds, whether the one before has
// been answered or not, until its standard input ends; then it prints how many
// nanoseconds each reader waited from when it came.
func readCommand(args []string) error {
	over := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(over)
	}()
	c, err := newCaller(args[0]).reading(args[1], over)
	out := bufio.NewWriter(os.Stdout)
	for _, d := range c.took {
		fmt.Fprintln(out, d.Nanoseconds())
	}
	return errors.Join(err, out.Flush())
}

func (c *caller) reading(page string, over <-chan struct{}) (*clock, error) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	var failed error
	all, beat := start(), time.NewTicker(readEvery)
	defer beat.Stop()
	for {
		var came time.Time
		select {
		case <-over:
			wait.Wait()
			return all, failed
		case came = <-beat.C:
		}
		wait.Go(func() {
			err := c.page(page)
			took := time.Since(came)
			mu.Lock()
			all.took, failed = append(all.took, took), errors.Join(failed, err)
			mu.Unlock()
		})
	}
}

// page reads a page to its end.
func (c *caller) page(path string) error {
	a, err := c.client.Get(c.base + path)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	if _, err := io.Copy(io.Discard, a.Body); err != nil {
		return err
	}
	if a.StatusCode != http.StatusOK {
		return errors.New(path + " answers " + a.Status)
	}
	return nil
}
