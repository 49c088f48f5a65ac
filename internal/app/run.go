package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mirabilia/internal/api"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/takedown"
	"mirabilia/internal/web"
	"mirabilia/internal/web/assets"
	"mirabilia/internal/web/tiles"

	"mirabilia/internal/demo"
	"mirabilia/internal/logo"
	"mirabilia/internal/outbound"
	"mirabilia/internal/page"
)

// The limits of a connection: what a slow or silent client may hold.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 120 * time.Second
	idleTimeout   = 120 * time.Second
	maxHeader     = 32 << 10
	// stopTimeout is how long requests may take to end after the signal.
	stopTimeout = 30 * time.Second
)

// newSite joins the site with its drawn parts.
func (a *App) newSite(ctx context.Context, calls *api.API, tools http.Handler) (*web.Site, error) {
	set, err := assets.Load()
	if err != nil {
		return nil, err
	}
	if a.pages, err = page.Open(a.db); err != nil {
		return nil, err
	}
	world, err := tiles.OpenWorld()
	if err != nil {
		return nil, err
	}
	a.closers = append(a.closers, world.Close)
	keep := a.options.Keep
	if keep == 0 {
		keep = defaultKeep
	}
	drawer := tiles.NewDrawer()
	d := web.Deps{
		Places: a.places, Tags: a.tags, Destinations: a.destinations, Settings: a.settings, Pages: a.pages,
		Finder: a.finder, Gazetteer: a.gazetteer, Assets: set, Dumps: a.dumps, Marks: a.marks, Lists: a.lists, Photos: a.photos, Portraits: a.portraits, Logos: logo.New(a.blobs, a.studio, a.settings), API: calls, Calls: callsOf(calls), Mounts: a.mounts(world, drawer, tools), Drawer: drawer, Pixels: a.pixels,
		URL: a.config.URL, Now: a.options.Now, Random: a.options.Random, Log: a.log,
		Users: a.users, Desk: a.desk, Proposals: a.proposals, Drafts: a.drafts(), Published: a.CatchUp,
		Follows: a.follows, Notices: a.notices, Reports: a.reports, Notes: a.notes, Downs: takedown.New(a.db),
		Counts: a.counts, Jobs: a.jobsNow, Hooks: a.hooks, Links: a.links, Campaigns: a.campaigns,
		Factors: a.factors, Provider: a.provider, Owned: a.own,
		Who: web.Sessions(a.users, a.config.URL), Registration: a.config.Registration,
		Metrics: a.metrics, Ready: a.isReady, Beside: a.mirrors.report, Keep: uint64(max(keep, 0)),
	}
	if d.Proxies, err = a.config.Proxies(); err != nil {
		return nil, err
	}
	if a.config.Geocoder != "" {
		d.Geocoder = outbound.NewGeocoder(a.config.Geocoder)
	}
	if a.config.Router != "" {
		d.Router = outbound.NewRouter(a.config.Router, a.options.Now)
	}
	if a.options.Demo {
		for _, r := range demo.Routes() {
			d.Ways = append(d.Ways, web.DemoRoute(r))
		}
	}
	if err := a.ground(ctx, &d); err != nil {
		return nil, err
	}
	if a.private != nil {
		if a.inside, err = a.privateSite(d); err != nil {
			return nil, err
		}
	}
	return web.New(d)
}

