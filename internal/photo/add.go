package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/media"
	"mirabilia/internal/place"
)

// maxWaiting is how many photos of one member may wait for the desk.
const maxWaiting = 60

// Added is what became of a file.
type Added struct {
	*Photo
	// Again says that these bytes were at this place already: nothing was added.
	Again bool
	// Taken is where and when the camera says it was, for the sender alone.
	Taken media.Taken
}

// Add takes a photo of a place from a file. It returns when the file, its
// variants and its row are on disk. The errors of files that cannot be taken say
// why, to be shown beside the file's name.
func (s *Photos) Add(ctx context.Context, a actor.Actor, placeID int64, t About, file io.Reader) (*Added, error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	if t.Credit == "" {
		t.Credit = a.Shown
	}
	destination, err := s.mayAdd(ctx, a, placeID)
	if err != nil {
		return nil, err
	}
	in, err := s.blobs.Receive(file, media.MaxBytes)
	if errs.Is(err, errs.TooLarge) {
		return nil, media.TooLarge()
	}
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if same, err := s.same(ctx, placeID, in.SHA256); err != nil || same != nil {
		return &Added{Photo: same, Again: true}, err
	}
	made, err := s.studio.Develop(ctx, in.Reader(), in.Size)
	if err != nil {
		return nil, err
	}
	p := &Photo{Place: placeID, Member: a.ID, State: Waiting, SHA256: in.SHA256, Original: originalName(in.SHA256)}
	p.Photo = place.Photo{Caption: t.Caption, Alt: t.Alt, Credit: t.Credit, Licence: t.Licence, Width: made.Width, Height: made.Height,
		Blur: made.Blur, FocusX: t.FocusX, FocusY: t.FocusY}
	held, err := s.held(ctx, t)
	if err != nil {
		return nil, err
	}
	if a.Edits(destination) || a.Level == actor.Trusted && len(held) == 0 {
		p.State = Public
	}
	// Files first: a row never names one that is not there.
	if err := s.blobs.Put(ctx, p.Original, in.Size, in.Reader()); err != nil {
		return nil, err
	}
	if err := s.putVariants(ctx, p, made.Variants); err != nil {
		return nil, err
	}
	kept, err := s.insert(ctx, a, p, made, held)
	if err != nil {
		return nil, err
	}
	return &Added{Photo: kept, Again: kept != p, Taken: made.Taken}, nil
}

// mayAdd tells where the place is, if the actor may send a photo of it.
func (s *Photos) mayAdd(ctx context.Context, a actor.Actor, placeID int64) (destination string, err error) {
	p, err := s.places.ByID(ctx, place.PublicID(placeID))
	if err != nil {
		return "", err
	}
	if a.Role.AtLeast(actor.Editor) {
		return p.Destination, nil
	}
	if err := s.withinDay(ctx, a); err != nil || a.Level == actor.Trusted {
		return p.Destination, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n := 0
		if err := tx.QueryRow(`SELECT count(*) FROM photos WHERE member = $1 AND state = 'waiting'`, a.ID).Scan(&n); err != nil {
			return err
		}
		if n >= maxWaiting {
			return errs.New(errs.TooMany, "%d of your photos wait to be looked at. Send more when some of them are through.", n)
		}
		return nil
	})
	return p.Destination, err
}

// withinDay holds a member to the number of photos a day of their trust.
func (s *Photos) withinDay(ctx context.Context, a actor.Actor) error {
	if s.rules == nil {
		return nil
	}
	set, err := s.rules.Now(ctx)
	if err != nil {
		return err
	}
	most := set.Contributing.PhotosNew
	switch a.Level {
	case actor.Known:
		most = set.Contributing.PhotosKnown
	case actor.Trusted:
		most = set.Contributing.PhotosTrusted
	}
	return s.db.Read(ctx, func(tx *db.Tx) error {
		n := 0
		err := tx.QueryRow(`SELECT count(*) FROM photos WHERE member = $1 AND added_at > $2`, a.ID, db.Millis(s.db.Now().Add(-24*time.Hour))).Scan(&n)
		if err == nil && n >= most {
			err = errs.New(errs.TooMany, "You have sent %d photos in 24 hours, which is the most for now. More accepted work means more a day.", n)
		}
		return err
	})
}

