package destination

import (
	"context"
	"database/sql"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/polygon"
	"mirabilia/internal/text"
)

// The kinds of what editors draw.
const (
	KindArea  = "area"
	KindMetro = "metro"
)

// Limits of all areas together: a start reads every outline.
const (
	MaxAreas     = 1000
	MaxAllPoints = 1_000_000
	maxAreaName  = 120
	maxAreaIntro = 20_000
)

// Area is a destination that an editor has drawn: an island, a park, what
// belongs to a large city. Its path is country/slug. What lies in it is what
// its outline holds, wherever the tree has it.
type Area struct {
	Path, Kind, Name string
	Intro            string // Markdown, "" for none
	Outline          *polygon.Shape
	// Revision counts the changes. One that is given when an area is put must
	// be the present one; 0 is any.
	Revision int64
}

// Draws reports whether who asks may draw and remove an area of that path:
// an editor of its country, or of the area itself.
func Draws(a actor.Actor, path string) error {
	if err := a.Needs(actor.Editor); err != nil {
		return err
	}
	if !a.Edits(path) {
		return errs.New(errs.Denied, "You are an editor of other regions than this one.")
	}
	return nil
}

// PutArea keeps an area, in place of the one of the same path if there is one,
// and tells whether it is new.
func (s *Destinations) PutArea(ctx context.Context, by actor.Actor, a Area) (created bool, err error) {
	if err := Draws(by, a.Path); err != nil {
		return false, err
	}
	if err := s.checkArea(&a); err != nil {
		return false, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := areaRevision(tx, a.Path)
		if err != nil {
			return err
		}
		created = before == 0
		if a.Revision != 0 && a.Revision != before {
			return errs.New(errs.Conflict, "Somebody else has changed this area meanwhile. Load it again, then change it.")
		}
		if err := roomFor(tx, &a, created); err != nil {
			return err
		}
		if err := putArea(tx, &a, before+1); err != nil {
			return err
		}
		changes.Append(tx, Kind, ID(a.Path), changes.Put)
		return nil
	})
	return created, err
}

// RemoveArea takes an area away; errs.NotFound when there is none.
func (s *Destinations) RemoveArea(ctx context.Context, by actor.Actor, path string) error {
	if err := Draws(by, path); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := areaRevision(tx, path)
		if err != nil {
			return err
		}
		if before == 0 {
			return noArea()
		}
		if _, err := tx.Exec(`DELETE FROM areas WHERE path = $1`, path); err != nil {
			return err
		}
		changes.Append(tx, Kind, ID(path), changes.Drop)
		return nil
	})
}

