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
