package matter_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/mark"
	"mirabilia/internal/matter"
	"mirabilia/internal/media"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/report"
	"mirabilia/internal/setting"
	"mirabilia/internal/user"
)

var world = gazetteer.Open()

// house is an atlas with a desk, photos and people.
type house struct {
	*testing.T
	db       *db.DB
	at       time.Time
	users    *user.Users
	places   *place.Places
	settings *setting.Book
	desk     *desk.Desk
	photos   *photo.Photos
	marks    *mark.Marks
	reports  *matter.Reports
	notes    *matter.Notes
	well     *place.Place
	ada      actor.Actor // a member
	eve, max actor.Actor // editors
	news     []desk.News

	concerned []report.Concerned
	answered  []string
}

// each runs body in a fresh house on each engine.
func each(t *testing.T, body func(h *house)) {
	h := &house{at: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return h.at }}, func(t *testing.T, d *db.DB) {
		*h = house{T: t, db: d, at: h.at, users: user.New(d), places: place.New(d, world), settings: setting.Open(d)}
		h.open()
		body(h)
	})
}

func (h *house) open() {
	h.Helper()
	files, err := blob.Open(h.Context(), "", h.TempDir())
	if err != nil {
		h.Fatal(err)
	}
	h.photos = photo.New(h.db, files, media.NewStudio(), h.places)
	h.desk = desk.New(h.db, h.settings, proposal.New(h.places, finder.New(), h.settings))
	h.desk.Tell = func(_ *db.Tx, _ int64, n desk.News) error { h.news = append(h.news, n); return nil }
	h.marks = mark.New(h.db)
	matter.JoinPhotos(h.desk, h.photos, h.settings)
	matter.JoinVisits(h.desk, h.marks, h.places)
	h.notes = matter.JoinNotes(h.db, h.desk, h.places)
	h.reports = matter.JoinReports(h.db, h.settings, h.desk, h.places, h.photos)
	h.reports.Vouch = h.users.Vouch
	h.reports.Concern = func(_ *db.Tx, c report.Concerned) error { h.concerned = append(h.concerned, c); return nil }
	h.reports.Answer = func(_ *db.Tx, contact string, n report.Answered) error {
		h.answered = append(h.answered, contact)
		return nil
	}
	lat, lon := 48.8589, 2.3469
	records := []place.Record{{Source: "t", ID: "1", Title: "Well", Lat: &lat, Lon: &lon}, {Source: "t", ID: "2", Title: "Mill", Lat: &lat, Lon: &lon}}
	if _, err := h.places.Import(h.Context(), records, place.ImportOptions{Publish: true}); err != nil {
		h.Fatal(err)
	}
	h.well = h.place("well")
	h.ada = h.member("Ada", actor.Member)
	h.eve, h.max = h.member("Eve", actor.Editor), h.member("Max", actor.Admin)
}

func (h *house) place(slug string) *place.Place {
	h.Helper()
	p, err := h.places.BySlug(h.Context(), slug)
	if err != nil {
		h.Fatal(err)
	}
	return p
}

func (h *house) member(name string, role actor.Role) actor.Actor {
	h.Helper()
	m, err := h.users.Add(context.Background(), actor.Actor{}, user.Account{Email: name + "@example.org", Name: name, Role: role, Verified: true})
	if err != nil {
		h.Fatal(err)
	}
	return m.Actor()
}

// shot is a photograph; another seed is another one.
func (h *house) shot(seed int) []byte {
	h.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 330, 200))
	for y := range 200 {
		for x := range 330 {
			img.SetRGBA(x, y, color.RGBA{R: uint8(x * seed), G: uint8(y * 2), B: uint8(seed * 30), A: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		h.Fatal(err)
	}
	return b.Bytes()
}

func (h *house) send(a actor.Actor, seed int, caption string) *photo.Added {
	h.Helper()
	added, err := h.photos.Add(h.Context(), a, h.well.ID, photo.About{Caption: caption, Licence: "CC-BY-4.0"}, bytes.NewReader(h.shot(seed)))
	if err != nil {
		h.Fatal(err)
	}
	return added
}

// sampled is a trusted member, whose work is looked at all the same, and a photo
// of theirs.
func (h *house) sampled(seed int, caption string) (actor.Actor, *photo.Added) {
	h.Helper()
	if err := h.settings.Update(h.Context(), func(s *setting.Settings) { s.Contributing.SampleOneIn = 1 }); err != nil {
		h.Fatal(err)
	}
	bob := h.member("Bob", actor.Member)
	bob.Level = actor.Trusted
	return bob, h.send(bob, seed, caption)
}

func (h *house) decide(a actor.Actor, id int64, v desk.Verdict) *desk.Submission {
	h.Helper()
	s, err := h.desk.Decide(h.Context(), a, id, v)
	if err != nil {
		h.Fatal(err)
	}
	return s
}

// pictured is how many photos the public sees of the well.
func (h *house) pictured() int {
	h.Helper()
	return len(h.place("well").Photos)
}

func (h *house) queue(f desk.Filter) []*desk.Submission {
	h.Helper()
	q, err := h.desk.Queue(h.Context(), h.eve, f)
	if err != nil {
		h.Fatal(err)
	}
	return q.Items
}

func TestPhotos_waitOnTheDesk(t *testing.T) {
	each(t, func(h *house) {
		p := h.send(h.ada, 2, "Noon")
		list := h.queue(desk.Filter{Kind: desk.Photo})
		if len(list) != 1 || list[0].ID != p.ID || list[0].Title != "Well" || list[0].Author.ID != h.ada.ID || list[0].Destination != h.well.Destination {
			t.Fatalf("the queue has %+v", list)
		}
		for _, v := range []desk.Verdict{{Action: desk.AskChanges, Text: "x"}, {Action: desk.MarkDuplicate, Of: h.well.ID}} {
			if _, err := h.desk.Decide(h.Context(), h.eve, p.ID, v); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s of a photo: %v", v.Action, err)
			}
		}
		h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Publish})
		if h.pictured() != 1 {
			t.Fatal("a published photo is not public")
		}
		if _, err := h.desk.Decide(h.Context(), h.max, p.ID, desk.Verdict{Action: desk.Decline, Reason: "other", Text: "Not here."}); !errs.Is(err, errs.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		if _, err := h.desk.Undo(h.Context(), h.eve, p.ID); err != nil || h.pictured() != 0 {
			t.Fatalf("undone, but %d are public: %v", h.pictured(), err)
		}
		h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Decline, Reason: "rights", Text: "It is not yours."})
		if got, _ := h.photos.Find(h.Context(), h.ada, p.ID); got.State != photo.Down || got.Reason != "It is not yours." {
			t.Errorf("declined: %+v", got)
		}
		if _, err := h.desk.AppealTo(h.Context(), h.ada, p.ID, "It is."); err != nil {
			t.Fatal(err)
		}
		h.decide(h.max, p.ID, desk.Verdict{Action: desk.Publish})
		if h.pictured() != 1 {
			t.Error("an appeal that is granted publishes")
		}
		m, err := h.users.ByID(h.Context(), h.ada.ID)
		if err != nil || m.Accepted != 1 || m.Level != actor.Known {
			t.Errorf("a photo is work that makes trust: %+v, %v", m, err)
		}
	})
}

