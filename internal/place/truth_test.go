package place_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
)

// one finds the single published place of a source id.
func one(t interface{ Fatal(...any) }, s *place.Places, d *db.DB, id string) *place.Place {
	var slug string
	err := d.Read(contextOf(t), func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT slug FROM places WHERE source_id = $1`, id).Scan(&slug)
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.BySlug(contextOf(t), slug)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Whatever is done to a place (moved a little or far, protected, shown, and
// protected again) it shows one public point for each real move: a second one
// would let the truth be worked out.
func TestOnePublicPointForEachRealMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		run := 0
		rapid.Check(t, func(t *rapid.T) {
			run++
			id := strings.Repeat("x", 1+run%7) + "-" + itoa(run)
			lat := rapid.Float64Range(-89.9, 89.9).Draw(t, "lat")
			lon := rapid.Float64Range(-180, 180).Draw(t, "lon")
			var shown *geo.Public // the point that was drawn last
			for range rapid.IntRange(1, 8).Draw(t, "edits") {
				switch rapid.IntRange(0, 2).Draw(t, "move") {
				case 1: // a little: some metres to some kilometres
					lat = min(max(lat+rapid.Float64Range(-0.02, 0.02).Draw(t, "dlat"), -90), 90)
				case 2:
					lat = rapid.Float64Range(-89.9, 89.9).Draw(t, "lat")
				}
				r := rec("src", id, "Guarded "+id, lat, lon)
				r.LocationTier = rapid.SampledFrom([]string{"exact", "approximate", "region", "hidden"}).Draw(t, "tier")
				if _, err := s.Import(contextOf(t), []place.Record{r}, publish); err != nil {
					t.Fatal(err)
				}
				p := one(t, s, d, id)
				truth := geo.Public{Lat: lat, Lon: lon}
				if shown != nil && p.Protected() && geo.Metres(*shown, truth) > place.DiscMetres {
					shown = nil // a real move: another point is due
				}
				switch p.Tier {
				case place.Exact:
					if p.At == nil || *p.At != truth {
						t.Fatalf("exact, and shown at %v", p.At)
					}
				case place.Region, place.Hidden:
					if p.At != nil {
						t.Fatalf("%s, and shown at %v", p.Tier, *p.At)
					}
				case place.Approximate:
					if m := geo.Metres(*p.At, truth); m > place.DiscMetres {
						t.Fatalf("the truth is %v m away, outside its disc", m)
					}
					if shown != nil && geo.Metres(*shown, truth) <= place.DiscMetres && *p.At != *shown {
						t.Fatalf("a second point was drawn though the truth lies in the disc of the first")
					}
					if m := geo.Metres(*p.At, truth); p.Revision == 1 && m < 1000 {
						t.Fatalf("drawn only %v m off", m)
					}
					at := *p.At
					shown = &at
				}
			}
		})
	})
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// The draw is uniform over the ring: as many points in each of five rings of
// equal area, and in each of eight directions, within what chance allows.
func TestTheDrawIsUniform(t *testing.T) {
	src := rand.NewChaCha8([32]byte{7})
	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), Random: src})
	s := place.New(d, tiny{})
	const n, rings, directions = 4000, 5, 8
	var list []place.Record
	for i := range n {
		r := rec("src", itoa(i), "P "+itoa(i), 19.3, -99.1)
		r.LocationTier = "approximate"
		list = append(list, r)
	}
	take(t, s, publish, list...)
	var ring [rings]int
	var direction [directions]int
	truth := geo.Public{Lat: 19.3, Lon: -99.1}
	err := s.Export(t.Context(), false, func(r place.Record) error {
		at := geo.Public{Lat: *r.Lat, Lon: *r.Lon}
		m := geo.Metres(truth, at)
		if m < 1000 || m > 5000 {
			t.Fatalf("drawn %v m off", m)
		}
		ring[min(int((m*m-1e6)/24e6*rings), rings-1)]++
		a := math.Atan2(at.Lat-truth.Lat, (at.Lon-truth.Lon)*math.Cos(truth.Lat*math.Pi/180))
		direction[min(int((a+math.Pi)/(2*math.Pi)*directions), directions-1)]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, counts []int) {
		want := float64(n) / float64(len(counts))
		for i, c := range counts {
			if math.Abs(float64(c)-want) > 5*math.Sqrt(want) {
				t.Errorf("%s %d holds %d points, about %v belong there", what, i, c, want)
			}
		}
	}
	check("ring", ring[:])
	check("direction", direction[:])
}

// Two atlases that differ only in where, inside its disc, a protected place
// truly is look the same to everyone outside.
func TestTruthMovedInsideItsDiscShowsNowhere(t *testing.T) {
	// A point drawn at the very edge would rightly be drawn anew after the move.
	dbtest.EachConfig(t, db.Config{Random: rand.NewChaCha8([32]byte{8})}, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		var before []string
		for _, lat := range []float64{17.051234567, 17.052345678} {
			var list []place.Record
			for _, tier := range []string{"approximate", "region", "hidden"} {
				r := rec("src", tier, "Guarded "+tier, lat, -96.7123456)
				r.LocationTier, r.Address = tier, "Street "+tier
				r.UpdatedAt, r.PublishedAt = "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"
				list = append(list, r)
			}
			// A plain neighbour, whose own bytes must not tell either.
			list = append(list, rec("other", "n", "Guarded approximate", 17.0512, -96.7123))
			take(t, s, publish, list...)
			after := lines(t, s, false)
			if before != nil && strings.Join(before[1:], "\n") != strings.Join(after[1:], "\n") {
				t.Errorf("the outside saw a move inside the disc:\n%s\n--\n%s", before, after)
			}
			before = after
		}
		var dups int
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM place_duplicates`).Scan(&dups)
		})
		if err != nil || dups != 0 {
			t.Errorf("a plain place was compared with a protected one's truth: %d, %v", dups, err)
		}
	})
}

