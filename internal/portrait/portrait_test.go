package portrait_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/media"
	"mirabilia/internal/portrait"
	"mirabilia/internal/user"
)

type house struct {
	*testing.T
	db        *db.DB
	users     *user.Users
	portraits *portrait.Portraits
	blobs     *blob.Store
	crew      *job.Crew
	ida, otto actor.Actor
}

func each(t *testing.T, body func(h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &house{T: t, db: d, users: user.New(d)}
		var err error
		if h.blobs, err = blob.Open(t.Context(), "", t.TempDir()); err != nil {
			t.Fatal(err)
		}
		h.portraits = portrait.New(d, h.blobs, media.NewStudio())
		h.crew = job.NewCrew(d, slog.New(slog.NewTextHandler(io.Discard, nil)))
		job.Work(h.crew, func(ctx context.Context, _ portrait.Clearing) error { return h.portraits.Clear(ctx) }, portrait.Clearing{}.Limits())
		for name, a := range map[string]*actor.Actor{"Ida": &h.ida, "Otto": &h.otto} {
			m, err := h.users.Add(t.Context(), actor.Actor{}, user.Account{Email: strings.ToLower(name) + "@example.org", Name: name, Role: actor.Member, Verified: true})
			if err != nil {
				t.Fatal(err)
			}
			*a = m.Actor()
		}
		body(h)
	})
}