// Run fills the finder, serves until the context ends, and stops in order:
// no new connections, running requests to their end, then the followers.
func (a *App) Run(ctx context.Context) error {
	spareProcessor()
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	public, private := a.servers()
	failed := make(chan error, 3)
	serve := func(s *http.Server, l net.Listener) {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}
	front := a.site.Front(door{a.listener, a.crowd}, idleTimeout)
	go serve(public, gate{front, a.crowd, steadily, time.Now})
	if a.private != nil {
		go serve(private, a.private)
	}
	var workers sync.WaitGroup
	workers.Go(func() {
		if err := a.fill(ctx); err != nil {
			failed <- err
			return
		}
		workers.Go(func() { a.merge(work) })
		workers.Go(func() { a.watchReplicas(work) })
		workers.Go(func() { a.followCounts(work) })
		workers.Go(func() { a.keepSnapshots(work) })
		workers.Go(func() { a.dumpNightly(work) })
		workers.Go(func() { a.keepItems(work) })
		workers.Go(func() { a.writeCounts(work) })
		workers.Go(func() { a.jobs.Run(work) })
		a.follow(work)
	})
	var err error
	select {
	case err = <-failed:
		if ctx.Err() != nil {
			err = nil // it was told to stop while it was being opened
		}
	case <-ctx.Done():
	}
	a.tell("STOPPING=1")
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if e := public.Shutdown(end); e != nil && err == nil {
		a.log.Warn("some requests were cut off", "error", e)
		_ = public.Close()
	}
	if a.private != nil {
		_ = private.Close()
	}
	stopWork()
	workers.Wait()
	if err := a.counts.Write(end); err != nil {
		a.log.Warn("what was read is not written down", "error", err)
	}
	if err == nil && a.ready.Load() && a.changesSince() > 0 {
		a.keepSnapshot(end)
	}
	return err
}

// fill loads the finder; from then on the atlas is open.
func (a *App) fill(ctx context.Context) error {
	start := a.options.Now()
	settle := sparing()
	from := "snapshot"
	err := a.recall(ctx)
	if err != nil && ctx.Err() == nil {
		if !errors.Is(err, errNoSnapshot) {
			a.log.Info("the finder's snapshot is left aside and the finder filled from the database", "reason", err)
		}
		from = "database"
		err = a.load(ctx)
	}
	settle()
	// What was set before the place in the log where following begins.
	if err == nil {
		_, err = a.settings.Refresh(ctx)
	}
	if err == nil {
		err = a.pages.Refresh(ctx)
	}
	if err != nil {
		return err
	}
	a.db.Need(db.Standing{a.seen, 0})
	a.site.ForgetAll()
	unloadProgram()
	a.ready.Store(true)
	a.stand(a.seen) // who waits may ask at once
	a.tell("READY=1")
	a.log.Info("ready", "documents", a.finder.Len(), "from", from, "took", a.options.Now().Sub(start).Round(time.Millisecond), "address", a.Addr())
	return nil
}

func (a *App) servers() (public, private *http.Server) {
	limits := func(h http.Handler) *http.Server {
		return &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
			WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader}
	}
	public = limits(steadily.steady(a.Handler(), time.Now))
	private = limits(a.privateHandler())
	private.WriteTimeout = 0 // profiles take as long as they are asked to
	return public, private
}

// stand notes where in the log the finder stands, and tells who waits.
func (a *App) stand(seq int64) {
	a.caught.Lock()
	defer a.caught.Unlock()
	a.followed = seq
	close(a.news)
	a.news = make(chan struct{})
}

// CatchUp returns when the finder of this node has everything that was
// committed before the call: who publishes waits for it before he answers.
func (a *App) CatchUp(ctx context.Context) error {
	last, err := changes.Last(ctx, a.db)
	if err != nil {
		return err
	}
	for {
		a.caught.Lock()
		done, news := a.followed >= last, a.news
		a.caught.Unlock()
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-news:
		}
	}
}

// watch registers the figures that only app knows.
func (a *App) watch() {
	a.watchMirrors()
	a.metrics.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "mirabilia_connections_refused_total", Help: "Connections refused because their network had enough."},
			func() float64 { return float64(a.crowd.refused.Load()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "mirabilia_documents", Help: "Documents in the finder."},
			func() float64 { return float64(a.finder.Len()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "mirabilia_log_followed", Help: "Where in the log of changes the finder stands."},
			func() float64 { a.caught.Lock(); defer a.caught.Unlock(); return float64(a.followed) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "mirabilia_log_broken", Help: "1 while the log cannot be followed."},
			func() float64 {
				if a.behind.Load() {
					return 1
				}
				return 0
			}),
	)
}
