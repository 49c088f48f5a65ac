// Package app wires the whole atlas: it opens the database, fills the finder,
// follows the log, and runs and stops the servers. It is the one place that
// knows everything, and the only one that starts goroutines.
package app

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"mirabilia/internal/api"
	"mirabilia/internal/blob"
	"mirabilia/internal/campaign"
	"mirabilia/internal/changes"
	"mirabilia/internal/config"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/destination"
	"mirabilia/internal/dump"
	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
	"mirabilia/internal/finder"
	"mirabilia/internal/follow"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/job"
	"mirabilia/internal/keep"
	"mirabilia/internal/linkcheck"
	"mirabilia/internal/list"
	"mirabilia/internal/mail"
	"mirabilia/internal/mark"
	"mirabilia/internal/matter"
	"mirabilia/internal/media"
	"mirabilia/internal/notice"
	"mirabilia/internal/page"
	"mirabilia/internal/personal"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/portrait"
	"mirabilia/internal/profile"
	"mirabilia/internal/proposal"
	"mirabilia/internal/readership"
	"mirabilia/internal/setting"
	"mirabilia/internal/tag"
	"mirabilia/internal/user"
	"mirabilia/internal/web"
	"mirabilia/internal/webhook"
)

// Options is what a start needs beyond the configuration. Log is needed.
type Options struct {
	Log     *slog.Logger
	Version string
	Demo    bool // fill an empty atlas with the demo
	// Pictures is the command of the child process that makes pictures; without
	// it they are made in this one.
	Pictures []string
	// Keep is the memory for ready pages in bytes; 0 is a good number, below 0
	// keeps none.
	Keep int64
	// Shelf is from how many documents on lists get a file for what memory has
	// no room for; 0 is a good number.
	Shelf int
	// Now and Random stand in for the clock and chance in tests.
	Now    func() time.Time
	Random func() uint64
}

// App is one running atlas.
type App struct {
	config  config.Config
	options Options
	log     *slog.Logger

	lock         *lock
	mirrors      *mirrors
	listener     net.Listener
	private      net.Listener
	crowd        *crowd
	db           *db.DB
	gazetteer    *gazetteer.Gazetteer
	finder       *finder.Finder
	places       *place.Places
	tags         *tag.Tags
	marks        *mark.Marks
	counts       *readership.Counts
	lists        *list.Lists
	destinations *destination.Destinations
	settings     *setting.Book
	users        *user.Users
	desk         *desk.Desk
	follows      *follow.Follows
	notices      *notice.Notices
	proposals    *proposal.Proposals
	dumps        *dump.Store
	jobs         *job.Crew
	post         *mail.Post
	blobs        *blob.Store
	studio       *media.Studio
	photos       *photo.Photos
	portraits    *portrait.Portraits
	pages        *page.Pages
	reports      *matter.Reports
	notes        *matter.Notes
	factors      *factor.Factors
	provider     *factor.Provider // nil: none is configured
	own          *personal.Own
	hooks        *webhook.Hooks
	links        *linkcheck.Links
	campaigns    *campaign.Campaigns
	site         *web.Site
	inside       *web.Site // as the operator sees it, on the private port; nil without one
	metrics      *prometheus.Registry
	closers      []func() error
	fillShelf    func(context.Context, func()) error // see keepItems

	changed chan struct{} // the finder has something to join
	ready   atomic.Bool   // the finder is filled
	behind  atomic.Bool   // the log cannot be followed at the moment
	seen    int64         // where in the log the finder stood when it was filled

	applying sync.Mutex // held while a part of the log is applied
	caught   sync.Mutex
	followed int64         // where in the log the finder stands; -1 before it is filled
	kept     int64         // where it stood when its snapshot was written
	news     chan struct{} // closed when followed grows
}

// defaultKeep is the memory for ready pages.
const defaultKeep = 48 << 20

// Open makes everything ready to run, short of filling the finder: it takes the
// addresses and the data directory first, so that a second start fails before
// it touches anything.
func Open(ctx context.Context, c config.Config, o Options) (a *App, err error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Uint64
	}
	a = &App{config: c, options: o, log: o.Log, crowd: newCrowd(c.NetworkConnections), metrics: prometheus.NewRegistry(),
		changed: make(chan struct{}, 1), news: make(chan struct{}), followed: -1}
	defer func() {
		if err != nil {
			a.Close()
			a = nil
		}
	}()
	if a.listener, err = listen("MIRABILIA_LISTEN", c.Listen); err != nil {
		return a, err
	}
	if strings.HasSuffix(c.URL, ":0") { // any free port was asked for: now it is known
		_, port, err := net.SplitHostPort(a.Addr())
		if err != nil {
			return a, err
		}
		a.config.URL = strings.TrimSuffix(c.URL, "0") + port
	}
	if c.PrivateListen != "" {
		if a.private, err = listen("MIRABILIA_PRIVATE_LISTEN", c.PrivateListen); err != nil {
			return a, err
		}
	}
	if err = makeFolder(c.Data); err != nil {
		return a, err
	}
	if a.lock, err = lockFolder(c.Data); err != nil {
		return a, err
	}
	if a.db, err = openDatabase(ctx, c.Storage, false, o.Now, c.Replicas...); err != nil {
		return a, err
	}
	if err = a.db.Migrate(ctx); err != nil {
		return a, err
	}
	a.mirrors = newMirrors(a.db)
	if a.blobs, err = blob.Open(ctx, c.Blobs, c.Data); err != nil {
		return a, err
	}
	a.features()
	key, err := readSecret(c.SecretFile, c.Data)
	if err != nil {
		return a, err
	}
	if err = a.crewOfJobs(ctx, key); err != nil {
		return a, err
	}
	a.users.WithKey(key).WithPost(a.letter)
	if o.Demo {
		if err = a.fillDemo(ctx); err != nil {
			return a, err
		}
		if err = a.peopleDemo(ctx); err != nil {
			return a, err
		}
	}
	err = a.edges(ctx, key)
	return a, err
}

