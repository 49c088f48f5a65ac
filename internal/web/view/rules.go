package view

import "mirabilia/internal/web/view/ui"

// RulesPage is where admins say what is blocked and how work is trusted.
type RulesPage struct {
	Base
	Crumbs  []ui.Crumb
	Notice  *ui.Banner
	Refused string
	Faults  []ui.Field
	Blocked []ui.Field
	Groups  []RuleGroup
}

// RuleGroup is some numbers that belong together.
type RuleGroup struct {
	Title  string
	Fields []ui.Field
}
