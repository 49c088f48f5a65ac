package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/blob"
	"mirabilia/internal/campaign"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/destination"
	"mirabilia/internal/dump"
	"mirabilia/internal/factor"
	"mirabilia/internal/finder"
	"mirabilia/internal/follow"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/job"
	"mirabilia/internal/linkcheck"
	lists "mirabilia/internal/list"
	"mirabilia/internal/logo"
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
	"mirabilia/internal/seal"
	"mirabilia/internal/setting"
	"mirabilia/internal/tag"
	"mirabilia/internal/user"
	"mirabilia/internal/web/assets"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/webhook"
)

const testURL = "http://atlas.example"

// atlas is a small atlas with its site, on SQLite.
type atlas struct {
	t      testing.TB
	db     *db.DB
	places *place.Places
	tags   *tag.Tags
	dests  *destination.Destinations
	set    *setting.Book
	finder *finder.Finder
	gaz    *gazetteer.Gazetteer
	site   *Site
	now    time.Time
	photos *photo.Photos
}

// work works the jobs that make the sizes of photos.
func (a *atlas) work() {
	a.t.Helper()
	crew := job.NewCrew(a.db, slog.New(slog.NewTextHandler(io.Discard, nil)))
	job.Work(crew, a.photos.Prepare, photo.Preparing{}.Limits())
	if _, err := crew.Drain(context.Background()); err != nil {
		a.t.Fatal(err)
	}
}

var testGazetteer = gazetteer.Open()

// seeded is a stream of random bytes that is the same in every run.
func seeded() io.Reader { return rand.NewChaCha8([32]byte{7}) }

