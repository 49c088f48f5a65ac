// Package view is what pages look like: a typed struct for each page, and the
// template that writes it. It knows types only, never stores: handlers fill
// the structs, and templates format.
package view

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"sync"

	"github.com/a-h/templ"

	"mirabilia/internal/web/view/ui"
)

// Base is what every page has; page structs embed it.
type Base struct {
	Title       string // without the atlas's name
	Description string
	// Path is the page's own, without query: it marks the menu and the feeds.
	Path string
	// Canonical and every address of Share are absolute.
	Canonical string
	Share     Share
	Lang      string // BCP 47, "en" when empty
	Dir       string // "ltr" when empty
	Site      *Site
	Assets    Assets
	// LD is structured data (JSON-LD), one value a script, or written before by
	// WriteLD.
	LD      []any
	Feeds   []Feed
	NoIndex bool
	// Finds says that the page has a search box of its own, so that the bar needs
	// none.
	Finds bool
	// Prev and Next are the neighbours in a list, for the head of the page.
	Prev, Next string
	// Me is who reads, on pages of the reader's own; public pages are the same
	// for everyone.
	Me *Me
	// Ask is what the atlas asks of an editor, on the pages of editors only.
	Ask *ui.Banner
	// Away is another site's address that the page leads on to by itself.
	Away string
}

// Share is what a network shows of a shared page (OpenGraph).
type Share struct {
	Type          string // "website", "article", "place"
	Image         string // absolute
	Width, Height int
	Alt           string
}

// Feed is another form of the same page.
type Feed struct{ Title, Path, Type string }

// Assets are the files that pages load, as the assets package names them.
type Assets struct {
	Styles  []string
	Scripts []string
	Preload []string // faces
	Icon    string
	// Touch is the icon under which phones install the page, as PNG.
	Touch string
	// Theme is the style sheet of the operator's colours, "" for our own.
	Theme string
	// Map files are loaded when a map is touched.
	MapScript, MapStyle, MapWorker string
}

// Site is what the settings say of this atlas.
type Site struct {
	Name    string
	Tagline string
	URL     string // absolute, without a slash at the end
	Unit    string // "km" or "mi"
	Menu    []ui.Link
	Columns []Column
	Social  []ui.Link
	// Copyright is one line; the licence of the texts belongs in it.
	Copyright string
	// Licence of texts that name no other, SPDX id.
	Licence string
	// Letter invites to the newsletter, in the footer and on pages.
	Letter Letter
	// Logo stands in the bar in place of the name, which it then has as its text.
	Logo Logo
	// Membership invites to join as a member.
	Membership Invitation
	// Contribute invites to add a place.
	Contribute Invitation
	Popular    []ui.Name // popular destinations
	// Parts keeps what every page has of this Site; nil keeps nothing.
	Parts *Parts
}

// Logo is a picture, "" for none, and how large it is shown in CSS pixels.
type Logo struct {
	Path          string
	Width, Height int
}

// Column is one column of the footer.
type Column struct {
	Title string
	Links []ui.Link
}

// Letter is the invitation to a newsletter.
type Letter struct {
	Title, Text, Button string
	Path                string
}

// Invitation is a heading, a sentence and a way on.
type Invitation struct {
	Title, Text string
	Link        ui.Link
}

func (b Base) lang() string {
	if b.Lang == "" {
		return "en"
	}
	return b.Lang
}

func (b Base) dir() string {
	if b.Dir == "" {
		return "ltr"
	}
	return b.Dir
}

func (b Base) fullTitle() string {
	switch {
	case b.Title == "":
		if b.Site.Tagline == "" {
			return b.Site.Name
		}
		return b.Site.Name + " · " + b.Site.Tagline
	case b.Site.Name == "":
		return b.Title
	}
	return b.Title + " · " + b.Site.Name
}

func (b Base) shareTitle() string {
	if b.Title == "" {
		return b.Site.Name
	}
	return b.Title
}

func (b Base) shareType() string {
	if b.Share.Type == "" {
		return "website"
	}
	return b.Share.Type
}

// current reports whether a menu entry covers the page: "/places" does
// "/places/x" too.
func (b Base) current(path string) bool {
	if path == "/" || len(b.Path) < len(path) || b.Path[:len(path)] != path {
		return false
	}
	return len(b.Path) == len(path) || b.Path[len(path)] == '/'
}

// ThemeScript sets the reader's choice of scheme, and whether there are script, a
// device's own way to share and passkeys, before anything is drawn: what came or
// went afterwards would move the page. It is the only inline script; ThemeHash allows it in the content policy.
const ThemeScript = `try{const t=localStorage.getItem("theme");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}
document.documentElement.classList.add("js",...navigator.share?["shares"]:[],...window.PublicKeyCredential?["passkeys"]:[])`

// ThemeHash is the content policy's source of ThemeScript, for script-src.
const ThemeHash = "'sha256-XVjHin7u131sCT8Ka90zdvFmck4FPLPAAoQCUTnvgIk='"

// themeScript is written without escaping: it is a constant of ours.
func themeScript() templ.Component { return templ.Raw("<script>" + ThemeScript + "</script>") }

// jsonLD writes structured data. encoding/json escapes <, >, &, U+2028 and
// U+2029, so that no text can end the script.
func jsonLD(v any) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		raw, ready := v.(writtenLD)
		if !ready {
			var err error
			if raw, err = json.Marshal(v); err != nil {
				return err
			}
		}
		for _, part := range [][]byte{ldBefore, raw, ldAfter} {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
}

// writtenLD is structured data as jsonLD writes it.
type writtenLD []byte

// WriteLD writes structured data for pages that show it again and again.
func WriteLD(v any) (any, error) {
	raw, err := json.Marshal(v)
	return writtenLD(raw), err
}

var ldBefore, ldAfter = []byte(`<script type="application/ld+json">`), []byte(`</script>`)

// scratch holds buffers between two pages: a page is written into one and leaves
// as bytes of its own size.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxScratch is the largest buffer that is kept for the next page.
const maxScratch = 1 << 20

// Bytes renders a page whole.
func Bytes(ctx context.Context, page templ.Component) ([]byte, error) {
	b := scratch.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= maxScratch {
			scratch.Put(b)
		}
	}()
	if err := page.Render(ctx, b); err != nil {
		return nil, err
	}
	return bytes.Clone(b.Bytes()), nil
}

// Write is Bytes into a writer.
func Write(ctx context.Context, w io.Writer, page templ.Component) error {
	body, err := Bytes(ctx, page)
	if err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}
