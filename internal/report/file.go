package report

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"net/mail"
	"strconv"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Filing is what a reader sends.
type Filing struct {
	Kind    Kind
	Thing   int64
	Code    Code
	Text    string
	Contact string // an address that wants an answer, of who is not signed in
	Proof   string // of work, of who is not signed in
	Network string
}

// About finds what a reader wants to report.
func (s *Reports) About(ctx context.Context, a actor.Actor, k Kind, id int64) (t Thing, err error) {
	things := s.things[k]
	if things == nil {
		return t, notThere()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		t, err = things.Find(tx, a, id)
		return err
	})
	return t, err
}

// File takes a report. Where that is the rule for its kind the thing is hidden
// when enough readers, or one who is trusted, have reported it.
func (s *Reports) File(ctx context.Context, a actor.Actor, f Filing) (*Report, Thing, error) {
	things := s.things[f.Kind]
	if things == nil {
		return nil, Thing{}, notThere()
	}
	r := &Report{ID: s.db.NewID(), Kind: f.Kind, Thing: f.Thing, Code: f.Code, Member: a.ID, Contact: f.Contact, State: Open, Text: f.Text, voice: s.voiceOf(a, f)}
	if r.Member != 0 {
		r.Contact = "" // they are told on the site
	}
	var t Thing
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if t, err = things.Find(tx, a, f.Thing); err != nil {
			return err
		}
		if err := r.check(t, validAddress); err != nil {
			return err
		}
		if a.Suspended && (r.Code != Appeal || t.Author != a.ID) {
			return errs.New(errs.Denied, "This account is suspended: it may appeal what was decided about it and what it gave, and write nothing else.")
		}
		if err := s.turn(tx, f.Kind, f.Thing); err != nil {
			return err
		}
		if err := s.admit(tx, a, r, f); err != nil {
			return err
		}
		return s.file(tx, a, r, t)
	})
	return r, t, err
}

// voiceOf names who speaks, so that three reports of one reader count as one. Of
// a stranger's network only a keyed sum is kept, another one for each thing.
func (s *Reports) voiceOf(a actor.Actor, f Filing) string {
	if a.ID != 0 {
		return "m" + strconv.FormatInt(a.ID, 10)
	}
	sum := hmac.New(sha256.New, s.Key)
	sum.Write([]byte(Name(f.Kind, f.Thing) + "\x00" + f.Network))
	return "n" + hex.EncodeToString(sum.Sum(nil)[:12])
}

// validAddress accepts one plain address.
func validAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s && len(s) <= 254
}

// turn makes reports and decisions about one thing wait for each other: two first
// reports at once are one matter, and none joins a matter that is being decided.
func (s *Reports) turn(tx *db.Tx, k Kind, thing int64) error {
	_, err := tx.Exec(`INSERT INTO reported (kind, thing, kept_at, turn) VALUES ($1, $2, 0, 1)
		ON CONFLICT (kind, thing) DO UPDATE SET turn = reported.turn + 1`, string(k), thing)
	return err
}

