package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/outward"
)

// deskOperations are what editors and authors do with a submission beside
// sending and deciding it.
func (a *API) deskOperations() {
	type step func(context.Context, actor.Actor, int64) (*desk.Submission, error)
	for _, x := range []struct {
		method, path, id, summary, more string
		do                              step
	}{
		{http.MethodPost, "/claim", "claim", "Take a submission, so that no other editor decides it meanwhile",
			" It is yours for a quarter of an hour; taking it again renews that. 409 where another has it.", a.Desk.Claim},
		{http.MethodDelete, "/claim", "release", "Give a submission back", "", a.Desk.Release},
		{http.MethodPost, "/undo", "undoDecision", "Take your newest decision back",
			" For 30 seconds after it; what it published is as it was before. 409 when it is too late.", a.undo},
	} {
		op := a.writes(x.method, "/submissions/{id}"+x.path, x.id, x.summary, actor.Edit)
		op.DefaultStatus = http.StatusOK
		op.Description += x.more
		huma.Register(a.huma, op, act(a, actor.Edit, func(ctx context.Context, who actor.Actor, in *oneSubmission) (*body[outward.Submission], error) {
			return a.step(ctx, who, in.ID, x.do)
		}))
	}

	appeal := a.writes(http.MethodPost, "/submissions/{id}/appeal", "appeal", "Ask once that a declined submission of yours be looked at again", actor.Contribute)
	appeal.DefaultStatus = http.StatusOK
	appeal.Description += " 409 where nothing was declined, or after the first time."
	huma.Register(a.huma, appeal, act(a, actor.Contribute, a.appeal))

	withdraw := a.writes(http.MethodDelete, "/submissions/{id}", "withdraw", "Take back a submission of yours that nobody has decided yet", actor.Contribute)
	withdraw.DefaultStatus = http.StatusOK
	huma.Register(a.huma, withdraw, act(a, actor.Contribute, func(ctx context.Context, who actor.Actor, in *oneSubmission) (*body[outward.Submission], error) {
		return a.step(ctx, who, in.ID, func(ctx context.Context, who actor.Actor, id int64) (*desk.Submission, error) {
			if err := a.Desk.Withdraw(ctx, who, id); err != nil {
				return nil, err
			}
			return a.Desk.Of(ctx, who, id)
		})
	}))
}

// undo takes a decision back, and answers when this node shows it no more.
func (a *API) undo(ctx context.Context, who actor.Actor, id int64) (*desk.Submission, error) {
	s, err := a.Desk.Undo(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return s, a.published(ctx)
}

// step does something with a submission; a conflict says how it stands.
func (a *API) step(ctx context.Context, who actor.Actor, name string, do func(context.Context, actor.Actor, int64) (*desk.Submission, error)) (*body[outward.Submission], error) {
	id, err := submissionID(name)
	if err != nil {
		return nil, err
	}
	s, err := a.done(ctx, who)
	if s == nil && err == nil {
		s, err = do(ctx, who, id)
	}
	if errs.Is(err, errs.Conflict) {
		return nil, a.standing(ctx, who, id, err)
	}
	if err != nil {
		return nil, err
	}
	return a.shown(ctx, s)
}

func (a *API) appeal(ctx context.Context, who actor.Actor, in *struct {
	ID   string `path:"id" doc:"Id of the submission." example:"s123"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"5000" doc:"Why it should be looked at again."`
	}
}) (*body[outward.Submission], error) {
	return a.step(ctx, who, in.ID, func(ctx context.Context, who actor.Actor, id int64) (*desk.Submission, error) {
		return a.Desk.AppealTo(ctx, who, id, in.Body.Text)
	})
}
