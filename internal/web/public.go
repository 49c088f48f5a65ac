package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"mirabilia/internal/finder"
	"mirabilia/internal/web/view/ui"
)

// Public is all that a public page may know of a request: no cookie, no header
// and no unknown parameter can reach the page, so that the page is the same for
// everyone who asks the same.
type Public struct {
	// Path is the path asked for, without its suffix.
	Path string
	// Form is the suffix that asks for another form of the page (".json"), ""
	// for the page itself.
	Form string
	// Slug, Tag and Dest are the parts of the path that name something; Dest
	// is a destination path.
	Slug, Tag, Dest string
	// Query holds the parameters that the route knows and no other.
	Query url.Values
	// Been are the places that the reader has been to, where the query asks for
	// the others (unvisited=yes): the answer is then the reader's own.
	Been []int64
	// Lang is the language of the interface, BCP 47.
	Lang string
	// ask is what a page of editors asks of its reader; no public page has it.
	ask *ui.Banner
}

// Answer is what a public handler gives: bytes and what they depend on.
type Answer struct {
	Status int // 0 for 200
	Kind   Kind
	Type   string // the whole Content-Type
	Body   []byte
	// Location makes the answer a redirect with Status 301, 302 or 303.
	Location string
	// Filename makes browsers save the answer under that name.
	Filename string
	// Link is the value of a Link header, "" for none.
	Link string
	// Shows lists the things the answer shows; it is thrown away when the log
	// names one of them.
	Shows []finder.Ref
	// Read is the place whose page it is, to be counted; 0 for others.
	Read int64
	// Whole says that the answer depends on all that is published, as a list
	// does: it holds only until the next change of anything.
	Whole bool
	// Cookies are set with the answer of an Own route.
	Cookies []*http.Cookie
	// Once keeps the answer from being kept.
	Once bool
	// NoIndex asks search engines to leave the page out.
	NoIndex bool
	// Stream writes the body in place of Body: what is too large to be held. The
	// answer is then neither kept nor compressed.
	Stream func(ctx context.Context, w io.Writer) error
	// Keep is how long the answer holds whatever happens to things it does not
	// list; 0 for a few seconds.
	Keep time.Duration
	// Clear asks the browser to forget what it has kept of the atlas's answers,
	// for who signs out.
	Clear bool
}
