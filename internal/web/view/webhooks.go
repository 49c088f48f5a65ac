package view

import "mirabilia/internal/web/view/ui"

// WebhooksPage lists who is told of changes.
type WebhooksPage struct {
	Base
	Crumbs  []ui.Crumb
	Notice  *ui.Banner
	Secret  string // of the one that was just added, shown this once
	Refused string
	Faults  []ui.Field
	Rows    []WebhookRow
	Address ui.Field
}

// WebhookRow is one receiver.
type WebhookRow struct {
	ID, Address  string
	On           bool
	Tone, Stands string // how it goes, and in which colour
	Facts        []ui.Fact
}
