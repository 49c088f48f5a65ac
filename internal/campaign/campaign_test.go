package campaign_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/campaign"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/place"
	"mirabilia/internal/user"
)

var world = gazetteer.Open()

// dead are the dead addresses of places, by their titles.
type dead map[int64][]string

func (d dead) DeadAt(_ context.Context, places []int64) (map[int64][]string, error) {
	out := map[int64][]string{}
	for _, id := range places {
		if list := d[id]; list != nil {
			out[id] = list
		}
	}
	return out, nil
}

// house is an atlas with campaigns and editors.
type house struct {
	*testing.T
	db         *db.DB
	at         time.Time
	places     *place.Places
	dead       dead
	campaigns  *campaign.Campaigns
	eve, tom   actor.Actor // editors
	rome, root actor.Actor // an editor of Italy, an admin
	ada        actor.Actor // a member
}

func each(t *testing.T, body func(h *house)) {
	h := &house{}
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return h.at }}, func(t *testing.T, d *db.DB) {
		*h = house{T: t, db: d, at: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC), places: place.New(d, world), dead: dead{}}
		h.campaigns = campaign.New(d, h.places, h.dead)
		h.people()
		h.fill()
		body(h)
	})
}

// people makes editors, an admin and a member.
func (h *house) people() {
	h.Helper()
	users := user.New(h.db)
	for _, m := range []struct {
		into    *actor.Actor
		name    string
		role    actor.Role
		regions []string
	}{{&h.eve, "eve", actor.Editor, nil}, {&h.tom, "tom", actor.Editor, nil}, {&h.rome, "rome", actor.Editor, []string{"italy"}}, {&h.root, "root", actor.Admin, nil}, {&h.ada, "ada", actor.Member, nil}} {
		who, err := users.Add(h.Context(), actor.Actor{}, user.Account{Email: m.name + "@example.org", Name: m.name, Role: m.role, Verified: true})
		if err != nil {
			h.Fatal(err)
		}
		*m.into = who.Actor()
		m.into.Regions = m.regions
	}
}

// fill writes five places, two of them in Italy.
func (h *house) fill() {
	h.Helper()
	long := strings.Repeat("A long text about shells and towers. ", 20)
	var records []place.Record
	for i, r := range []struct {
		title    string
		lat, lon float64
		body     string
		source   bool
		tag      string
		year     int
	}{
		{"Well", 48.85, 2.35, long, true, "wells", 2026}, {"Mill", 48.86, 2.36, "Short.", true, "mills", 2026},
		{"Grotto", 41.90, 12.49, long, false, "wells", 2019}, {"Tower", 41.91, 12.50, "Short.", false, "towers", 2019}, {"Arch", 51.50, -0.12, long, true, "wells", 2026},
	} {
		lat, lon := r.lat, r.lon
		rec := place.Record{Source: "t", ID: fmt.Sprint(i), Title: r.title, Lat: &lat, Lon: &lon, Body: r.body, Tags: []string{r.tag}, PublishedAt: fmt.Sprintf("%d-01-02T00:00:00Z", r.year)}
		if r.source {
			rec.Sources = []place.Source{{Title: "A book"}}
		}
		records = append(records, rec)
	}
	total, err := h.places.Import(h.Context(), records, place.ImportOptions{Publish: true, Report: func(_ int, _ bool, why string) { h.Log(why) }})
	if err != nil || total.Created != len(records) {
		h.Fatal(total, err)
	}
	if err := h.places.Illustrate(h.Context(), h.id("well"), []place.Photo{{Alt: "", Width: 1, Height: 1, URLs: map[int]string{1: "/x"}}}); err != nil {
		h.Fatal(err)
	}
	if err := h.places.Illustrate(h.Context(), h.id("mill"), []place.Photo{{Alt: "A mill", Width: 1, Height: 1, URLs: map[int]string{1: "/x"}}}); err != nil {
		h.Fatal(err)
	}
	h.dead[h.id("arch")] = []string{"https://gone.example/"}
}

func (h *house) id(slug string) int64 {
	h.Helper()
	p, err := h.places.BySlug(h.Context(), slug)
	if err != nil {
		h.Fatal(slug, err)
	}
	return p.ID
}

// make begins a campaign and gathers its places.
func (h *house) make(a actor.Actor, w campaign.Wish) *campaign.Campaign {
	h.Helper()
	w.Title = "Sweep"
	c, err := h.campaigns.Make(h.Context(), a, w)
	if err != nil {
		h.Fatal(err)
	}
	if err := h.campaigns.Gather(h.Context(), campaign.Gather{Campaign: c.ID}); err != nil {
		h.Fatal(err)
	}
	return h.of(c.ID)
}