// newAtlas makes an atlas of records with a clock that stands still and seeded
// ids, so that two atlases of the same records are the same.
func newAtlas(t testing.TB, records []place.Record, change func(*Deps)) *atlas {
	t.Helper()
	a := &atlas{t: t, gaz: testGazetteer, finder: finder.New(), now: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return a.now }
	a.db = dbtest.Open(t, db.Config{Dir: t.TempDir(), Now: clock, Random: seeded()})
	a.places, a.tags, a.set = place.New(a.db, a.gaz), tag.New(a.db), setting.Open(a.db)
	a.dests = destination.New(a.db, a.gaz)
	total, err := a.places.Import(context.Background(), records, place.ImportOptions{Publish: true, Source: "test", Report: func(n int, failed bool, reason string) {
		if failed {
			t.Fatalf("record %d: %s", n, reason)
		}
	}})
	if err != nil || total.Created != len(records) {
		t.Fatalf("imported %+v: %v", total, err)
	}
	a.follow()
	pages, err := page.Open(a.db)
	if err != nil {
		t.Fatal(err)
	}
	set, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	dumps := dump.Open(t.TempDir())
	if _, err := dumps.Make(context.Background(), a.places, dump.Atlas{Name: "Mirabilia", URL: testURL, Licence: "CC-BY-SA-4.0", LicenceURL: "https://creativecommons.org/licenses/by-sa/4.0/"}, a.now); err != nil {
		t.Fatal(err)
	}
	files, err := blob.Open(context.Background(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := Deps{
		Photos: photo.New(a.db, files, media.NewStudio(), a.places), Portraits: portrait.New(a.db, files, media.NewStudio()), Logos: logo.New(files, media.NewStudio(), a.set),
		Marks: mark.New(a.db), Lists: lists.New(a.db), Dumps: dumps, Places: a.places, Tags: a.tags, Destinations: a.dests, Settings: a.set, Pages: pages, Finder: a.finder, Gazetteer: a.gaz, Assets: set, Users: user.New(a.db),
		Mounts: a.mounts(), URL: testURL, Now: clock, Random: func() uint64 { return 0x1234567890abcdef }, Keep: 32 << 20,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	key, err := seal.New(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	d.Hooks = webhook.New(a.db, key, nil, nil)
	d.Links = linkcheck.New(a.db, a.places, nil)
	d.Campaigns = campaign.New(a.db, a.places, d.Links)
	d.Follows, d.Notices = follow.New(a.db), notice.New(a.db, bytes.Repeat([]byte{1}, 32), notice.Joins{})
	if d.Factors, err = factor.New(a.db, bytes.Repeat([]byte{7}, 32), testURL, func(context.Context) string { return "Mirabilia" }); err != nil {
		t.Fatal(err)
	}
	d.Owned = a.owned(&d, files)
	a.photos = d.Photos
	a.photos.JoinVisits(profile.VisitsSeen{})
	a.contributing(&d)
	if change != nil {
		change(&d)
	}
	if a.site, err = New(d); err != nil {
		t.Fatal(err)
	}
	return a
}

// owned joins what is a member's own, as the running program does, but for the
// letter; jobs are worked by the test.
func (a *atlas) owned(d *Deps, files *blob.Store) *personal.Own {
	return personal.New(a.db, personal.Deps{
		Files: func(ctx context.Context, member int64) ([]personal.File, error) {
			originals, err := d.Photos.Originals(ctx, member)
			list := make([]personal.File, len(originals))
			for i, o := range originals {
				list[i] = personal.File{Name: strconv.FormatInt(o.ID, 10) + "." + o.Format, Open: func(ctx context.Context) (io.ReadCloser, error) {
					in, _, err := files.Open(ctx, o.File)
					return in, err
				}}
			}
			return list, err
		},
		Settle:   mark.New(a.db).Settle,
		Leave:    []func(*db.Tx, int64) error{matter.Leave, mark.Leave, lists.Leave},
		Farewell: func(*db.Tx, string, string) error { return nil },
		Recredit: func(ctx context.Context, path, name string) error {
			return a.places.Recredit(ctx, path, place.Credit{Name: name})
		},
	})
}

// mounts are the handlers of the drawn pictures and the tiles.
func (a *atlas) mounts() []Mount {
	out := []Mount{{"GET /tiles/places/{z}/{x}/{y}", Tile, tiles.Places(a.finder, nil)}}
	p := &tiles.Pictures{Drawer: tiles.NewDrawer(), Places: a.finder,
		Spot: func(ctx context.Context, id int64) (tiles.Spot, error) {
			p, err := a.places.ByID(ctx, place.PublicID(id))
			if err != nil {
				return tiles.Spot{}, err
			}
			return tiles.SpotOf(p), nil
		},
		Destination: func(path string) (tiles.Spot, bool) {
			n, ok := a.gaz.ByPath(path)
			if !ok {
				return tiles.Spot{}, false
			}
			return tiles.Spot{CountryCode: n.CountryCode}, true
		}}
	for pattern, h := range p.Handlers() {
		out = append(out, Mount{pattern, Drawing, h})
	}
	grey := func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "image/jpeg") }
	return append(out, Mount{"GET /pictures/test/grey.jpg", Photo, http.HandlerFunc(grey)})
}

// follow fills the finder from the database, as the follower of the log does.
func (a *atlas) follow() {
	a.t.Helper()
	ctx := context.Background()
	in, tags := map[string]int{}, map[string]int{}
	var docs []finder.Doc
	err := a.places.EachDoc(ctx, func(d finder.Doc) error {
		docs = append(docs, d)
		for _, path := range d.In {
			in[path]++
		}
		for _, t := range d.Tags {
			tags[t]++
		}
		return nil
	})
	if err != nil {
		a.t.Fatal(err)
	}
	for path, n := range in {
		if d, ok := a.dests.Doc(path, n); ok {
			docs = append(docs, d)
		}
	}
	all, err := a.tags.All(ctx)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, t := range all {
		if tags[t.Slug] > 0 {
			docs = append(docs, t.Doc())
		}
	}
	if a.site != nil {
		if err := a.site.Lists.EachDoc(ctx, func(d finder.Doc) error { docs = append(docs, d); return nil }); err != nil {
			a.t.Fatal(err)
		}
	}
	i := 0
	a.finder.Load(func() (finder.Doc, bool) {
		if i == len(docs) {
			return finder.Doc{}, false
		}
		i++
		return docs[i-1], true
	})
}

// get asks for a path as a browser would, with headers given in pairs.
func (a *atlas) get(path string, headers ...string) *httptest.ResponseRecorder {
	return a.do(http.MethodGet, path, headers...)
}

func (a *atlas) do(method, path string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	return request(a.site, method, path, headers...)
}

// request sends a request line as it is, however odd its path.
func request(h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", nil)
	r.RequestURI = path
	p, q, _ := strings.Cut(path, "?")
	r.URL.RawQuery = q
	if u, err := url.PathUnescape(p); err == nil {
		r.URL.Path = u
		if r.URL.EscapedPath() != p {
			r.URL.RawPath = p
		}
	} else {
		r.URL.Path = p
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// f64 is a number as records have it.
func f64(v float64) *float64 { return &v }

// someRecords are places in three countries, of every tier.
func someRecords() []place.Record {
	at := func(r place.Record, lat, lon float64) place.Record {
		r.Lat, r.Lon = f64(lat), f64(lon)
		return r
	}
	return []place.Record{
		at(place.Record{ID: "1", Title: "Museo Casa de León Trotsky", Subtitle: "The study as it was left on 20 August 1940.", Body: "The walls were *raised* after the first attempt.", Tags: []string{"Museums", "History"}, Facts: map[string]place.Fact{"free": {Value: "no", Checked: "2026-11-03"}, "stepfree": {Value: "partly"}}, Status: "open", PublishedAt: "2026-01-01T00:00:00Z", Aliases: []place.Alias{{Name: "Leon Trotsky House", Lang: "en"}}}, 19.3586, -99.1617),
		at(place.Record{ID: "2", Title: "Casa Azul", Subtitle: "Blue on the outside.", Body: "Frida Kahlo was born and died here.", Tags: []string{"Museums"}, Facts: map[string]place.Fact{"free": {Value: "yes"}}, Website: "https://www.museofridakahlo.org.mx/", PublishedAt: "2026-01-02T00:00:00Z"}, 19.3551, -99.1625),
		at(place.Record{ID: "3", Title: "Sedlec Ossuary", Subtitle: "Forty thousand people as furniture.", Body: "Skulls and a chandelier.", Tags: []string{"Bones"}, PublishedAt: "2026-01-03T00:00:00Z"}, 49.9620, 15.2882),
		at(place.Record{ID: "4", Title: "Cantina La Guadalupana", Subtitle: "Swing doors since 1932.", Kind: "eatery", Tags: []string{"Bars"}, PublishedAt: "2026-01-04T00:00:00Z"}, 19.3497, -99.1625),
		at(place.Record{ID: "5", Title: "The lost windmill", Body: "It burned.", Status: "lost", StatusDate: "2019", Tags: []string{"Ruins"}, PublishedAt: "2026-01-05T00:00:00Z"}, 52.3702, 4.8952),
	}
}
