// Package destination holds the nodes of the geographic tree, country → region
// → city, each with a guide, and the areas and metros that editors draw over
// it. Which node a place is in comes from its position by the gazetteer, which
// areas it is in from the finder; what editors say about a destination is kept
// here; counts come from the finder.
package destination

import (
	"context"
	"hash/fnv"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/text"
)

// Kind is the kind of destinations in the log of changes.
const Kind = "destination"

// Gazetteer is what destinations ask of package gazetteer.
type Gazetteer interface {
	ByPath(path string) (*gazetteer.Node, bool)
	Ancestors(path string) []*gazetteer.Node
	Names(path string) []gazetteer.Name
}

// Guide is a destination with what its page says of itself.
type Guide struct {
	gazetteer.Node
	// Above are the destinations that contain it, the widest first.
	Above []*gazetteer.Node
	Intro string // Markdown, by editors; "" for none
}

// Href is the path of the page.
func (g *Guide) Href() string { return Href(g.Path) }

// Href is the path of the page of a destination.
func Href(path string) string { return "/destinations/" + path }

// ID is the number under which the log and the finder know a destination:
// drawn from its path, so that every node has the same without asking.
func ID(path string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(path))
	return int64(h.Sum64() >> 1)
}

// Destinations is the use cases of destinations.
type Destinations struct {
	db  *db.DB
	gaz Gazetteer
}

// New makes the use cases on a database.
func New(d *db.DB, gaz Gazetteer) *Destinations { return &Destinations{d, gaz} }

// ByPath finds the guide of a destination; errs.NotFound when the gazetteer
// knows none.
func (s *Destinations) ByPath(ctx context.Context, path string) (*Guide, error) {
	n, ok := s.gaz.ByPath(path)
	if !ok {
		return s.guideOfArea(ctx, path)
	}
	g := &Guide{Node: *n}
	for _, a := range s.gaz.Ancestors(path) {
		if a.Path != n.Path {
			g.Above = append(g.Above, a)
		}
	}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT intro FROM destinations WHERE path = $1`, path).Scan(&g.Intro)
	})
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	return g, nil
}

// SetIntro sets what the guide of a destination of the tree says.
func (s *Destinations) SetIntro(ctx context.Context, path, intro string) error {
	if _, ok := s.gaz.ByPath(path); !ok {
		return errs.New(errs.NotFound, "there is no such destination")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO destinations (path, intro, updated_at) VALUES ($1, $2, $3)
			ON CONFLICT (path) DO UPDATE SET intro = excluded.intro, updated_at = excluded.updated_at`,
			path, text.Clean(intro), tx.DB().Millis())
		changes.Append(tx, Kind, ID(path), changes.Put)
		return err
	})
}

// Doc is what the finder learns of a destination, with its names in all
// languages; false when the gazetteer does not know it. places is how many
// places it holds, by which destinations are ranked.
func (s *Destinations) Doc(path string, places int) (finder.Doc, bool) {
	n, ok := s.gaz.ByPath(path)
	if !ok {
		return finder.Doc{}, false
	}
	d := finder.Doc{Ref: finder.Ref{Kind: finder.Destination, ID: ID(path)}, Slug: path, Title: n.Name, Rank: float32(places)}
	above := s.gaz.Ancestors(path)
	for _, a := range above {
		if a.Path != path {
			d.In = append(d.In, a.Path)
			d.Subtitle = a.Name
		}
	}
	for _, name := range s.gaz.Names(path) {
		if name.Name != n.Name {
			d.Aliases = append(d.Aliases, finder.Alias{Name: name.Name, Lang: name.Lang})
		}
	}
	return d, true
}
