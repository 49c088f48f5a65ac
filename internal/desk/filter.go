package desk

import (
	"context"
	"strconv"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
)

// where are the conditions of a filter for its editor, behind args; false where
// it shows nothing.
func (f Filter) where(a actor.Actor, args []any) (w where, any bool) {
	w.args = args
	switch {
	case f.Sampled:
		w.add("sampled")
	case f.Status == Draft: // private until it is sent
		return w, false
	case f.Status == "":
		w.add("status = ?", string(Waiting))
	default:
		w.add("status = ?", string(f.Status))
	}
	if f.Appeals {
		w.add("appealed")
	}
	if f.Kind != "" {
		w.add("kind = ?", string(f.Kind))
	}
	if f.Author != 0 {
		w.add("author = ?", f.Author)
	}
	paths, all := f.within(a)
	if len(paths) > 0 {
		w.within(paths)
	}
	return w, all || len(paths) > 0
}

// within are the destinations that a filter shows to an editor, "" for what lies
// nowhere; true for all of them.
func (f Filter) within(a actor.Actor) (paths []string, all bool) {
	regional := len(a.Regions) > 0 && !a.Everywhere()
	switch {
	case f.In == "" && !regional:
		return nil, true
	case f.In == "":
		return append([]string{""}, a.Regions...), false
	case !regional || a.Edits(f.In):
		return []string{f.In}, false
	}
	for _, r := range a.Regions {
		if strings.HasPrefix(r, f.In+"/") {
			paths = append(paths, r)
		}
	}
	return paths, false
}

// Counts is how many there are behind each of some filters, FarBack for a
// thousand and more: nobody counts further, however many wait.
func (d *Desk) Counts(ctx context.Context, a actor.Actor, filters []Filter) ([]int, error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	counts := make([]int, len(filters))
	var parts []string
	var args, into []any
	for i, f := range filters {
		w, any := f.where(a, args)
		if !any {
			continue
		}
		args, into = w.args, append(into, &counts[i])
		parts = append(parts, "(SELECT count(*) FROM (SELECT 1 FROM submissions WHERE "+w.text()+" LIMIT "+strconv.Itoa(FarBack)+") AS counted)")
	}
	if len(parts) == 0 {
		return counts, nil
	}
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow("SELECT "+strings.Join(parts, ", "), args...).Scan(into...)
	})
	return counts, err
}
