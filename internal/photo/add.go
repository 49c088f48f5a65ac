package photo

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/media"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
)

// maxWaiting is how many photos of one member may wait for the desk.
const maxWaiting = 60

// maxFileName is how much of a file's name is remembered, in bytes.
const maxFileName = 200

// Added is what became of a file.
type Added struct {
	*Photo
	// Again says that these bytes were at this place already: nothing was added.
	Again bool
}

// Sent is a file that arrived: its name and its bytes.
type Sent struct {
	Name string
	From io.Reader
}

// Take takes a photo of a place from a file. It returns when the file and its
// row are on disk; the sizes are made by a job. The errors of files that cannot
// be taken say why, to be shown beside the file's name.
func (s *Photos) Take(ctx context.Context, a actor.Actor, placeID int64, t About, file Sent) (*Added, error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	destination, err := s.mayAdd(ctx, a, placeID)
	if err != nil {
		return nil, err
	}
	held, err := s.held(ctx, t)
	if err != nil {
		return nil, err
	}
	p := newPhoto(a, t, file.Name)
	p.Place = placeID
	if a.Edits(destination) || a.Level == actor.Trusted && len(held) == 0 {
		p.Becomes = Becoming(Public)
	}
	added, err := s.receive(ctx, a, p, file.From)
	if err != nil {
		return nil, err
	}
	return s.pass(ctx, a, added, destination)
}

// pass publishes a photo that waited already when somebody who may decide about
// it sends the same bytes.
func (s *Photos) pass(ctx context.Context, a actor.Actor, added *Added, destination string) (*Added, error) {
	if !added.Again || added.Becomes != Ready || added.State != Waiting || !a.Edits(destination) {
		return added, nil
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.Decide(tx, a, added.ID, Public, ""); err != nil {
			return err
		}
		p, err := byID(tx, added.ID)
		added = &Added{Photo: p, Again: true}
		return err
	})
	return added, err
}

// Add is Take that waits until the sizes are made: a file that cannot be read
// leaves nothing behind but the reason.
func (s *Photos) Add(ctx context.Context, a actor.Actor, placeID int64, t About, file io.Reader) (*Added, error) {
	added, err := s.Take(ctx, a, placeID, t, Sent{From: file})
	if err != nil || added.Becomes == Ready {
		return added, err
	}
	if err := s.Prepare(ctx, Preparing{added.SHA256}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		made, err := byID(tx, added.ID)
		if err != nil {
			return err
		}
		added = &Added{Photo: made, Again: added.Again}
		if made.Becomes == Refused {
			return drop(tx, made.ID)
		}
		return nil
	})
	if err != nil || added.Becomes != Refused {
		return added, err
	}
	if _, err := s.clear(ctx); err != nil {
		return nil, err
	}
	return nil, errs.New(errs.Invalid, "%s", added.Reason)
}

// newPhoto is a photo whose sizes are to be made.
func newPhoto(a actor.Actor, t About, name string) *Photo {
	if t.Credit == "" {
		t.Credit = a.Shown
	}
	name = strings.ToValidUTF8(name, "")
	for len(name) > maxFileName {
		name = strings.ToValidUTF8(name[:maxFileName], "")
	}
	p := &Photo{Member: a.ID, State: Waiting, Becomes: Becoming(Waiting), File: name}
	p.Photo = place.Photo{Caption: t.Caption, Alt: t.Alt, Credit: t.Credit, Licence: t.Licence, FocusX: t.FocusX, FocusY: t.FocusY, URLs: map[int]string{}}
	return p
}

// Expect is told that somebody who may send photos begins to: what makes their
// sizes gets ready while the file is on its way.
func (s *Photos) Expect() { s.studio.Expect() }

