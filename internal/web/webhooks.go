package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"mirabilia/internal/errs"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
	"mirabilia/internal/webhook"
)

const webhooksPath = "/admin/webhooks"

// webhookRoutes are where admins say who is told of changes.
func (s *Site) webhookRoutes() []*Route {
	if s.Hooks == nil {
		return nil
	}
	return []*Route{
		ownRoute(http.MethodGet, webhooksPath, Admins, s.webhooksPage, "done"),
		ownRoute(http.MethodPost, webhooksPath, Admins, s.changeWebhooks),
	}
}

func (s *Site) webhooksPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.webhooks(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	switch o.Query.Get("done") {
	case "greet":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "A test is on its way.")}
	case "on":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "It is told again, from where it stopped.")}
	case "off":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "It is told nothing more.")}
	case "remove":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "It is removed.")}
	}
	return s.render(ctx, view.Webhooks(p))
}

func (s *Site) webhooks(ctx context.Context, o Own) (p view.WebhooksPage, err error) {
	if p.Base, err = s.ownBase(ctx, o, say.T(ctx, "Webhooks"), ""); err != nil {
		return p, err
	}
	p.Crumbs = []ui.Crumb{{Name: say.T(ctx, "Administration"), Path: "/admin"}, {Name: say.T(ctx, "Webhooks")}}
	p.Address = ui.Field{ID: "address", Name: "address", Type: "url", Label: say.T(ctx, "Address"), Required: true,
		Hint: say.T(ctx, "Public addresses only; MIRABILIA_OUTBOUND_ALLOW names private networks that may be reached too.")}
	list, err := s.Hooks.All(ctx, o.Actor)
	for _, k := range list {
		p.Rows = append(p.Rows, webhookRow(ctx, k))
	}
	return p, err
}

// webhookRow says how it goes with a receiver.
func webhookRow(ctx context.Context, k webhook.Hook) view.WebhookRow {
	r := view.WebhookRow{ID: strconv.FormatInt(k.ID, 10), Address: k.Address, On: k.State == webhook.Active}
	switch {
	case k.State == webhook.Off:
		r.Stands = say.T(ctx, "Off")
	case k.State == webhook.Failed:
		r.Tone, r.Stands = "bad", say.T(ctx, "Given up")
	case k.Attempts > 0:
		r.Tone, r.Stands = "warn", say.T(ctx, "Does not take what it is told")
	case k.Behind:
		r.Stands = say.T(ctx, "On its way")
	default:
		r.Tone, r.Stands = "ok", say.T(ctx, "Up to date")
	}
	last := say.T(ctx, "never")
	if !k.Delivered.IsZero() {
		last = minute(ctx, k.Delivered)
	}
	r.Facts = []ui.Fact{{Name: say.T(ctx, "Took something last"), Value: last}}
	if k.Fault != "" {
		r.Facts = append(r.Facts, ui.Fact{Name: say.T(ctx, "The last try"), Value: k.Fault})
	}
	if k.Attempts > 0 {
		r.Facts = append(r.Facts, ui.Fact{Name: say.T(ctx, "Tries in vain"), Value: say.Number(ctx, k.Attempts)})
	}
	if !k.Next.IsZero() && k.State == webhook.Active {
		r.Facts = append(r.Facts, ui.Fact{Name: say.T(ctx, "Tried again at"), Value: minute(ctx, k.Next)})
	}
	return r
}

// minute is a moment to the minute.
func minute(ctx context.Context, t time.Time) string {
	return say.T(ctx, "%s UTC", view.Moment(ctx, t.UTC()))
}

func (s *Site) changeWebhooks(ctx context.Context, o Own) (Answer, error) {
	id, _ := strconv.ParseInt(o.Form.Get("id"), 10, 64) // 0 is no webhook's
	do, secret, err := o.Form.Get("do"), "", error(nil)
	switch do {
	case "add":
		secret, err = s.Hooks.Add(ctx, o.Actor, o.Form.Get("address"))
	case "rotate":
		secret, err = s.Hooks.Rotate(ctx, o.Actor, id)
	case "greet":
		err = s.Hooks.Greet(ctx, o.Actor, id)
	case "on", "off":
		err = s.Hooks.Switch(ctx, o.Actor, id, do == "on")
	case "remove":
		err = s.Hooks.Remove(ctx, o.Actor, id)
	default:
		err = errs.InField("do", "is nothing that this page does")
	}
	if err == nil && secret == "" {
		return See(webhooksPath + "?done=" + do), nil
	}
	p, e := s.webhooks(ctx, o)
	if e != nil {
		return Answer{}, e
	}
	status := http.StatusOK
	if p.Secret = secret; err != nil {
		p.Address.Value = o.Form.Get("address")
		var ok bool
		if p.Refused, p.Faults, status, ok = shownAs(ctx, err, &p.Address); !ok {
			return Answer{}, err
		}
	}
	a, err := s.render(ctx, view.Webhooks(p))
	a.Status = status
	return a, err
}