// Once protected, no table that anything public is made of holds the truth.
func TestProtectingClearsThePast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		r := rec("src", "a", "The orchid", 17.0512345, -96.7123456)
		r.Address = "Calle 5"
		take(t, s, publish, r)
		r.Body = "More of it."
		take(t, s, publish, r)
		p := one(t, s, d, "a")
		if err := s.SetTier(t.Context(), p.ID, place.Approximate, "wildlife"); err != nil {
			t.Fatal(err)
		}
		p = one(t, s, d, "a")
		first := *p.At
		if p.Tier != place.Approximate || p.TierReason != "wildlife" || p.Address != "" || p.Revision != 3 {
			t.Errorf("protected: %+v", p)
		}
		for _, table := range []string{"places", "place_revisions", "place_duplicates", "place_slugs", "changes"} {
			// Six places, so that the public point, moved north or south by chance, never looks like the truth.
			for _, secret := range []string{"17.051234", "96.712345", "Calle 5"} {
				if holds(t, d, table, secret) {
					t.Errorf("%s still holds %s", table, secret)
				}
			}
		}
		at, err := s.TruePosition(t.Context(), p.ID)
		if err != nil || at.Lat != 17.0512345 {
			t.Errorf("the desk sees %v, %v", at, err)
		}
		// There and back: the same point.
		for _, tier := range []place.Tier{place.Exact, place.Hidden, place.Exact, place.Approximate} {
			if err := s.SetTier(t.Context(), p.ID, tier, ""); err != nil {
				t.Fatal(err)
			}
		}
		if p = one(t, s, d, "a"); *p.At != first {
			t.Errorf("protected again it is at %v, before at %v", *p.At, first)
		}
		if err := s.SetTier(t.Context(), p.ID, "secret", ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("an unknown tier: %v", err)
		}
	})
}

