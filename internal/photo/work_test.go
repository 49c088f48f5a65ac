package photo_test

import (
	"bytes"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/photo"
)

// crew works the jobs of photos.
func (a *atlas) crew() *job.Crew {
	c := job.NewCrew(a.db, slog.New(slog.NewTextHandler(io.Discard, nil)))
	job.Work(c, a.photos.Prepare, photo.Preparing{}.Limits())
	return c
}

func (a *atlas) work() {
	a.Helper()
	if _, err := a.crew().Drain(a.Context()); err != nil {
		a.Fatal(err)
	}
}

func (a *atlas) sweep(ended ...int64) {
	a.Helper()
	err := a.photos.Sweep(a.Context(), func(_ *db.Tx, ids []int64, before time.Time) (list []int64, err error) {
		if d := a.db.Now().Sub(before); d < photo.KeptDeclined || d > photo.KeptDeclined+time.Minute {
			a.Errorf("what came to nothing goes after %v", d)
		}
		for _, id := range ids {
			if slices.Contains(ended, id) {
				list = append(list, id)
			}
		}
		return list, nil
	})
	if err != nil {
		a.Fatal(err)
	}
}

// kept is the number of files in the store.
func (a *atlas) kept() (n int) {
	a.Helper()
	if err := a.blobs.Each(a.Context(), func(string, int64) error { n++; return nil }); err != nil {
		a.Fatal(err)
	}
	return n
}

func (a *atlas) find(who actor.Actor, id int64) *photo.Photo {
	a.Helper()
	p, err := a.photos.Find(a.Context(), who, id)
	if err != nil {
		a.Fatal(err)
	}
	return p
}

func (a *atlas) take(by actor.Actor, file []byte) *photo.Added {
	a.Helper()
	p, err := a.photos.Take(a.Context(), by, a.id, about(), photo.Sent{Name: "a.jpg", From: bytes.NewReader(file)})
	if err != nil {
		a.Fatal(err)
	}
	return p
}

func (a *atlas) enclose(by actor.Actor, f photo.Form, file []byte) *photo.Added {
	a.Helper()
	t := about()
	t.Licence = ""
	p, err := a.photos.Enclose(a.Context(), by, f, t, photo.Sent{Name: "a.jpg", From: bytes.NewReader(file)})
	if err != nil {
		a.Fatal(err)
	}
	return p
}

