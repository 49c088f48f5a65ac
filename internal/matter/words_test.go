package matter_test

import (
	"slices"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/photo"
	"mirabilia/internal/revision"
)

func (h *house) photo(id int64) *photo.Photo {
	h.Helper()
	p, err := h.photos.Find(h.Context(), h.max, id)
	if err != nil {
		h.Fatal(err)
	}
	return p
}

func (h *house) describe(a actor.Actor, id int64, t photo.About) {
	h.Helper()
	if err := h.photos.Describe(h.Context(), a, id, t); err != nil {
		h.Fatal(err)
	}
}

// hears holds what the author was told since, and forgets it.
func (h *house) hears(want ...desk.Action) {
	h.Helper()
	var got []desk.Action
	for _, n := range h.news {
		a := n.Action
		if n.Mended {
			a = desk.Mended
		}
		got = append(got, a)
	}
	if !slices.Equal(got, want) {
		h.Errorf("told %v, want %v", got, want)
	}
	h.news = nil
}

// What an editor changes in the words about a photo as they publish it is told,
// and what the author wrote is kept beside it until it says so again.
func TestPhotos_wordsMendedOnTheDesk(t *testing.T) {
	each(t, func(h *house) {
		p := h.send(h.ada, 2, "Noon")
		f := revision.Fields{}
		f.Set("caption", "The well at noon")
		f.Set("licence", "CC-BY-4.0") // as it was
		s := h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Publish, Fields: f})
		h.hears(desk.Mended)
		if m := s.Mended(); len(m) != 1 || m.Text("caption") != "The well at noon" {
			t.Errorf("the decision says %v", m)
		}
		if w := h.photo(p.ID).Written; w == nil || w.Caption != "Noon" {
			t.Errorf("what ada wrote: %+v", w)
		}
		if _, err := h.desk.Undo(h.Context(), h.eve, p.ID); err != nil {
			t.Fatal(err)
		}
		h.news = nil
		if q := h.photo(p.ID); q.Written != nil || q.Caption != "Noon" {
			t.Errorf("undone: %q, %+v", q.Caption, q.Written)
		}
		h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Publish})
		h.hears(desk.Publish)
	})
}

// So is what is changed on the page of the photographs; what its sender changes
// by themselves, and where it is cropped, is no news.
func TestPhotos_wordsMendedOnThePage(t *testing.T) {
	each(t, func(h *house) {
		p := h.send(h.ada, 2, "Noon")
		h.news = nil
		words := h.photo(p.ID).About()
		words.Caption = "Noon, in May"
		h.describe(h.ada, p.ID, words)
		h.hears()
		words.FocusX = 4
		h.describe(h.eve, p.ID, words)
		h.hears()
		if h.photo(p.ID).Written != nil {
			t.Error("a crop counts as words")
		}
		words.Alt = "A stone ring, dry"
		h.describe(h.eve, p.ID, words)
		h.hears(desk.Reworded)
		words.Caption = "At noon"
		h.describe(h.max, p.ID, words)
		h.hears(desk.Reworded)
		if w := h.photo(p.ID).Written; w == nil || w.Caption != "Noon, in May" || w.Alt != "" {
			t.Errorf("what ada wrote: %+v", w)
		}
		h.describe(h.max, p.ID, words)
		h.hears() // the same once more
		h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Publish})
		h.hears(desk.Mended)
		words.Caption, words.Alt = "Noon, in May", ""
		h.describe(h.eve, p.ID, words)
		h.hears() // it says again what ada wrote
		if h.photo(p.ID).Written != nil {
			t.Error("her own words count as another's")
		}
		mine := h.send(h.eve, 7, "Dusk") // nobody is told of their own doing
		h.news = nil
		about := h.photo(mine.ID).About()
		about.Caption = "Dusk, in June"
		h.describe(h.eve, mine.ID, about)
		h.hears()
	})
}

// A trusted member's photo that is looked at all the same may be mended too, and
// that taken back.
func TestPhotos_wordsMendedInASample(t *testing.T) {
	each(t, func(h *house) {
		bob, p := h.sampled(2, "Noon")
		h.news = nil
		f := revision.Fields{}
		f.Set("alt", "A stone ring")
		h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Publish, Fields: f})
		h.hears(desk.Reworded)
		if q := h.photo(p.ID); q.State != photo.Public || q.Alt != "A stone ring" || q.Written == nil {
			t.Errorf("mended: %+v", q)
		}
		if _, err := h.desk.Undo(h.Context(), h.eve, p.ID); err != nil {
			t.Fatal(err)
		}
		if q := h.photo(p.ID); q.Alt != "" || q.Written != nil {
			t.Errorf("undone: %+v", q)
		}
		q := h.send(bob, 5, "Night")
		h.decide(h.eve, q.ID, desk.Verdict{Action: desk.Publish})
		if _, err := h.desk.Undo(h.Context(), h.eve, q.ID); err != nil {
			t.Errorf("that it is good is not taken back: %v", err)
		}
		if list := h.queue(desk.Filter{Sampled: true}); len(list) != 1 || list[0].ID != q.ID || h.photo(q.ID).State != photo.Public {
			t.Errorf("taken back: %+v", list)
		}
	})
}
