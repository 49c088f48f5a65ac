package desk

import (
	"cmp"
	"context"
	"encoding/json"
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

// Verdict is what an editor decides about a submission.
type Verdict struct {
	Action Action
	Reason string // one of Reasons; Decline needs one, but of a report
	Text   string
	Of     int64           // for MarkDuplicate: the place it repeats
	Only   []string        // for Publish: none but these fields; empty: all
	Fields revision.Fields // for Publish: what the editor changed in it
	// Over is, for Publish, what an edit comes to with the editor's changes over the
	// place as they had it before them: it stands in the edit's place, which may be
	// in conflict with that. nil: the edit itself.
	Over  *Over
	Until time.Time // for Hold; zero: two weeks
	// Leave are enclosures that Publish leaves out, by their own numbers.
	Leave []int64
	// How is what Publish means for a matter that can be settled in more than
	// one way; Why and Public are what everyone may read of the reason, its kind
	// and its words.
	How, Why, Public string
}

// Over is an edit as an editor joined it with a revision of its place.
type Over struct {
	Base   int
	Fields revision.Fields
}

const (
	// UndoWindow is how long a decision can be taken back.
	UndoWindow = 30 * time.Second
	// lease is how long a claim holds without being renewed.
	lease    = 15 * time.Minute
	holdTime = 14 * 24 * time.Hour
)

// Decide settles a submission, once: of two editors one is told what the other
// did (errs.Conflict). Everything that follows is in the same transaction.
func (d *Desk) Decide(ctx context.Context, a actor.Actor, id int64, v Verdict) (*Submission, error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	if err := v.check(); err != nil {
		return nil, err
	}
	if err := d.checkFields(ctx, a, id, &v); err != nil {
		return nil, err
	}
	rules, err := d.settings.Now(ctx)
	if err != nil {
		return nil, err
	}
	var s *Submission
	err = d.db.Write(ctx, func(tx *db.Tx) (err error) {
		tx.Made(id)
		if s, err = byID(tx, id); err != nil {
			return err
		}
		if err := d.mayDecide(tx, a, s); err != nil {
			return err
		}
		if err := v.reasoned(s); err != nil {
			return err
		}
		sampled := s.Status == Published && s.Sampled
		if err := d.take(tx, a, s, v, sampled); err != nil {
			return err
		}
		made, err := d.settle(tx, a, s, v, sampled)
		if err != nil {
			return err
		}
		if err := trust(tx, s.Author.ID, rules.Contributing); err != nil {
			return err
		}
		details := map[string]any{"reason": v.Reason, "title": s.Title}
		if s.Place != 0 {
			details["place"] = s.Place
		}
		if err := audit.Write(tx, a, "submission."+string(v.Action), "submission", id, details); err != nil {
			return err
		}
		if err := d.spread(tx, s, v, made, sampled); err != nil {
			return err
		}
		s, err = byID(tx, id)
		return err
	})
	return s, err
}

// leavesOut reports whether only has not all the fields that were sent; empty, it
// takes all of them.
func (d *Desk) leavesOut(s *Submission, only []string) bool {
	if len(only) == 0 {
		return false
	}
	taken := append(slices.Clone(only), d.subject.Needed(s.Kind)...)
	return slices.ContainsFunc(s.Fields.Names(), func(name string) bool { return !slices.Contains(taken, name) })
}

// spread tells the author what was decided, and whoever follows it what became
// public. That a sampled edit may stay is no news, but what was changed in it.
func (d *Desk) spread(tx *db.Tx, s *Submission, v Verdict, made *Decision, sampled bool) error {
	after := d.db.Now().Add(UndoWindow)
	if sampled && v.Action == Publish {
		if len(made.Mended) == 0 {
			return nil
		}
		return d.tell(tx, s, News{Action: Reworded, Decision: made.ID, After: after})
	}
	if v.Action == Publish {
		if err := d.announce(tx, s, made.ID, after); err != nil {
			return err
		}
	}
	return d.tell(tx, s, News{Action: v.Action, Reason: v.Reason, Text: v.Text, Decision: made.ID, Mended: len(made.Mended) > 0 || d.leavesOut(s, v.Only), After: after})
}

func (d *Desk) announce(tx *db.Tx, s *Submission, decision int64, after time.Time) error {
	if d.Announce == nil || s.Kind != Place && s.Kind != Edit && s.Kind != Import {
		return nil
	}
	return d.Announce(tx, Publication{Decision: decision, Kind: s.Kind, Place: s.Place, Author: s.Author.ID, After: after})
}

// Stands reports whether what a decision published is still so.
func (d *Desk) Stands(ctx context.Context, decision int64) (stands bool, err error) {
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM decisions d JOIN submissions s ON s.id = d.submission
			WHERE d.id = $1 AND d.undone_at = 0 AND s.status = 'published')`, decision).Scan(&stands)
	})
	return stands, err
}

func (v *Verdict) check() error {
	if _, ok := outcomes[v.Action]; !ok {
		return errs.InField("action", "is publish, changes, decline, duplicate or hold")
	}
	v.Text, v.Public = strings.TrimSpace(text.Clean(v.Text)), text.CleanLine(v.Public)
	if len(v.Text) > maxText {
		return errs.InField("text", "is longer than %d bytes", maxText)
	}
	if v.Reason != "" && !slices.Contains(Reasons, v.Reason) {
		return errs.InField("reason", "is promotional, well-known, duplicate, unverifiable, rights, too-short or other")
	}
	switch {
	case v.Action == AskChanges && v.Text == "": // its author could change nothing
		return errs.InField("text", "says what should change")
	case v.Action == MarkDuplicate && v.Of == 0:
		return errs.InField("of", "names the place that this one repeats")
	case v.Action != MarkDuplicate && v.Of != 0:
		return errs.InField("of", "belongs to the action duplicate")
	case v.Action != Publish && len(v.Only) > 0:
		return errs.InField("only", "belongs to the action publish")
	}
	return nil
}

// reasoned holds declining to a coded reason: it is what its author is told, and
// what the figures of the desk count. The reason that is none of these needs words.
// A report is left as it is for reasons of its own.
func (v *Verdict) reasoned(s *Submission) error {
	switch {
	case v.Action != Decline:
	case s.Kind == Report:
		v.Reason = cmp.Or(v.Reason, "other")
	case v.Reason == "":
		return errs.InField("reason", "says why it is declined: promotional, well-known, duplicate, unverifiable, rights, too-short or other")
	case v.Reason == "other" && v.Text == "":
		return errs.InField("text", "says why it is declined, where the reason is other")
	}
	return nil
}

// mayDecide is nil when the actor may decide about a submission: in their
// regions, on both ends of a move, and not about their own work while there is
// another who could.
func (d *Desk) mayDecide(tx *db.Tx, a actor.Actor, s *Submission) error {
	if !a.Edits(s.Destination) {
		return outside()
	}
	if s.Kind == Edit && !a.Everywhere() && s.Open() {
		about, err := d.subject.About(tx, s)
		if err != nil {
			return err
		}
		if !a.Edits(about.Destination) || !a.Edits(about.From) {
			return outside()
		}
	}
	if s.Author.ID != a.ID {
		return nil
	}
	others, err := OthersEdit(tx, a)
	if err == nil && others {
		err = errs.New(errs.Denied, "Your own submission is for another editor to decide.")
	}
	return err
}

// OthersEdit reports whether there is another editor than the actor.
func OthersEdit(tx *db.Tx, a actor.Actor) (others bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM members WHERE role <> 'member' AND id <> $1 AND state = 'active')`, a.ID).Scan(&others)
	return others, err
}

