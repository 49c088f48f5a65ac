package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mirabilia/internal/campaign"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const (
	campaignsPath = "/desk/campaigns"
	// campaignPath is one of them. A single segment more would be that of a
	// submission's own pages.
	campaignPath   = campaignsPath + "/c/"
	campaignRecent = 20
)

// campaignRoutes are where editors sweep together.
func (s *Site) campaignRoutes() []*Route {
	if s.Campaigns == nil {
		return nil
	}
	return []*Route{
		ownRoute(http.MethodGet, campaignsPath, Editors, s.campaignsPage),
		ownRoute(http.MethodPost, campaignsPath, Editors, s.makeCampaign),
		ownRoute(http.MethodGet, campaignPath+"{campaign}", Editors, s.campaignPage, "done"),
		ownRoute(http.MethodPost, campaignPath+"{campaign}", Editors, s.runCampaign),
		ownRoute(http.MethodGet, campaignPath+"{campaign}/{place}", Editors, s.campaignOnePage),
		ownRoute(http.MethodPost, campaignPath+"{campaign}/{place}", Editors, s.settleCampaign),
	}
}

// questionWords say what a campaign looks for, yesWords and noWords whether one
// place still is so.
var (
	questionWords = map[campaign.Question]string{
		campaign.DeadLink: "Dead links", campaign.NoAlt: "Photographs without a description", campaign.Unconfirmed: "Unconfirmed for three years",
		campaign.NoSources: "No source named", campaign.ShortText: "A text of less than 80 words", campaign.NoPhoto: "No photograph",
	}
	yesWords = map[campaign.Question]string{
		campaign.DeadLink: "It names an address that is dead.", campaign.NoAlt: "A photograph has no description for those who cannot see it.",
		campaign.Unconfirmed: "No visitor has confirmed it for three years.", campaign.NoSources: "It names no source.",
		campaign.ShortText: "Its text has less than 80 words.", campaign.NoPhoto: "It has no photograph.",
	}
)

func (s *Site) campaignsPage(ctx context.Context, o Own) (Answer, error) {
	return s.showCampaigns(ctx, o, nil, nil)
}

