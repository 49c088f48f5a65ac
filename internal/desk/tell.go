package desk

import (
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/user"
)

// tell gives the author of a submission news of it.
func (d *Desk) tell(tx *db.Tx, s *Submission, n News) error {
	if d.Tell == nil || s.Author.ID == 0 {
		return nil
	}
	n.of(s)
	n.Path = s.Path()
	return d.Tell(tx, s.Author.ID, n)
}

func (n *News) of(s *Submission) {
	n.Submission, n.Kind, n.Title, n.Version = s.ID, s.Kind, s.Title, s.Version
	n.Appeal = s.Kind == Report && s.Appealed
}

// tellEditors gives news of a submission to the editors who have had to do with
// it: who has it claimed, decided about it, or wrote to its author. Who is no
// editor any more is not told; where nobody is left, it waits in the queue as
// everything does.
func (d *Desk) tellEditors(tx *db.Tx, s *Submission, n News) error {
	if d.Tell == nil {
		return nil
	}
	n.of(s)
	n.ToEditor, n.Path = true, "/desk/"+PublicID(s.ID)
	ids := s.involved(d.db.Now())
	members, err := user.ByIDs(tx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		m := members[id]
		if m == nil || m.State != user.Active || !m.Role.AtLeast(actor.Editor) || !m.Actor().Edits(s.Destination) {
			continue
		}
		if err := d.Tell(tx, id, n); err != nil {
			return err
		}
	}
	return nil
}

// involved are the members beside its author who have had to do with a
// submission, in the order in which they did.
func (s *Submission) involved(now time.Time) (ids []int64) {
	seen := map[int64]bool{0: true, s.Author.ID: true}
	add := func(p Person) {
		if !seen[p.ID] {
			seen[p.ID] = true
			ids = append(ids, p.ID)
		}
	}
	for _, x := range s.Decisions {
		add(x.By)
	}
	for _, x := range s.Messages {
		add(x.By)
	}
	if s.Claim.Until.After(now) {
		add(s.Claim.By)
	}
	return ids
}
