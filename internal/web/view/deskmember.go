package view

import "mirabilia/internal/web/view/ui"

// DeskMemberPage is a member as editors see them: what they sent, and what can
// be done about all of it at once.
type DeskMemberPage struct {
	Base
	Crumbs  []ui.Crumb
	Line    string
	Ways    []ui.Link
	Notice  *ui.Banner
	Refused string
	Faults  []ui.Field
	// Closed says why nothing can be decided here; "" where it can.
	Closed string
	State  []ui.Field
	Why    ui.Field
	Action string
}