func (h *house) of(id int64) *campaign.Campaign {
	h.Helper()
	c, err := h.campaigns.Of(h.Context(), h.eve, id)
	if err != nil {
		h.Fatal(err)
	}
	return c
}

// sweep takes place after place and gives their slugs.
func (h *house) sweep(a actor.Actor, id int64) (slugs []string) {
	h.Helper()
	for {
		next, err := h.campaigns.Next(h.Context(), a, id, 0)
		if err != nil {
			h.Fatal(err)
		}
		if next == 0 {
			return slugs
		}
		p, err := h.places.ByID(h.Context(), place.PublicID(next))
		if err != nil {
			h.Fatal(err)
		}
		slugs = append(slugs, p.Slug)
		if err := h.campaigns.Settle(h.Context(), a, id, next, campaign.Done, ""); err != nil {
			h.Fatal(err)
		}
	}
}

func TestQuestions(t *testing.T) {
	each(t, func(h *house) {
		for _, c := range []struct {
			wish campaign.Wish
			want string
		}{
			{campaign.Wish{Question: campaign.DeadLink}, "arch"},
			{campaign.Wish{Question: campaign.NoAlt}, "well"},
			{campaign.Wish{Question: campaign.NoPhoto}, "arch grotto tower"},
			{campaign.Wish{Question: campaign.NoSources}, "grotto tower"},
			{campaign.Wish{Question: campaign.ShortText}, "mill tower"},
			{campaign.Wish{Question: campaign.Unconfirmed}, "grotto tower"},
			{campaign.Wish{Question: campaign.ShortText, In: "italy"}, "tower"},
			{campaign.Wish{Question: campaign.NoSources, Tag: "wells"}, "grotto"},
			{campaign.Wish{Question: campaign.NoSources, Tag: "wells", In: "france"}, ""},
		} {
			made := h.make(h.eve, c.wish)
			if made.Stage != campaign.Running {
				h.Errorf("%+v is %s", c.wish, made.Stage)
			}
			slugs := h.sweep(h.eve, made.ID)
			if got := strings.Join(sorted(slugs), " "); got != c.want {
				h.Errorf("%+v found %q, not %q", c.wish, got, c.want)
			}
			if after := h.of(made.ID); after.Open != 0 || after.Done != len(slugs) || made.Open != len(slugs) || after.Handled() != after.All() {
				h.Errorf("%+v counts %+v, then %+v", c.wish, made, after)
			}
		}
	})
}

