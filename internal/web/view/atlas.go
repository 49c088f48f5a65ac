package view

import "mirabilia/internal/web/view/ui"

// AtlasPage is a part of what an admin decides about the atlas.
type AtlasPage struct {
	Base
	Crumbs  []ui.Crumb
	Parts   []ui.Link // the other parts
	Heading string
	Lead    string
	Notice  *ui.Banner
	Refused string
	Faults  []ui.Field
	Logo    *LogoForm
	Action  string
	Groups  []AtlasGroup
	// Seen is the stamp of what the page was made of.
	Seen string
	Keep string // the words of the button
	// Reset is offered where the atlas has words of its own in place of ours.
	Reset bool
	// Texts are the pages whose words can be changed.
	Texts []ui.Link
}

// AtlasGroup is some fields that belong together.
type AtlasGroup struct {
	Title, Lead string
	Fields      []ui.Field
}

// LogoForm chooses or removes the atlas's logo.
type LogoForm struct {
	Logo Logo
	File ui.Field
}