// take moves the submission to where the verdict leads, if nobody has and
// nobody else is at it.
func (d *Desk) take(tx *db.Tx, a actor.Actor, s *Submission, v Verdict, sampled bool) error {
	now, until := d.db.Now(), int64(0)
	if v.Action == Hold {
		at := v.Until
		if at.IsZero() {
			at = now.Add(holdTime)
		}
		if !at.After(now) {
			return errs.InField("until", "lies in the future")
		}
		until = db.Millis(at)
	}
	from := `status IN ('waiting', 'held')`
	if s.Matter() && v.Action != Publish && v.Action != Decline && v.Action != Hold {
		return errs.InField("action", "is publish, decline or hold for this")
	}
	if sampled {
		if v.Action != Publish && v.Action != Decline {
			return errs.InField("action", "is publish or decline: this is public already")
		}
		from = `status = 'published' AND sampled`
	}
	n, err := tx.Exec(`UPDATE submissions SET status = $2, version = version + 1, updated_at = $3, decided_at = $3, held_until = $4, sampled = $5,
		claimed_by = NULL, claimed_until = 0
		WHERE id = $1 AND `+from+` AND (claimed_by IS NULL OR claimed_by = $6 OR claimed_until <= $3)`,
		s.ID, string(outcomes[v.Action]), db.Millis(now), until, false, a.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		// Read again: on PostgreSQL the other's commit may be newer than s.
		if s, err = byID(tx, s.ID); err != nil {
			return err
		}
		return present(s)
	}
	return nil
}