func sorted(list []string) []string {
	for i := range list {
		for k := i; k > 0 && list[k] < list[k-1]; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	return list
}

func TestLeases(t *testing.T) {
	each(t, func(h *house) {
		c := h.make(h.eve, campaign.Wish{Question: campaign.NoPhoto, Steps: "Look for one.\n\n Ask the authors. "})
		if len(c.Steps) != 2 || c.Steps[1] != "Ask the authors." {
			h.Errorf("steps %q", c.Steps)
		}
		ctx := h.Context()
		next := func(a actor.Actor, after int64) int64 {
			h.Helper()
			id, err := h.campaigns.Next(ctx, a, c.ID, after)
			if err != nil {
				h.Fatal(err)
			}
			return id
		}
		first := next(h.eve, 0)
		if again := next(h.eve, 0); again != first {
			h.Error("an editor who asks again gets another place")
		}
		second := next(h.tom, 0)
		if second == first {
			h.Fatal("two editors have the same place")
		}
		settle := func(a actor.Actor, place int64, to campaign.Result, want errs.Code) {
			h.Helper()
			err := h.campaigns.Settle(ctx, a, c.ID, place, to, "seen")
			if want == "" && err != nil || want != "" && !errs.Is(err, want) {
				h.Errorf("settling: %v, not %q", err, want)
			}
		}
		settle(h.tom, first, campaign.Done, errs.Conflict)
		settle(h.eve, first, campaign.Done, "")
		settle(h.tom, first, campaign.Skipped, errs.Conflict)
		// A lease ends by itself.
		h.at = h.at.Add(16 * time.Minute)
		if got := next(h.eve, 0); got != second {
			h.Errorf("a place whose lease is over is not given: %d, not %d", got, second)
		}
		settle(h.eve, second, campaign.Open, "")
		third := next(h.eve, second)
		if third == second || third == first {
			h.Error("the next one is not behind")
		}
		settle(h.eve, third, campaign.Skipped, "")
		if got := next(h.eve, third); got != second {
			h.Error("behind the last one it does not begin again")
		}
		// What is not public any more is put aside.
		if err := h.places.Withdraw(ctx, second); err != nil {
			h.Fatal(err)
		}
		if got := next(h.eve, 0); got != 0 {
			h.Errorf("a withdrawn place is given: %d", got)
		}
		if now := h.of(c.ID); now.Done != 1 || now.Skipped != 1 || now.Gone != 1 || now.Open != 0 || now.All() != 3 {
			h.Errorf("it counts %+v", now)
		}
		list, err := h.campaigns.Newest(ctx, h.eve, c.ID, 10)
		if err != nil || len(list) != 3 || list[1].Note != "seen" && list[2].Note != "seen" {
			h.Errorf("settled last: %+v, %v", list, err)
		}
	})
}

// However many editors sweep at once, each place is settled once.
func TestSweepAtOnce(t *testing.T) {
	each(t, func(h *house) {
		c := h.make(h.eve, campaign.Wish{Question: campaign.NoPhoto})
		var all sync.WaitGroup
		var mu sync.Mutex
		settled := map[int64]int{}
		for _, who := range []actor.Actor{h.eve, h.tom, h.root} {
			all.Go(func() {
				for {
					next, err := h.campaigns.Next(h.Context(), who, c.ID, 0)
					if err != nil {
						h.Error(err)
						return
					}
					if next == 0 {
						return
					}
					if err := h.campaigns.Settle(h.Context(), who, c.ID, next, campaign.Done, ""); err != nil {
						h.Error(err)
						return
					}
					mu.Lock()
					settled[next]++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for id, n := range settled {
			if n != 1 {
				h.Errorf("place %d was settled %d times", id, n)
			}
		}
		if now := h.of(c.ID); len(settled) != 3 || now.Done != 3 || now.Open != 0 {
			h.Errorf("%d settled, it counts %+v", len(settled), now)
		}
	})
}

func TestWhoMay(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.Context()
		make := func(a actor.Actor, w campaign.Wish) error {
			_, err := h.campaigns.Make(ctx, a, w)
			return err
		}
		if err := make(h.ada, campaign.Wish{Question: campaign.NoPhoto, Title: "X"}); !errs.Is(err, errs.Denied) {
			h.Errorf("a member makes one: %v", err)
		}
		for _, w := range []campaign.Wish{{Question: "riddle", Title: "X"}, {Question: campaign.NoPhoto}, {Question: campaign.NoPhoto, Title: strings.Repeat("x", 121)}, {Question: campaign.NoPhoto, Title: "X", Steps: strings.Repeat("x", 2001)}} {
			if err := make(h.eve, w); !errs.Is(err, errs.Invalid) {
				h.Errorf("%+v: %v", w, err)
			}
		}
		for in, code := range map[string]errs.Code{"": errs.Invalid, "france": errs.Invalid, "italy/lazio": ""} {
			if err := make(h.rome, campaign.Wish{Question: campaign.NoPhoto, Title: "X", In: in}); code == "" && err != nil || code != "" && !errs.Is(err, code) {
				h.Errorf("the editor of Italy in %q: %v", in, err)
			}
		}
		c := h.make(h.eve, campaign.Wish{Question: campaign.NoPhoto})
		for _, slug := range h.sweep(h.rome, c.ID) {
			if slug != "grotto" && slug != "tower" {
				h.Errorf("the editor of Italy got %s", slug)
			}
		}
		if err := h.campaigns.Settle(ctx, h.rome, c.ID, h.id("arch"), campaign.Done, ""); !errs.Is(err, errs.Denied) {
			h.Errorf("the editor of Italy settles London: %v", err)
		}
		if err := h.campaigns.Settle(ctx, h.eve, c.ID, h.id("well"), campaign.Done, ""); !errs.Is(err, errs.NotFound) {
			h.Errorf("a place that is not in it: %v", err)
		}
		if err := h.campaigns.Close(ctx, h.tom, c.ID); !errs.Is(err, errs.Denied) {
			h.Errorf("another editor closes it: %v", err)
		}
		for range 2 {
			if err := h.campaigns.Close(ctx, h.root, c.ID); err != nil {
				h.Error(err)
			}
		}
		if _, err := h.campaigns.Next(ctx, h.eve, c.ID, 0); !errs.Is(err, errs.Conflict) {
			h.Errorf("a closed one goes on: %v", err)
		}
		running, closed, err := h.campaigns.All(ctx, h.eve)
		if err != nil || len(running) != 1 || len(closed) != 1 || closed[0].ID != c.ID || closed[0].Done != 2 || closed[0].Open != 1 {
			h.Errorf("%+v and %+v, %v", running, closed, err)
		}
		if _, err := h.campaigns.Of(ctx, h.eve, 404); !errs.Is(err, errs.NotFound) {
			h.Errorf("no campaign: %v", err)
		}
	})
}
