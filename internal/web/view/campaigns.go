package view

import "mirabilia/internal/web/view/ui"

// CampaignsPage lists what editors sweep together, and begins another.
type CampaignsPage struct {
	Base
	Crumbs  []ui.Crumb
	Running []CampaignRow
	Closed  []CampaignRow
	Refused string
	Faults  []ui.Field
	Form    []ui.Field
}

// CampaignRow is one campaign in a list.
type CampaignRow struct {
	Link    ui.Link
	What    string // what it looks for, and where
	Done    string // "12 of 40"
	Percent int
}

// CampaignPage is one campaign: how far it is, and what was settled last.
type CampaignPage struct {
	Base
	Crumbs  []ui.Crumb
	Notice  *ui.Banner
	Action  string
	Row     CampaignRow
	Figures []Figure
	Steps   []string
	State   string // a sentence
	Next    bool   // there may be a place to go on with
	Close   bool   // the reader may close it
	Recent  []CampaignItem
}

// CampaignItem is a place that was settled.
type CampaignItem struct {
	Place  ui.Link
	Result ui.Badge
	By     string
	When   string
	Note   string
}

// CampaignOnePage is one place of a campaign, on lease to the reader.
type CampaignOnePage struct {
	Base
	Crumbs  []ui.Crumb
	Refused string
	Faults  []ui.Field
	Action  string
	Row     CampaignRow
	Card    ui.Card
	Finding ui.Banner // whether it still is so
	Details []string
	Steps   []string
	Edit    []ui.Link // where it is mended
	Lease   string    // "yours for 14 minutes"
	Note    ui.Field
	Open    bool // it can be settled by the reader
}
