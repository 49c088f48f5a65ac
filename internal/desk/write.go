package desk

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
	"mirabilia/internal/user"
)

// Proposal is what a member writes. ID is 0 for a new one; Version is that of
// the submission as the member saw it, 0 to write over whatever is there.
type Proposal struct {
	ID      int64
	Version int64
	Kind    Kind
	Place   int64 // of an edit
	Base    int   // of an edit; 0: the newest revision
	Fields  revision.Fields
	Summary string
	// Draft is the draft that it was written in, 0 for none: what is enclosed there
	// comes along.
	Draft int64
}

// The most a submission holds, in bytes.
const (
	maxFields  = 512 << 10
	maxSummary = 1000
	maxText    = 5000
)

// Submit sends a new submission, a draft, or one that changes were asked for.
// What a trusted member says of facts and links is public at once.
func (d *Desk) Submit(ctx context.Context, a actor.Actor, p Proposal) (*Submission, error) {
	if err := d.read(&p, a); err != nil {
		return nil, err
	}
	rules, err := d.settings.Now(ctx)
	if err != nil {
		return nil, err
	}
	found, err := d.subject.Findings(ctx, &Submission{Kind: p.Kind, Place: p.Place, Base: p.Base, Fields: p.Fields, Summary: p.Summary})
	if err != nil {
		return nil, err
	}
	var s *Submission
	err = d.db.Write(ctx, func(tx *db.Tx) (err error) {
		var was int64
		if s, was, err = d.draft(tx, a, p); err != nil {
			return err
		}
		tx.Made(s.ID)
		about, err := d.subject.About(tx, s)
		if err != nil {
			return err
		}
		now := d.db.Now()
		if err := d.withinDay(tx, a, s, rules.Contributing, now); err != nil {
			return err
		}
		var along []Finding
		if was != 0 || p.Draft != 0 { // nothing lies beside what nobody has seen before
			if along, err = d.enclose(tx, a, s, p.Draft); err != nil {
				return err
			}
		}
		s.Title, s.Destination, s.Findings = about.Title, about.Destination, slices.Concat(found, along)
		if s.Kind == Edit {
			s.Base, s.Fields = about.Base, about.Fields
		}
		if s.Submitted.IsZero() {
			s.Submitted = now
		}
		again := s.Status == Changes
		s.Status, s.turn = Waiting, turn(now, s.Kind, about.Words)
		if mayGoLive(a, s, about) {
			if was == 0 { // what is decided of it needs its row
				if err := d.keep(tx, s, was); err != nil {
					return err
				}
				was = s.Version
			}
			if err := d.goLive(tx, s, rules.Contributing); err != nil {
				return err
			}
		}
		if err := d.keep(tx, s, was); err != nil {
			return err
		}
		if again && s.Status == Waiting {
			if err := d.tellEditors(tx, s, News{Action: SentAgain, By: person(a)}); err != nil {
				return err
			}
		}
		return audit.Write(tx, a, "submission.submit", "submission", s.ID, map[string]string{"kind": string(s.Kind), "status": string(s.Status)})
	})
	return s, err
}

// read checks what a proposal says by itself.
func (d *Desk) read(p *Proposal, a actor.Actor) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	switch p.Kind {
	case Pitch, Place:
		p.Place, p.Base = 0, 0
	case Edit:
		if p.Place == 0 {
			return errs.InField("place", "names the place to edit")
		}
	default:
		return errs.InField("kind", "is pitch, place or edit")
	}
	if b, err := json.Marshal(p.Fields); err != nil {
		return errs.InField("fields", "are not JSON")
	} else if len(b) > maxFields {
		return errs.New(errs.TooLarge, "This is longer than the %d KiB that a submission holds.", maxFields>>10)
	}
	p.Summary = text.CleanLine(p.Summary)
	if len(p.Summary) > maxSummary {
		return errs.InField("summary", "is longer than %d bytes", maxSummary)
	}
	fields, err := d.subject.Check(p.Kind, p.Fields, false)
	p.Fields = fields
	return err
}

