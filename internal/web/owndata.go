package web

import (
	"context"
	"net/http"

	"mirabilia/internal/errs"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// dataPage lets a member take along all that the atlas holds of them, and leave.
func (s *Site) dataPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.ownData(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	return s.render(ctx, view.OwnData(p))
}

func (s *Site) ownData(ctx context.Context, o Own) (p view.OwnDataPage, err error) {
	if p.Base, err = s.ownBase(ctx, o, say.T(ctx, "Your data"), say.T(ctx, "All that this atlas holds of you: take it along, or delete your account.")); err != nil {
		return p, err
	}
	has, err := s.Factors.Of(ctx, o.Actor.ID)
	if err != nil {
		return p, err
	}
	p.Crumbs = settingsCrumbs(ctx, p.Title)
	if p.Prove, err = s.prove(ctx, o, has, dataPath); err != nil {
		return p, err
	}
	if p.Proof, err = s.proofField(ctx, o, has); err != nil {
		return p, err
	}
	if p.Proof != nil { // the page may show the other form as well
		p.Proof.ID = "leave-proof"
	}
	p.Credit = []ui.Option{
		{Value: "named", Text: say.T(ctx, "Under my name: %s", o.Actor.Shown)},
		{Value: "former", Text: say.T(ctx, "As “a former member”"), Selected: true},
	}
	return p, nil
}

func (s *Site) takeOrLeave(ctx context.Context, o Own) (Answer, error) {
	var err error
	switch o.Form.Get("do") {
	case "prove":
		byFactor, e := s.proved(ctx, o)
		if err = e; err == nil {
			return s.renewed(ctx, o, byFactor, See(dataPath))
		}
	case "take":
		if a, e := s.takeOwn(ctx, o); e == nil {
			return a, nil
		} else {
			err = e
		}
	case "leave":
		return s.leave(ctx, o)
	default:
		return Answer{}, errs.InField("do", "is nothing that this page does")
	}
	return s.dataAgain(ctx, o, err)
}

// takeOwn packs all of it while it is sent.
func (s *Site) takeOwn(ctx context.Context, o Own) (Answer, error) {
	select {
	case s.costly <- struct{}{}:
		defer func() { <-s.costly }()
	case <-ctx.Done():
		return Answer{}, errs.New(errs.Unavailable, "Too much is asked for at once. Try again.")
	}
	write, err := s.Owned.Pack(ctx, o.Actor)
	return Answer{Kind: Export, Type: "application/zip", Filename: o.Actor.Name + ".zip", Stream: write}, err
}

// leave deletes the account of who has proved in this very form who they are.
func (s *Site) leave(ctx context.Context, o Own) (Answer, error) {
	credit := o.Form.Get("credit")
	if credit != "named" && credit != "former" {
		return s.dataAgain(ctx, o, errs.New(errs.Invalid, "Choose under which name what you gave to the atlas stays."))
	}
	byFactor, err := s.proved(ctx, o)
	if err != nil {
		return s.dataAgain(ctx, o, err)
	}
	secret, stays, err := s.Users.Renew(ctx, o.Actor, byFactor)
	if err != nil {
		return Answer{}, err
	}
	if err := s.Owned.Leave(ctx, o.Actor, credit == "named"); err != nil {
		a, err := s.dataAgain(ctx, o, err)
		a.Cookies = []*http.Cookie{s.cookie(secret, cookieAge(stays))}
		return a, err
	}
	a := See("/login?done=left")
	a.Clear, a.Cookies = true, []*http.Cookie{s.cookie("", -1)}
	return a, s.caughtUp(ctx)
}

// dataAgain shows the page with what was wrong and what was chosen.
func (s *Site) dataAgain(ctx context.Context, o Own, err error) (Answer, error) {
	p, e := s.ownData(ctx, o)
	if e != nil {
		return Answer{}, e
	}
	var fields []*ui.Field
	switch {
	case o.Form.Get("do") == "leave":
		if p.Proof != nil {
			fields = append(fields, p.Proof)
		}
		for i := range p.Credit {
			p.Credit[i].Selected = p.Credit[i].Value == o.Form.Get("credit")
		}
	case p.Prove != nil && p.Prove.Field != nil:
		fields = append(fields, p.Prove.Field)
	}
	title, faults, status, ok := shownAs(ctx, err, fields...)
	if !ok {
		return Answer{}, err
	}
	if p.Refused, p.Faults = title, faults; len(faults) > 0 {
		p.Refused = say.T(ctx, "Nothing was changed.")
	}
	a, err := s.render(ctx, view.OwnData(p))
	a.Status = status
	return a, err
}
