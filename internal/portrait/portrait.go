// Package portrait keeps the picture that a member has of themselves: two squares
// made anew from the pixels of the file, without anything else that was in it,
// under names that say what is in them. The file as it was sent is not kept.
package portrait

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
	"mirabilia/internal/blob"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/media"
	"mirabilia/internal/user"
)

// MaxFile is the most bytes that the file of a picture may have.
const MaxFile = media.MaxBytes

const (
	// unused is how long files stay that no member has: somebody may be about to
	// choose them, or an editor to put them back.
	unused = 24 * time.Hour
	// cleared is how many are cleared away in one transaction.
	cleared = 50
)

// sizes are the ends of the names of the two squares, the large one first.
var sizes = []string{"-l", "-s"}

// Portraits is the use cases of members' own pictures.
type Portraits struct {
	db     *db.DB
	blobs  *blob.Store
	studio *media.Studio
}

// New makes the use cases.
func New(d *db.DB, blobs *blob.Store, studio *media.Studio) *Portraits {
	return &Portraits{db: d, blobs: blobs, studio: studio}
}

// Clearing is the job that clears away files that no member has.
type Clearing struct{}

// Kind implements job.Args.
func (Clearing) Kind() string { return "portrait.clear" }

// Limits of the job.
func (Clearing) Limits() job.Limits { return job.Limits{Together: 1, Time: 5 * time.Minute} }

// Choose makes a file the picture of the actor. The errors of files that cannot
// be taken say why.
func (p *Portraits) Choose(ctx context.Context, a actor.Actor, file io.Reader) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	p.studio.Expect()
	in, err := p.blobs.Receive(file, media.MaxBytes)
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
	// What costs the machine something is counted.
	if err := p.mayChoose(ctx, a); err != nil {
		return err
	}
	made, err := p.studio.Portray(ctx, in.Reader(), in.Size)
	if err != nil {
		return err
	}
	return p.keep(ctx, a, made)
}

func (p *Portraits) mayChoose(ctx context.Context, a actor.Actor) error {
	return p.db.Write(ctx, func(tx *db.Tx) error { return user.MayPicture(tx, a.ID) })
}

// keep writes the files and makes them the actor's. Whoever clears away files
// that nobody has may meet them between the two; then they are written again.
func (p *Portraits) keep(ctx context.Context, a actor.Actor, made *media.Made) error {
	if len(made.Variants) == 0 {
		return errors.New("portrait: a picture without sizes")
	}
	large, small := made.Variants[0], made.Variants[len(made.Variants)-1]
	sum := sha256.New()
	sum.Write(large.WebP)
	sum.Write(large.JPEG)
	stem := hex.EncodeToString(sum.Sum(nil)[:16])
	for range 10 {
		if err := p.db.Write(ctx, func(tx *db.Tx) error { return user.KeepPicture(tx, stem) }); err != nil {
			return err
		}
		for i, v := range []media.Variant{large, small} {
			for end, b := range map[string][]byte{".webp": v.WebP, ".jpg": v.JPEG} {
				if err := p.blobs.Put(ctx, fileName(stem+sizes[i]+end), int64(len(b)), bytes.NewReader(b)); err != nil {
					return err
				}
			}
		}
		done := false
		err := p.db.Write(ctx, func(tx *db.Tx) (err error) {
			if done, err = user.TakePicture(tx, a.ID, stem); err != nil {
				return err
			}
			return job.Enqueue(tx, Clearing{}, job.Once("clear"))
		})
		if err != nil || done {
			return err
		}
	}
	return errs.New(errs.Unavailable, "The picture could not be kept. Try again in a moment.")
}

// Remove leaves the actor without a picture.
func (p *Portraits) Remove(ctx context.Context, a actor.Actor) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	return p.db.Write(ctx, func(tx *db.Tx) error { return Leave(tx, a.ID) })
}

// Leave takes away the picture of a member, also when the account is deleted.
func Leave(tx *db.Tx, member int64) error {
	if err := user.DropPicture(tx, member); err != nil {
		return err
	}
	return job.Enqueue(tx, Clearing{}, job.Once("clear"))
}

// Clear clears away files that no member has: at once those that were given up,
// a day later those that were never taken.
func (p *Portraits) Clear(ctx context.Context) error {
	for {
		n := 0
		err := p.db.Write(ctx, func(tx *db.Tx) (err error) {
			before := db.Millis(tx.DB().Now().Add(-unused))
			n, err = user.ClearPictures(tx, before, cleared, func(stem string) error {
				for _, name := range files(stem) {
					if err := p.blobs.Remove(ctx, name); err != nil {
						return err
					}
				}
				return nil
			})
			return err
		})
		if err != nil || n < cleared {
			return err
		}
	}
}

// name is that of one file of a picture.
var name = regexp.MustCompile(`^([0-9a-f]{32})-[ls]\.(webp|jpg)$`)

func fileName(n string) string { return "portraits/" + n[:2] + "/" + n }

func files(stem string) (list []string) {
	for _, size := range sizes {
		list = append(list, fileName(stem+size+".webp"), fileName(stem+size+".jpg"))
	}
	return list
}

// Open opens a file by its name, as long as it is of a member who may be seen.
// kind is its media type.
func (p *Portraits) Open(ctx context.Context, n string) (content io.ReadCloser, size int64, kind string, err error) {
	there, m := false, name.FindStringSubmatch(n)
	if m != nil {
		err = p.db.Read(ctx, func(tx *db.Tx) error {
			there, err = user.HasPicture(tx, m[1])
			return err
		})
	}
	if err == nil && !there {
		err = errs.New(errs.NotFound, "There is no such picture.")
	}
	if err != nil {
		return nil, 0, "", err
	}
	kind = media.WebP.Type()
	if m[2] == "jpg" {
		kind = media.JPEG.Type()
	}
	content, size, err = p.blobs.Open(ctx, fileName(n))
	return content, size, kind, err
}

// Own opens the picture of a member, for them; nil when they have none.
func (p *Portraits) Own(ctx context.Context, member int64) (io.ReadCloser, error) {
	stem := ""
	err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		stem, err = user.PictureStem(tx, member)
		return err
	})
	if err != nil || stem == "" {
		return nil, err
	}
	in, _, err := p.blobs.Open(ctx, fileName(stem+sizes[0]+".jpg"))
	return in, err
}

// Check holds the members' pictures against the files, for mirabilia doctor: a
// line a fault.
func (p *Portraits) Check(ctx context.Context) (faults []string, err error) {
	var stems []string
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		stems = stems[:0]
		return user.EachPicture(tx, func(stem string) error {
			stems = append(stems, stem)
			return nil
		})
	})
	for _, stem := range stems {
		for _, n := range files(stem) {
			size, e := p.blobs.Size(ctx, n)
			switch {
			case errs.Is(e, errs.NotFound) || e == nil && size == 0:
				faults = append(faults, "the file "+n+" of a member's picture is not there")
			case e != nil:
				return faults, e
			}
		}
	}
	return faults, err
}
