package view

import (
	"mirabilia/internal/place"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view/ui"
)

// KeptPage is a place as it is taken along: the inside of a page, without
// neighbours, marks and forms, which need the network.
type KeptPage struct {
	Place      *place.Place
	Where      string
	Body, Know text.SafeHTML
	Picture    ui.Picture
	Tags       []ui.Chip
	Page       string // address of the page, absolute in files
}

// TakeAlong is the way to take what a page lists along.
type TakeAlong struct {
	// Manifest lists what is kept, ZIP is the same as one file; both are paths.
	Manifest, ZIP string
	Script        string // the built file that keeps
	Places        int
	// Most is set when there are more places than a pack holds.
	Most int
}

// OfflinePage is what is kept on a device. All but its frame is written by
// script from what the device holds.
type OfflinePage struct {
	Base
	Credit string // of the basemap
}

// NewTake is what the pages of lists offer; nil for none.
func NewTake(path, query, script string, places, most int) *TakeAlong {
	if places == 0 {
		return nil
	}
	if query != "" {
		query = "?" + query
	}
	t := &TakeAlong{Manifest: path + ".pack.json" + query, ZIP: path + ".zip" + query, Script: script, Places: places}
	if places > most {
		t.Most = most
	}
	return t
}
