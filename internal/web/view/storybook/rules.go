package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func ruleStories() []Story {
	p := view.RulesPage{
		Base: base("Rules of contributing", "/admin/contributing"), Crumbs: []ui.Crumb{{Name: "Administration", Path: "/admin"}, {Name: "Rules of contributing"}},
		Blocked: []ui.Field{lines(field("blocked_words", "Blocked words", "casino\nfree money"), 6, "", ""), lines(field("blocked_domains", "Blocked sites", "spam.example"), 6, "", "")},
		Groups:  []view.RuleGroup{{Title: "Trust", Fields: []ui.Field{field("known_after", "Known after so many accepted", "1"), field("trusted_after", "Trusted after so many accepted", "10")}}},
	}
	p.NoIndex = true
	kept := p
	kept.Notice = &ui.Banner{Tone: "ok", Statement: "Kept."}
	refused := p
	wrong := bad(field("trusted_after", "Trusted after so many accepted", "many"), "is a whole number")
	refused.Groups = []view.RuleGroup{{Title: "Trust", Fields: []ui.Field{wrong}}}
	refused.Refused, refused.Faults = "Nothing was kept.", []ui.Field{wrong}
	return []Story{page("view.Rules", "kept", view.Rules(kept)), page("view.Rules", "refused", view.Rules(refused))}
}