// draft is the submission that a proposal is about, with what it says, and the
// version that is in the database; 0 for none yet.
func (d *Desk) draft(tx *db.Tx, a actor.Actor, p Proposal) (s *Submission, was int64, err error) {
	m, err := user.ByID(tx, a.ID)
	if err != nil {
		return nil, 0, err
	}
	if err := m.MayWrite(); err != nil {
		return nil, 0, err
	}
	now := d.db.Now()
	if p.ID == 0 {
		s = &Submission{ID: d.db.NewID(), Kind: p.Kind, Status: Draft, Author: person(a), Created: now}
	} else {
		if s, err = own(tx, a, p.ID); err != nil {
			return nil, 0, err
		}
		if s.Status != Draft && s.Status != Changes {
			return nil, 0, present(s)
		}
		if p.Version != 0 && p.Version != s.Version {
			return nil, 0, changedElsewhere()
		}
		if s.Kind != p.Kind {
			return nil, 0, errs.InField("kind", "stays what it was: %s", s.Kind)
		}
		was = s.Version
		if s.Status == Changes { // what its editor has read
			if s.Earlier, err = d.replaced(tx, s); err != nil {
				return nil, 0, err
			}
		}
	}
	s.Place, s.Base = p.Place, p.Base
	s.Fields, s.Summary, s.Updated, s.Version = p.Fields, p.Summary, now, was+1
	return s, was, nil
}

func (d *Desk) keep(tx *db.Tx, s *Submission, was int64) error {
	if was == 0 {
		return d.insert(tx, s)
	}
	return rewrite(tx, s, was)
}

// own reads a submission of the actor's; another's is not there for them.
func own(tx *db.Tx, a actor.Actor, id int64) (*Submission, error) {
	s, err := byID(tx, id)
	if err == nil && (s.Author.ID != a.ID || a.ID == 0) {
		return nil, notThere()
	}
	return s, err
}

// withinDay holds a member to the number of submissions a day of their trust.
func (d *Desk) withinDay(tx *db.Tx, a actor.Actor, s *Submission, c setting.Contributing, now time.Time) error {
	if a.Role.AtLeast(actor.Editor) || !s.Submitted.IsZero() {
		return nil
	}
	most := c.DailyNew
	switch a.Level {
	case actor.Known:
		most = c.DailyKnown
	case actor.Trusted:
		most = c.DailyTrusted
	}
	sent, since := 0, db.Millis(now.Add(-24*time.Hour))
	err := tx.QueryRow(`SELECT count(*) FROM submissions WHERE author = $1 AND submitted_at > $2`, a.ID, since).Scan(&sent)
	if err != nil {
		return err
	}
	if sent >= most {
		// The oldest that must be a day old before another may come.
		var at int64
		if err := tx.QueryRow(`SELECT submitted_at FROM submissions WHERE author = $1 AND submitted_at > $2 ORDER BY submitted_at LIMIT 1 OFFSET $3`, a.ID, since, int64(sent-most)).Scan(&at); err != nil {
			return err
		}
		return errs.TooSoon(time.Duration(at-since)*time.Millisecond, "You have sent %d submissions in 24 hours, which is the most for now. This one can be kept as a draft; more accepted work means more a day.", sent)
	}
	return nil
}

// mayGoLive reports whether a submission needs no decision before it is public:
// a trusted member's edit of facts and links, in which no check found anything
// that blocks.
func mayGoLive(a actor.Actor, s *Submission, about About) bool {
	return s.Kind == Edit && about.Checkable && a.Level == actor.Trusted &&
		!slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.Blocking })
}

