package profile

import (
	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/follow"
	"mirabilia/internal/mark"
	"mirabilia/internal/user"
)

// VisitsSeen says who sees a visit, for what belongs to one.
type VisitsSeen struct{}

// Own refuses a visit that is not the actor's, and takes its row.
func (VisitsSeen) Own(tx *db.Tx, a actor.Actor, visit int64) error { return mark.Held(tx, a, visit) }

// Sees reports whether the actor sees a visit: as on the page of its member, and
// editors what others may report, also when it was taken down.
func (VisitsSeen) Sees(tx *db.Tx, a actor.Actor, visit int64) (bool, error) {
	v, down, err := mark.Reported(tx, visit)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if a.SignedIn() && a.ID == v.Member {
		return true, nil
	}
	if a.Role.AtLeast(actor.Editor) && (down || v.Privacy != mark.Me) {
		return true, nil
	}
	var published bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM places WHERE id = $1 AND state = 'published')`, v.Place).Scan(&published); err != nil || !published {
		return false, err
	}
	m, err := user.ByID(tx, v.Member)
	if err != nil {
		return false, err
	}
	sight := mark.Public
	if a.SignedIn() && m.State == user.Active {
		is, err := follow.Is(tx, a.ID, follow.Subject{Kind: follow.Member, ID: m.ID})
		if err != nil {
			return false, err
		}
		if is {
			sight = mark.Followers
		}
	}
	return Sees(m, Visits, sight) && (v.Privacy == mark.Public || v.Privacy == sight), nil
}
