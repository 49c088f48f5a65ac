package pack

import (
	"archive/zip"
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"

	"mirabilia/internal/geo"
	"mirabilia/internal/interchange"
)

//go:embed files/style.css
var style []byte

//go:embed files/search.js
var search []byte

// Book is what a ZIP is written from.
type Book struct {
	Name  string
	Page  string // absolute address of the page that it is of
	Atlas string // the atlas's name
	URL   string // and its address, without a slash at the end
	Lang  string
	// Licence is the SPDX id of the texts and LicenceURL where it is written.
	Licence, LicenceURL string
	Made                time.Time
	// Each gives the places in their order; it is asked three times, so that a
	// pack never lies in memory whole.
	Each func(ctx context.Context, fn func(Sheet) error) error
	// Fetch gives a picture of this atlas; an error leaves it out.
	Fetch func(ctx context.Context, path string) (data []byte, kind string, err error)
	// Words are the sentences of the pages, in the language of the interface.
	Words Words
	// Way is the line that the places lie beside, nil for none.
	Way []geo.Public
}

// Sheet is one place as a ZIP holds it.
type Sheet struct {
	Item   Item
	Record interchange.Record
	// HTML is the inside of the page, with the picture under the name given.
	HTML func(picture string) (string, error)
}

// Words are the sentences of the pages.
type Words struct {
	Search, SearchHint, Back, Taken, Places, Files, From, Licence string
}

// ZIP writes a book. What it has written is whole only when it returns no error.
func (b *Book) ZIP(ctx context.Context, to io.Writer) error {
	z := zip.NewWriter(to)
	w := &writer{Book: b, zip: z, names: map[string]string{}}
	for _, step := range []func(context.Context) error{w.pages, w.index, w.points, w.licence} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return z.Close()
}

type writer struct {
	*Book
	zip   *zip.Writer
	rows  []Item
	names map[string]string // id → name of its page
}

// put begins a file. Pictures are packed already.
func (w *writer) put(name string, method uint16) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.Made.UTC()})
}

func (w *writer) file(name string, data []byte) error {
	method := uint16(zip.Deflate)
	if stored[path.Ext(name)] {
		method = zip.Store
	}
	f, err := w.put(name, method)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}

var stored = map[string]bool{".webp": true, ".jpg": true, ".png": true}

// kinds are the pictures that a page may show, and how their files end.
var kinds = map[string]string{"image/webp": ".webp", "image/jpeg": ".jpg", "image/png": ".png", "image/svg+xml": ".svg"}

