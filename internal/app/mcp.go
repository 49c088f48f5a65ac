package app

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"mirabilia/internal/config"
	"mirabilia/internal/mcp"
)

// toolDeps is what the tools for language models stand on.
func (a *App) toolDeps(ctx context.Context) (mcp.Deps, error) {
	settings, err := a.settings.Now(ctx)
	return mcp.Deps{
		Places: a.places, Destinations: a.destinations, Finder: a.finder, Gazetteer: a.gazetteer, Name: settings.Name, URL: a.config.URL,
		Version: a.options.Version, Now: a.options.Now, Random: a.options.Random, Log: a.log,
	}, err
}

// toolServer is the tools over HTTP.
func (a *App) toolServer(ctx context.Context) (http.Handler, error) {
	d, err := a.toolDeps(ctx)
	if err != nil {
		return nil, err
	}
	s, err := mcp.New(d)
	if err != nil {
		return nil, err
	}
	return mcp.Handler(s, d)
}

// AnswerTools answers one caller of the tools on a pair of streams until the
// input or the context ends. It runs beside a server and follows what is
// published meanwhile.
func AnswerTools(ctx context.Context, c config.Config, o Options, in io.ReadCloser, out io.WriteCloser) error {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Uint64
	}
	d, err := openAtlas(ctx, c.Storage, false)
	if err != nil {
		return err
	}
	a := &App{config: c, options: o, log: o.Log, db: d, changed: make(chan struct{}, 1), news: make(chan struct{}), followed: -1}
	defer a.db.Close()
	a.features()
	if err := a.load(ctx); err != nil {
		return err
	}
	deps, err := a.toolDeps(ctx)
	if err != nil {
		return err
	}
	s, err := mcp.New(deps)
	if err != nil {
		return err
	}
	work, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer stop()
	workers.Go(func() { a.follow(work) })
	workers.Go(func() { a.merge(work) })
	err = s.Run(ctx, &sdk.IOTransport{Reader: in, Writer: out, MaxLineLength: maxToolLine})
	if errors.Is(err, io.EOF) || ctx.Err() != nil {
		return nil
	}
	return err
}

// maxToolLine is the longest message on a stream, in bytes.
const maxToolLine = 1 << 20
