package user

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/setting"
)

// SetRules changes how members' work is trusted, what is blocked, and how long
// confirmations hold. The audit log says that it was done, and by whom.
func (u *Users) SetRules(ctx context.Context, a actor.Actor, book *setting.Book, c setting.Contributing, f setting.Confirming) error {
	if err := a.Needs(actor.Admin); err != nil {
		return err
	}
	return book.Update(ctx, func(s *setting.Settings) { s.Contributing, s.Confirming = c, f }, func(tx *db.Tx) error {
		return audit.Write(tx, a, "set-rules", LogKind, a.ID, map[string]any{"words": len(c.BlockedWords), "sites": len(c.BlockedDomains)})
	})
}

// SetAtlas changes a part of what the atlas says and looks like: fn writes it
// into the settings. seen is the stamp of the settings that the admin was shown;
// what somebody else changed since is not undone unawares.
func (u *Users) SetAtlas(ctx context.Context, a actor.Actor, book *setting.Book, part, seen string, fn func(*setting.Settings)) error {
	if err := a.Needs(actor.Admin); err != nil {
		return err
	}
	return book.Change(ctx, func(s *setting.Settings) error {
		if s.Stamp() != seen {
			return setting.Stale()
		}
		fn(s)
		return nil
	}, func(tx *db.Tx) error {
		return audit.Write(tx, a, "change", setting.LogKind, 1, map[string]any{"part": part})
	})
}
