package outward

import (
	"encoding/json"
	"time"

	"mirabilia/internal/desk"
	"mirabilia/internal/place"
)

// Submission is what a member proposed, as its author and editors see it.
type Submission struct {
	ID        string                     `json:"id" doc:"s and a number." example:"s123"`
	URL       string                     `json:"url" format:"uri" doc:"Address of its page."`
	Kind      string                     `json:"kind" enum:"pitch,place,edit,import,photo,note,report,visit"`
	Status    string                     `json:"status" enum:"draft,waiting,changes,held,published,declined,duplicate,withdrawn"`
	Title     string                     `json:"title"`
	Place     *string                    `json:"place" nullable:"true" doc:"The place that an edit is of, or that it became; null for none yet."`
	Base      int                        `json:"base" minimum:"0" doc:"Of an edit: the revision it was written on."`
	Fields    map[string]json.RawMessage `json:"fields" doc:"What is proposed, by the names of a place's fields; null clears one."`
	Summary   string                     `json:"summary"`
	Author    Person                     `json:"author" doc:"Name is empty for imports."`
	Created   time.Time                  `json:"created_at"`
	Submitted *time.Time                 `json:"submitted_at" nullable:"true"`
	Version   int64                      `json:"version" doc:"Grows with every change."`
	ClaimedBy Person                     `json:"claimed_by" doc:"The editor who is at it; the name is empty for nobody."`
	Findings  []Finding                  `json:"findings" nullable:"false" doc:"What automatic checks noticed."`
	Decisions []Decision                 `json:"decisions" nullable:"false" doc:"Oldest first."`
	Queue     *Queue                     `json:"queue,omitempty" doc:"Only while it waits."`
	Earlier   *Earlier                   `json:"earlier,omitempty" doc:"What it said before its author sent it again."`
}

// Earlier is what a submission said before its author sent it again.
type Earlier struct {
	Base    int                        `json:"base" minimum:"0" doc:"Of an edit: the revision it was written on."`
	Fields  map[string]json.RawMessage `json:"fields"`
	Summary string                     `json:"summary"`
	At      time.Time                  `json:"replaced_at" doc:"When it was sent again."`
}

// Queue is where a submission stands among those that wait.
type Queue struct {
	Place      int   `json:"place" minimum:"1" maximum:"1001" doc:"1 is next; 1001 has a thousand or more before it."`
	MedianWait int64 `json:"median_wait_s" minimum:"0" doc:"Seconds from sending to decision, of the recent ones; 0 where there are none."`
}

// Finding is one thing that a check noticed.
type Finding struct {
	Check   string `json:"check"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Decision is one decision about a submission.
type Decision struct {
	Action string   `json:"action" enum:"publish,changes,decline,duplicate,hold,appeal"`
	Reason string   `json:"reason"`
	Text   string   `json:"text"`
	Of     *string  `json:"of,omitempty" doc:"Of a duplicate: the place it repeats."`
	Only   []string `json:"only,omitempty" doc:"The fields that were taken, where not all were."`
	// Mended is a field's name in the decision that published it.
	Mended map[string]json.RawMessage `json:"fields,omitempty" doc:"Of publish: what the editor changed in it, as it was published; null cleared one."`
	By     Person                     `json:"by"`
	At     time.Time                  `json:"at"`
	Undone *time.Time                 `json:"undone_at,omitempty" doc:"When it was taken back."`
}

// SubmissionOf is the form of a submission; now is the time, by which a claim
// may be over.
func SubmissionOf(s *desk.Submission, base string, now time.Time) Submission {
	o := Submission{
		ID: desk.PublicID(s.ID), URL: base + s.Path(), Kind: string(s.Kind), Status: string(s.Status), Title: s.Title, Base: s.Base,
		Fields: s.Fields, Summary: s.Summary, Author: personOf(s.Author, base), Created: s.Created.UTC(), Version: s.Version,
		Findings: []Finding{}, Decisions: []Decision{},
	}
	if o.Fields == nil {
		o.Fields = map[string]json.RawMessage{}
	}
	if s.Place != 0 {
		id := place.PublicID(s.Place)
		o.Place = &id
	}
	if !s.Submitted.IsZero() {
		at := s.Submitted.UTC()
		o.Submitted = &at
	}
	if s.Open() && s.Claim.Until.After(now) {
		o.ClaimedBy = personOf(s.Claim.By, base)
	}
	if e := s.Earlier; e != nil {
		o.Earlier = &Earlier{Base: e.Base, Fields: e.Fields, Summary: e.Summary, At: e.At.UTC()}
	}
	for _, f := range s.Findings {
		o.Findings = append(o.Findings, Finding{f.Check, f.Field, f.Message})
	}
	for _, d := range s.Decisions {
		x := Decision{Action: string(d.Action), Reason: d.Reason, Text: d.Text, Only: d.Only, Mended: d.Mended, By: personOf(d.By, base), At: d.At.UTC()}
		if d.Of != 0 {
			id := place.PublicID(d.Of)
			x.Of = &id
		}
		if !d.Undone.IsZero() {
			at := d.Undone.UTC()
			x.Undone = &at
		}
		o.Decisions = append(o.Decisions, x)
	}
	return o
}

func personOf(p desk.Person, base string) Person {
	if p.Path == "" {
		return Person{Name: p.Name}
	}
	return Person{Name: p.Name, URL: base + p.Path}
}
