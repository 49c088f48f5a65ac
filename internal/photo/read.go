package photo

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/media"
	"mirabilia/internal/place"
	"mirabilia/internal/takedown"
)

const columns = `id, coalesce(place, 0), draft, submission, of_place, visit, becomes, file, taken_lat, taken_lon, coalesce(member, 0), caption, alt, credit, licence, width, height, drawing, variants, state, reason, original, sha256, stem,
	blur, focus_x, focus_y, coalesce(alike, 0), added_at, written`

func scan(row interface{ Scan(...any) error }) (*Photo, error) {
	p := new(Photo)
	var variants, written string
	var added int64
	var lat, lon sql.NullFloat64
	err := row.Scan(&p.ID, &p.Place, &p.Draft, &p.Submission, &p.OfPlace, &p.Visit, &p.Becomes, &p.File, &lat, &lon, &p.Member, &p.Caption, &p.Alt, &p.Credit, &p.Licence, &p.Width, &p.Height, &p.Drawing, &variants, &p.State, &p.Reason,
		&p.Original, &p.SHA256, &p.Stem, &p.Blur, &p.FocusX, &p.FocusY, &p.Alike, &added, &written)
	if err != nil {
		return nil, err
	}
	if written != "" {
		if err := json.Unmarshal([]byte(written), &p.Written); err != nil {
			return nil, err
		}
	}
	p.Added = db.Time(added)
	if lat.Valid && lon.Valid {
		p.Taken = &media.Taken{Located: true, Lat: lat.Float64, Lon: lon.Float64}
	}
	return p, json.Unmarshal([]byte(variants), &p.URLs)
}

func listed(tx *db.Tx, text string, args ...any) (list []*Photo, err error) {
	rows, err := tx.Query(text, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		p, err := scan(r)
		list = append(list, p)
		return err
	})
	return list, err
}

func byID(tx *db.Tx, id int64) (*Photo, error) {
	p, err := scan(tx.QueryRow(`SELECT `+columns+` FROM photos WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notThere()
	}
	return p, err
}

// sameIn finds the photo of a place that was made of the same bytes and is not
// taken down; nil when there is none.
func sameIn(tx *db.Tx, placeID int64, sum string) (*Photo, error) {
	list, err := listed(tx, `SELECT `+columns+` FROM photos WHERE sha256 = $1 AND sha256 <> '' AND place = $2 AND state <> 'down' AND becomes NOT IN ('refused', 'gone') ORDER BY id LIMIT 1`, sum, placeID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// alikeIn finds a photo that looks nearly the same as p: any of its place or its
// form, or one elsewhere whose hash is equal. What others have beside their
// forms stays theirs.
func alikeIn(tx *db.Tx, p *Photo, hash uint64) (alike int64, err error) {
	best := media.Near + 1
	rows, err := tx.Query(`SELECT id, hash FROM photos WHERE place = $1 AND hash <> 0 AND id <> $3
		UNION ALL SELECT id, hash FROM photos WHERE draft = $4 AND draft <> 0 AND hash <> 0 AND id < $3 AND becomes <> 'gone'
		UNION ALL SELECT id, hash FROM (SELECT id, hash FROM photos WHERE hash = $2 AND hash <> 0 AND place IS NOT NULL AND id <> $3 ORDER BY id LIMIT 1) AS elsewhere`,
		max(p.Place, p.OfPlace), int64(hash), p.ID, p.Draft)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id, other int64
		if err := r.Scan(&id, &other); err != nil {
			return err
		}
		if d := media.Distance(hash, uint64(other)); d < best {
			best, alike = d, id
		}
		return nil
	})
	return alike, err
}

// Seen lists the photos of a place that an actor may see: the public ones, the
// actor's own, and for its editors all.
func (s *Photos) Seen(ctx context.Context, a actor.Actor, p *place.Place) (list []*Photo, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := listed(tx, `SELECT `+columns+` FROM photos WHERE place = $1 ORDER BY place, position, id`, p.ID)
		list = nil
		for _, ph := range all {
			if ph.Becomes == Gone || ph.Becomes == Refused && ph.Member != a.ID {
				continue
			}
			if ph.State == Public || a.Edits(p.Destination) || a.SignedIn() && ph.Member == a.ID {
				list = append(list, ph)
			}
		}
		return err
	})
	return list, err
}

// Given lists the public photos that a member sent, on public places, the newest
// first, after the photo after (0 starts).
func (s *Photos) Given(ctx context.Context, member, after int64, limit int) (list []*Photo, err error) {
	if after == 0 {
		after = 1<<63 - 1
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listed(tx, `SELECT `+columns+` FROM photos f WHERE member = $1 AND state = 'public' AND id < $2
			AND EXISTS (SELECT 1 FROM places p WHERE p.id = f.place AND p.state = 'published') ORDER BY id DESC LIMIT $3`, member, after, limit)
		return err
	})
	return list, err
}

// GivenBetween counts those that were sent from one moment to before another.
func (s *Photos) GivenBetween(ctx context.Context, member int64, from, to time.Time) (n int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM photos f JOIN places p ON p.id = f.place AND p.state = 'published'
			WHERE f.member = $1 AND f.state = 'public' AND f.added_at >= $2 AND f.added_at < $3`, member, db.Millis(from), db.Millis(to)).Scan(&n)
	})
	return n, err
}

