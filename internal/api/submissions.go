package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
)

// maxSubmission is the size of a submission that is read, in bytes; the desk
// says how much it keeps.
const maxSubmission = 1 << 20

func (a *API) submissionOperations() {
	send := a.writes(http.MethodPost, "/submissions", "submit", "Propose a pitch, a place or an edit", actor.Contribute)
	send.MaxBodyBytes = maxSubmission
	huma.Register(a.huma, send, act(a, actor.Contribute, a.submit))

	again := a.writes(http.MethodPut, "/submissions/{id}", "submitAgain", "Send a draft, or what changes were asked for", actor.Contribute)
	again.DefaultStatus, again.MaxBodyBytes = http.StatusOK, maxSubmission
	huma.Register(a.huma, again, act(a, actor.Contribute, a.submitAgain))

	huma.Register(a.huma, a.writes(http.MethodGet, "/submissions/{id}", "readSubmission",
		"One submission: one's own, or any for an editor", actor.Contribute), act(a, actor.Contribute, a.readSubmission))
	huma.Register(a.huma, a.writes(http.MethodGet, "/submissions", "listSubmissions",
		"What waits on the desk, oldest and easiest first", actor.Edit, queueParams()...), ask(a, actor.Edit, a.listSubmissions))

	decide := a.writes(http.MethodPost, "/submissions/{id}/decision", "decide", "Decide a submission, once", actor.Edit)
	decide.DefaultStatus = http.StatusOK
	huma.Register(a.huma, decide, act(a, actor.Edit, a.decide))
}

// submitted is what is sent as a submission.
type submitted struct {
	Kind    string                     `json:"kind" enum:"pitch,place,edit"`
	Place   string                     `json:"place,omitempty" maxLength:"200" doc:"Of an edit: id (p123) or slug of the place."`
	Base    int                        `json:"base,omitempty" minimum:"0" doc:"Of an edit: the revision it was written on; the newest where it is missing."`
	Fields  map[string]json.RawMessage `json:"fields" doc:"By the names of a place's fields. A place needs title, lat and lon; a pitch title, body, and lat and lon or address; of an edit null clears a field, and of lat and lon one is enough where the place is exactly shown."`
	Summary string                     `json:"summary,omitempty" maxLength:"1000" doc:"What was changed, and why."`
}

func (a *API) proposal(ctx context.Context, in submitted) (desk.Proposal, error) {
	p := desk.Proposal{Kind: desk.Kind(in.Kind), Base: in.Base, Fields: in.Fields, Summary: in.Summary}
	if p.Kind != desk.Edit {
		return p, nil
	}
	found, err := a.publishedPlace(ctx, "place", in.Place)
	if err != nil {
		return p, err
	}
	p.Place = found.ID
	return p, alongside(p.Fields, found)
}

// alongside gives an edit that moves a place along one axis alone what it is on
// the other. Of a protected place nobody here may know that, so both are asked
// for.
func alongside(fields map[string]json.RawMessage, of *place.Place) (err error) {
	_, lat := fields["lat"]
	_, lon := fields["lon"]
	if lat == lon || of.Tier != place.Exact || of.At == nil {
		return nil
	}
	if lat {
		fields["lon"], err = json.Marshal(of.At.Lon)
	} else {
		fields["lat"], err = json.Marshal(of.At.Lat)
	}
	return err
}

// placeID reads a field that names a published place.
func (a *API) placeID(ctx context.Context, field, s string) (int64, error) {
	found, err := a.publishedPlace(ctx, field, s)
	if err != nil {
		return 0, err
	}
	return found.ID, nil
}

func (a *API) publishedPlace(ctx context.Context, field, s string) (*place.Place, error) {
	if s == "" {
		return nil, errs.InField(field, "names a place by its id")
	}
	found, err := a.Places.Find(ctx, s)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Gone) || errs.Is(err, errs.Moved) {
		return nil, errs.InField(field, "there is no such place")
	}
	return found, err
}

type oneSubmission struct {
	ID string `path:"id" doc:"Id of the submission." example:"s123"`
}

// submissionID reads the id of a submission.
func submissionID(s string) (int64, error) {
	id, ok := desk.ParseID(s)
	if !ok {
		return 0, errs.New(errs.NotFound, "There is no such submission.")
	}
	return id, nil
}