// present tells where a submission stands that was thought to stand elsewhere.
func present(s *Submission) error {
	if s.Open() && s.Claim.By.ID != 0 {
		return errs.New(errs.Conflict, "%s is deciding this at the moment.", orSomebody(s.Claim.By.Name))
	}
	if n := len(s.Decisions); n > 0 && s.Status != Waiting && s.Status != Draft && s.Status != Withdrawn {
		return errs.New(errs.Conflict, "This is decided already, by %s: %s.", orSomebody(s.Decisions[n-1].By.Name), outcome(s.Status))
	}
	return errs.New(errs.Conflict, "This cannot be done with a submission that is %s.", s.Status)
}

// outcome says in words what was decided.
func outcome(s Status) string {
	switch s {
	case Changes:
		return "changes are asked for"
	case Duplicate:
		return "it repeats an entry that is there"
	}
	return "it is " + string(s)
}

func orSomebody(name string) string {
	if name == "" {
		return "another editor"
	}
	return name
}

// settle does what the verdict means and writes it down as a decision, which it
// gives.
func (d *Desk) settle(tx *db.Tx, a actor.Actor, s *Submission, v Verdict, sampled bool) (*Decision, error) {
	now := d.db.Now()
	made := &Decision{ID: d.db.NewID(), Action: v.Action, Reason: v.Reason, Text: v.Text, Of: v.Of, Only: v.Only, By: person(a), At: now}
	switch {
	case s.Matter() && v.Action != Hold && !(sampled && v.Action == Publish && len(v.Fields) == 0):
		if err := d.settleMatter(tx, a, s, v, made); err != nil {
			return nil, err
		}
	case sampled && v.Action == Decline:
		if err := d.takeBack(tx, a, s, s.publication()); err != nil {
			return nil, err
		}
	case sampled:
	case v.Action == Publish:
		if err := d.publish(tx, a, s, v, made); err != nil {
			return nil, err
		}
	}
	waited := int64(0)
	if !s.Submitted.IsZero() && v.Action != Hold {
		waited = db.Millis(now) - db.Millis(s.Submitted)
	}
	return made, note(tx, s.ID, made, waited)
}

// settleMatter does what is decided to the thing itself.
func (d *Desk) settleMatter(tx *db.Tx, a actor.Actor, s *Submission, v Verdict, made *Decision) error {
	m := d.matters[s.Kind]
	undo, err := m.Settle(tx, a, s, v)
	if err != nil {
		return err
	}
	made.undo = string(undo)
	if mender, ok := m.(Mender); ok && v.Action == Publish {
		made.Mended, err = mender.Mended(tx, s.ID)
	}
	return err
}

// undoing is what a published submission keeps to be taken back by.
type undoing struct {
	Subject json.RawMessage `json:"subject,omitempty"`
	Draft   int64           `json:"draft,omitempty"`
}

