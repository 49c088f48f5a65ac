package view

import (
	"html"
	"strconv"

	"mirabilia/internal/web/view/ui"
)

// EmbedCard is a place as other sites show it in a frame: a picture, a title, a
// sentence and the way to the page. It runs no script of its own.
type EmbedCard struct {
	Base
	Card ui.Card
}

// EmbedMap is a map as other sites show it in a frame: a picture until touched,
// above a line that says whose map it is.
type EmbedMap struct {
	Base
	Map ui.MapPicture
	// Heading leads to the page of the same places, of which there are Total.
	Heading ui.Link
	Total   int
	Credit  string // of the basemap
}

// Embed is a part of a page that others may put into theirs: Src is its
// absolute address, Width and Height its size in CSS pixels.
type Embed struct {
	Src, Title    string
	Width, Height int
}

// sandbox is what a frame of ours needs: its own origin for the map's worker,
// and new windows for its links.
const sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"

// HTML is the element that shows it, as others paste it into their pages.
func (e Embed) HTML() string {
	return `<iframe src="` + html.EscapeString(e.Src) + `" width="` + strconv.Itoa(e.Width) + `" height="` + strconv.Itoa(e.Height) +
		`" title="` + html.EscapeString(e.Title) + `" sandbox="` + sandbox + `" loading="lazy" style="border:0;max-width:100%"></iframe>`
}
