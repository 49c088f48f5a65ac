package app

import (
	"mirabilia/internal/db"
	"mirabilia/internal/job"
	"mirabilia/internal/mail"
	"mirabilia/internal/notice"
	"mirabilia/internal/webhook"
)

// Held is what a restored atlas keeps to itself.
type Held struct {
	Mails    int64 `json:"mails"`    // given up, as doctor says
	Webhooks int64 `json:"webhooks"` // switched off
}

const (
	mailHeld = "it waited when the backup was made that this atlas was restored from, and may have left since"
	hookHeld = "Switched off because the atlas was restored from a backup. Switch it on if this atlas takes the place of the old one."
)

// holdBack keeps what waited in a backup from being sent by the atlas that is
// restored from it: mails may have left meanwhile, and receivers of webhooks
// may still be told by the old atlas.
func holdBack(tx *db.Tx) (h Held, err error) {
	if h.Mails, err = job.HoldBack(tx, mailHeld, mail.Message{}.Kind(), answering{}.Kind()); err != nil {
		return h, err
	}
	letters, err := notice.HoldBack(tx, mailHeld)
	if err != nil {
		return h, err
	}
	h.Mails += letters
	h.Webhooks, err = webhook.HoldBack(tx, hookHeld)
	return h, err
}
