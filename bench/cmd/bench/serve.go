package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

// bareCommand serves the bytes that a URL answers to one request header ("Name:
// value"), if one is given, compressed as browsers ask for, with as few headers as make sense: the limit of net/http.
func bareCommand(args []string) error {
	r, err := http.NewRequest(http.MethodGet, args[1], nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	if len(args) > 2 {
		name, value, _ := strings.Cut(args[2], ": ")
		r.Header.Set(name, value)
	}
	client := &http.Client{Timeout: 10 * time.Second}
	a, err := client.Do(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	if a.StatusCode != http.StatusOK {
		return errors.New(args[1] + " answers " + a.Status)
	}
	length, kind, coding := []string{strconv.Itoa(len(body))}, a.Header["Content-Type"], a.Header["Content-Encoding"]
	vary, tag := []string{"Accept-Encoding"}, a.Header["Etag"]
	// Its heap is so small that it would collect all the time; the handler is
	// what is measured, not the collector.
	debug.SetGCPercent(1000)
	s := &http.Server{Addr: args[0], ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h["Content-Type"], h["Content-Length"], h["Vary"], h["Etag"] = kind, length, vary, tag
		if coding != nil {
			h["Content-Encoding"] = coding
		}
		_, _ = w.Write(body)
	})}
	return s.ListenAndServe()
}

// unkeptCommand serves an atlas that keeps no page.
func unkeptCommand(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := config.Config{Storage: config.Storage{Data: args[1]}, Serving: config.Serving{Listen: args[0]}}
	if len(args) > 2 {
		c.PrivateListen = args[2]
	}
	if err := c.Validate(); err != nil {
		return err
	}
	a, err := app.Open(ctx, c, app.Options{Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Version: "bench", Keep: -1, Demo: true})
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Run(ctx)
}
