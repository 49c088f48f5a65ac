// Package web is the atlas as browsers and feed readers see it: one route
// table, the checks in front of it, the pages kept ready, and a handler for
// each page that reads the query, asks one use case and fills one view.
//
// A public handler gets a Public, not the request, so that no cookie and no
// header can reach a page that is kept for everyone.
package web

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mirabilia/internal/actor"
	"mirabilia/internal/campaign"
	"mirabilia/internal/desk"
	"mirabilia/internal/destination"
	"mirabilia/internal/draft"
	"mirabilia/internal/dump"
	"mirabilia/internal/factor"
	"mirabilia/internal/finder"
	"mirabilia/internal/follow"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/linkcheck"
	lists "mirabilia/internal/list"
	"mirabilia/internal/logo"
	"mirabilia/internal/mark"
	"mirabilia/internal/matter"
	"mirabilia/internal/notice"
	"mirabilia/internal/outbound"
	"mirabilia/internal/page"
	"mirabilia/internal/personal"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/portrait"
	"mirabilia/internal/profile"
	"mirabilia/internal/proposal"
	"mirabilia/internal/readership"
	"mirabilia/internal/saved"
	"mirabilia/internal/setting"
	"mirabilia/internal/tag"
	"mirabilia/internal/takedown"
	"mirabilia/internal/user"
	"mirabilia/internal/web/assets"
	"mirabilia/internal/web/share"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
	"mirabilia/internal/webhook"
)

// Deps is what the site stands on. All but the fields marked optional are
// needed.
type Deps struct {
	Places       *place.Places
	Tags         *tag.Tags
	Destinations *destination.Destinations
	Settings     *setting.Book
	Pages        *page.Pages
	Finder       *finder.Finder
	Gazetteer    *gazetteer.Gazetteer
	Assets       *assets.Set
	Dumps        *dump.Store   // the files of the whole atlas
	Marks        *mark.Marks   // optional: without them nothing can be marked
	Photos       *photo.Photos // optional: without them none can be sent
	Lists        *lists.Lists  // optional
	// Portraits are members' own pictures; optional.
	Portraits *portrait.Portraits
	// Logos keep the atlas's logo; optional.
	Logos *logo.Logos

	// Geocoder answers street addresses; optional.
	Geocoder *outbound.Geocoder
	// Router finds roads for Along the way; optional.
	Router *outbound.Router
	// Ways are ready to try on the page Along the way; optional.
	Ways []DemoRoute
	// API answers everything under /api/v1/ and Tiles what Mounts lists;
	// optional.
	API http.Handler
	// Calls are those of the API, for the page that tells people of them.
	Calls []Call
	// Mounts are handlers of other rooms that write their own answers (tiles,
	// drawn pictures), by pattern.
	Mounts []Mount

	// Drawer draws the maps in pictures for networks, and Pixels reads a picture
	// of a place by its path; both optional: a drawer of its own is made, and
	// maps stand in for pictures.
	Drawer *tiles.Drawer
	Pixels func(ctx context.Context, path string) (image.Image, error)

	// Ground is the map under the places, the embedded world when empty, and
	// GroundOrigins what a foreign style is drawn from ("https://host").
	Ground        ui.Ground
	GroundOrigins []string

	// Who finds out who asks, from the cookies of a request; nobody without it.
	// Only pages about the reader ask.
	Who func(r *http.Request) (actor.Actor, error)
	// Users are the members.
	Users *user.Users
	// Factors are what members prove themselves with beside a password, Provider
	// the operator's, and Owned what is a member's own, to take along or away;
	// each optional.
	Factors  *factor.Factors
	Provider *factor.Provider
	Owned    *personal.Own
	// Registration says who may join: OpenToAll, ByInvitation or ClosedToAll.
	Registration string
	// Proxies are the networks whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Published waits until this node shows what was committed before, so that
	// whoever is led to a page finds there what they did; nil does not wait.
	Published func(ctx context.Context) error

	// Desk, what its submissions are about, and the drafts of members; the pages
	// of contributing and reviewing come with them. Optional.
	Desk      *desk.Desk
	Proposals *proposal.Proposals
	Drafts    *draft.Drafts

	// Follows and Notices are what members follow and are told; optional, and
	// both or neither.
	Follows *follow.Follows
	Notices *notice.Notices
	// Notes are single lines that members leave on entries, with the desk; optional.
	Notes *matter.Notes
	// Reports are what readers report, with the desk, and Downs what editors have
	// taken from the public; optional, and both or neither.
	Reports *matter.Reports
	Downs   *takedown.Downs
	// Links are how the addresses are that entries name; optional.
	Links *linkcheck.Links
	// Campaigns are what editors sweep together; optional.
	Campaigns *campaign.Campaigns
	// Hooks are who is told of changes; optional.
	Hooks *webhook.Hooks
	// Counts add up what is read; optional. Jobs tells how the work beside
	// stands, kind by kind; optional.
	Counts *readership.Counts
	Jobs   func(ctx context.Context) ([]JobFigure, error)

	// URL is the public address of the atlas, without a slash at the end.
	URL string
	// Now is the clock, with a monotonic reading.
	Now func() time.Time
	// Random gives random numbers, for /random and the references of errors.
	Random func() uint64
	Log    *slog.Logger
	// Metrics takes the histogram of requests; optional.
	Metrics prometheus.Registerer
	// Ready says why the atlas cannot serve yet, nil when it can; optional.
	Ready func(context.Context) error
	// Beside gives further lines of /readyz, which everybody may read; optional.
	Beside func() string
	// Keep is the memory for ready pages in bytes; 0 keeps none.
	Keep uint64
}

