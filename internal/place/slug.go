package place

import (
	"database/sql"
	"strconv"
	"strings"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/text"
)

// slugMemo remembers the next number to try behind a slug that many places
// want ("memorial-bench-412").
type slugMemo map[string]int

const slugMemoSize = 50_000

// giveSlugs gives each of the new places a slug that no other place has or had:
// the wanted one, else the one with its city, else one with a number.
func (im *Importer) giveSlugs(tx *db.Tx, list []*draft) error {
	taken := map[string]bool{} // in this part
	rest := list
	for round := 0; len(rest) > 0; round++ {
		for _, d := range rest {
			candidate, err := im.candidate(tx, d, round)
			if err != nil {
				return err
			}
			d.Slug = candidate
		}
		slugs := make([]string, len(rest))
		for i, d := range rest {
			slugs[i] = d.Slug
		}
		used, err := usedSlugs(tx, slugs)
		if err != nil {
			return err
		}
		again := rest[:0:0]
		for _, d := range rest {
			if used[d.Slug] || taken[d.Slug] {
				again = append(again, d)
				continue
			}
			taken[d.Slug] = true
		}
		rest = again
	}
	return nil
}

func (im *Importer) candidate(tx *db.Tx, d *draft, round int) (string, error) {
	base := d.wantSlug
	if base == "" {
		base = text.Slug(d.Title)
	}
	if round == 0 {
		return base, nil
	}
	if round == 1 && !d.Protected() { // the city must not be told by the slug either
		if node, ok := im.places.gaz.ByPath(d.Destination); ok {
			if city := text.Slug(node.Name); !strings.HasSuffix(base, city) {
				return withSuffix(base, city), nil
			}
		}
	}
	next, ok := im.slugs[base]
	if !ok {
		highest, err := highestNumber(tx, base)
		if err != nil {
			return "", err
		}
		next = highest + 1
		if len(im.slugs) >= slugMemoSize {
			clear(im.slugs)
		}
	}
	im.slugs[base] = next + 1
	return withSuffix(base, strconv.Itoa(next)), nil
}

// withSuffix joins the two, shortening the first so that both fit.
func withSuffix(base, suffix string) string {
	if over := len(base) + 1 + len(suffix) - text.MaxSlug; over > 0 {
		base = strings.TrimRight(base[:max(len(base)-over, 1)], "-")
	}
	return base + "-" + suffix
}

// usedSlugs tells which of the slugs a place has or had.
func usedSlugs(tx *db.Tx, slugs []string) (map[string]bool, error) {
	used := map[string]bool{}
	for len(slugs) > 0 {
		n := min(len(slugs), lookupSize)
		args := paddedText(slugs[:n])
		slugs = slugs[n:]
		in := db.In(len(args), 1)
		for _, query := range []string{
			`SELECT slug FROM places WHERE slug IN (` + in + `)`,
			`SELECT slug FROM place_slugs WHERE slug IN (` + in + `)`,
		} {
			rows, err := tx.Query(query, args...)
			err = db.Each(rows, err, func(r *sql.Rows) error {
				var s string
				err := r.Scan(&s)
				used[s] = true
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return used, nil
}

// highestNumber is the highest number behind base among the slugs in use, at
// least 1. "." follows "-" in the order of bytes.
func highestNumber(tx *db.Tx, base string) (int, error) {
	base = withSuffix(base, "")
	highest := 1
	for _, query := range []string{
		`SELECT slug FROM places WHERE slug >= $1 AND slug < $2 ORDER BY slug LIMIT 5000`,
		`SELECT slug FROM place_slugs WHERE slug >= $1 AND slug < $2 ORDER BY slug LIMIT 5000`,
	} {
		rows, err := tx.Query(query, base, strings.TrimSuffix(base, "-")+".")
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var s string
			err := r.Scan(&s)
			if n, no := strconv.Atoi(strings.TrimPrefix(s, base)); no == nil && n > highest && n < 1e9 {
				highest = n
			}
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return highest, nil
}

// rename gives a place the slug that its record asks for, when it is free (or
// was the place's own before); the old one redirects from then on. A place
// whose title changes keeps its address.
func (im *Importer) rename(tx *db.Tx, d *draft, old *draft) error {
	d.Slug = old.Slug
	if d.wantSlug == old.Slug {
		return nil
	}
	used, err := usedSlugs(tx, []string{d.wantSlug})
	if err != nil {
		return err
	}
	if used[d.wantSlug] {
		id, err := idByOldSlug(tx, d.wantSlug)
		if err != nil || id != d.ID {
			return nil // somebody else's: the present slug stays
		}
		if _, err := tx.Exec(`DELETE FROM place_slugs WHERE slug = $1`, d.wantSlug); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`INSERT INTO place_slugs (slug, place) VALUES ($1, $2)`, old.Slug, d.ID); err != nil {
		return err
	}
	d.Slug = d.wantSlug
	changes.Append(tx, LogKind, d.ID, changes.Put)
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
