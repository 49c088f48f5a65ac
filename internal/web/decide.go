package web

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/view/say"
)

// decide does what an editor wants with a submission, and leads on to the next.
func (s *Site) decide(ctx context.Context, o Own) (Answer, error) {
	id, err := ownID(o)
	if err != nil {
		return Answer{}, err
	}
	do := o.Form.Get("do")
	here := address("/desk/"+desk.PublicID(id), along(o.Query))
	switch do {
	case "claim":
		_, err = s.Desk.Claim(ctx, o.Actor, id)
	case "release":
		_, err = s.Desk.Release(ctx, o.Actor, id)
	case "undo":
		if _, err = s.Desk.Undo(ctx, o.Actor, id); err == nil {
			err = s.published(ctx)
		}
	default:
		return s.settle(ctx, o, id, do)
	}
	if errs.Is(err, errs.Conflict) {
		return s.refuseDecision(ctx, o, id, &told{do: "conflict", message: err.Error()})
	}
	return See(here), err
}

func (s *Site) refuseDecision(ctx context.Context, o Own, id int64, why *told) (Answer, error) {
	sub, err := s.Desk.Of(ctx, o.Actor, id)
	if err != nil {
		return Answer{}, err
	}
	return s.showOne(ctx, o, sub, why, o.Form)
}

// settle makes a decision.
func (s *Site) settle(ctx context.Context, o Own, id int64, do string) (Answer, error) {
	sub, err := s.Desk.Of(ctx, o.Actor, id)
	if err != nil {
		return Answer{}, err
	}
	v := desk.Verdict{Action: desk.Action(do), Reason: o.Form.Get("reason"), Text: o.Form.Get("text")}
	if why := s.readVerdict(ctx, o, sub, &v); why != nil {
		return s.showOne(ctx, o, sub, why, o.Form)
	}
	if err := s.leaveOut(ctx, o, sub, &v); err != nil {
		return Answer{}, err
	}
	if v.Action == desk.Publish && len(v.Only) == 0 && sub.Kind == desk.Edit && sub.Open() && len(o.Form["only"]) == 0 {
		return s.showOne(ctx, o, sub, &told{message: say.T(ctx, "Tick what should be published.")}, o.Form)
	}
	a, why, err := s.verdict(ctx, o, sub, v)
	if why != nil {
		return s.refuseDecision(ctx, o, sub.ID, why)
	}
	return a, err
}

// verdict decides and leads on, or tells why it was not taken.
func (s *Site) verdict(ctx context.Context, o Own, sub *desk.Submission, v desk.Verdict) (Answer, *told, error) {
	_, err := s.Desk.Decide(ctx, o.Actor, sub.ID, v)
	var e *errs.Error
	switch {
	case err == nil:
	case errors.As(err, &e) && e.Code == errs.Conflict:
		message := e.Message
		if len(e.Fields) > 0 {
			var names []string
			for _, f := range e.Fields {
				names = append(names, fieldLabel(ctx, f.Field))
			}
			message = say.T(ctx, "Somebody changed this meanwhile: %s. Leave it out, or publish with your own changes.", strings.Join(names, ", "))
		}
		return Answer{}, &told{do: "conflict", message: message}, nil
	case errors.As(err, &e) && e.Code == errs.Invalid:
		name := ""
		if len(e.Fields) > 0 {
			name = e.Fields[0].Field
		}
		return Answer{}, &told{text: name, message: upperFirst(e.Message) + "."}, nil
	default:
		return Answer{}, nil, err
	}
	if err := s.published(ctx); err != nil {
		return Answer{}, nil, err
	}
	next, err := url.Parse(NextPath(o.Form.Get("next"), "/desk"))
	if err != nil {
		return Answer{}, nil, err
	}
	return See(address(next.Path, withValue(next.RawQuery, "done", desk.PublicID(sub.ID)))), nil, nil
}

// readVerdict reads the parts of a decision that are not plain texts.
func (s *Site) readVerdict(ctx context.Context, o Own, sub *desk.Submission, v *desk.Verdict) *told {
	switch v.Action {
	case desk.Publish:
		if sub.Kind == desk.Edit && sub.Open() {
			v.Only = onlyFields(o.Form["only"], sub.Fields)
		}
		v.Reason = ""
		switch sub.Kind {
		case desk.Photo:
			v.Fields = photoChanges(o.Form)
		case desk.Report:
			return readWay(ctx, o.Form, v)
		}
		if sub.Kind == desk.Visit {
			v.How = o.Form.Get("how")
		}
	case desk.AskChanges:
		v.Reason = ""
		if strings.TrimSpace(v.Text) == "" {
			return &told{text: "text", message: say.T(ctx, "Say what should change.")}
		}
	case desk.Decline:
		if sub.Kind == desk.Report {
			v.Reason = "other"
			if strings.TrimSpace(v.Text) == "" {
				v.Text = say.T(ctx, "We have looked at it, and it stays as it is.")
			}
			return nil
		}
		if v.Reason == "" {
			return &told{message: say.T(ctx, "Choose a reason.")}
		}
		if strings.TrimSpace(v.Text) == "" {
			v.Text = say.T(ctx, reasonText(sub.Kind, v.Reason))
		}
		if v.Text == "" {
			return &told{text: "text", message: say.T(ctx, "Say why, in your own words.")}
		}
	case desk.MarkDuplicate:
		v.Reason = ""
		name := strings.TrimSpace(o.Form.Get("of"))
		if name == "" {
			name = o.Form.Get("like")
		}
		p, err := s.Places.Find(ctx, slugIn(name))
		if err != nil {
			return &told{text: "of", message: say.T(ctx, "There is no such place. Its address or its number, such as p123, will do.")}
		}
		v.Of = p.ID
	case desk.Hold:
		v.Reason = ""
		until, ok := untilDay(o.Form.Get("until"), s.now())
		if !ok {
			return &told{text: "until", message: say.T(ctx, "Choose a day that lies ahead.")}
		}
		v.Until = until
	default:
		return &told{message: say.T(ctx, "There is nothing of that name to decide.")}
	}
	return nil
}

// slugIn takes the name of a place out of its address.
func slugIn(s string) string {
	if _, after, ok := strings.Cut(s, "/places/"); ok {
		s, _, _ = strings.Cut(after, "/")
		s, _, _ = strings.Cut(s, "?")
	}
	return s
}

// onlyFields are the fields that are ticked; nil when all are.
func onlyFields(ticked []string, all revision.Fields) []string {
	var out []string
	for _, t := range ticked {
		for _, name := range strings.Split(t, ",") {
			if _, ok := all[name]; ok {
				out = append(out, name)
			}
		}
	}
	for name := range all {
		if !slices.Contains(out, name) {
			return out
		}
	}
	return nil
}