// showCampaigns lists them, with a wish in the form that was refused.
func (s *Site) showCampaigns(ctx context.Context, o Own, typed url.Values, refused error) (Answer, error) {
	b, err := s.ownBase(ctx, o, say.T(ctx, "Campaigns"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.CampaignsPage{Base: b, Crumbs: []ui.Crumb{{Name: say.T(ctx, "Review desk"), Path: "/desk"}, {Name: say.T(ctx, "Campaigns")}}, Form: campaignForm(ctx, typed)}
	running, closed, err := s.Campaigns.All(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	for _, c := range running {
		p.Running = append(p.Running, s.campaignRow(ctx, c))
	}
	for _, c := range closed {
		p.Closed = append(p.Closed, s.campaignRow(ctx, c))
	}
	status := 0
	if refused != nil {
		var fields []*ui.Field
		for i := range p.Form {
			fields = append(fields, &p.Form[i])
		}
		ok := false
		if p.Refused, p.Faults, status, ok = shownAs(ctx, refused, fields...); !ok {
			return Answer{}, refused
		}
	}
	a, err := s.render(ctx, view.Campaigns(p))
	a.Status = status
	return a, err
}

func campaignForm(ctx context.Context, typed url.Values) []ui.Field {
	question := ui.Field{ID: "f-question", Name: "question", Label: say.T(ctx, "What to look for")}
	for _, q := range campaign.Questions {
		question.Options = append(question.Options, ui.Option{Value: string(q), Text: say.T(ctx, questionWords[q]), Selected: typed.Get("question") == string(q)})
	}
	return []ui.Field{
		question,
		{ID: "f-title", Name: "title", Label: say.T(ctx, "Title"), Value: typed.Get("title"), Required: true},
		{ID: "f-in", Name: "in", Label: say.T(ctx, "Destination"), Hint: say.T(ctx, "A name, or a path such as italy/lazio; empty for all."), Value: typed.Get("in")},
		{ID: "f-tag", Name: "tag", Label: say.T(ctx, "Theme"), Hint: say.T(ctx, "The name in its address, such as ruins; empty for all."), Value: typed.Get("tag")},
		{ID: "f-steps", Name: "steps", Label: say.T(ctx, "What is done with each"), Hint: say.T(ctx, "A step a line."), Value: typed.Get("steps"), Lines: 4},
	}
}

func (s *Site) makeCampaign(ctx context.Context, o Own) (Answer, error) {
	f := o.Form
	w := campaign.Wish{Question: campaign.Question(f.Get("question")), Tag: strings.TrimSpace(f.Get("tag")), Title: f.Get("title"), Steps: f.Get("steps")}
	var err error
	if w.In, err = s.destinationMeant(f.Get("in")); err != nil {
		return s.showCampaigns(ctx, o, f, err)
	}
	if w.Tag != "" {
		if _, err := s.Tags.BySlug(ctx, w.Tag); errs.Is(err, errs.NotFound) {
			return s.showCampaigns(ctx, o, f, errs.InField("tag", "is no tag"))
		} else if err != nil {
			return Answer{}, err
		}
	}
	c, err := s.Campaigns.Make(ctx, o.Actor, w)
	if err != nil {
		return s.showCampaigns(ctx, o, f, err)
	}
	return See(campaignPath + c.PublicID()), nil
}

// campaignRow is a campaign as lists name it.
func (s *Site) campaignRow(ctx context.Context, c *campaign.Campaign) view.CampaignRow {
	r := view.CampaignRow{Link: ui.Link{Text: c.Title, Path: campaignPath + c.PublicID()}, What: say.T(ctx, questionWords[c.Question])}
	in := c.In
	if node, known := s.Gazetteer.ByPath(in); known {
		in = node.Name
	}
	for _, of := range []string{in, c.Tag} {
		if of != "" {
			r.What += " · " + of
		}
	}
	r.Done = say.T(ctx, "%s of %s", say.Number(ctx, c.Handled()), say.Number(ctx, c.All()))
	if n := c.All(); n > 0 {
		r.Percent = 100 * c.Handled() / n
	}
	if c.Stage == campaign.Gathering {
		r.Done += ", " + say.T(ctx, "being gathered")
	}
	return r
}

// campaignOf reads the campaign that an address names.
func (s *Site) campaignOf(ctx context.Context, o Own) (*campaign.Campaign, error) {
	id, ok := campaign.ParseID(o.Request.PathValue("campaign"))
	if !ok {
		return nil, errs.New(errs.NotFound, "There is no such campaign.")
	}
	return s.Campaigns.Of(ctx, o.Actor, id)
}

func (s *Site) campaignPage(ctx context.Context, o Own) (Answer, error) {
	c, err := s.campaignOf(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	return s.showCampaign(ctx, o, c, "")
}

// showCampaign shows how far a campaign is; refused is why something was not
// done.
func (s *Site) showCampaign(ctx context.Context, o Own, c *campaign.Campaign, refused string) (Answer, error) {
	b, err := s.ownBase(ctx, o, c.Title, "")
	if err != nil {
		return Answer{}, err
	}
	b = scripted(b, s.Assets.URL("desk.js"))
	p := view.CampaignPage{
		Base: b, Action: campaignPath + c.PublicID(), Row: s.campaignRow(ctx, c), Steps: c.Steps,
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "Review desk"), Path: "/desk"}, {Name: say.T(ctx, "Campaigns"), Path: campaignsPath}, {Name: c.Title}},
		Next:   c.Stage != campaign.Closed && c.Open > 0, Close: c.Stage != campaign.Closed && (c.By == o.Actor.ID || o.Actor.Role.AtLeast(needs[Admins])),
	}
	switch {
	case c.Stage == campaign.Closed:
		p.State = say.T(ctx, "Closed %s.", say.Date(ctx, c.Closed))
	case c.Stage == campaign.Gathering:
		p.State = say.T(ctx, "Its places are still being gathered; what is there can be begun.")
	case c.All() == 0:
		p.State = say.T(ctx, "Nothing is like that. So much the better.")
	case c.Open == 0:
		p.State = say.T(ctx, "All of it is done.")
	}
	switch {
	case refused != "":
		p.Notice = &ui.Banner{Tone: "warn", Statement: refused}
	case o.Query.Get("done") != "":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "No place is left for you here. Thank you.")}
	}
	for _, f := range []struct {
		name string
		n    int
	}{{"open", c.Open}, {"done", c.Done}, {"left as they are", c.Skipped}, {"no longer public", c.Gone}} {
		p.Figures = append(p.Figures, view.Figure{Name: say.T(ctx, f.name), Value: say.Number(ctx, f.n)})
	}
	if p.Recent, err = s.campaignItems(ctx, o, c); err != nil {
		return Answer{}, err
	}
	a, err := s.render(ctx, view.Campaign(p))
	if refused != "" {
		a.Status = http.StatusConflict
	}
	return a, err
}