// admit holds strangers to a proof of work and everyone to a number of reports.
func (s *Reports) admit(tx *db.Tx, a actor.Actor, r *Report, f Filing) error {
	var twice bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM reports WHERE kind = $1 AND thing = $2 AND voice = $3 AND (state = 'open' OR code = 'appeal' AND code = $4 AND kind <> 'member'))`,
		string(f.Kind), f.Thing, r.voice, string(r.Code)).Scan(&twice)
	if err != nil {
		return err
	}
	if twice && r.Kind == Member && r.Code == Appeal {
		return errs.New(errs.Conflict, "Your appeal waits already; an editor will answer it.")
	}
	if twice && r.Code == Appeal {
		return errs.New(errs.Conflict, "You have asked for a second look already. One is all there is.")
	}
	if a.ID == 0 {
		if s.Vouch == nil {
			return errs.New(errs.Unsigned, "Sign in first.")
		}
		if err := s.Vouch(tx, f.Proof, f.Network); err != nil {
			return err
		}
	}
	if twice {
		return errs.New(errs.Conflict, "You have reported this already; an editor will look at it.")
	}
	if a.ID == 0 || a.Role.AtLeast(actor.Editor) {
		return nil
	}
	var open int
	err = tx.QueryRow(`SELECT count(*) FROM reports WHERE member = $1 AND state = 'open'`, a.ID).Scan(&open)
	if err == nil && open >= maxOpen {
		err = errs.New(errs.TooMany, "%d of your reports wait to be looked at. Report more when some of them are through.", open)
	}
	return err
}

// maxOpen is how many reports of one member may wait.
const maxOpen = 30

// file keeps a report: as a matter of its own, or with those about the same
// thing that wait. An appeal is no matter of those who reported it.
func (s *Reports) file(tx *db.Tx, a actor.Actor, r *Report, t Thing) (err error) {
	r.At = s.db.Now()
	var first sql.NullInt64
	if err := tx.QueryRow(`SELECT min(item) FROM reports WHERE kind = $1 AND thing = $2 AND state = 'open' AND (code = 'appeal') = $3`, string(r.Kind), r.Thing, r.Code == Appeal).Scan(&first); err != nil {
		return err
	}
	r.Item = r.ID
	if first.Valid {
		r.Item = first.Int64
	}
	hides, err := s.hides(tx, a, r)
	if err != nil {
		return err
	}
	if hides {
		if r.Hid, err = s.things[r.Kind].Hide(tx, a, r.Thing); err != nil {
			return err
		}
	}
	var member any
	if r.Member != 0 {
		member = r.Member
	}
	_, err = tx.Exec(`INSERT INTO reports (id, item, kind, thing, code, member, voice, contact, state, hid, at, decided_at, title, text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, 0, $11, $12)`,
		r.ID, r.Item, string(r.Kind), r.Thing, string(r.Code), member, r.voice, r.Contact, r.Hid, db.Millis(r.At), t.Title, r.Text)
	if err != nil {
		return err
	}
	if err := audit.Write(tx, a, "report", string(r.Kind), r.Thing, map[string]any{"code": r.Code, "report": r.ID, "hid": r.Hid}); err != nil {
		return err
	}
	switch {
	case !first.Valid:
		return s.queue.Came(tx, r, t)
	case r.Hid:
		return s.queue.Hid(tx, r.Item)
	}
	return nil
}

// hides says whether a report is the one that hides its thing: an editor's does,
// a trusted member's, or the last of as many voices as the settings ask for. What
// an editor has looked at and kept is hidden by editors alone for a while, so
// that nobody can hide it by asking again and again.
func (s *Reports) hides(tx *db.Tx, a actor.Actor, r *Report) (bool, error) {
	if r.Code == Appeal {
		return false, nil
	}
	if a.Role.AtLeast(actor.Editor) {
		return true, nil
	}
	rules, err := s.settings.Now(tx.Context())
	if err != nil {
		return false, err
	}
	c := rules.Contributing
	var kept int64
	if err := tx.QueryRow(`SELECT kept_at FROM reported WHERE kind = $1 AND thing = $2`, string(r.Kind), r.Thing).Scan(&kept); err != nil {
		return false, err
	}
	if kept != 0 && s.db.Now().Sub(db.Time(kept)) < time.Duration(c.ReportsRest)*24*time.Hour {
		return false, nil
	}
	if a.Level == actor.Trusted {
		return true, nil
	}
	var voices int
	err = tx.QueryRow(`SELECT count(DISTINCT voice) FROM reports WHERE kind = $1 AND thing = $2 AND state = 'open'`, string(r.Kind), r.Thing).Scan(&voices)
	return voices+1 >= c.ReportsHide, err
}

// Sweep forgets the addresses and networks of those who had their answer a month
// ago.
func (s *Reports) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE reports SET contact = '', voice = '' WHERE (contact <> '' OR voice <> '') AND decided_at > 0 AND decided_at < $1`,
			db.Millis(s.db.Now().Add(-30*24*time.Hour)))
		return err
	})
}