// Waits lists what waits for the desk, the oldest first, after the photo
// after; nil starts.
func (s *Photos) Waits(ctx context.Context, a actor.Actor, after *Photo, limit int) (list []*Photo, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	at, id := int64(-1), int64(0)
	if after != nil {
		at, id = db.Millis(after.Added), after.ID
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listed(tx, `SELECT `+columns+` FROM photos WHERE state = 'waiting' AND place IS NOT NULL AND becomes = '' AND (added_at, id) > ($1, $2) ORDER BY state, added_at, id LIMIT $3`, at, id, limit)
		return err
	})
	return list, err
}

// In reads a photo inside another use case's transaction, whatever its state.
func (s *Photos) In(tx *db.Tx, id int64) (*Photo, error) { return byID(tx, id) }

// About is what is written about it.
func (p *Photo) About() About {
	return About{Caption: p.Caption, Alt: p.Alt, Credit: p.Credit, Licence: p.Licence, FocusX: p.FocusX, FocusY: p.FocusY}
}

// Find gives one photo to whom it concerns: its sender and editors; to others
// only when it is public. Those of a visit are seen by who sees the visit.
func (s *Photos) Find(ctx context.Context, a actor.Actor, id int64) (p *Photo, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p, err = byID(tx, id); err != nil {
			return err
		}
		mine := a.SignedIn() && p.Member == a.ID
		switch {
		case p.Becomes == Gone || p.Becomes == Refused && !mine:
			p = nil
			return notThere()
		case mine:
			return nil
		case p.Visit != 0:
			sees := false
			if s.visits != nil {
				sees, err = s.visits.Sees(tx, a, p.Visit)
			}
			if err == nil && (!sees || p.Becomes != Ready) {
				p, err = nil, notThere()
			}
			return err
		case p.Place == 0: // beside a form: editors see it when it was sent
			if p.Submission == 0 || !a.Role.AtLeast(actor.Editor) {
				p = nil
				return notThere()
			}
			return nil
		}
		destination, err := destinationOf(tx, p.Place)
		if err == nil && p.State != Public && !a.Edits(destination) {
			p, err = nil, notThere()
		}
		return err
	})
	return p, err
}

func destinationOf(tx *db.Tx, placeID int64) (destination string, err error) {
	err = tx.QueryRow(`SELECT destination FROM places WHERE id = $1`, placeID).Scan(&destination)
	return destination, err
}

// file is the name of a variant: stem, width, format.
var file = regexp.MustCompile(`^([0-9a-f]{32})-([1-9][0-9]{0,3})\.(webp|jpg)$`)

// Variant opens a variant by its name, as long as a photo that it belongs to is
// public; errs.Gone when it was taken down. kind is its media type.
func (s *Photos) Variant(ctx context.Context, name string) (content io.ReadCloser, size int64, kind string, err error) {
	m := file.FindStringSubmatch(name)
	if m == nil {
		return nil, 0, "", notThere()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		public, down, away := 0, int64(0), int64(0)
		err := tx.QueryRow(`SELECT coalesce(sum(CASE WHEN f.state = 'public' AND p.state <> 'withdrawn' THEN 1 ELSE 0 END), 0),
			coalesce(max(CASE WHEN f.state = 'down' THEN f.id ELSE 0 END), 0), coalesce(max(CASE WHEN p.state = 'withdrawn' THEN p.id ELSE 0 END), 0)
			FROM photos f JOIN places p ON p.id = f.place WHERE f.stem = $1 AND f.stem <> ''`, m[1]).Scan(&public, &down, &away)
		gone := errs.New(errs.Gone, "This photo was taken down.")
		switch {
		case err != nil || public > 0:
			return err
		case down > 0:
			return takedown.Gone(tx, LogKind, down, gone)
		case away > 0:
			return takedown.Gone(tx, place.LogKind, away, gone)
		}
		return notThere()
	})
	if err != nil {
		return nil, 0, "", err
	}
	content, size, err = s.blobs.Open(ctx, variantName(name))
	return content, size, typeOf(m[3]), err
}

func typeOf(end string) string {
	if end == "jpg" {
		return media.JPEG.Type()
	}
	return media.WebP.Type()
}

// Preview opens the WebP of a photo that may still wait, by width, for those who
// may see it.
func (s *Photos) Preview(ctx context.Context, a actor.Actor, id int64, width int) (io.ReadCloser, int64, error) {
	p, err := s.Find(ctx, a, id)
	if err != nil {
		return nil, 0, err
	}
	if p.Stem == "" || p.URLs[width] == "" {
		return nil, 0, notThere()
	}
	return s.blobs.Open(ctx, variantName(p.Stem+"-"+strconv.Itoa(width)+".webp"))
}

// Check holds the rows against the files, for mirabilia doctor: a line a fault.
func (s *Photos) Check(ctx context.Context) (faults []string, err error) {
	var all []*Photo
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = listed(tx, `SELECT `+columns+` FROM photos WHERE sha256 <> '' AND becomes NOT IN ('refused', 'gone') ORDER BY id`)
		return err
	})
	for _, p := range all {
		for _, n := range p.files() {
			size, e := s.blobs.Size(ctx, n)
			switch {
			case errs.Is(e, errs.NotFound) || e == nil && size == 0:
				faults = append(faults, "the file "+n+" of photo "+strconv.FormatInt(p.ID, 10)+" is not there")
			case e != nil:
				return faults, e
			}
		}
	}
	return faults, err
}

// files are the names of all that the store keeps of a photo.
func (p *Photo) files() []string {
	names := []string{p.Original}
	for w := range p.URLs {
		stem := p.Stem + "-" + strconv.Itoa(w)
		names = append(names, variantName(stem+".webp"), variantName(stem+".jpg"))
	}
	return names
}
