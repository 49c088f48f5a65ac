package logo_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/logo"
	"mirabilia/internal/media"
	"mirabilia/internal/setting"
)

// A logo is chosen and removed by admins alone, told in the audit log, opened by
// its name, and missed by doctor when its file is gone.
func TestLogo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		files, err := blob.Open(ctx, "", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		book := setting.Open(d)
		l := logo.New(files, media.NewStudio(), book)
		boss := actor.Actor{ID: 1, Role: actor.Admin}
		for _, who := range []actor.Actor{{}, {ID: 2, Role: actor.Member}, {ID: 3, Role: actor.Editor}} {
			if err := l.Choose(ctx, who, bytes.NewReader(sign())); err == nil {
				t.Errorf("%s chooses", who.Role)
			}
			if err := l.Remove(ctx, who); err == nil {
				t.Errorf("%s removes", who.Role)
			}
		}
		if err := l.Choose(ctx, boss, strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg"/>`)); !errs.Is(err, errs.Invalid) {
			t.Errorf("SVG: %v", err)
		}
		if s, err := book.Now(ctx); err != nil || s.Logo != (setting.Logo{}) || logo.Of(s.Logo) != "" {
			t.Errorf("after refusals: %+v, %v", s.Logo, err)
		}
		if err := l.Choose(ctx, boss, bytes.NewReader(sign())); err != nil {
			t.Fatal(err)
		}
		s, err := book.Now(ctx)
		if err != nil || s.Logo.Width != 120 || s.Logo.Height != 30 {
			t.Fatalf("%+v, %v", s.Logo, err)
		}
		for end, kind := range map[string]string{".webp": "image/webp", ".jpg": "image/jpeg"} {
			content, is, err := l.Open(ctx, s.Logo.Stem+end)
			if err != nil || is != kind {
				t.Fatalf("%s: %s, %v", end, is, err)
			}
			b, err := io.ReadAll(content)
			if err != nil || len(b) == 0 {
				t.Errorf("%s: %d bytes, %v", end, len(b), err)
			}
			_ = content.Close()
		}
		for _, n := range []string{"", "x", "../" + s.Logo.Stem + ".webp", s.Logo.Stem + ".svg", strings.Repeat("0", 32) + ".webp"} {
			if _, _, err := l.Open(ctx, n); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q: %v", n, err)
			}
		}
		if faults, err := l.Check(ctx); err != nil || len(faults) != 0 {
			t.Errorf("sound: %v, %v", faults, err)
		}
		if err := files.Remove(ctx, "logos/"+s.Logo.Stem[:2]+"/"+s.Logo.Stem+".jpg"); err != nil {
			t.Fatal(err)
		}
		if faults, err := l.Check(ctx); err != nil || len(faults) != 1 {
			t.Errorf("without a file: %v, %v", faults, err)
		}
		if err := l.Remove(ctx, boss); err != nil {
			t.Fatal(err)
		}
		if s, err = book.Now(ctx); err != nil || s.Logo.Stem != "" {
			t.Errorf("removed: %+v, %v", s.Logo, err)
		}
		log, err := audit.Newest(ctx, d, boss, 0, 9)
		if err != nil || len(log) != 2 || log[0].Action != "change" {
			t.Errorf("the audit log: %+v, %v", log, err)
		}
	})
}

// The files of a logo that was replaced go a day later, unless it was chosen
// again.
func TestLogo_replacedIsCleared(t *testing.T) {
	var now atomic.Int64
	now.Store(1_800_000_000_000)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return time.UnixMilli(now.Load()) }}, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		files, err := blob.Open(ctx, "", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		book := setting.Open(d)
		l := logo.New(files, media.NewStudio(), book)
		crew := job.NewCrew(d, slog.New(slog.DiscardHandler))
		job.Work(crew, func(ctx context.Context, c logo.Clearing) error {
			return d.Write(ctx, func(tx *db.Tx) error { return l.Clear(tx, c) })
		}, job.Limits{})
		boss := actor.Actor{ID: 1, Role: actor.Admin}
		choose := func(seed uint8) string {
			if err := l.Choose(ctx, boss, bytes.NewReader(signed(seed))); err != nil {
				t.Fatal(err)
			}
			s, err := book.Now(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return s.Logo.Stem
		}
		there := func(stem string) bool {
			content, _, err := l.Open(ctx, stem+".webp")
			if err == nil {
				_ = content.Close()
			}
			return err == nil
		}
		pass := func(d time.Duration) {
			now.Add(d.Milliseconds())
			if _, err := crew.Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		one := choose(20)
		two := choose(200)
		if pass(23 * time.Hour); one == two || !there(one) || !there(two) {
			t.Errorf("before a day has passed: %v %v", there(one), there(two))
		}
		if pass(2 * time.Hour); there(one) || !there(two) {
			t.Errorf("a day later: %v %v", there(one), there(two))
		}
		choose(20)
		choose(200) // again, before the day is over
		if pass(25 * time.Hour); there(one) || !there(two) {
			t.Errorf("chosen again: %v %v", there(one), there(two))
		}
		if err := l.Remove(ctx, boss); err != nil {
			t.Fatal(err)
		}
		left := 0
		if pass(25 * time.Hour); files.Each(ctx, func(string, int64) error { left++; return nil }) != nil || left > 0 {
			t.Errorf("%d files stay of a logo that was removed", left)
		}
	})
}

func sign() []byte { return signed(20) }

func signed(red uint8) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 240, 60))
	for i := range 100 {
		img.SetNRGBA(2*i, i/2, color.NRGBA{red, 90, 99, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // pixels of our own
	}
	return b.Bytes()
}
