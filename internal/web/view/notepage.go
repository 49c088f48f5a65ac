package view

import "mirabilia/internal/web/view/ui"

// NotePage is where one line is left on an entry.
type NotePage struct {
	Base
	Crumbs      []ui.Crumb
	Place       ui.Card
	Action      string
	Line        ui.Field
	Refused     string
	Visit, Edit string // where the rest is written
}