var plainName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,119}$`)

// nameOf is a file name that every system takes: the slug, or the id where the
// slug is none. Windows knows devices by some names.
func nameOf(i Item) string {
	if plainName.MatchString(i.Slug) && !device[i.Slug] {
		return i.Slug
	}
	return "place-" + i.ID
}

var device = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true, "com1": true, "com2": true, "com3": true, "com4": true, "lpt1": true, "lpt2": true, "lpt3": true}

// pages writes the page of each place and its picture, and remembers what the
// index needs: the rows of at most Most places.
func (w *writer) pages(ctx context.Context) error {
	if err := w.file("style.css", style); err != nil {
		return err
	}
	if err := w.file("search.js", search); err != nil {
		return err
	}
	return w.Each(ctx, func(s Sheet) error {
		name := nameOf(s.Item)
		if w.names[s.Item.ID] != "" {
			return nil
		}
		w.names[s.Item.ID] = name
		picture, err := w.picture(ctx, s.Item.Picture, name)
		if err != nil {
			return err
		}
		src := ""
		if picture != "" {
			src = "../" + picture
		}
		inside, err := s.HTML(src)
		if err != nil {
			return err
		}
		item := s.Item
		item.Picture = picture
		w.rows = append(w.rows, item)
		return w.file("places/"+name+".html", w.page(item.Title, "../", `<p class="back"><a href="../index.html">`+esc(w.Words.Back)+`</a></p>`+absolute(inside, w.URL)))
	})
}

// picture writes the picture at a path of the atlas and gives its name.
func (w *writer) picture(ctx context.Context, from, name string) (string, error) {
	if from == "" {
		return "", nil
	}
	data, kind, err := w.Fetch(ctx, from)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	kind, _, _ = strings.Cut(kind, ";")
	end := kinds[kind]
	if err != nil || end == "" {
		return "", nil // a page without its picture is still the page
	}
	to := "pictures/" + name + end
	return to, w.file(to, data)
}

// index writes the list, in the order of the page that it was taken from.
func (w *writer) index(ctx context.Context) error {
	var b bytes.Buffer
	words := w.Words
	fmt.Fprintf(&b, `<h1>%s</h1><p class="hook">%s</p>`, esc(w.Name), esc(words.Taken))
	fmt.Fprintf(&b, `<p class="needs-script" hidden><label for="q">%s</label> <input id="q" type="search" autocomplete="off" placeholder="%s"></p><p id="count" role="status"></p><ul class="rows" id="rows">`, esc(words.Search), esc(words.SearchHint))
	for _, i := range w.rows {
		words := strings.Join(append(append([]string{i.Title, i.Hook, i.Where}, i.Names...), i.Tags...), " ")
		fmt.Fprintf(&b, `<li data-words="%s">`, esc(words))
		if i.Picture != "" {
			fmt.Fprintf(&b, `<img src="%s" alt="" loading="lazy">`, esc(i.Picture))
		}
		fmt.Fprintf(&b, `<div><a href="places/%s.html"%s>%s</a><p class="where">%s</p><p>%s</p></div></li>`, w.names[i.ID], lang(i.Lang), esc(i.Title), esc(i.Where), esc(i.Hook))
	}
	b.WriteString(`</ul>`)
	fmt.Fprintf(&b, `<p>%s <a href="places.gpx">GPX</a>, <a href="places.geojson">GeoJSON</a></p><script src="search.js"></script>`, esc(words.Files))
	return w.file("index.html", w.page(w.Name, "", b.String()))
}

// page is a document around an inside; up leads to the folder of the style.
func (w *writer) page(title, up, inside string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title><link rel="stylesheet" href="%sstyle.css"></head><body><main>%s</main><footer><p>%s <a href="%s">%s</a>, %s. %s <a href="%slicence.txt">%s</a></p></footer></body></html>`,
		esc(w.Lang), esc(title), up, inside, esc(w.Words.From), esc(w.Page), esc(w.Atlas), w.Made.UTC().Format("2006-01-02"), esc(w.Words.Licence), up, esc(w.Licence))
	return b.Bytes()
}

// points writes the same places for maps and receivers.
func (w *writer) points(ctx context.Context) error {
	for _, format := range []string{interchange.GPX, interchange.GeoJSON} {
		f, err := w.put("places."+format, zip.Deflate)
		if err != nil {
			return err
		}
		ids := map[string]string{}
		out, err := interchange.NewWriter(f, format, interchange.Meta{
			Name: w.Name, Description: w.Atlas, URL: w.URL, Licence: w.Licence, Way: w.Way,
			Link: func(r interchange.Record) string { return w.URL + "/places/" + url.PathEscape(r.Slug) },
			ID:   func(r interchange.Record) string { return ids[r.Slug] },
		})
		if err != nil {
			return err
		}
		err = w.Each(ctx, func(s Sheet) error {
			clear(ids)
			ids[s.Record.Slug] = s.Item.ID
			return out.Write(s.Record)
		})
		if err != nil {
			return err
		}
		if err := out.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) licence(context.Context) error {
	text := fmt.Sprintf("%s\r\n%s\r\n%s\r\n\r\n%d %s, %s\r\n%s %s\r\n%s\r\n", w.Name, w.Atlas, w.Page, len(w.rows), w.Words.Places, w.Made.UTC().Format(time.RFC3339), w.Words.Licence, w.Licence, w.LicenceURL)
	return w.file("licence.txt", []byte(text))
}

func esc(s string) string { return html.EscapeString(s) }

func lang(tag string) string {
	if tag == "" {
		return ""
	}
	return ` lang="` + esc(tag) + `"`
}

// absolute makes links to pages of the atlas lead there from anywhere. The text
// is ours and well-formed; what is no link stays as it is, byte for byte.
func absolute(inside, base string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(inside))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := string(z.Raw())
			t := z.Token()
			changed := false
			for i, a := range t.Attr {
				if (a.Key == "href" || a.Key == "src") && strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "//") {
					t.Attr[i].Val, changed = base+a.Val, true
				}
			}
			if changed {
				raw = t.String()
			}
			b.WriteString(raw)
		default:
			b.Write(z.Raw())
		}
	}
}
