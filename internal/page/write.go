package page

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
)

// What a page may have, in letters; its text in bytes.
const (
	maxTitle       = 80
	maxDescription = 300
	maxSource      = 64 << 10
)

// Words are a page as an admin writes it.
type Words struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Source      string `json:"source"` // Markdown
}

// Words are those of a page.
func (p *Page) Words() Words { return Words{p.Title, p.Description, p.Source} }

// Stamp changes when the words do; see Write.
func (w Words) Stamp() string {
	sum := sha256.Sum256([]byte(w.Title + "\x00" + w.Description + "\x00" + w.Source))
	return fmt.Sprintf("%x", sum[:8])
}

// Check says in which fields words cannot be.
func (w Words) Check() error {
	e := &errs.Error{Code: errs.Invalid, Message: "Nothing was kept."}
	wrong := func(field, format string, args ...any) {
		e.Fields = append(e.Fields, errs.Field{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	for _, x := range []struct {
		field, value string
		most         int
	}{{"title", w.Title, maxTitle}, {"description", w.Description, maxDescription}} {
		switch n := utf8.RuneCountInString(x.value); {
		case text.CleanLine(x.value) == "":
			wrong(x.field, "is needed")
		case n > x.most:
			wrong(x.field, "has %d letters; %d are the most", n, x.most)
		case strings.ContainsAny(x.value, "\r\n"):
			wrong(x.field, "is one line")
		}
	}
	switch {
	case strings.TrimSpace(w.Source) == "":
		wrong("source", "is needed")
	case len(w.Source) > maxSource:
		wrong("source", "has %d bytes; %d are the most", len(w.Source), maxSource)
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// The rows of pages stand among the settings, under names of their own: what is
// read there follows the same log.
const (
	prefix     = "page/"
	afterwards = "page0" // the first name behind all that begin with prefix
)

// Refresh reads the atlas's own pages anew; the follower of the log calls it
// when it meets the kind of settings.
func (p *Pages) Refresh(ctx context.Context) error {
	own := map[string]*Page{}
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		clear(own)
		rows, err := tx.Query(`SELECT name, value FROM settings WHERE name >= $1 AND name < $2 ORDER BY name`, prefix, afterwards)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var name, value string
			if err := r.Scan(&name, &value); err != nil {
				return err
			}
			var w Words
			if err := json.Unmarshal([]byte(value), &w); err != nil {
				return errs.Wrap(err, errs.Internal, "the page %s in the database is damaged", name)
			}
			slug := strings.TrimPrefix(name, prefix)
			own[slug] = &Page{Slug: slug, Title: w.Title, Description: w.Description, Source: w.Source, Body: text.Markdown(w.Source)}
			return nil
		})
	})
	if err == nil {
		p.own.Store(&own)
	}
	return err
}

// Write puts an admin's words in the place of a page's. seen is the stamp of
// the words that they were shown: what another wrote since is not lost unawares.
func (p *Pages) Write(ctx context.Context, a actor.Actor, slug, seen string, w Words) error {
	w.Source = strings.ReplaceAll(w.Source, "\r\n", "\n")
	if err := a.Needs(actor.Admin); err != nil {
		return err
	}
	if err := w.Check(); err != nil {
		return err
	}
	value, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return p.change(ctx, a, slug, seen, "write", func(tx *db.Tx, old string) (int64, error) {
		if old == "" {
			return tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`, prefix+slug, string(value), tx.DB().Millis())
		}
		return tx.Exec(`UPDATE settings SET value = $2, updated_at = $3 WHERE name = $1 AND value = $4`, prefix+slug, string(value), tx.DB().Millis(), old)
	})
}

// Reset gives a page the words back that came with the program.
func (p *Pages) Reset(ctx context.Context, a actor.Actor, slug, seen string) error {
	if err := a.Needs(actor.Admin); err != nil {
		return err
	}
	return p.change(ctx, a, slug, seen, "reset", func(tx *db.Tx, old string) (int64, error) {
		if old == "" {
			return 1, nil // it has them
		}
		return tx.Exec(`DELETE FROM settings WHERE name = $1 AND value = $2`, prefix+slug, old)
	})
}

// change does fn to the row of a page, whose value is old ("" for none) as long
// as fn finds it so: it tells how many rows it met.
func (p *Pages) change(ctx context.Context, a actor.Actor, slug, seen, action string, fn func(tx *db.Tx, old string) (int64, error)) error {
	ours, known := p.ours[slug]
	if !known {
		return errs.New(errs.NotFound, "There is no page of this name.")
	}
	err := p.db.Write(ctx, func(tx *db.Tx) error {
		now, old := ours.Words(), ""
		err := tx.QueryRow(`SELECT value FROM settings WHERE name = $1`, prefix+slug).Scan(&old)
		switch {
		case errs.Is(err, errs.NotFound):
			err = nil
		case err == nil:
			now = Words{}
			err = json.Unmarshal([]byte(old), &now)
		}
		if err != nil {
			return err
		}
		if now.Stamp() != seen {
			return setting.Stale()
		}
		if n, err := fn(tx, old); err != nil {
			return err
		} else if n == 0 { // somebody was quicker by less than this transaction
			return setting.Stale()
		}
		changes.Append(tx, setting.LogKind, 1, changes.Put)
		return audit.Write(tx, a, action, "page", 0, map[string]any{"page": slug})
	})
	if err != nil {
		return err
	}
	return p.Refresh(ctx)
}