// Area reads one area whole; errs.NotFound when there is none.
func (s *Destinations) Area(ctx context.Context, path string) (*Area, error) {
	list, err := s.areasWhere(ctx, `WHERE path = $1`, path)
	if err == nil && len(list) == 0 {
		err = noArea()
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// Areas reads all areas whole, by path.
func (s *Destinations) Areas(ctx context.Context) ([]Area, error) { return s.areasWhere(ctx, ``) }

// AreasByID reads those of some areas that are there.
func (s *Destinations) AreasByID(ctx context.Context, ids []int64) ([]Area, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := db.Padded(ids)
	return s.areasWhere(ctx, `WHERE id IN (`+db.In(len(args), 1)+`)`, args...)
}

// Found is the area as the finder takes it.
func (a *Area) Found() finder.Area {
	return finder.Area{Path: a.Path, Name: a.Name, Kind: a.Kind, Shape: a.Outline}
}

// AreaDoc is what the finder learns of an area as a destination to be found by
// name. places is how many it holds.
func (s *Destinations) AreaDoc(a finder.Area, places int) finder.Doc {
	d := finder.Doc{Ref: finder.Ref{Kind: finder.Destination, ID: ID(a.Path)}, Slug: a.Path, Title: a.Name, Rank: float32(places)}
	if n, ok := s.gaz.ByPath(countryOf(a.Path)); ok {
		d.In, d.Subtitle = []string{n.Path}, n.Name
	}
	return d
}

// CheckPath says why an area cannot have a path, nil when it can.
func (s *Destinations) CheckPath(path string) error {
	country, slug, ok := strings.Cut(path, "/")
	switch n, known := s.gaz.ByPath(country); {
	case !ok || !known || n.Level != gazetteer.Country || n.Path != country:
		return errs.InField("path", "begins with a country, as in france/massif-central")
	case !text.IsSlug(slug):
		return errs.InField("path", "ends with lower-case letters, digits and hyphens, as in france/massif-central")
	}
	if n, taken := s.gaz.ByPath(path); taken {
		return errs.InField("path", "is the address of the %s %s already", n.Level, n.Name)
	}
	return nil
}

func (s *Destinations) checkArea(a *Area) error {
	a.Name, a.Intro = strings.Join(strings.Fields(text.Clean(a.Name)), " "), strings.TrimSpace(text.Clean(a.Intro))
	if err := s.CheckPath(a.Path); err != nil {
		return err
	}
	switch {
	case a.Kind != KindArea && a.Kind != KindMetro:
		return errs.InField("kind", "is area or metro")
	case a.Name == "" || len(a.Name) > maxAreaName:
		return errs.InField("name", "has 1 to %d letters", maxAreaName)
	case len(a.Intro) > maxAreaIntro:
		return errs.InField("intro", "is longer than %d letters", maxAreaIntro)
	case a.Outline == nil:
		return errs.InField("outline", "is missing: draw it, or give a GeoJSON file")
	}
	return nil
}

func noArea() error { return errs.New(errs.NotFound, "there is no such area") }

func countryOf(path string) string {
	country, _, _ := strings.Cut(path, "/")
	return country
}

// guideOfArea is ByPath for what the gazetteer does not know.
func (s *Destinations) guideOfArea(ctx context.Context, path string) (*Guide, error) {
	country, ok := s.gaz.ByPath(countryOf(path))
	if !ok || strings.Count(path, "/") != 1 {
		return nil, errs.New(errs.NotFound, "there is no such destination")
	}
	g := &Guide{Above: []*gazetteer.Node{country}}
	g.Path, g.CountryCode = path, country.CountryCode
	var kind string
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT kind, name, intro, lat, lon FROM areas WHERE path = $1`, path).
			Scan(&kind, &g.Name, &g.Intro, &g.Lat, &g.Lon)
	})
	if errs.Is(err, errs.NotFound) {
		return nil, errs.New(errs.NotFound, "there is no such destination")
	}
	g.Level = levelOf(kind)
	return g, err
}

func levelOf(kind string) gazetteer.Level {
	if kind == KindMetro {
		return gazetteer.Metro
	}
	return gazetteer.Area
}

// IsArea reports whether a destination is one that was drawn.
func IsArea(n *gazetteer.Node) bool { return n.Level == gazetteer.Area || n.Level == gazetteer.Metro }

// areaRevision is the present revision of an area, 0 when there is none.
func areaRevision(tx *db.Tx, path string) (n int64, err error) {
	err = tx.QueryRow(`SELECT revision FROM areas WHERE path = $1`, path).Scan(&n)
	if errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	return n, err
}

// roomFor refuses what would make the areas too many to be read at a start.
func roomFor(tx *db.Tx, a *Area, created bool) error {
	var count, points int64
	err := tx.QueryRow(`SELECT COUNT(*), COALESCE(SUM(points), 0) FROM areas WHERE path <> $1`, a.Path).Scan(&count, &points)
	switch {
	case err != nil:
		return err
	case created && count >= MaxAreas:
		return errs.New(errs.Conflict, "There are %d areas, which is as many as an atlas can have. Remove one first.", MaxAreas)
	case points+int64(a.Outline.Points()) > MaxAllPoints:
		return errs.New(errs.Conflict, "The outlines of all areas together would have more than %d points. Simplify this one.", MaxAllPoints)
	}
	return nil
}

func putArea(tx *db.Tx, a *Area, revision int64) error {
	at, now := a.Outline.Centre(), tx.DB().Millis()
	_, err := tx.Exec(`INSERT INTO areas (id, path, kind, name, intro, lat, lon, points, revision, created_at, updated_at, outline)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, name = excluded.name, intro = excluded.intro, lat = excluded.lat,
			lon = excluded.lon, points = excluded.points, revision = excluded.revision, updated_at = excluded.updated_at,
			outline = excluded.outline`,
		ID(a.Path), a.Path, a.Kind, a.Name, a.Intro, at.Lat, at.Lon, a.Outline.Points(), revision, now, now, string(a.Outline.GeoJSON()))
	return err
}

// areasWhere reads areas whole. There are at most MaxAreas.
func (s *Destinations) areasWhere(ctx context.Context, where string, args ...any) (out []Area, err error) {
	var outlines []string
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, outlines = nil, nil
		rows, err := tx.Query(`SELECT path, kind, name, intro, revision, outline FROM areas `+where+` ORDER BY path`, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var a Area
			var outline string
			err := r.Scan(&a.Path, &a.Kind, &a.Name, &a.Intro, &a.Revision, &outline)
			out, outlines = append(out, a), append(outlines, outline)
			return err
		})
	})
	for i := range out {
		if err == nil {
			out[i].Outline, err = polygon.Parse(strings.NewReader(outlines[i]))
		}
	}
	return out, err
}