// shot is a JPEG with a comment in it, whose middle is of one colour.
func shot(t *testing.T, w, h int, middle color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	side := min(w, h)
	for y := range h {
		for x := range w {
			img.Set(x, y, color.White)
			if dx, dy := x-(w-side)/2, y-(h-side)/2; dx >= 0 && dx < side && dy >= 0 && dy < side {
				img.Set(x, y, middle)
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	text := []byte("canary of the camera")
	comment := append([]byte{0xff, 0xfe, 0, byte(len(text) + 2)}, text...)
	return append(append(append([]byte{}, b.Bytes()[:2]...), comment...), b.Bytes()[2:]...)
}

func (h *house) choose(a actor.Actor, file []byte) {
	h.Helper()
	if err := h.portraits.Choose(h.Context(), a, bytes.NewReader(file)); err != nil {
		h.Fatal(err)
	}
}

func (h *house) path(a actor.Actor) string {
	h.Helper()
	m, err := h.users.ByID(h.Context(), a.ID)
	if err != nil {
		h.Fatal(err)
	}
	return m.Avatar
}

// served is a file as a reader gets it; nil when there is none.
func (h *house) served(path string) []byte {
	h.Helper()
	in, size, _, err := h.portraits.Open(h.Context(), strings.TrimPrefix(path, user.PicturePath))
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		h.Fatal(err)
	}
	defer in.Close()
	b, err := io.ReadAll(in)
	if err != nil || int64(len(b)) != size {
		h.Fatal(err, size, len(b))
	}
	return b
}

func (h *house) stored() (n int) {
	h.Helper()
	if err := h.blobs.Each(h.Context(), func(string, int64) error { n++; return nil }); err != nil {
		h.Fatal(err)
	}
	return n
}

func (h *house) drain() {
	h.Helper()
	if _, err := h.crew.Drain(h.Context()); err != nil {
		h.Fatal(err)
	}
}

func TestChoose(t *testing.T) {
	each(t, func(h *house) {
		h.choose(h.ida, shot(h.T, 500, 300, color.RGBA{R: 200, A: 255}))
		path := h.path(h.ida)
		for end, side := range map[string]int{"-l": 256, "-s": 64} {
			b := h.served(strings.Replace(path, "-l.webp", end+".jpg", 1))
			if bytes.Contains(b, []byte("canary")) {
				h.Error("what the camera wrote is in what is served")
			}
			img, err := jpeg.Decode(bytes.NewReader(b))
			if err != nil {
				h.Fatal(err)
			}
			if got := img.Bounds().Size(); got != image.Pt(side, side) {
				h.Errorf("%s: %v, want a square of %d", end, got, side)
			}
			for _, at := range []image.Point{{2, 2}, {side - 3, side - 3}} { // the white sides are cut off
				if r, g, _, _ := img.At(at.X, at.Y).RGBA(); r>>8 < 150 || g>>8 > 90 {
					h.Errorf("%s at %v: red %d, green %d", end, at, r>>8, g>>8)
				}
			}
			if webp := h.served(strings.Replace(path, "-l.webp", end+".webp", 1)); !bytes.HasPrefix(webp, []byte("RIFF")) {
				h.Error("no WebP beside it")
			}
		}
		faces, err := h.users.Faces(h.Context(), []string{h.ida.Path(), h.otto.Path(), ""})
		if err != nil || len(faces) != 1 || faces[h.ida.Path()] != user.Small(path) {
			h.Errorf("%v, %v", faces, err)
		}
		faults, err := h.portraits.Check(h.Context())
		if err != nil || len(faults) > 0 {
			h.Error(faults, err)
		}
	})
}

// Two members with the same picture: when one gives it up the other keeps it;
// when both have, its files are gone.
func TestRemove(t *testing.T) {
	each(t, func(h *house) {
		red, blue := shot(h.T, 90, 70, color.RGBA{R: 200, A: 255}), shot(h.T, 90, 70, color.RGBA{B: 200, A: 255})
		h.choose(h.ida, red)
		h.choose(h.otto, red)
		path := h.path(h.ida)
		if path == "" || h.path(h.otto) != path {
			h.Fatal("the same picture has two names")
		}
		if err := h.portraits.Remove(h.Context(), h.ida); err != nil {
			h.Fatal(err)
		}
		h.drain()
		if h.path(h.ida) != "" || h.served(path) == nil {
			h.Error("the other's picture went too")
		}
		h.choose(h.otto, blue)
		h.drain()
		if h.served(path) != nil {
			h.Error("a picture that nobody has is served")
		}
		if n := h.stored(); n != 4 {
			h.Errorf("%d files, want the four of the blue one", n)
		}
		err := h.db.Write(h.Context(), func(tx *db.Tx) error { return portrait.Leave(tx, h.otto.ID) })
		if err != nil {
			h.Fatal(err)
		}
		h.drain()
		if n := h.stored(); n != 0 {
			h.Errorf("%d files are left of members without a picture", n)
		}
	})
}

// An editor may take a picture from the public and put it back; who is banned
// has none to be seen.
func TestBlank(t *testing.T) {
	each(t, func(h *house) {
		h.choose(h.ida, shot(h.T, 90, 70, color.RGBA{R: 200, A: 255}))
		path := h.path(h.ida)
		var words user.Words
		write := func(fn func(*db.Tx) error) {
			h.Helper()
			if err := h.db.Write(h.Context(), fn); err != nil {
				h.Fatal(err)
			}
		}
		write(func(tx *db.Tx) (err error) { words, err = user.Blank(tx, h.ida.ID); return err })
		h.drain()
		if h.served(path) != nil {
			h.Error("a blanked picture is served")
		}
		write(func(tx *db.Tx) error { return user.Unblank(tx, h.ida.ID, words) })
		if h.path(h.ida) != path || h.served(path) == nil {
			h.Error("it was not put back")
		}
		write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE members SET state = 'banned' WHERE id = $1`, h.ida.ID)
			return err
		})
		if h.served(path) != nil {
			h.Error("the picture of who is banned is served")
		}
	})
}

func TestChoose_refuses(t *testing.T) {
	each(t, func(h *house) {
		for what, file := range map[string][]byte{"text": []byte("<svg onload=alert(1)>"), "half": shot(h.T, 90, 70, color.White)[:200], "nothing": nil} {
			if err := h.portraits.Choose(h.Context(), h.ida, bytes.NewReader(file)); !errs.Is(err, errs.Invalid) {
				h.Errorf("%s: %v", what, err)
			}
		}
		if err := h.portraits.Choose(h.Context(), actor.Actor{}, bytes.NewReader(shot(h.T, 9, 9, color.White))); !errs.Is(err, errs.Unsigned) {
			h.Errorf("nobody: %v", err)
		}
		var err error
		for i := range 20 {
			if err = h.portraits.Choose(h.Context(), h.otto, bytes.NewReader(shot(h.T, 20+i, 20, color.Black))); err != nil {
				break
			}
		}
		if !errs.Is(err, errs.TooMany) {
			h.Errorf("twenty pictures in a moment: %v", err)
		}
		if n := h.stored(); n == 0 || fmt.Sprint(h.path(h.ida)) != "" {
			h.Errorf("%d files, %q", n, h.path(h.ida))
		}
	})
}

// What a choice that was cut off has left is cleared away after a day.
func TestClear(t *testing.T) {
	each(t, func(h *house) {
		err := h.db.Write(h.Context(), func(tx *db.Tx) error { return user.KeepPicture(tx, strings.Repeat("ab", 16)) })
		if err != nil {
			h.Fatal(err)
		}
		left := "portraits/ab/" + strings.Repeat("ab", 16) + "-l.webp"
		if err := h.blobs.Put(h.Context(), left, 1, strings.NewReader("x")); err != nil {
			h.Fatal(err)
		}
		if err := h.portraits.Clear(h.Context()); err != nil || h.stored() != 1 {
			h.Fatal("cleared while it may be about to be taken", err)
		}
		err = h.db.Write(h.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE portraits SET at = $1`, db.Millis(tx.DB().Now().Add(-25*time.Hour)))
			return err
		})
		if err != nil {
			h.Fatal(err)
		}
		if err := h.portraits.Clear(h.Context()); err != nil || h.stored() != 0 {
			h.Error("it is still there", err)
		}
	})
}
