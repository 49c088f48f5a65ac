package photo_test

import (
	"bytes"
	"fmt"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/photo"
	"mirabilia/internal/profile"
)

func (a *atlas) visit(m *mark.Marks, who actor.Actor, p mark.Privacy) int64 {
	a.Helper()
	v, err := m.Write(a.Context(), who, mark.Visit{Place: a.id, Day: "2025-06", Outcome: mark.Found, Privacy: p})
	if err != nil {
		a.Fatal(err)
	}
	return v.ID
}

func (a *atlas) takeAt(who actor.Actor, visit int64, seed int) (*photo.Added, error) {
	a.Helper()
	return a.photos.TakeAt(a.Context(), who, visit, photo.About{Caption: "Rain", Alt: "A wet wall"}, photo.Sent{Name: "rain.jpg", From: bytes.NewReader(shot(a.T, seed))})
}

func (a *atlas) opens(m actor.Actor, visits string) {
	a.Helper()
	if err := a.db.Write(a.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE members SET settings = $2 WHERE id = $1`, m.ID, fmt.Sprintf(`{"privacy":{"visits":"%s"}}`, visits))
		return err
	}); err != nil {
		a.Fatal(err)
	}
}

func TestTakeAt_asPrivateAsTheVisit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		a.photos.JoinVisits(profile.VisitsSeen{})
		marks := mark.New(d)
		ann, fan, bob, ed := a.member(1, actor.Member, actor.Known), a.member(2, actor.Member, actor.Known), a.member(3, actor.Member, actor.Known), a.member(4, actor.Editor, actor.Known)
		nobody := actor.Actor{}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO follows (member, kind, subject, name, at) VALUES ($1, 'member', $2, '', 1)`, fan.ID, ann.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		seen := map[mark.Privacy]int64{}
		for i, p := range mark.Privacies {
			added, err := a.takeAt(ann, a.visit(marks, ann, p), i+1)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := a.takeAt(ann, added.Visit, i+1); err != nil || !again.Again || again.ID != added.ID {
				t.Errorf("the same bytes twice: %+v, %v", again, err)
			}
			seen[p] = added.ID
		}
		a.work()
		if _, err := a.takeAt(bob, a.find(ann, seen[mark.Public]).Visit, 9); !errs.Is(err, errs.NotFound) {
			t.Errorf("another adds to a visit: %v", err)
		}
		check := func(when string, who actor.Actor, p mark.Privacy, want bool) {
			t.Helper()
			_, err := a.photos.Find(t.Context(), who, seen[p])
			if (err == nil) != want || err != nil && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s, of %s, by %q: %v", when, p, who.Name, err)
			}
		}
		for _, p := range mark.Privacies {
			check("visits kept to herself", nobody, p, false)
			check("visits kept to herself", fan, p, false)
			check("visits kept to herself", ann, p, true)
		}
		a.opens(ann, "public")
		for _, c := range []struct {
			who  actor.Actor
			p    mark.Privacy
			want bool
		}{
			{nobody, mark.Me, false}, {nobody, mark.Followers, false}, {nobody, mark.Public, true}, {bob, mark.Followers, false}, {bob, mark.Public, true},
			{fan, mark.Me, false}, {fan, mark.Followers, true}, {fan, mark.Public, true}, {ed, mark.Me, false}, {ed, mark.Public, true}, {ann, mark.Me, true},
		} {
			check("visits open", c.who, c.p, c.want)
		}
		if well := a.place("well"); well.PhotoCount != 0 || len(well.Photos) != 0 {
			t.Error("a place shows what belongs to visits")
		}
		if list, err := a.photos.Waits(t.Context(), ed, nil, 10); err != nil || len(list) != 0 {
			t.Errorf("the desk has %v, %v", list, err)
		}
		if p := a.find(ann, seen[mark.Public]); p.Taken != nil || p.Credit != "Member 1" || p.Caption != "Rain" {
			t.Errorf("kept as %+v", p)
		}
		name := a.find(ann, seen[mark.Public]).URLs[320][len(photo.Path):]
		if _, _, _, err := a.photos.Variant(t.Context(), name); !errs.Is(err, errs.NotFound) {
			t.Errorf("its file has an address for everybody: %v", err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE places SET state = 'withdrawn' WHERE id = $1`, a.id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		check("the place is withdrawn", bob, mark.Public, false)
	})
}

func TestTakeAt_goesWithTheVisit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		a.photos.JoinVisits(profile.VisitsSeen{})
		marks := mark.New(d)
		ann, bob := a.member(1, actor.Member, actor.Known), a.member(2, actor.Member, actor.Known)
		visit, other := a.visit(marks, ann, mark.Public), a.visit(marks, ann, mark.Me)
		one, err := a.takeAt(ann, visit, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.takeAt(ann, visit, 2); err != nil {
			t.Fatal(err)
		}
		kept, err := a.takeAt(ann, other, 3)
		if err != nil {
			t.Fatal(err)
		}
		a.work()
		files := a.kept() / 3
		if originals, err := a.photos.Originals(t.Context(), ann.ID); err != nil || len(originals) != 3 {
			t.Errorf("hers to take along: %v, %v", originals, err)
		}
		for what, err := range map[string]error{
			"describes": a.photos.DescribeAt(t.Context(), bob, one.ID, photo.About{Caption: "Mine"}),
			"forgets":   marks.Forget(t.Context(), bob, visit),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("another %s: %v", what, err)
			}
		}
		if err := a.photos.RemoveAt(t.Context(), bob, one.ID); err != nil || a.find(ann, one.ID).Becomes != photo.Ready {
			t.Errorf("another removes it: %v", err)
		}
		if err := a.photos.DescribeAt(t.Context(), ann, one.ID, photo.About{Caption: " After  the rain "}); err != nil || a.find(ann, one.ID).Caption != "After the rain" {
			t.Errorf("described: %v", err)
		}
		if err := a.photos.RemoveAt(t.Context(), ann, one.ID); err != nil {
			t.Fatal(err)
		}
		a.sweep()
		if n := a.kept(); n != 2*files {
			t.Errorf("%d files after one of three was removed", n)
		}
		if err := marks.Forget(t.Context(), ann, visit); err != nil {
			t.Fatal(err)
		}
		if at, err := a.photos.AtVisits(t.Context(), ann, []int64{visit, other}); err != nil || len(at[visit]) != 0 || len(at[other]) != 1 || at[other][0].ID != kept.ID {
			t.Errorf("after the visit is deleted: %v, %v", at, err)
		}
		a.sweep()
		if n := a.kept(); n != files {
			t.Errorf("%d files stay of a deleted visit", n-files)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return photo.Leave(tx, ann.ID) }); err != nil {
			t.Fatal(err)
		}
		a.sweep()
		if n := a.kept(); n != 0 {
			t.Errorf("%d files stay of who has left", n)
		}
	})
}

func TestTakeAt_limits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, "")
		a.photos.JoinVisits(profile.VisitsSeen{})
		marks := mark.New(d)
		ann := a.member(1, actor.Member, actor.Known)
		visit := a.visit(marks, ann, mark.Me)
		for i := range photo.MaxAtVisit {
			if _, err := a.takeAt(ann, visit, i+1); err != nil {
				t.Fatal(i, err)
			}
		}
		if _, err := a.takeAt(ann, visit, 90); !errs.Is(err, errs.TooMany) {
			t.Errorf("one more: %v", err)
		}
		if again, err := a.takeAt(ann, visit, 1); err != nil || !again.Again {
			t.Errorf("one that is there: %v", err)
		}
		if _, err := a.photos.TakeAt(t.Context(), ann, visit, photo.About{}, photo.Sent{Name: "x", From: bytes.NewReader([]byte("dear atlas"))}); !errs.Is(err, errs.Invalid) {
			t.Errorf("no picture: %v", err)
		}
		if _, err := a.photos.TakeAt(t.Context(), actor.Actor{}, visit, photo.About{}, photo.Sent{From: bytes.NewReader(nil)}); !errs.Is(err, errs.Unsigned) {
			t.Errorf("nobody: %v", err)
		}
	})
}