func TestTake_sizesFollow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		ann, ed, bob := a.member(1, actor.Member, actor.Known), a.member(2, actor.Editor, actor.Known), a.member(3, actor.Member, actor.Known)
		p := a.take(ed, shot(t, 1))
		if !p.Making() || p.State != photo.Waiting || a.kept() != 1 {
			t.Errorf("acknowledged as %+v with %d files", p.Photo, a.kept())
		}
		if n, of := p.Made(); n != 0 || of != 0 {
			t.Errorf("made %d of %d", n, of)
		}
		if well := a.place("well"); well.PhotoCount != 0 {
			t.Error("a photo without sizes is shown")
		}
		if err := a.photos.Publish(t.Context(), ed, p.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("published before it is made: %v", err)
		}
		waiting := a.take(ann, shot(t, 2))
		if list, err := a.photos.Waits(t.Context(), ed, nil, 10); err != nil || len(list) != 0 {
			t.Errorf("the desk has %v, %v before it can be seen", list, err)
		}
		if again := a.take(ed, shot(t, 1)); !again.Again || again.ID != p.ID {
			t.Error("the same bytes were taken twice")
		}
		a.work()
		if well := a.place("well"); well.PhotoCount != 1 || well.Photos[0].ID != p.ID || len(well.Photos[0].URLs) != 2 {
			t.Errorf("the place shows %+v", well.Photos)
		}
		if n, of := a.find(ed, p.ID).Made(); n != 2 || of != 2 {
			t.Errorf("made %d of %d", n, of)
		}
		if list, err := a.photos.Waits(t.Context(), ed, nil, 10); err != nil || len(list) != 1 || list[0].ID != waiting.ID {
			t.Errorf("the desk has %v, %v", list, err)
		}
		// A file that cannot be read: its sender is told, nobody else.
		bad := a.take(ann, shot(t, 3)[:2000])
		a.work()
		if got := a.find(ann, bad.ID); got.Becomes != photo.Refused || !strings.Contains(got.Reason, "cut off") {
			t.Errorf("half a file: %+v", got)
		}
		for _, who := range []actor.Actor{ed, bob} {
			if _, err := a.photos.Find(t.Context(), who, bad.ID); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s sees what could not be read: %v", who.Name, err)
			}
		}
		// Who sent it takes it back, and one that is made and one that is not as well:
		// as often as they like, but for nobody else and not what is public.
		making := a.take(ann, shot(t, 4))
		for _, id := range []int64{bad.ID, waiting.ID, making.ID} {
			for _, who := range []actor.Actor{bob, ed} {
				if err := a.photos.TakeBack(t.Context(), who, id); !errs.Is(err, errs.NotFound) {
					t.Errorf("%s takes back what is not theirs: %v", who.Name, err)
				}
			}
			for range 2 {
				if err := a.photos.TakeBack(t.Context(), ann, id); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := a.photos.Find(t.Context(), ann, id); !errs.Is(err, errs.NotFound) {
				t.Errorf("taken back, but found: %v", err)
			}
		}
		if err := a.photos.TakeBack(t.Context(), ed, p.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a public one is taken back: %v", err)
		}
		before := a.kept()
		a.work()
		a.sweep()
		if a.kept() != before-7 { // three originals, and two sizes in two forms of the one that was made

			t.Errorf("%d files of %d are left", a.kept(), before)
		}
		if faults, err := a.photos.Check(t.Context()); err != nil || len(faults) != 0 {
			t.Errorf("faults: %v, %v", faults, err)
		}
	})
}

// Every size is there as soon as it is made, the smallest first.
func TestPrepare_smallestFirst(t *testing.T) {
	a := newAtlas(t, dbtest.SQLite(t), "")
	ed := a.member(2, actor.Editor, actor.Known)
	p := a.take(ed, shot(t, 1))
	var seen [][]int
	var mu sync.Mutex
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			committed := a.db.Committed()
			mu.Lock()
			var widths []int
			for w := range a.find(ed, p.ID).URLs {
				widths = append(widths, w)
			}
			if len(widths) > 0 && (len(seen) == 0 || len(seen[len(seen)-1]) < len(widths)) {
				slices.Sort(widths)
				seen = append(seen, widths)
			}
			mu.Unlock()
			select {
			case <-committed:
			case <-stop:
				return
			}
		}
	})
	a.work()
	close(stop)
	watch.Wait()
	if len(seen) == 0 || len(seen) > 1 && (len(seen[0]) != 1 || seen[0][0] != 320) || len(seen[len(seen)-1]) != 2 {
		t.Errorf("the sizes came as %v", seen)
	}
}

