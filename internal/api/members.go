package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/mark"
	"mirabilia/internal/outward"
)

func (a *API) memberOperations() {
	huma.Register(a.huma, a.operation("readMember", "/users/{name}", "What a member says of themselves"), a.readMember)
	huma.Register(a.huma, a.writes(http.MethodGet, "/me", "readMe", "Whose token this is, and what it may", actor.Read), act(a, actor.Read, a.readMe))
}

type oneMember struct {
	Name string `path:"name" doc:"Name in addresses." example:"ada-lovelace"`
}

func (a *API) readMember(ctx context.Context, in *oneMember) (*body[outward.Member], error) {
	m, err := a.Users.ByName(ctx, in.Name)
	if err != nil {
		return nil, a.problem(err)
	}
	c, err := a.profiles.Counts(ctx, m, mark.Public)
	if err != nil {
		return nil, a.problem(err)
	}
	return &body[outward.Member]{outward.MemberOf(m, c, a.URL)}, nil
}

func (a *API) readMe(ctx context.Context, who actor.Actor, _ *struct{}) (*body[outward.Self], error) {
	m, err := a.Users.ByID(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	c, err := a.profiles.Counts(ctx, m, mark.Me)
	if err != nil {
		return nil, err
	}
	return &body[outward.Self]{outward.SelfOf(m, c, who, a.URL)}, nil
}
