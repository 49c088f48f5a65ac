// Package logo keeps the picture that stands in the bar in place of the atlas's
// name: made anew from the pixels of the file that an admin sent, under a name
// that says what is in it. Which one it is, is a setting.
package logo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/media"
	"mirabilia/internal/setting"
)

// MaxFile is the most bytes that the file of a logo may have.
const MaxFile = media.MaxBytes

// Path is where logos are served; a name follows.
const Path = "/logos/"

// The ends of the names of the two files.
const (
	webp = ".webp"
	jpeg = ".jpg" // on white
)

// Of is the path of the picture of a logo, "" for none.
func Of(l setting.Logo) string {
	if l.Stem == "" {
		return ""
	}
	return Path + l.Stem + webp
}

// Logos is the use cases of the atlas's logo.
type Logos struct {
	blobs  *blob.Store
	studio *media.Studio
	book   *setting.Book
}

// New makes the use cases.
func New(blobs *blob.Store, studio *media.Studio, book *setting.Book) *Logos {
	return &Logos{blobs: blobs, studio: studio, book: book}
}

// Choose makes a file the atlas's logo. The errors of files that cannot be taken
// say why. The files of the one before stay for a day: pages that are kept elsewhere
// still show it.
func (l *Logos) Choose(ctx context.Context, a actor.Actor, file io.Reader) error {
	if err := a.Needs(actor.Admin); err != nil {
		return err
	}
	in, err := l.blobs.Receive(file, media.MaxBytes)
	if errs.Is(err, errs.TooLarge) {
		return media.TooLarge()
	}
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := media.GlanceAt(in.Reader(), in.Size); err != nil {
		return err
	}
	made, err := l.studio.Draw(ctx, in.Reader(), in.Size)
	if err != nil {
		return err
	}
	if len(made.Variants) != 1 {
		return errors.New("logo: a picture without its size")
	}
	v := made.Variants[0]
	sum := sha256.New()
	sum.Write(v.WebP)
	sum.Write(v.JPEG)
	stem := hex.EncodeToString(sum.Sum(nil)[:16])
	keep := func() error {
		for end, b := range map[string][]byte{webp: v.WebP, jpeg: v.JPEG} {
			if err := l.blobs.Put(ctx, fileName(stem+end), int64(len(b)), bytes.NewReader(b)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := keep(); err != nil {
		return err
	}
	// Shown at half its size, it is sharp on fine screens.
	if err := l.set(ctx, a, "logo", setting.Logo{Stem: stem, Width: (v.Width + 1) / 2, Height: (v.Height + 1) / 2}); err != nil {
		return err
	}
	// Whoever cleared the same picture away meanwhile did it before it was chosen.
	return keep()
}

// Remove has the bar say the atlas's name again.
func (l *Logos) Remove(ctx context.Context, a actor.Actor) error {
	if err := a.Needs(actor.Admin); err != nil {
		return err
	}
	return l.set(ctx, a, "no logo", setting.Logo{})
}

func (l *Logos) set(ctx context.Context, a actor.Actor, part string, to setting.Logo) error {
	var was setting.Logo
	return l.book.Update(ctx, func(s *setting.Settings) { was, s.Logo = s.Logo, to }, func(tx *db.Tx) error {
		if was.Stem != "" && was.Stem != to.Stem {
			if err := job.Enqueue(tx, Clearing{was.Stem}, job.At(tx.DB().Now().Add(replaced)), job.Once(was.Stem)); err != nil {
				return err
			}
		}
		return audit.Write(tx, a, "change", setting.LogKind, 1, map[string]any{"part": part})
	})
}

// replaced is how long the files of a logo stay that is another by now.
const replaced = 24 * time.Hour

// Clearing is the job that clears away the files of a logo that was replaced.
type Clearing struct {
	Stem string `json:"stem"`
}

// Kind implements job.Args.
func (Clearing) Kind() string { return "logo.clear" }

// Clear clears them away, unless they were chosen again. The settings stay as
// they are until the transaction ends.
func (l *Logos) Clear(tx *db.Tx, c Clearing) error {
	now, err := setting.LogoIn(tx)
	if err != nil || now.Stem == c.Stem {
		return err
	}
	for _, end := range []string{webp, jpeg} {
		if !name.MatchString(c.Stem + end) {
			return job.Hopeless(errors.New("logo: no name of a file: " + c.Stem))
		}
		if err := l.blobs.Remove(tx.Context(), fileName(c.Stem+end)); err != nil {
			return err
		}
	}
	return nil
}

// name is that of one file.
var name = regexp.MustCompile(`^[0-9a-f]{32}\.(webp|jpg)$`)

func fileName(n string) string { return "logos/" + n[:2] + "/" + n }

// Open opens a file by its name. kind is its media type.
func (l *Logos) Open(ctx context.Context, n string) (content io.ReadCloser, kind string, err error) {
	m := name.FindStringSubmatch(n)
	if m == nil {
		return nil, "", errs.New(errs.NotFound, "There is no such picture.")
	}
	kind = media.WebP.Type()
	if "."+m[1] == jpeg {
		kind = media.JPEG.Type()
	}
	content, _, err = l.blobs.Open(ctx, fileName(n))
	return content, kind, err
}

// Check holds the settings against the files, for mirabilia doctor: a line a
// fault.
func (l *Logos) Check(ctx context.Context) (faults []string, err error) {
	set, err := l.book.Now(ctx)
	if err != nil || set.Logo.Stem == "" {
		return nil, err
	}
	for _, end := range []string{webp, jpeg} {
		n := fileName(set.Logo.Stem + end)
		size, err := l.blobs.Size(ctx, n)
		switch {
		case errs.Is(err, errs.NotFound) || err == nil && size == 0:
			faults = append(faults, "the file "+n+" of the atlas's logo is not there")
		case err != nil:
			return faults, err
		}
	}
	return faults, nil
}
