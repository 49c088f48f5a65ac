package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/media"
)

// Preparing is the job that makes the sizes of every photo of a file.
type Preparing struct {
	Sum string `json:"sum"` // SHA-256 of the file, in hexadecimal digits
}

// Kind implements job.Args.
func (Preparing) Kind() string { return "photo.prepare" }

// Limits of the job: one picture at a time, as long as the slowest may take.
func (Preparing) Limits() job.Limits { return job.Limits{Together: 1, Time: prepareTime} }

// Prepare makes the sizes of a file for all photos of it. Each is kept as soon
// as it is there, the smallest first; done twice it makes the same again. Only
// one picture is made at a time, whoever asks.
func (s *Photos) Prepare(ctx context.Context, p Preparing) error {
	select {
	case s.gate <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.gate }()
	of, err := s.ofFile(ctx, p.Sum)
	if err != nil || len(of) == 0 {
		return err
	}
	file, size, err := s.blobs.Open(ctx, of[0].Original)
	if errs.Is(err, errs.NotFound) {
		return s.refuse(ctx, p.Sum, "The file did not arrive whole; send it again.")
	}
	if err != nil {
		return err
	}
	defer file.Close()
	m := made{sum: p.Sum}
	picture, err := s.studio.Develop(ctx, file, size, func(of *media.Made, v media.Variant) error {
		return s.keepVariant(ctx, &m, of, v)
	})
	if why, ok := told(err); ok {
		return s.refuse(ctx, p.Sum, why)
	}
	if err != nil {
		return err
	}
	return s.finish(ctx, p.Sum, picture)
}

// ofFile lists the photos of a file whose sizes are to be made.
func (s *Photos) ofFile(ctx context.Context, sum string) (list []*Photo, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = becoming(tx, sum)
		return err
	})
	return list, err
}

func becoming(tx *db.Tx, sum string) ([]*Photo, error) {
	return listed(tx, `SELECT `+columns+` FROM photos WHERE sha256 = $1 AND sha256 <> '' AND becomes IN ('waiting', 'public') ORDER BY id`, sum)
}

// made is what is there of a file so far.
type made struct {
	sum, stem string
	urls      map[int]string
}

// keepVariant keeps one size and tells of it. The names of all sizes begin with
// the sum of the first one's bytes and of the file's: they say what is in them.
func (s *Photos) keepVariant(ctx context.Context, m *made, of *media.Made, v media.Variant) error {
	if m.stem == "" {
		h := sha256.New()
		h.Write([]byte(m.sum))
		h.Write(v.WebP)
		h.Write(v.JPEG)
		m.stem, m.urls = hex.EncodeToString(h.Sum(nil)[:16]), map[int]string{}
	}
	name := fmt.Sprintf("%s-%d.", m.stem, v.Width)
	if err := s.putBoth(ctx, name, v); err != nil {
		return err
	}
	m.urls[v.Width] = Path + name + "webp"
	variants, err := json.Marshal(m.urls)
	if err != nil {
		return err
	}
	var lat, lon any
	if of.Taken.Located {
		lat, lon = of.Taken.Lat, of.Taken.Lon
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE photos SET width = $2, height = $3, blur = $4, hash = $5, format = $6, stem = $7, variants = $8, taken_lat = $9, taken_lon = $10
			WHERE sha256 = $1 AND becomes IN ('waiting', 'public')`,
			m.sum, int64(of.Width), int64(of.Height), of.Blur, int64(of.Hash), string(of.Kind), m.stem, string(variants), lat, lon)
		return err
	})
}

// putBoth puts the two files of a size away at once: each waits for the disk, or for
// a server, several times.
func (s *Photos) putBoth(ctx context.Context, name string, v media.Variant) error {
	put := func(end string, b []byte) error {
		return s.blobs.Put(ctx, variantName(name+end), int64(len(b)), bytes.NewReader(b))
	}
	var other error
	var beside sync.WaitGroup
	beside.Go(func() { other = put("jpg", v.JPEG) })
	err := put("webp", v.WebP)
	beside.Wait()
	return errors.Join(err, other)
}

// finish lets photos become what they are to be.
func (s *Photos) finish(ctx context.Context, sum string, picture *media.Made) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		list, err := becoming(tx, sum)
		if err != nil {
			return err
		}
		for _, p := range list {
			if len(p.URLs) < len(picture.Variants) { // it came while the others were made
				if err := job.Enqueue(tx, Preparing{sum}, job.Once(sum)); err != nil {
					return err
				}
				continue
			}
			if err := s.become(tx, p, picture.Hash); err != nil {
				return err
			}
		}
		return nil
	})
}

// become ends the making of one photo.
func (s *Photos) become(tx *db.Tx, p *Photo, hash uint64) (err error) {
	if p.Alike, err = alikeIn(tx, p, hash); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE photos SET alike = $2 WHERE id = $1`, p.ID, orNull(p.Alike)); err != nil {
		return err
	}
	return s.end(tx, p)
}

// end lets a photo whose sizes are made be what it becomes: its place shows it,
// the desk has it, or it waits beside its form.
func (s *Photos) end(tx *db.Tx, p *Photo) error {
	p.State, p.Becomes = State(p.Becomes), Ready
	if _, err := tx.Exec(`UPDATE photos SET state = $2, becomes = '' WHERE id = $1`, p.ID, string(p.State)); err != nil {
		return err
	}
	if p.Visit != 0 { // nobody needs to know any more where the camera was
		_, err := tx.Exec(`UPDATE photos SET taken_lat = NULL, taken_lon = NULL WHERE id = $1 AND taken_lat IS NOT NULL`, p.ID)
		return err
	}
	if p.Place == 0 {
		return nil
	}
	if p.Submission == 0 { // what came with a submission was decided with it
		held, err := s.held(tx.Context(), p.About())
		if err != nil {
			return err
		}
		if err := s.sent(tx, p, held); err != nil {
			return err
		}
	}
	if p.State != Public {
		return nil
	}
	return s.places.Pictured(tx, p.Place)
}

// refuse notes why the sizes of a file cannot be made.
func (s *Photos) refuse(ctx context.Context, sum, why string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE photos SET becomes = 'refused', reason = $2 WHERE sha256 = $1 AND becomes IN ('waiting', 'public')`, sum, why)
		return err
	})
}
