package view

import (
	"mirabilia/internal/errs"
	"mirabilia/internal/web/view/ui"
)

// FailurePage says what went wrong and gives ways on.
type FailurePage struct {
	Base
	// Status is the HTTP status: 400, 403, 404, 410, 429, 500, 503 …
	Status int
	// Message is what may be shown of the error, "" for the usual words.
	Message string
	// Fields names the values that are wrong (400).
	Fields []errs.Field
	// Why, Since and Object tell of what was taken down: the kind of reason, the
	// day, and the way to ask for a second look. "" where that is not known.
	Why, Since string
	Object     ui.Link
	// Reference is the number under which the log knows a failure of ours.
	Reference string
	// Picture is the drawing beside the words: Point Nemo, for 404.
	Picture ui.Picture
}

// ClosedPage is the empty form of a part that is not open: accounts, trips,
// stories.
type ClosedPage struct {
	Base
	Heading string
	Text    string
	Ways    []ui.Link
	Picture ui.Picture
	// Crumbs lead back to where one came from.
	Crumbs []ui.Crumb
}

// heading and text of a failure, in the voice of the atlas.
func (p FailurePage) heading() string {
	switch p.Status {
	case 400, 414, 422:
		return "This address cannot be read"
	case 403:
		return "This is not yours to open"
	case 404:
		return "This page is not on the map"
	case 410:
		return "This page was taken down"
	case 429:
		return "Too many questions at once"
	case 503, 507:
		return "The atlas is catching its breath"
	}
	if p.Status >= 500 {
		return "Something broke on our side"
	}
	return "That did not work"
}

func (p FailurePage) text() string {
	if p.Message != "" && p.Status < 500 {
		return p.Message
	}
	switch p.Status {
	case 404:
		return "Nothing is here. The farthest point from any land, Point Nemo, at least has coordinates."
	case 410:
		return "It was here once, and will not come back."
	case 429:
		return "Wait a minute, then try again."
	case 503, 507:
		return "Nothing is lost. Try again in a minute."
	}
	if p.Status >= 500 {
		return "Nothing you typed is lost. Try again; if it stays broken, tell us the number below."
	}
	return "Go back and try another way."
}
