// Package page holds the pages that are neither places nor lists: about,
// questions, privacy and the like. Their default texts are embedded and are
// true of the program as it is; an atlas may put its own in their place.
package page

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync/atomic"

	"mirabilia/internal/db"
	"mirabilia/internal/text"
)

//go:embed texts/*.md
var texts embed.FS

// Page is one page by its slug.
type Page struct {
	Slug        string
	Title       string
	Description string // one sentence, for search engines and feeds
	Source      string // Markdown
	Body        text.SafeHTML
}

// Pages is the set of pages of an atlas; safe for concurrent use.
type Pages struct {
	ours  map[string]*Page // the embedded ones
	slugs []string
	db    *db.DB
	own   atomic.Pointer[map[string]*Page] // what this atlas says instead
}

// Open reads the embedded texts; those of the atlas come with Refresh. It fails
// only on a broken build.
func Open(d *db.DB) (*Pages, error) {
	p, err := read(texts, "texts")
	if err == nil {
		p.db = d
	}
	return p, err
}

func read(from fs.FS, dir string) (*Pages, error) {
	entries, err := fs.ReadDir(from, dir)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	p := &Pages{ours: map[string]*Page{}}
	for _, e := range entries {
		raw, err := fs.ReadFile(from, path.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
		one, err := parse(strings.TrimSuffix(e.Name(), ".md"), string(raw))
		if err != nil {
			return nil, err
		}
		p.ours[one.Slug] = one
		p.slugs = append(p.slugs, one.Slug)
	}
	sort.Strings(p.slugs)
	return p, nil
}

// parse reads one text: a head between two lines of dashes with title and
// description, then Markdown.
func parse(slug, raw string) (*Page, error) {
	head, body, ok := strings.Cut(strings.TrimPrefix(raw, "---\n"), "\n---\n")
	if !ok {
		return nil, fmt.Errorf("page: %s.md has no head between two lines of dashes", slug)
	}
	p := &Page{Slug: slug, Source: body, Body: text.Markdown(body)}
	for _, line := range strings.Split(head, "\n") {
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); name {
		case "title":
			p.Title = value
		case "description":
			p.Description = value
		default:
			return nil, fmt.Errorf("page: %s.md: unknown line %q in the head", slug, line)
		}
	}
	if p.Title == "" || p.Description == "" {
		return nil, fmt.Errorf("page: %s.md needs a title and a description", slug)
	}
	return p, nil
}

// BySlug is the page of a slug, in the atlas's own words where it has some.
func (p *Pages) BySlug(slug string) (*Page, bool) {
	if own := p.own.Load(); own != nil {
		if one, ok := (*own)[slug]; ok {
			return one, true
		}
	}
	one, ok := p.ours[slug]
	return one, ok
}

// IsOwn reports whether the atlas has put words of its own in the place of ours.
func (p *Pages) IsOwn(slug string) bool {
	own := p.own.Load()
	return own != nil && (*own)[slug] != nil
}

// Slugs lists every page, sorted.
func (p *Pages) Slugs() []string { return p.slugs }