func TestPhotos_takenDownElsewhere(t *testing.T) {
	each(t, func(h *house) {
		p := h.send(h.ada, 2, "Noon")
		if err := h.photos.Publish(h.Context(), h.eve, p.ID); err != nil {
			t.Fatal(err)
		}
		if list := h.queue(desk.Filter{}); len(list) != 0 {
			t.Errorf("what was published on its own page waits still: %+v", list)
		}
		h.news = nil
		if err := h.photos.TakeDown(h.Context(), h.eve, p.ID, "Its author asked for it."); err != nil {
			t.Fatal(err)
		}
		s, err := h.desk.Of(h.Context(), h.ada, p.ID)
		if err != nil || s.Status != desk.Declined || len(s.Decisions) != 2 || s.Decisions[1].Text != "Its author asked for it." {
			t.Errorf("its sender reads %+v, %v", s, err)
		}
		if len(h.news) != 1 || h.news[0].Action != desk.Decline {
			t.Errorf("its sender is told %+v", h.news)
		}
	})
}

func TestPhotos_ofTheTrustedAreSampled(t *testing.T) {
	each(t, func(h *house) {
		bob, p := h.sampled(2, "Noon")
		if p.State != photo.Public || h.pictured() != 1 {
			t.Fatal("a trusted member's photo is public at once")
		}
		list := h.queue(desk.Filter{Sampled: true})
		if len(list) != 1 || list[0].ID != p.ID || !list[0].Live {
			t.Fatalf("sampled: %+v", list)
		}
		h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Decline, Reason: "rights", Text: "No."})
		if h.pictured() != 0 || len(h.queue(desk.Filter{Sampled: true})) != 0 {
			t.Error("a sampled photo that is declined is public still")
		}
		q := h.send(bob, 5, "Night")
		h.decide(h.eve, q.ID, desk.Verdict{Action: desk.Publish})
		if h.pictured() != 1 || len(h.queue(desk.Filter{Sampled: true})) != 0 {
			t.Error("a sampled photo that is found good stays, and is sampled no more")
		}
		// A second editor's of the whole work: all of it goes in one action.
		out, err := h.desk.Rollback(h.Context(), h.max, bob.ID, "None of it is his.")
		if err != nil || out.Undone != 1 || h.pictured() != 0 {
			t.Errorf("rolled back %+v, %v, %d are left", out, err, h.pictured())
		}
	})
}

func TestPhotos_dayAndBlockedWords(t *testing.T) {
	each(t, func(h *house) {
		err := h.settings.Update(h.Context(), func(s *setting.Settings) {
			s.Contributing.PhotosNew, s.Contributing.BlockedDomains = 2, []string{"spam.example"}
		})
		if err != nil {
			t.Fatal(err)
		}
		h.send(h.ada, 2, "One")
		h.send(h.ada, 3, "Two")
		_, err = h.photos.Add(h.Context(), h.ada, h.well.ID, photo.About{Licence: "CC0-1.0"}, bytes.NewReader(h.shot(4)))
		if !errs.Is(err, errs.TooMany) {
			t.Errorf("a third photo of a day: %v", err)
		}
		h.at = h.at.Add(25 * time.Hour)
		h.send(h.ada, 4, "Three")
		bob := h.member("Bob", actor.Member)
		bob.Level = actor.Trusted
		p := h.send(bob, 7, "More at https://www.Spam.example/x")
		s, err := h.desk.Of(h.Context(), h.eve, p.ID)
		if p.State != photo.Waiting || err != nil || len(s.Findings) == 0 || !s.Findings[0].Blocking {
			t.Errorf("a link to a blocked site waits: %+v, %v", s, err)
		}
	})
}
