package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/mark"
)

func (a *API) markOperations() {
	for _, m := range []struct {
		kind mark.Kind
		id   string
		what string
	}{{mark.Been, "Been", "Been here"}, {mark.Want, "Want", "Want to go"}} {
		path := "/places/{id}/marks/" + string(m.kind)
		set := a.writes(http.MethodPut, path, "mark"+m.id, "Mark a place: "+m.what, actor.Contribute)
		set.Description += " Setting a mark that is set changes nothing. The counts of this API are exact at once."
		huma.Register(a.huma, set, act(a, actor.Contribute, a.marking(m.kind, true)))
		off := a.writes(http.MethodDelete, path, "unmark"+m.id, "Take a mark away: "+m.what, actor.Contribute)
		huma.Register(a.huma, off, act(a, actor.Contribute, a.marking(m.kind, false)))
	}
}

type markedPlace struct {
	ID string `path:"id" doc:"Id or slug of the place." example:"p123"`
}

// marking sets or takes away the mark of the token's member.
func (a *API) marking(kind mark.Kind, on bool) func(context.Context, actor.Actor, *markedPlace) (*struct{}, error) {
	return func(ctx context.Context, who actor.Actor, in *markedPlace) (*struct{}, error) {
		p, err := a.Places.Find(ctx, in.ID)
		if err != nil {
			return nil, apiPath(err)
		}
		return nil, a.Marks.Set(ctx, who, p.ID, kind, on)
	}
}
