package view

import "mirabilia/internal/web/view/ui"

// AreasPage lists what editors have drawn over the tree of destinations.
type AreasPage struct {
	Base
	Crumbs []ui.Crumb
	Done   string // what was just done, "" for nothing
	Rows   []AreaRow
	Empty  ui.Empty
	New    ui.Link
}

// AreaRow is one area in the list.
type AreaRow struct {
	Name, Kind, Guide, Edit string
	Path                    string
	Points, Places          string
}

// AreaFormPage is where an area is drawn: on the map with a script, as text or
// as a file without.
type AreaFormPage struct {
	Base
	Crumbs                           []ui.Crumb
	Heading, Action                  string
	Refused                          string // why it was not kept, "" when it was not refused
	Bad                              []ui.Field
	Name, Kind, Path, Intro, Outline ui.Field
	File                             ui.Field
	Revision                         string
	// Preview says what the outline would hold, "" before it was looked over.
	Preview string
	// Map is where drawing begins.
	Map ui.MapPicture
	// Remove is the path of an area that can be removed, "" for a new one.
	Remove string
}

// frame is the base with the files of the map.
func (p AreaFormPage) frame() Base { return MapPage{Base: p.Base}.frame() }