// goLive publishes what may go live at once; some of it is looked at all the same.
func (d *Desk) goLive(tx *db.Tx, s *Submission, c setting.Contributing) error {
	out, err := d.subject.Publish(tx, s, s.Author)
	if errs.Is(err, errs.Conflict) {
		return nil // it waits for an editor
	}
	if err == nil {
		err = d.publishEnclosed(tx, s, out.Place, nil)
	}
	if err != nil {
		return err
	}
	s.Status, s.Live, s.Place, s.Decided = Published, true, out.Place, d.db.Now()
	if s.Sampled, err = d.sampled(c); err != nil {
		return err
	}
	undo, err := json.Marshal(undoing{Subject: out.Undo})
	if err != nil {
		return err
	}
	made := Decision{ID: d.db.NewID(), Action: Publish, By: s.Author, At: s.Decided, undo: string(undo)}
	if err := note(tx, s.ID, &made, 0); err != nil {
		return err
	}
	return d.announce(tx, s, made.ID, s.Decided)
}

// sampled chooses what is looked at though it went live by itself.
func (d *Desk) sampled(c setting.Contributing) (bool, error) {
	var b [2]byte
	if _, err := io.ReadFull(d.db.Random(), b[:]); err != nil {
		return false, err
	}
	return int(b[0])<<8|int(b[1]) < (1<<16)/max(1, c.SampleOneIn), nil
}

// turn is when a submission is at its turn: the time it was sent, and up to
// three days later the longer it takes to read, so that what is quick is done
// first and nothing waits for ever.
func turn(sent time.Time, k Kind, words int) int64 {
	longest := 1500
	if k == Pitch {
		longest = 3000
	}
	share := float64(min(words, longest)) / float64(longest)
	return db.Millis(sent) + int64(share*float64(72*time.Hour/time.Millisecond))
}

// Withdraw takes back a submission that nobody has decided yet.
func (d *Desk) Withdraw(ctx context.Context, a actor.Actor, id int64) error {
	return d.db.Write(ctx, func(tx *db.Tx) error { return d.WithdrawIn(tx, a, id) })
}

// WithdrawIn is Withdraw inside another use case's transaction.
func (d *Desk) WithdrawIn(tx *db.Tx, a actor.Actor, id int64) error {
	s, err := own(tx, a, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE submissions SET status = 'withdrawn', version = version + 1, updated_at = $2, claimed_by = NULL
		WHERE id = $1 AND status IN ('draft', 'waiting', 'changes', 'held')`, id, d.db.Millis())
	if err != nil {
		return err
	}
	if n == 0 {
		return present(s)
	}
	if s.Matter() {
		if err := d.matters[s.Kind].Withdraw(tx, a, s); err != nil {
			return err
		}
	}
	return audit.Write(tx, a, "submission.withdraw", "submission", id, nil)
}

// Say adds a letter to the conversation about a submission: its author's or an
// editor's.
func (d *Desk) Say(ctx context.Context, a actor.Actor, id int64, letter string) error {
	letter = strings.TrimSpace(text.Clean(letter))
	if letter == "" || len(letter) > maxText {
		return errs.InField("text", "has 1 to %d bytes", maxText)
	}
	return d.db.Write(ctx, func(tx *db.Tx) error {
		s, err := seen(tx, a, id)
		if err != nil {
			return err
		}
		m, err := user.ByID(tx, a.ID)
		if err != nil {
			return err
		}
		if err := m.MayWrite(); err != nil {
			return err
		}
		if err := setting.Refuse(tx, a, setting.OfLetter, setting.Said{Field: "text", Text: letter}); err != nil {
			return err
		}
		n := News{Action: Wrote, Text: letter, Message: d.db.NewID(), By: person(a)}
		_, err = tx.Exec(`INSERT INTO submission_messages (id, submission, member, at, text) VALUES ($1, $2, $3, $4, $5)`,
			n.Message, id, a.ID, d.db.Millis(), letter)
		switch {
		case err != nil:
			return err
		case s.Author.ID == a.ID:
			return d.tellEditors(tx, s, n)
		}
		return d.tell(tx, s, n)
	})
}
