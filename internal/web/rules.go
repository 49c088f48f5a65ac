package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const rulesPath = "/admin/contributing"

// rulesRoutes are where admins say what is blocked and how work is trusted.
func (s *Site) rulesRoutes() []*Route {
	if s.Users == nil {
		return nil
	}
	return []*Route{
		ownRoute(http.MethodGet, rulesPath, Admins, s.rulesPage, "done"),
		ownRoute(http.MethodPost, rulesPath, Admins, s.setRules),
	}
}

// ruleNumber is a rule that is a whole number.
type ruleNumber struct {
	name, label, hint string
	of                func(*setting.Contributing, *setting.Confirming) *int
}

// ruleGroups are the numbers as the page shows them.
var ruleGroups = []struct {
	title   string
	numbers []ruleNumber
}{
	{"Trust", []ruleNumber{
		{"known_after", "Known after so many accepted", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.KnownAfter }},
		{"trusted_after", "Trusted after so many accepted", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.TrustedAfter }},
		{"declined_below", "… while fewer were declined, in percent", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.DeclinedBelow }},
		{"sample_one_in", "Of what is public at once, one in so many is looked at", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.SampleOneIn }},
	}},
	{"Submissions a day", []ruleNumber{
		{"daily_new", "New members", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.DailyNew }},
		{"daily_known", "Known members", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.DailyKnown }},
		{"daily_trusted", "Trusted members", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.DailyTrusted }},
	}},
	{"Photos a day", []ruleNumber{
		{"photos_new", "New members’ photos", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.PhotosNew }},
		{"photos_known", "Known members’ photos", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.PhotosKnown }},
		{"photos_trusted", "Trusted members’ photos", "", func(c *setting.Contributing, _ *setting.Confirming) *int { return &c.PhotosTrusted }},
	}},
	{"Confirmations of visitors", []ruleNumber{
		{"half_life", "One counts half after so many months", "", func(_ *setting.Contributing, f *setting.Confirming) *int { return &f.HalfLife }},
		{"fresh", "Together they make an entry fresh from", "In percent of one made this month.", func(_ *setting.Contributing, f *setting.Confirming) *int { return &f.Fresh }},
		{"ageing", "… and unconfirmed below", "In percent too. All entries follow within a night.", func(_ *setting.Contributing, f *setting.Confirming) *int { return &f.Ageing }},
	}},
}

func (s *Site) rulesPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.rules(ctx, o, nil)
	if err != nil {
		return Answer{}, err
	}
	if o.Query.Get("done") != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Kept.")}
	}
	return s.render(ctx, view.Rules(p))
}

// rules fills the page, with what was typed where it was refused.
func (s *Site) rules(ctx context.Context, o Own, typed url.Values) (p view.RulesPage, err error) {
	if p.Base, err = s.ownBase(ctx, o, say.T(ctx, "Rules of contributing"), ""); err != nil {
		return p, err
	}
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return p, err
	}
	value := func(name, now string) string {
		if typed != nil {
			return typed.Get(name)
		}
		return now
	}
	c := set.Contributing
	p.Crumbs = []ui.Crumb{{Name: say.T(ctx, "Administration"), Path: "/admin"}, {Name: say.T(ctx, "Rules of contributing")}}
	p.Blocked = []ui.Field{
		{ID: "blocked_words", Name: "blocked_words", Label: say.T(ctx, "Blocked words"), Lines: 6, Value: value("blocked_words", strings.Join(c.BlockedWords, "\n")),
			Hint: say.T(ctx, "A word or phrase a line, whole words, in small or capital letters, with or without accents.")},
		{ID: "blocked_domains", Name: "blocked_domains", Label: say.T(ctx, "Blocked sites"), Lines: 6, Value: value("blocked_domains", strings.Join(c.BlockedDomains, "\n")),
			Hint: say.T(ctx, "A domain a line, such as spam.example; what lies under it is blocked with it.")},
	}
	for _, g := range ruleGroups {
		group := view.RuleGroup{Title: say.T(ctx, g.title)}
		for _, n := range g.numbers {
			f := ui.Field{ID: n.name, Name: n.name, Label: say.T(ctx, n.label), Value: value(n.name, strconv.Itoa(*n.of(&set.Contributing, &set.Confirming))), Inputmode: "numeric", Required: true}
			if n.hint != "" {
				f.Hint = say.T(ctx, n.hint)
			}
			group.Fields = append(group.Fields, f)
		}
		p.Groups = append(p.Groups, group)
	}
	return p, nil
}

// setRules keeps what an admin typed, or shows it again with what is wrong.
func (s *Site) setRules(ctx context.Context, o Own) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	c, f := set.Contributing, set.Confirming
	c.BlockedWords, c.BlockedDomains = eachLine(o.Form.Get("blocked_words")), eachLine(o.Form.Get("blocked_domains"))
	bad := &errs.Error{Code: errs.Invalid, Message: say.T(ctx, "Nothing was kept.")}
	for _, g := range ruleGroups {
		for _, n := range g.numbers {
			v, err := strconv.Atoi(strings.TrimSpace(o.Form.Get(n.name)))
			if err != nil {
				bad.Fields = append(bad.Fields, errs.Field{Field: n.name, Message: say.T(ctx, "is a whole number")})
			}
			*n.of(&c, &f) = v
		}
	}
	if len(bad.Fields) > 0 {
		err = bad
	} else if err = s.Users.SetRules(ctx, o.Actor, s.Settings, c, f); err == nil {
		return See(rulesPath + "?done=yes"), s.caughtUp(ctx)
	}
	p, e := s.rules(ctx, o, o.Form)
	if e != nil {
		return Answer{}, e
	}
	var fields []*ui.Field
	for i := range p.Blocked {
		fields = append(fields, &p.Blocked[i])
	}
	for _, g := range p.Groups {
		for i := range g.Fields {
			fields = append(fields, &g.Fields[i])
		}
	}
	title, faults, status, ok := shownAs(ctx, err, fields...)
	if !ok {
		return Answer{}, err
	}
	p.Refused, p.Faults = title, faults
	a, err := s.render(ctx, view.Rules(p))
	a.Status = status
	return a, err
}

// eachLine gives the lines of a text that say something, each once.
func eachLine(s string) (list []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return list
}