func TestEnclose_staysItsSenders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		ann, ed, bob := a.member(1, actor.Member, actor.Known), a.member(2, actor.Editor, actor.Known), a.member(3, actor.Member, actor.Known)
		form := photo.Form{Draft: 77}
		one, two := a.enclose(ann, form, shot(t, 1)), a.enclose(ann, form, shot(t, 2))
		if again := a.enclose(ann, form, shot(t, 1)); !again.Again || again.ID != one.ID {
			t.Error("the same bytes lie beside the form twice")
		}
		if his := a.enclose(bob, form, shot(t, 1)); his.ID == one.ID {
			t.Error("another's form of the same number is this one")
		}
		a.work()
		if got := a.find(ann, one.ID); got.Becomes != photo.Ready || got.State != photo.Waiting || got.Place != 0 || len(got.URLs) != 2 {
			t.Fatalf("%+v", got)
		}
		for _, who := range []actor.Actor{bob, ed, {}} {
			if _, _, err := a.photos.Preview(t.Context(), who, one.ID, 320); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q sees what lies beside a draft: %v", who.Name, err)
			}
		}
		if _, err := a.served(a.find(ann, one.ID).URLs[320]); !errs.Is(err, errs.NotFound) {
			t.Errorf("it is served: %v", err)
		}
		if list, err := a.photos.Waits(t.Context(), ed, nil, 10); err != nil || len(list) != 0 {
			t.Errorf("it waits on the desk: %v, %v", list, err)
		}
		changed := about()
		changed.Alt, changed.Licence = "Another ring", "CC0-1.0"
		faults, err := a.photos.Write(t.Context(), ann, form, map[int64]photo.About{two.ID: changed, one.ID: {Alt: strings.Repeat("x", 600), FocusX: 2, FocusY: 2}})
		if err != nil || len(faults) != 1 || faults[one.ID] == nil {
			t.Errorf("written: %v, %v", faults, err)
		}
		if _, err := a.photos.Write(t.Context(), bob, form, map[int64]photo.About{two.ID: about()}); err != nil {
			t.Fatal(err)
		}
		if err := a.photos.Arrange(t.Context(), ann, form, []int64{two.ID}); err != nil {
			t.Fatal(err)
		}
		list, err := a.photos.Beside(t.Context(), ann, form)
		if err != nil || len(list) != 2 || list[0].ID != two.ID || list[0].Alt != "Another ring" || list[0].Licence != "CC0-1.0" || list[0].Caption != "The well" {
			t.Errorf("beside the form: %+v, %v", list, err)
		}
		for _, err := range []error{a.photos.Remove(t.Context(), bob, form, two.ID), a.photos.Remove(t.Context(), ann, form, two.ID), a.photos.Remove(t.Context(), ann, form, two.ID)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if list, err := a.photos.Beside(t.Context(), ann, form); err != nil || len(list) != 1 {
			t.Errorf("after one was removed: %v, %v", list, err)
		}
		a.sweep()
		if got := a.kept(); got != 5 { // an original and two sizes in two formats: two people's, kept once
			t.Errorf("%d files are kept", got)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return photo.Discard(tx, ann.ID, form.Draft) })
		if err != nil {
			t.Fatal(err)
		}
		a.sweep()
		if got := a.kept(); got != 5 {
			t.Errorf("another's files went along: %d", got)
		}
		if err = d.Write(t.Context(), func(tx *db.Tx) error { return photo.Leave(tx, bob.ID) }); err != nil {
			t.Fatal(err)
		}
		a.sweep()
		if got := a.kept(); got != 0 {
			t.Errorf("%d files are left of nobody's", got)
		}
	})
}