// Mount is a handler of another room in the route table.
type Mount struct {
	Pattern string // "GET /tiles/places/{z}/{x}/{y}"
	Kind    Kind
	Handler http.Handler
}

// Site serves the atlas. It is safe for concurrent use.
type Site struct {
	Deps
	log     *slog.Logger
	now     func() time.Time
	mux     *http.ServeMux
	routes  []*Route
	bodies  map[string]int64 // what a pattern of the mux takes, in bytes
	kept    *store
	texts   texts
	written written
	site    atomic.Pointer[siteFrame]
	policy  *policy
	quick   *quick // nil where the API has no ready answers
	origins *http.CrossOriginProtection
	unknown *watch
	broken  atomic.Pointer[brokenPage]
	costly  chan struct{} // slots for answers that read thousands of rows
	drawing chan struct{} // the one slot for pictures for networks
	faces   *share.Faces  // nil when the assets were not built
	// profiles are the members' pages; nil where there are no marks, photos or
	// lists to show.
	profiles *profile.Profiles
	saved    *saved.Saved // places that members bring from elsewhere
}

// New makes the site. It fails when a dependency is missing or two routes
// clash.
func New(d Deps) (s *Site, err error) {
	if d.Places == nil || d.Tags == nil || d.Destinations == nil || d.Settings == nil || d.Finder == nil || d.Gazetteer == nil || d.Pages == nil || d.Assets == nil || d.Dumps == nil || d.Now == nil || d.Random == nil || d.Log == nil || d.Users == nil {
		return nil, errors.New("web: a dependency is missing")
	}
	d.URL = strings.TrimRight(d.URL, "/")
	s = &Site{Deps: d, log: d.Log, now: d.Now, mux: http.NewServeMux(), bodies: map[string]int64{}, origins: http.NewCrossOriginProtection(), costly: make(chan struct{}, 2), drawing: make(chan struct{}, 1)}
	if d.Marks != nil && d.Photos != nil && d.Lists != nil {
		s.profiles = profile.New(d.Places, d.Marks, d.Photos, d.Lists, d.Follows)
		s.saved = saved.New(d.Places.DB(), d.Places, d.Finder, d.Marks)
	}
	if s.Drawer == nil {
		s.Drawer = tiles.NewDrawer()
	}
	if s.faces, err = share.ReadFaces(d.Assets.Words); err != nil && !errors.Is(err, share.ErrNoFaces) {
		return nil, err
	}
	if s.Ground.Tiles == "" && s.Ground.Style == "" {
		s.Ground = ui.Ground{Tiles: tiles.WorldTiles, MaxZoom: tiles.WorldMaxZoom}
	}
	if err := s.origins.AddTrustedOrigin(d.URL); err != nil {
		return nil, errors.New("web: the address of the atlas is no origin: " + d.URL)
	}
	// The API knows no cookie, only tokens that a script must hold itself, so
	// that other sites' scripts may use it.
	s.origins.AddInsecureBypassPattern("/api/v1/")
	if s.kept, err = newStore(d.Keep); err != nil {
		return nil, err
	}
	if s.texts, err = newTexts(); err != nil {
		return nil, err
	}
	if s.written, err = newWritten(); err != nil {
		return nil, err
	}
	s.policy = newPolicy(d.URL, view.ThemeHash, s.GroundOrigins)
	w, err := newWatches(d.Metrics)
	if err != nil {
		return nil, err
	}
	s.unknown = w.of("none")
	for _, r := range s.table() {
		if err := s.add(r, w); err != nil {
			return nil, err
		}
	}
	s.quick = s.newQuick()
	defaults := setting.Defaults()
	return s, s.renderBroken(&defaults)
}

// Handler is the site as http.Server wants it.
func (s *Site) Handler() http.Handler { return s }

// Routes is the route table, for those who check it.
func (s *Site) Routes() []*Route { return s.routes }

// Forget throws away the ready pages that show one of the things named; the
// follower of the log calls it after the finder has learned of them.
func (s *Site) Forget(refs []finder.Ref) { s.kept.forget(refs) }

// ForgetAll throws away every ready page, after a change of the settings.
func (s *Site) ForgetAll() {
	s.kept.forgetAll()
	set, err := s.Settings.Present(context.Background())
	if err == nil {
		err = s.renderBroken(set)
	}
	if err != nil {
		s.log.Warn("the page of failures stays as it was", "error", err)
	}
}

func (s *Site) epoch() uint64 { return s.Finder.Epoch() }

// absolute is a path of the atlas as an address for other machines.
func (s *Site) absolute(path string) string { return s.URL + path }

const referenceLetters = "0123456789abcdefghjkmnpqrstvwxyz" // without i, l, o, u: read out over the telephone

// reference is the number by which a failure is found in the log.
func (s *Site) reference() string {
	n := s.Random()
	b := make([]byte, 8)
	for i := range b {
		b[i] = referenceLetters[n&31]
		n >>= 5
	}
	return string(b)
}
