// Package tag holds the themes of the atlas (museums, ruins, caves): a slug in
// the addresses, a name for people, and what editors say about it. Which
// entries carry a tag stands with the entries; counts and related tags come
// from the finder.
package tag

import (
	"context"
	"database/sql"
	"hash/fnv"
	"strings"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/text"
)

// Kind is the kind of tags in the log of changes.
const Kind = "tag"

// maxName is the longest name of a tag in bytes.
const maxName = 80

// Tag is one theme.
type Tag struct {
	Slug  string
	Name  string
	Intro string // Markdown, by editors; "" for none
}

// Path is the path of the page.
func (t Tag) Path() string { return "/tags/" + t.Slug }

// ID is the number under which the log and the finder know the tag: drawn from
// the slug, so that every node has the same without asking.
func (t Tag) ID() int64 { return ID(t.Slug) }

// ID is the number of the tag with a slug.
func ID(slug string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(slug))
	return int64(h.Sum64() >> 1)
}

// Doc is what the finder learns of the tag.
func (t Tag) Doc() finder.Doc {
	return finder.Doc{
		Ref:   finder.Ref{Kind: finder.Tag, ID: t.ID()},
		Slug:  t.Slug,
		Title: t.Name,
		Body:  text.Plain(t.Intro),
	}
}

// Of makes a tag from what somebody wrote: "" in Slug when nothing is left.
func Of(written string) Tag {
	name := strings.Trim(strings.Map(func(r rune) rune {
		switch r {
		case ';', '|', '#', '<', '>': // separators of lists, and what opens other things
			return ' '
		}
		return r
	}, written), " ,.")
	name = text.CleanLine(name)
	if len(name) > maxName {
		name = strings.TrimSpace(strings.ToValidUTF8(name[:maxName], ""))
	}
	if text.Fold(name) == "" {
		return Tag{}
	}
	return Tag{Slug: text.Slug(name), Name: name}
}

// Tags is the use cases of tags.
type Tags struct{ db *db.DB }

// New makes the use cases on a database.
func New(d *db.DB) *Tags { return &Tags{d} }

// Note makes those of the tags that are not there yet, in the caller's
// transaction, and puts them into the log.
func Note(tx *db.Tx, tags []Tag) error {
	for _, t := range tags {
		n, err := tx.Exec(`INSERT INTO tags (slug, name, intro, updated_at) VALUES ($1, $2, '', $3) ON CONFLICT (slug) DO NOTHING`,
			t.Slug, t.Name, tx.DB().Millis())
		if err != nil {
			return err
		}
		if n > 0 {
			changes.Append(tx, Kind, t.ID(), changes.Put)
		}
	}
	return nil
}

// BySlug finds one tag; errs.NotFound when nothing was ever tagged so.
func (s *Tags) BySlug(ctx context.Context, slug string) (t Tag, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT slug, name, intro FROM tags WHERE slug = $1`, slug).Scan(&t.Slug, &t.Name, &t.Intro)
	})
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "there is no tag of that name")
	}
	return t, err
}

// All lists every tag by name.
func (s *Tags) All(ctx context.Context) (list []Tag, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT slug, name, intro FROM tags ORDER BY slug`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var t Tag
			err := r.Scan(&t.Slug, &t.Name, &t.Intro)
			list = append(list, t)
			return err
		})
	})
	return list, err
}

// Names gives the names of tags by their slugs; those not known keep the slug.
func (s *Tags) Names(ctx context.Context, slugs []string) (names map[string]string, err error) {
	names = make(map[string]string, len(slugs))
	for _, slug := range slugs {
		names[slug] = slug
	}
	if len(slugs) == 0 {
		return names, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		args := make([]any, len(slugs))
		for i, slug := range slugs {
			args[i] = slug
		}
		rows, err := tx.Query(`SELECT slug, name FROM tags WHERE slug IN (`+db.In(len(args), 1)+`)`, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var slug, name string
			err := r.Scan(&slug, &name)
			names[slug] = name
			return err
		})
	})
	return names, err
}

// Update sets the name and the intro of a tag.
func (s *Tags) Update(ctx context.Context, t Tag) error {
	name := text.CleanLine(t.Name)
	if name == "" || len(name) > maxName {
		return errs.InField("name", "write a name of at most %d letters", maxName)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE tags SET name = $2, intro = $3, updated_at = $4 WHERE slug = $1`,
			t.Slug, name, text.Clean(t.Intro), tx.DB().Millis())
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "there is no tag of that name")
		}
		changes.Append(tx, Kind, t.ID(), changes.Put)
		return nil
	})
}
