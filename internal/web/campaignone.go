package web

import (
	"context"
	"net/http"
	"net/url"

	"mirabilia/internal/campaign"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// campaignOnePage is one place of a campaign.
func (s *Site) campaignOnePage(ctx context.Context, o Own) (Answer, error) {
	c, err := s.campaignOf(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	return s.showCampaignOne(ctx, o, c, nil, nil)
}

// showCampaignOne shows a place to who has it, with what was typed where it was
// refused.
func (s *Site) showCampaignOne(ctx context.Context, o Own, c *campaign.Campaign, typed url.Values, refused error) (Answer, error) {
	// By the full form alone: every other name of the place is another page's.
	at, err := s.Places.ByID(ctx, o.Request.PathValue("place"))
	if errs.Is(err, errs.Gone) || errs.Is(err, errs.Moved) {
		return See(campaignPath + c.PublicID()), nil
	}
	if err != nil {
		return Answer{}, err
	}
	i, err := s.Campaigns.Item(ctx, o.Actor, c.ID, at.ID)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, at.Title, "")
	if err != nil {
		return Answer{}, err
	}
	p := view.CampaignOnePage{
		Base: scripted(b, s.Assets.URL("desk.js")), Action: campaignPath + c.PublicID() + "/" + at.PublicID(), Row: s.campaignRow(ctx, c), Card: s.card(ctx, at), Steps: c.Steps,
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "Review desk"), Path: "/desk"}, {Name: say.T(ctx, "Campaigns"), Path: campaignsPath}, {Name: c.Title, Path: campaignPath + c.PublicID()}, {Name: at.Title}},
		Edit:   []ui.Link{{Text: say.T(ctx, "Edit the place"), Path: at.Path() + "/edit"}, {Text: say.T(ctx, "Its photographs"), Path: at.Path() + "/photos"}},
		Note:   ui.Field{ID: "f-note", Name: "note", Label: say.T(ctx, "A note for the others"), Value: typed.Get("note")},
	}
	if err := s.campaignFinding(ctx, c, at, &p); err != nil {
		return Answer{}, err
	}
	s.campaignLease(ctx, o, c, i, &p)
	status := 0
	if refused != nil {
		fields := []*ui.Field{&p.Note}
		ok := false
		if p.Refused, p.Faults, status, ok = shownAs(ctx, refused, fields...); !ok {
			return Answer{}, refused
		}
		if errs.Is(refused, errs.Conflict) {
			status = http.StatusConflict
		}
	}
	a, err := s.render(ctx, view.CampaignOne(p))
	a.Status = status
	return a, err
}

// campaignFinding says whether what the campaign looks for still is so.
func (s *Site) campaignFinding(ctx context.Context, c *campaign.Campaign, at *place.Place, p *view.CampaignOnePage) error {
	still, err := s.Campaigns.Still(ctx, c.Question, at)
	if err != nil {
		return err
	}
	if !still {
		p.Finding = ui.Banner{Tone: "ok", Statement: say.T(ctx, "This is no longer so."), Rest: say.T(ctx, "Somebody has mended it.")}
		return nil
	}
	p.Finding = ui.Banner{Tone: "warn", Statement: say.T(ctx, yesWords[c.Question])}
	if c.Question == campaign.DeadLink {
		p.Details, err = s.Campaigns.Dead(ctx, at.ID)
	}
	return err
}

// campaignLease says who is at a place, and whether the reader may settle it.
func (s *Site) campaignLease(ctx context.Context, o Own, c *campaign.Campaign, i campaign.Item, p *view.CampaignOnePage) {
	leased := i.Leased != 0 && i.Until.After(s.now())
	switch {
	case i.Result != campaign.Open:
		p.Lease = resultBadge(ctx, i.Result).Text + "."
	case c.Stage == campaign.Closed:
		p.Lease = say.T(ctx, "This campaign is closed.")
	case leased && i.Leased != o.Actor.ID:
		p.Lease = say.T(ctx, "Another editor is at this place until %s.", i.Until.UTC().Format("15:04 UTC"))
	default:
		p.Open = true
		if leased {
			p.Lease = say.T(ctx, "yours for %s", spell(ctx, i.Until.Sub(s.now())))
		}
	}
}

// settleCampaign brings a place to its result, and leads on to the next.
func (s *Site) settleCampaign(ctx context.Context, o Own) (Answer, error) {
	c, err := s.campaignOf(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	id, ok := place.ParseID(o.Request.PathValue("place"))
	if !ok {
		return Answer{}, errs.New(errs.NotFound, "There is no such place.")
	}
	do := o.Form.Get("do")
	if do == "next" {
		return s.nextOf(ctx, o, c, id)
	}
	err = s.Campaigns.Settle(ctx, o.Actor, c.ID, id, campaign.Result(do), o.Form.Get("note"))
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Invalid) {
		return s.showCampaignOne(ctx, o, c, o.Form, err)
	}
	if err != nil {
		return Answer{}, err
	}
	return s.nextOf(ctx, o, c, id)
}