// campaignItems are those settled last, with the names of places and editors.
func (s *Site) campaignItems(ctx context.Context, o Own, c *campaign.Campaign) (out []view.CampaignItem, err error) {
	list, err := s.Campaigns.Newest(ctx, o.Actor, c.ID, campaignRecent)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = x.Place
	}
	cards, err := s.Places.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, x := range list {
		row := view.CampaignItem{Place: ui.Link{Text: place.PublicID(x.Place)}, Result: resultBadge(ctx, x.Result), When: view.Moment(ctx, x.At), Note: x.Note}
		if at := slices.IndexFunc(cards, func(p *place.Place) bool { return p.ID == x.Place }); at >= 0 {
			row.Place.Text, row.Place.Path = cards[at].Title, campaignPath+c.PublicID()+"/"+cards[at].PublicID()
		}
		if _, known := names[x.By]; !known && x.By != 0 {
			m, err := s.Users.ByID(ctx, x.By)
			if err != nil {
				return nil, err
			}
			names[x.By] = m.Shown
		}
		row.By = names[x.By]
		out = append(out, row)
	}
	return out, nil
}

func resultBadge(ctx context.Context, r campaign.Result) ui.Badge {
	switch r {
	case campaign.Done:
		return ui.Badge{Text: say.T(ctx, "Done"), Tone: "been", Icon: "check"}
	case campaign.Skipped:
		return ui.Badge{Text: say.T(ctx, "Left as it is")}
	}
	return ui.Badge{Text: say.T(ctx, "No longer public"), Tone: "warn"}
}

// runCampaign takes the next place, or closes the campaign.
func (s *Site) runCampaign(ctx context.Context, o Own) (Answer, error) {
	c, err := s.campaignOf(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	switch o.Form.Get("do") {
	case "next":
		return s.nextOf(ctx, o, c, 0)
	case "close":
		if err := s.Campaigns.Close(ctx, o.Actor, c.ID); err != nil {
			return Answer{}, err
		}
		return See(campaignPath + c.PublicID()), nil
	}
	return Answer{}, errs.InField("do", "is nothing that this page does")
}

// nextOf leads to the next place behind another, or back when none is left.
func (s *Site) nextOf(ctx context.Context, o Own, c *campaign.Campaign, after int64) (Answer, error) {
	next, err := s.Campaigns.Next(ctx, o.Actor, c.ID, after)
	switch {
	case errs.Is(err, errs.Conflict):
		return s.showCampaign(ctx, o, c, err.Error())
	case err != nil:
		return Answer{}, err
	case next == 0:
		return See(campaignPath + c.PublicID() + "?done=yes"), nil
	}
	return See(campaignPath + c.PublicID() + "/" + place.PublicID(next)), nil
}
