package list

import (
	"context"

	"mirabilia/internal/db"
)

// Naming lists the public lists on which some of the places stand, those with
// most of them first, then those changed last.
func (s *Lists) Naming(ctx context.Context, places []int64, limit int) ([]*List, error) {
	if len(places) == 0 || limit <= 0 {
		return nil, nil
	}
	args := db.Padded(places)
	return s.many(ctx, `SELECT `+columns+` FROM lists
		JOIN (SELECT list AS named, count(*) AS held FROM list_entries WHERE place IN (`+db.In(len(args), 2)+`) AND NOT waits GROUP BY list) AS those ON named = id
		WHERE privacy = 'public' ORDER BY held DESC, updated_at DESC, id DESC LIMIT $1`, append([]any{limit}, args...)...)
}
