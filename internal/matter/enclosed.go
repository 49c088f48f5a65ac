package matter

import (
	"strconv"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/photo"
)

// enclosed lets photos come along with what members propose.
type enclosed struct{ photos *photo.Photos }

// Enclose implements desk.Enclosures.
func (e enclosed) Enclose(tx *db.Tx, a actor.Actor, s *desk.Submission, draft int64) (found []desk.Finding, err error) {
	form := photo.Form{Draft: draft, Submission: s.ID}
	if s.Kind == desk.Edit {
		form.Place = s.Place
	}
	in, err := e.photos.EncloseIn(tx, a, form)
	if err != nil {
		return nil, err
	}
	for _, why := range in.Held {
		found = append(found, desk.Finding{Check: "blocked", Field: "photos", Message: why, Blocking: true})
	}
	if in.Undone > 0 {
		message := "A photo has no description for those who cannot see it."
		if in.Undone > 1 {
			message = strconv.Itoa(in.Undone) + " photos have no description for those who cannot see them."
		}
		found = append(found, desk.Finding{Check: "alt", Field: "photos", Message: message})
	}
	return found, nil
}

// Publish implements desk.Enclosures.
func (e enclosed) Publish(tx *db.Tx, s *desk.Submission, place int64, leave []int64) error {
	return e.photos.PublishIn(tx, s.ID, place, leave)
}

// TakeBack implements desk.Enclosures.
func (e enclosed) TakeBack(tx *db.Tx, s *desk.Submission) error { return e.photos.TakeBackIn(tx, s.ID) }