// holds looks for a text in every column of every row of a table.
func holds(t *testing.T, d *db.DB, table, secret string) (found bool) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT * FROM ` + table)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				return err
			}
			for _, v := range values {
				if strings.Contains(sprint(*v.(*any)), secret) {
					found = true
				}
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A protected place is in a city only if its whole disc is; tier region stops
// at the region, tier hidden at the country.
func TestDestinationOfProtectedPlaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		put := func(id, tier string, lat, lon float64) *place.Place {
			r := rec("src", id, "P "+id, lat, lon)
			r.LocationTier = tier
			take(t, s, publish, r)
			return one(t, s, d, id)
		}
		if p := put("middle", "approximate", 19.35, -99.15); p.Destination != "mexico/mexico-city" {
			t.Errorf("in the middle of a city: %q", p.Destination)
		}
		if p := put("edge", "approximate", 19.35, -98.9001); p.Destination != "mexico" {
			t.Errorf("at the edge of a city: %q", p.Destination)
		}
		if p := put("region", "region", 17.05, -96.7); p.Destination != "mexico/oaxaca" || p.Region != "Oaxaca" {
			t.Errorf("tier region: %q", p.Destination)
		}
		if p := put("hidden", "hidden", 17.05, -96.7); p.Destination != "mexico" || p.Region != "" {
			t.Errorf("tier hidden: %q", p.Destination)
		}
		// Where nothing but the region or the country is told, it is the right one,
		// though a point some kilometres off may lie beyond a border.
		for i := range 10 {
			if p := put(fmt.Sprint("edge", i), "region", 15.6001, -96.7); p.Destination != "mexico/oaxaca" || p.At != nil {
				t.Errorf("tier region at an edge: %q", p.Destination)
			}
			if p := put(fmt.Sprint("coast", i), "hidden", 14.0001, -96.7); p.Destination != "mexico" || p.At != nil {
				t.Errorf("tier hidden at a border: %q", p.Destination)
			}
		}
		hint := place.Record{Source: "src", ID: "hint", Title: "No position", LocationTier: "region", CountryCode: "mx", Region: "Oaxaca"}
		take(t, s, publish, hint)
		if p := one(t, s, d, "hint"); p.Destination != "mexico/oaxaca" || p.At != nil {
			t.Errorf("by hints: %q", p.Destination)
		}
	})
}

func TestWithdrawnAndMerged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		take(t, s, publish, rec("src", "a", "First", 1, 1), rec("src", "b", "Second", 2, 2), rec("src", "c", "Third", 3, 3))
		a, b, c := one(t, s, d, "a"), one(t, s, d, "b"), one(t, s, d, "c")
		if err := s.Merge(t.Context(), a.ID, b.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Merge(t.Context(), b.ID, c.ID); err != nil {
			t.Fatal(err)
		}
		var e *errs.Error
		if _, err := s.BySlug(t.Context(), "first"); !asError(err, &e) || e.Code != errs.Moved || e.Location != "/places/third" {
			t.Errorf("merged twice: %v", err)
		}
		if err := s.Withdraw(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		for _, slug := range []string{"first", "third"} {
			if p, err := s.BySlug(t.Context(), slug); !errs.Is(err, errs.Gone) || p != nil {
				t.Errorf("%s: %v", slug, err)
			}
		}
		if cards, err := s.Cards(t.Context(), []int64{a.ID, b.ID, c.ID}); err != nil || len(cards) != 0 {
			t.Errorf("cards of what is gone: %v, %v", cards, err)
		}
		if got := take(t, s, publish, rec("src", "c", "Third again", 3, 3)); got.Unchanged != 1 {
			t.Errorf("importing what an editor withdrew: %+v", got)
		}
		if err := s.Withdraw(t.Context(), c.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("withdrawing twice: %v", err)
		}
		if err := s.Merge(t.Context(), a.ID, a.ID); !errs.Is(err, errs.Invalid) {
			t.Errorf("into itself: %v", err)
		}
	})
}

func TestPicturesOfAPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		take(t, s, publish, rec("src", "a", "First", 19.35, -99.15), rec("src", "b", "Second", 2, 2))
		a, b := one(t, s, d, "a"), one(t, s, d, "b")
		pictures := []place.Photo{
			{Caption: "One", Alt: "A door", Credit: "Ann", Licence: "CC0-1.0", Width: 1000, Height: 800, URLs: map[int]string{320: "/p/1-320.webp"}},
			{Caption: "Two", Drawing: true, URLs: map[int]string{320: "/p/2-320.webp", 640: "/p/2-640.webp"}},
		}
		if err := s.Illustrate(t.Context(), a.ID, pictures); err != nil {
			t.Fatal(err)
		}
		p := one(t, s, d, "a")
		if len(p.Photos) != 2 || p.Photos[0].Credit != "Ann" || !p.Photos[1].Drawing || p.Photos[1].URLs[640] != "/p/2-640.webp" {
			t.Errorf("the pictures are %+v", p.Photos)
		}
		if p.Obscurity >= a.Obscurity {
			t.Errorf("obscurity %d with pictures, %d without", p.Obscurity, a.Obscurity)
		}
		cards, err := s.Cards(t.Context(), []int64{b.ID, a.ID})
		if err != nil || len(cards) != 2 || len(cards[0].Photos) != 0 || len(cards[1].Photos) != 1 || cards[1].PhotoCount != 2 {
			t.Errorf("cards: %+v, %v", cards, err)
		}
		docs, _, err := s.Docs(t.Context(), []int64{a.ID})
		if err != nil || !docs[0].HasPhotos {
			t.Errorf("its document: %+v, %v", docs, err)
		}
	})
}

// An import that says nothing of tier and status leaves what editors set: it
// must not publish the position of a place that was protected here.
func TestSilentImportOpensNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		r := rec("src", "a", "The orchid", 17.0512345, -96.7123456)
		r.Status = "closed"
		take(t, s, publish, r)
		p := one(t, s, d, "a")
		if err := s.SetTier(t.Context(), p.ID, place.Approximate, "wildlife"); err != nil {
			t.Fatal(err)
		}
		protected := one(t, s, d, "a")
		r.Body, r.Status = "New text.", ""
		if got := take(t, s, publish, r); got.Updated != 1 {
			t.Errorf("the new text: %+v", got)
		}
		p = one(t, s, d, "a")
		if p.Tier != place.Approximate || *p.At != *protected.At || p.Body != "New text." || p.TierReason != "wildlife" || p.Status != place.Closed {
			t.Errorf("after an import that is silent: %+v at %v", p, p.At)
		}
	})
}