func (a *API) submit(ctx context.Context, who actor.Actor, in *struct{ Body submitted }) (*body[outward.Submission], error) {
	p, err := a.proposal(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	return a.send(ctx, who, p)
}

func (a *API) submitAgain(ctx context.Context, who actor.Actor, in *struct {
	ID   string `path:"id" doc:"Id of the submission." example:"s123"`
	Body submitted
}) (*body[outward.Submission], error) {
	id, err := submissionID(in.ID)
	if err != nil {
		return nil, err
	}
	p, err := a.proposal(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	p.ID = id
	return a.send(ctx, who, p)
}

func (a *API) send(ctx context.Context, who actor.Actor, p desk.Proposal) (*body[outward.Submission], error) {
	s, err := a.done(ctx, who)
	if s == nil && err == nil {
		s, err = a.Desk.Submit(ctx, who, p)
	}
	if err != nil {
		return nil, err
	}
	if s.Status == desk.Published {
		if err := a.published(ctx); err != nil {
			return nil, err
		}
	}
	return a.shown(ctx, s)
}

// done is the submission that a call which was cut off has written already; nil
// for another call.
func (a *API) done(ctx context.Context, who actor.Actor) (*desk.Submission, error) {
	id, ok := resumed(ctx)
	if !ok {
		return nil, nil
	}
	return a.Desk.Of(ctx, who, id)
}

// shown is the form of a submission, with its place in the queue.
func (a *API) shown(ctx context.Context, s *desk.Submission) (*body[outward.Submission], error) {
	o := outward.SubmissionOf(s, a.URL, a.DB.Now())
	if s.Status == desk.Waiting {
		n, err := a.Desk.Place(ctx, s)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			median, err := a.Desk.Median(ctx)
			if err != nil {
				return nil, err
			}
			o.Queue = &outward.Queue{Place: n, MedianWait: int64(median / time.Second)}
		}
	}
	return &body[outward.Submission]{o}, nil
}

func (a *API) readSubmission(ctx context.Context, who actor.Actor, in *oneSubmission) (*body[outward.Submission], error) {
	id, err := submissionID(in.ID)
	if err != nil {
		return nil, err
	}
	if who.NeedsScope(actor.Edit) != nil {
		who.Role = actor.Member // the token allows no more than what is its member's own
	}
	s, err := a.Desk.Of(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return a.shown(ctx, s)
}

// statusNames are the statuses that the desk lists: nobody's draft lies there.
func statusNames() []string {
	return namesOf(slices.DeleteFunc(slices.Clone(desk.Statuses), func(s desk.Status) bool { return s == desk.Draft }))
}

func namesOf[T ~string](list []T) (names []string) {
	for _, n := range list {
		names = append(names, string(n))
	}
	return names
}

func queueParams() []*huma.Param {
	return []*huma.Param{
		param("status", "Only what stands so; what waits without it.", words(statusNames()...)),
		param("kind", "Only this kind.", words(namesOf(desk.Kinds)...)),
		inParam(), limitParam(), cursorParam(),
	}
}

type submissions struct {
	Items []outward.Submission `json:"items" nullable:"false" doc:"Without fields and decisions."`
	Next  *string              `json:"next" nullable:"true"`
}

func (a *API) listSubmissions(ctx context.Context, who actor.Actor, v url.Values) (submissions, error) {
	f, err := query.ParseQueue(v, statusNames(), namesOf(desk.Kinds))
	if err != nil {
		return submissions{}, err
	}
	q, err := a.Desk.Queue(ctx, who, desk.Filter{Status: desk.Status(f.Status), Kind: desk.Kind(f.Kind), In: f.In, Limit: f.Limit, Cursor: f.Cursor})
	if err != nil {
		return submissions{}, err
	}
	out := submissions{Items: []outward.Submission{}}
	for _, s := range q.Items {
		out.Items = append(out.Items, outward.SubmissionOf(s, a.URL, a.DB.Now()))
	}
	if q.Next != "" {
		out.Next = &q.Next
	}
	return out, nil
}

// decided is what is sent as a decision.
type decided struct {
	Action string                     `json:"action" enum:"publish,changes,decline,duplicate,hold"`
	Reason string                     `json:"reason,omitempty" enum:"promotional,well-known,duplicate,unverifiable,rights,too-short,other," doc:"Why it is declined: decline needs it, but for a report."`
	Text   string                     `json:"text,omitempty" maxLength:"5000" doc:"What its author is told: changes needs it, and so does decline with the reason other."`
	Of     string                     `json:"of,omitempty" maxLength:"200" doc:"Of duplicate: id or slug of the place it repeats."`
	Only   []string                   `json:"only,omitempty" maxItems:"50" doc:"Of publish: none but these fields of an edit."`
	Fields map[string]json.RawMessage `json:"fields,omitempty" doc:"Of publish: fields as the editor changed them."`
	How    string                     `json:"how,omitempty" maxLength:"40" doc:"Of publish of a visit's field note: the status that the place gets; empty leaves it."`
	Until  *time.Time                 `json:"until,omitempty" doc:"Of hold; two weeks where it is missing."`
}

func (a *API) decide(ctx context.Context, who actor.Actor, in *struct {
	ID   string `path:"id" doc:"Id of the submission." example:"s123"`
	Body decided
}) (*body[outward.Submission], error) {
	id, err := submissionID(in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	v := desk.Verdict{Action: desk.Action(b.Action), Reason: b.Reason, Text: b.Text, Only: b.Only, Fields: b.Fields, How: b.How}
	if b.Until != nil {
		v.Until = *b.Until
	}
	if b.Of != "" {
		if v.Of, err = a.placeID(ctx, "of", b.Of); err != nil {
			return nil, err
		}
	}
	s, err := a.done(ctx, who)
	if s == nil && err == nil {
		s, err = a.Desk.Decide(ctx, who, id, v)
	}
	if errs.Is(err, errs.Conflict) {
		return nil, a.standing(ctx, who, id, err)
	}
	if err != nil {
		return nil, err
	}
	if err := a.published(ctx); err != nil {
		return nil, err
	}
	return a.shown(ctx, s)
}

// standing is a conflict with the present state of the submission beside it.
func (a *API) standing(ctx context.Context, who actor.Actor, id int64, err error) error {
	var p *Problem
	if !errors.As(a.problem(err), &p) {
		return err
	}
	s, readErr := a.Desk.Of(ctx, who, id)
	if readErr != nil {
		return err
	}
	o := outward.SubmissionOf(s, a.URL, a.DB.Now())
	p.Submission = &o
	return p
}