func TestEnclosed_sharesWhatIsDecided(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		ann, ed, bob := a.member(1, actor.Member, actor.Known), a.member(2, actor.Editor, actor.Known), a.member(3, actor.Member, actor.Known)
		form := photo.Form{Draft: 77, Submission: 5, Place: a.id}
		write := func(fn func(*db.Tx) error) error { t.Helper(); return d.Write(t.Context(), fn) }
		enclose := func() error {
			return write(func(tx *db.Tx) error { _, err := a.photos.EncloseIn(tx, ann, form); return err })
		}
		one, two := a.enclose(ann, photo.Form{Draft: 77, Place: a.id}, shot(t, 1)), a.enclose(ann, photo.Form{Draft: 77, Place: a.id}, shot(t, 2))
		if err := enclose(); !errs.Is(err, errs.Invalid) {
			t.Errorf("sent without a licence: %v", err)
		}
		if _, err := a.photos.Write(t.Context(), ann, form, map[int64]photo.About{one.ID: about(), two.ID: about()}); err != nil {
			t.Fatal(err)
		}
		if err := enclose(); err != nil {
			t.Fatal(err)
		}
		a.work()
		three := a.enclose(ann, photo.Form{Draft: 78, Submission: 5, Place: a.id}, shot(t, 3)) // while it is mended
		if _, err := a.photos.Write(t.Context(), ann, photo.Form{Draft: 78}, map[int64]photo.About{three.ID: about()}); err != nil {
			t.Fatal(err)
		}
		form.Draft = 78
		if err := enclose(); err != nil {
			t.Fatal(err)
		}
		if list, err := a.photos.Of(t.Context(), ed, 5); err != nil || len(list) != 3 || list[2].ID != three.ID {
			t.Errorf("the editor has %v, %v", list, err)
		}
		if list, err := a.photos.Of(t.Context(), bob, 5); err != nil || len(list) != 0 {
			t.Errorf("another member has %v, %v", list, err)
		}
		if _, _, err := a.photos.Preview(t.Context(), ed, one.ID, 320); err != nil {
			t.Errorf("the editor does not see it: %v", err)
		}
		if _, _, err := a.photos.Preview(t.Context(), bob, one.ID, 320); !errs.Is(err, errs.NotFound) {
			t.Errorf("another member sees it: %v", err)
		}
		if err := write(func(tx *db.Tx) error { return a.photos.PublishIn(tx, 5, a.id, []int64{two.ID}) }); err != nil {
			t.Fatal(err)
		}
		if well := a.place("well"); well.PhotoCount != 1 || well.Photos[0].ID != one.ID || well.Photos[0].Credit != "Member 1" {
			t.Errorf("published: %+v", well.Photos)
		}
		a.work() // three was not made yet
		if well := a.place("well"); well.PhotoCount != 2 || well.Photos[1].ID != three.ID {
			t.Errorf("published: %+v", well.Photos)
		}
		if got := a.find(ann, two.ID); got.State != photo.Down || got.Reason != "The editor left it out." {
			t.Errorf("what was left out: %+v", got)
		}
		if err := write(func(tx *db.Tx) error { return a.photos.TakeBackIn(tx, 5) }); err != nil {
			t.Fatal(err)
		}
		if well := a.place("well"); well.PhotoCount != 0 || len(well.Photos) != 0 {
			t.Errorf("taken back: %+v", well.Photos)
		}
		if list, err := a.photos.Of(t.Context(), ann, 5); err != nil || len(list) != 3 || list[1].State != photo.Waiting {
			t.Errorf("taken back: %+v, %v", list, err)
		}
		a.sweep()
		if a.kept() != 15 {
			t.Error("photos of what is still open were swept")
		}
		a.sweep(5)
		if list, err := a.photos.Of(t.Context(), ann, 5); err != nil || len(list) != 0 || a.kept() != 0 {
			t.Errorf("what came to nothing stays: %v, %v, %d files", list, err, a.kept())
		}
	})
}

func TestOffer_isAsIfSentToThePlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		ann, ed := a.member(1, actor.Member, actor.Known), a.member(2, actor.Editor, actor.Known)
		for i, who := range []actor.Actor{ann, ed} {
			form := photo.Form{Draft: int64(77 + i), Place: a.id}
			made, fresh := a.enclose(who, form, shot(t, 10*i+1)), (*photo.Added)(nil)
			a.work()
			fresh = a.enclose(who, form, shot(t, 10*i+2))
			if _, err := a.photos.Write(t.Context(), who, form, map[int64]photo.About{made.ID: about(), fresh.ID: about()}); err != nil {
				t.Fatal(err)
			}
			if n, err := a.photos.Offer(t.Context(), who, form); err != nil || n != 2 {
				t.Fatalf("%d, %v", n, err)
			}
		}
		a.work()
		if well := a.place("well"); well.PhotoCount != 2 {
			t.Errorf("the editor's are shown: %d", well.PhotoCount)
		}
		if list, err := a.photos.Waits(t.Context(), ed, nil, 10); err != nil || len(list) != 2 {
			t.Errorf("the member's wait: %v, %v", list, err)
		}
	})
}