// Undo takes the newest decision back while its window is open; what it
// published is as it was before.
func (d *Desk) Undo(ctx context.Context, a actor.Actor, id int64) (*Submission, error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	rules, err := d.settings.Now(ctx)
	if err != nil {
		return nil, err
	}
	var s *Submission
	err = d.db.Write(ctx, func(tx *db.Tx) (err error) {
		tx.Made(id)
		if s, err = byID(tx, id); err != nil {
			return err
		}
		last, err := s.undoable(a, d.db.Now())
		if err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE decisions SET undone_at = $2 WHERE id = $1 AND undone_at = 0`, last.ID, d.db.Millis())
		if err != nil || n == 0 {
			return errOr(err, present(s))
		}
		passed := s.Live && last.undo == "" // looked at and left as it was
		if err := d.reopen(tx, s, passed); err != nil {
			return err
		}
		switch {
		case passed:
		case s.Matter() && last.Action != Hold:
			err = d.matters[s.Kind].Reopen(tx, a, s, last.Action, json.RawMessage(last.undo))
		case last.Action == Publish:
			err = d.takeBack(tx, a, s, last)
		}
		if err != nil {
			return err
		}
		if err := trust(tx, s.Author.ID, rules.Contributing); err != nil {
			return err
		}
		if err := audit.Write(tx, a, "submission.undo", "submission", id, map[string]string{"action": string(last.Action)}); err != nil {
			return err
		}
		if err := d.tell(tx, s, News{Action: Undo, Decision: last.ID}); err != nil {
			return err
		}
		s, err = byID(tx, id)
		return err
	})
	return s, err
}

// reopen lets a submission wait again; what was passed in a sample is public as
// before, and to be looked at again.
func (d *Desk) reopen(tx *db.Tx, s *Submission, passed bool) error {
	stands, args := `status = 'waiting', decided_at = 0, held_until = 0`, []any{s.ID, d.db.Millis(), s.Version}
	if passed {
		stands, args = `sampled = $4`, append(args, true)
	}
	n, err := tx.Exec(`UPDATE submissions SET `+stands+`, version = version + 1, updated_at = $2 WHERE id = $1 AND version = $3`, args...)
	if err != nil || n == 0 {
		return errOr(err, present(s))
	}
	return nil
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// checkFields looks at what an editor wrote; a matter checks what is its own.
func (d *Desk) checkFields(ctx context.Context, a actor.Actor, id int64, v *Verdict) error {
	if len(v.Fields) == 0 && v.Over == nil {
		return nil
	}
	s, err := d.Of(ctx, a, id)
	if err != nil || s.Matter() {
		return err
	}
	if len(v.Fields) > 0 {
		if v.Fields, err = d.subject.Check(s.Kind, v.Fields, true); err != nil {
			return err
		}
	}
	if v.Over != nil && len(v.Over.Fields) > 0 {
		over := *v.Over
		over.Fields, err = d.subject.Check(s.Kind, over.Fields, true)
		v.Over = &over
	}
	return err
}

// undoable is the decision that can be taken back now, by the one who made it.
func (s *Submission) undoable(a actor.Actor, now time.Time) (*Decision, error) {
	for i := len(s.Decisions) - 1; i >= 0; i-- {
		x := &s.Decisions[i]
		if !x.Undone.IsZero() {
			continue
		}
		switch {
		case x.By.ID != a.ID:
			return nil, errs.New(errs.Denied, "Only who decided this can undo it.")
		case s.Live && !s.Matter() || outcomes[x.Action] != s.Status:
			return nil, present(s)
		case now.Sub(x.At) > UndoWindow:
			return nil, errs.New(errs.Conflict, "This was decided more than %d seconds ago; its author knows by now.", int(UndoWindow.Seconds()))
		}
		return x, nil
	}
	return nil, present(s)
}

func (d *Desk) takeBack(tx *db.Tx, a actor.Actor, s *Submission, x *Decision) error {
	var u undoing
	if x.undo != "" {
		if err := json.Unmarshal([]byte(x.undo), &u); err != nil {
			return err
		}
	}
	if u.Draft != 0 {
		if _, err := tx.Exec(`DELETE FROM submissions WHERE id = $1 AND status = 'draft' AND version = 1`, u.Draft); err != nil {
			return err
		}
	}
	if len(u.Subject) == 0 {
		return nil
	}
	if d.enclosures != nil { // first, since a place that goes would take them along
		if err := d.enclosures.TakeBack(tx, s); err != nil {
			return err
		}
	}
	return d.subject.TakeBack(tx, s, u.Subject, person(a))
}

// AppealTo asks once that a declined submission be looked at again.
func (d *Desk) AppealTo(ctx context.Context, a actor.Actor, id int64, letter string) (*Submission, error) {
	letter = strings.TrimSpace(text.Clean(letter))
	if letter == "" || len(letter) > maxText {
		return nil, errs.InField("text", "says in 1 to %d bytes why", maxText)
	}
	var s *Submission
	err := d.db.Write(ctx, func(tx *db.Tx) (err error) {
		tx.Made(id)
		if s, err = own(tx, a, id); err != nil {
			return err
		}
		m, err := user.ByID(tx, a.ID)
		if err != nil {
			return err
		}
		if m.State != user.Suspended { // an appeal is open to them too, and nothing else
			if err := m.MayWrite(); err != nil {
				return err
			}
		}
		if s.Appealed {
			return errs.New(errs.Conflict, "You have asked for a second look already. One is all there is.")
		}
		n, err := tx.Exec(`UPDATE submissions SET status = 'waiting', appealed = $3, version = version + 1, updated_at = $2, turn = $2
			WHERE id = $1 AND status IN ('declined', 'duplicate') AND NOT appealed AND (NOT live OR kind IN ('photo', 'note', 'visit'))`, id, d.db.Millis(), true)
		if err != nil || n == 0 {
			return errOr(err, present(s))
		}
		if err := note(tx, id, &Decision{ID: d.db.NewID(), Action: Appeal, Text: letter, By: person(a), At: d.db.Now()}, 0); err != nil {
			return err
		}
		rules, err := setting.In(tx)
		if err != nil {
			return err
		}
		if why := rules.Contributing.Held(setting.OfAppeal, letter); len(why) > 0 {
			if err := d.Notice(tx, id, Finding{Check: "appeal", Message: "The appeal: " + strings.Join(why, " "), Blocking: true}); err != nil {
				return err
			}
		}
		if err := audit.Write(tx, a, "submission.appeal", "submission", id, nil); err != nil {
			return err
		}
		if err := d.tellEditors(tx, s, News{Action: Appeal, Text: letter, By: person(a)}); err != nil {
			return err
		}
		s, err = byID(tx, id)
		return err
	})
	return s, err
}