// held says why what is written about a photo is looked at first, whoever sent it.
func (s *Photos) held(ctx context.Context, t About) ([]string, error) {
	if s.rules == nil {
		return nil, nil
	}
	set, err := s.rules.Now(ctx)
	return set.Contributing.Blocked(t.said()), err
}

func originalName(sum string) string { return "originals/" + sum[:2] + "/" + sum }

// putVariants keeps the variants under a stem that is the sum of their bytes.
func (s *Photos) putVariants(ctx context.Context, p *Photo, variants []media.Variant) error {
	h := sha256.New()
	for _, v := range variants {
		h.Write(v.WebP)
		h.Write(v.JPEG)
	}
	p.Stem, p.URLs = hex.EncodeToString(h.Sum(nil)[:16]), map[int]string{}
	for _, v := range variants {
		name := fmt.Sprintf("%s-%d.", p.Stem, v.Width)
		for end, b := range map[string][]byte{"webp": v.WebP, "jpg": v.JPEG} {
			if err := s.blobs.Put(ctx, variantName(name+end), int64(len(b)), bytes.NewReader(b)); err != nil {
				return err
			}
		}
		p.URLs[v.Width] = Path + name + "webp"
	}
	return nil
}

func variantName(file string) string { return "variants/" + file[:2] + "/" + file }

// insert writes the row, or finds that another request has kept the same bytes
// meanwhile.
func (s *Photos) insert(ctx context.Context, a actor.Actor, p *Photo, made *media.Made, held []string) (kept *Photo, err error) {
	variants, err := json.Marshal(p.URLs)
	if err != nil {
		return nil, err
	}
	id := s.db.NewID()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p.ID, p.Added = id, s.db.Now()
		kept = p
		// Whoever adds to a place takes its row first: two of the same bytes meet here.
		if n, err := tx.Exec(`UPDATE places SET photos = photos WHERE id = $1`, p.Place); err != nil || n == 0 {
			return firstOf(err, notThere())
		}
		if there, err := sameIn(tx, p.Place, p.SHA256); err != nil || there != nil {
			kept = there
			return err
		}
		if p.Alike, err = alikeIn(tx, p.Place, made.Hash); err != nil {
			return err
		}
		position := 0
		if err := tx.QueryRow(`SELECT coalesce(max(position) + 1, 0) FROM photos WHERE place = $1`, p.Place).Scan(&position); err != nil {
			return err
		}
		columns := []string{"id", "place", "position", "caption", "alt", "credit", "licence", "width", "height", "drawing", "variants", "added_at",
			"member", "state", "original", "sha256", "format", "stem", "blur", "focus_x", "focus_y", "hash", "alike"}
		err := tx.Insert("photos", columns, 1, func(_ int, into []any) {
			copy(into, []any{p.ID, p.Place, int64(position), p.Caption, p.Alt, p.Credit, p.Licence, int64(p.Width), int64(p.Height), false, string(variants), db.Millis(p.Added),
				p.Member, string(p.State), p.Original, p.SHA256, string(made.Kind), p.Stem, p.Blur, int64(p.FocusX), int64(p.FocusY), int64(made.Hash), orNull(p.Alike)})
		})
		if err != nil {
			return err
		}
		if err := audit.Write(tx, a, "add", LogKind, p.ID, map[string]any{"place": place.PublicID(p.Place), "state": p.State}); err != nil {
			return err
		}
		if err := s.sent(tx, a, p, held); err != nil || p.State != Public {
			return err
		}
		return s.places.Pictured(tx, p.Place)
	})
	return kept, err
}

// sent tells who looks at photos: of all but those of editors.
func (s *Photos) sent(tx *db.Tx, a actor.Actor, p *Photo, held []string) error {
	if s.queue == nil || a.Role.AtLeast(actor.Editor) && p.State == Public {
		return nil
	}
	var title, destination string
	if err := tx.QueryRow(`SELECT title, destination FROM places WHERE id = $1`, p.Place).Scan(&title, &destination); err != nil {
		return err
	}
	return s.queue.Sent(tx, p, title, destination, held)
}

func firstOf(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