// receive keeps the file, then the row and the job that makes the sizes: a row
// never names a file that is not there.
func (s *Photos) receive(ctx context.Context, a actor.Actor, p *Photo, file io.Reader) (*Added, error) {
	in, err := s.Spool(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	kind, err := media.GlanceAt(in.Reader(), in.Size)
	if err != nil {
		return nil, err
	}
	p.SHA256, p.Original = in.SHA256, originalName(in.SHA256)
	if err := s.blobs.Put(ctx, p.Original, in.Size, in.Reader()); err != nil {
		return nil, err
	}
	kept, err := s.insert(ctx, a, p, kind)
	if err != nil {
		return nil, err
	}
	// What nobody else had may have been cleared away between the two; now that
	// the row is there it stays.
	if err := s.blobs.Put(ctx, p.Original, in.Size, in.Reader()); err != nil {
		return nil, err
	}
	return &Added{Photo: kept, Again: kept != p}, nil
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
		if err := tx.QueryRow(`SELECT count(*) FROM photos WHERE member = $1 AND state = 'waiting' AND place IS NOT NULL AND becomes IN ('', 'waiting')`, a.ID).Scan(&n); err != nil {
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
	if s.rules == nil || a.Role.AtLeast(actor.Editor) {
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
		n, since := 0, db.Millis(s.db.Now().Add(-24*time.Hour))
		err := tx.QueryRow(`SELECT count(*) FROM photos WHERE member = $1 AND added_at > $2 AND becomes <> 'refused'`, a.ID, since).Scan(&n)
		if err == nil && n >= most {
			// The oldest that must be a day old before another may come.
			var at int64
			if err = tx.QueryRow(`SELECT added_at FROM photos WHERE member = $1 AND added_at > $2 AND becomes <> 'refused' ORDER BY added_at LIMIT 1 OFFSET $3`,
				a.ID, since, int64(n-most)).Scan(&at); err != nil {
				return err
			}
			err = errs.TooSoon(time.Duration(at-since)*time.Millisecond, "You have sent %d photos in 24 hours, which is the most for now. More accepted work means more a day.", n)
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
	return set.Contributing.Held(setting.OfPhoto, t.said()), err
}

func originalName(sum string) string { return "originals/" + sum[:2] + "/" + sum }

func variantName(file string) string { return "variants/" + file[:2] + "/" + file }

// insert writes the row and the job, or finds that the same bytes are there.
func (s *Photos) insert(ctx context.Context, a actor.Actor, p *Photo, kind media.Kind) (kept *Photo, err error) {
	id := s.db.NewID()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p.ID, p.Added = id, s.db.Now()
		kept = p
		if err := s.lock(tx, a, p); err != nil {
			return err
		}
		if there, err := sameAs(tx, p); err != nil || there != nil {
			if kept = there; there != nil {
				tx.Made(there.ID)
			}
			return err
		}
		tx.Made(p.ID)
		position, err := p.nextPosition(tx)
		if err != nil {
			return err
		}
		columns := []string{"id", "place", "draft", "submission", "of_place", "visit", "becomes", "file", "position", "caption", "alt", "credit", "licence", "width", "height", "drawing",
			"variants", "added_at", "member", "state", "original", "sha256", "format", "focus_x", "focus_y"}
		err = tx.Insert("photos", columns, 1, func(_ int, into []any) {
			copy(into, []any{p.ID, orNull(p.Place), p.Draft, p.Submission, p.OfPlace, p.Visit, string(p.Becomes), p.File, int64(position), p.Caption, p.Alt, p.Credit, p.Licence, int64(0), int64(0), false,
				"{}", db.Millis(p.Added), p.Member, string(p.State), p.Original, p.SHA256, string(kind), int64(p.FocusX), int64(p.FocusY)})
		})
		if err != nil {
			return err
		}
		if p.Place != 0 {
			if err := audit.Write(tx, a, "add", LogKind, p.ID, map[string]any{"place": place.PublicID(p.Place), "state": p.Becomes}); err != nil {
				return err
			}
		}
		return job.Enqueue(tx, Preparing{p.SHA256}, job.Once(p.SHA256))
	})
	return kept, err
}

// lock makes whoever adds to the same place, form or visit wait for the other:
// two of the same bytes meet here.
func (s *Photos) lock(tx *db.Tx, a actor.Actor, p *Photo) error {
	if p.Visit != 0 {
		return s.roomAt(tx, a, p)
	}
	if p.Place == 0 {
		_, err := tx.Exec(`UPDATE members SET id = id WHERE id = $1`, p.Member)
		return err
	}
	n, err := tx.Exec(`UPDATE places SET photos = photos WHERE id = $1`, p.Place)
	if err == nil && n == 0 {
		err = notThere()
	}
	return err
}

// nextPosition is behind all others of the place or beside the form.
func (p *Photo) nextPosition(tx *db.Tx) (n int, err error) {
	if p.Place != 0 {
		n, err = lastPosition(tx, p.Place)
		return n + 1, err
	}
	if p.Visit != 0 {
		err = tx.QueryRow(`SELECT coalesce(max(position) + 1, 0) FROM photos WHERE visit = $1 AND visit <> 0`, p.Visit).Scan(&n)
		return n, err
	}
	err = tx.QueryRow(`SELECT coalesce(max(position) + 1, 0) FROM photos WHERE `+beside, p.Member, p.Draft, p.Submission).Scan(&n)
	return n, err
}

// sameAs finds the photo that was made of the same bytes: of the place, or
// beside the same form.
func sameAs(tx *db.Tx, p *Photo) (*Photo, error) {
	if at := max(p.Place, p.OfPlace); at != 0 {
		if there, err := sameIn(tx, at, p.SHA256); err != nil || there != nil {
			return there, err
		}
	}
	if p.Place != 0 {
		return nil, nil
	}
	if p.Visit != 0 {
		return sameAt(tx, p)
	}
	list, err := listed(tx, `SELECT `+columns+` FROM photos WHERE sha256 = $4 AND becomes <> 'refused' AND `+beside+` ORDER BY id LIMIT 1`, p.Member, p.Draft, p.Submission, p.SHA256)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// sent tells who looks at photos: of all but those of editors.
func (s *Photos) sent(tx *db.Tx, p *Photo, held []string) error {
	if s.queue == nil {
		return nil
	}
	var role string
	if err := tx.QueryRow(`SELECT coalesce((SELECT role FROM members WHERE id = $1), '')`, p.Member).Scan(&role); err != nil {
		return err
	}
	if p.State == Public && actor.Role(role).AtLeast(actor.Editor) {
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

// told gives the reason of an error that the sender can do something about.
func told(err error) (string, bool) {
	var e *errs.Error
	if errors.As(err, &e) && (e.Code == errs.Invalid || e.Code == errs.TooLarge) {
		return e.Message, true
	}
	return "", false
}
