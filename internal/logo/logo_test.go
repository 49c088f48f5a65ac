package logo_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
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

func sign() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 240, 60))
	for i := range 100 {
		img.SetNRGBA(2*i, i/2, color.NRGBA{20, 90, 99, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // pixels of our own
	}
	return b.Bytes()
}