// openDatabase opens an atlas that is whole: see package keep.
func openDatabase(ctx context.Context, s config.Storage, bulk bool, now func() time.Time, replicas ...string) (*db.DB, error) {
	d, err := db.Open(ctx, db.Config{URL: s.Database, Dir: s.Data, Bulk: bulk, Now: now, Replicas: replicas})
	if err != nil {
		return nil, err
	}
	if err := keep.Whole(ctx, d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func listen(name, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, errs.New(errs.Conflict, "%s: %s is in use; stop what listens there or choose another port", name, address)
	case errors.Is(err, os.ErrPermission):
		return nil, errs.New(errs.Denied, "%s: this user may not listen on %s; choose a port above 1023", name, address)
	case err != nil:
		return nil, errs.Wrap(err, errs.Invalid, "%s: cannot listen on %s", name, address)
	}
	return l, nil
}

func (a *App) features() {
	a.gazetteer = gazetteer.Open()
	a.finder = finder.New()
	a.places = place.New(a.db, a.gazetteer)
	a.tags = tag.New(a.db)
	a.marks = mark.New(a.db)
	a.lists = list.New(a.db)
	a.destinations = destination.New(a.db, a.gazetteer)
	a.settings = setting.Open(a.db)
	a.users = user.New(a.db)
	a.places.SetCarriers(place.Carrier{Carry: mark.Carry, Back: mark.Back}, place.Carrier{
		Carry: func(tx *db.Tx, j place.Joint) error { return list.Carry(tx, j.ID, j.From, j.Into) },
		Back:  func(tx *db.Tx, j place.Joint) error { return list.Back(tx, j.ID, j.From, j.Into) },
	})
	a.places.SetConfirmer(mark.Confirm)
	a.desk, a.proposals = newDesk(a.db, a.places, a.finder, a.settings)
	a.dumps = dump.Open(dumpFolder(a.config.Data))
	a.studio = media.NewStudio(a.options.Pictures...)
	a.photos = photo.New(a.db, a.blobs, a.studio, a.places)
	a.portraits = portrait.New(a.db, a.blobs, a.studio)
	matter.JoinPhotos(a.desk, a.photos, a.settings)
	a.photos.JoinVisits(profile.VisitsSeen{})
	matter.JoinVisits(a.desk, a.marks, a.places)
	a.notes = matter.JoinNotes(a.db, a.desk, a.places)
	a.reports = matter.JoinReports(a.db, a.settings, a.desk, a.places, a.photos)
	a.lists.Apart = follow.Apart
}

// edges makes the site and the API, and what tells others.
func (a *App) edges(ctx context.Context, key []byte) error {
	a.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	a.watch()
	calls, err := api.New(api.Deps{
		DB: a.db, Places: a.places, Tags: a.tags, Destinations: a.destinations, Finder: a.finder, Gazetteer: a.gazetteer,
		URL: a.config.URL, Version: a.options.Version, Random: a.options.Random, Log: a.log,
		Users: a.users, Marks: a.marks, Lists: a.lists, Photos: a.photos, Published: a.CatchUp, Desk: a.desk,
	})
	if err != nil {
		return err
	}
	a.shelve(calls)
	if err := a.tellOthers(key, calls); err != nil {
		return err
	}
	tools, err := a.toolServer(ctx)
	if err != nil {
		return err
	}
	a.site, err = a.newSite(ctx, calls, tools)
	return err
}

// Addr is the address that the atlas listens on.
func (a *App) Addr() string { return a.listener.Addr().String() }

// PrivateAddr is the address of the private port, "" without one.
func (a *App) PrivateAddr() string {
	if a.private == nil {
		return ""
	}
	return a.private.Addr().String()
}

// URL is the public base address of the atlas.
func (a *App) URL() string { return a.config.URL }

// Handler is the atlas without a listener; it answers 503 until Run has filled
// the finder.
func (a *App) Handler() http.Handler { return http.HandlerFunc(a.serve) }

// serve lets nobody in before the finder is filled: lists would look empty.
func (a *App) serve(w http.ResponseWriter, r *http.Request) {
	if !a.ready.Load() && r.URL.Path != "/healthz" && r.URL.Path != "/readyz" && !strings.HasPrefix(r.URL.Path, "/assets/") {
		h := w.Header()
		h.Set("Retry-After", "2")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("The atlas is being opened. It will be here in a moment.\n"))
		return
	}
	a.site.ServeHTTP(w, r)
}

// isReady says why the atlas cannot serve, nil when it can.
func (a *App) isReady(ctx context.Context) error {
	if !a.ready.Load() {
		return errs.New(errs.Unavailable, "the finder is being filled")
	}
	if a.behind.Load() {
		return errs.New(errs.Unavailable, "the log cannot be followed")
	}
	_, err := changes.Last(ctx, a.db)
	return err
}

// Close gives back everything; Run must have ended.
func (a *App) Close() {
	for _, l := range []net.Listener{a.listener, a.private} {
		if l != nil {
			_ = l.Close()
		}
	}
	for _, fn := range a.closers {
		_ = fn()
	}
	if a.studio != nil {
		a.studio.Rest()
	}
	if a.db != nil {
		if err := a.db.Close(); err != nil {
			a.log.Warn("the database did not close cleanly", "error", err)
		}
	}
	a.lock.release()
}
