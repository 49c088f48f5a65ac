package view

import "mirabilia/internal/web/view/ui"

// DeadLinksPage lists addresses that answer no longer, for editors to mend.
type DeadLinksPage struct {
	Base
	Crumbs []ui.Crumb
	Notice *ui.Banner
	Rows   []DeadLinkRow
	Next   string // path of the rest, "" for none
	Empty  ui.Empty
}

// DeadLinkRow is one address with the places that name it.
type DeadLinkRow struct {
	ID, Address string
	Archive     string // where a copy may be found
	Says        string // how it was found
	Places      []DeadLinkUse
}

// DeadLinkUse is a place that names a dead link.
type DeadLinkUse struct {
	Place ui.Link
	Edit  string
	// Archived says that it names an archived copy too.
	Archived bool
}
