package interchange

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Wikivoyage keeps its places in templates within articles: {{see|name=…|lat=…}}
// (en.wikivoyage.org/wiki/Template:Listing). They are read from the text of an
// article, from MediaWiki's XML (Special:Export and the dumps), and, under the
// same names, from tables of listings.

// listingTypes are the names of the templates, in the languages whose
// parameters we know, with what they mean.
var listingTypes = map[string]string{
	"listing": "", "vcard": "", "see": "see", "do": "do", "buy": "buy", "eat": "eat", "drink": "drink", "sleep": "sleep",
	"voir": "see", "faire": "do", "acheter": "buy", "manger": "eat", "sortir": "drink", "boire": "drink", "se loger": "sleep",
}

// listingTags are what a type tells: a tag, and whether one eats or drinks there.
var listingTags = map[string]struct {
	tag    string
	eatery bool
}{"see": {tag: "sights"}, "do": {tag: "activities"}, "buy": {tag: "shops"}, "eat": {tag: "restaurants", eatery: true}, "drink": {tag: "bars", eatery: true}, "sleep": {tag: "lodging"}}

// listingFields are the parameters in English, German, French and Italian; the
// Russian wiki uses the English ones.
var listingFields = map[string][]string{
	"name": {"name", "title", "nom", "nome"}, "alt": {"alt"}, "type": {"type"}, "url": {"url", "site", "sito"},
	"address": {"address", "adresse", "indirizzo"}, "directions": {"directions", "direction", "indicazioni"},
	"lat": {"lat", "latitude"}, "lon": {"long", "lon", "longitude"}, "hours": {"hours", "horaire", "orari"}, "price": {"price", "prix", "prezzo"},
	"body": {"content", "description", "descrizione"}, "image": {"image"}, "checked": {"lastedit", "lastEdit", "mise à jour"},
	"wikidata": {"wikidata"}, "phone": {"phone", "téléphone", "tel"}, "email": {"email"},
}

// article is where a listing stands.
type article struct {
	title, lang, base string // base is the address of the wiki, "" unknown
}

// listing turns the parameters of a listing into a record.
func listing(in map[string]string, kind string, at article) map[string]any {
	get := func(field string) string {
		for _, name := range listingFields[field] {
			if s := strings.TrimSpace(in[name]); s != "" {
				return s
			}
		}
		return ""
	}
	if t, ok := listingTypes[strings.ToLower(get("type"))]; ok && kind == "" {
		kind = t
	}
	out := map[string]any{"source": "Wikivoyage", "licence": "CC-BY-SA-4.0"}
	put := func(name, v string) { put(out, name, v) }
	put("name", wikiPlain(get("name")))
	put("description", wikiMarkdown(get("body")))
	put("know_before_you_go", wikiMarkdown(get("directions")))
	put("address", wikiPlain(get("address")))
	put("lat", get("lat"))
	put("lon", get("lon"))
	put("website", webAddress(get("url")))
	put("lang", at.lang)
	for _, name := range []string{"wikidata", "phone", "email"} {
		put(name, wikiPlain(get(name)))
	}
	if alt := wikiPlain(get("alt")); alt != "" {
		out["aliases"] = []any{alt}
	}
	if image := get("image"); image != "" {
		out["image_url"] = "https://commons.wikimedia.org/wiki/Special:FilePath/" + url.PathEscape(strings.TrimPrefix(image, "File:"))
	}
	facts := map[string]any{}
	for _, name := range []string{"hours", "price"} {
		if v := wikiPlain(get(name)); v != "" {
			facts[name] = map[string]any{"value": v, "checked": get("checked"), "source": "Wikivoyage"}
		}
	}
	if len(facts) > 0 {
		out["facts"] = facts
	}
	listed(out, kind, at)
	return out
}

// listed tells of a record the type of its listing and the article it is from.
func listed(out map[string]any, kind string, at article) {
	if t := listingTags[kind]; t.tag != "" {
		out["tags"] = []any{t.tag}
		if t.eatery {
			out["kind"] = "eatery"
		}
	}
	if at.title == "" {
		return
	}
	place, _, _ := strings.Cut(at.title, "/") // districts are pages below their city
	put(out, "city", place)
	source := map[string]any{"title": "Wikivoyage: " + at.title}
	if at.base != "" {
		page := at.base + url.PathEscape(strings.ReplaceAll(at.title, " ", "_"))
		source["url"], out["source_url"] = page, page
	}
	out["sources"] = []any{source}
}

// listingRow takes a row of a table of listings: their parameters as columns
// beside "article" and "type".
func listingRow(values map[string]any) map[string]any {
	title, kind := firstText(values, "article"), strings.ToLower(firstText(values, "type"))
	if _, ok := listingTypes[kind]; title == "" || !ok {
		return values
	}
	in := map[string]string{}
	for name, v := range values {
		if s, ok := v.(string); ok {
			in[name] = s
		}
	}
	if in["name"] == "" {
		in["name"] = in["title"]
	}
	return listing(in, listingTypes[kind], article{title: title, lang: firstText(values, "lang")})
}

// openWikivoyage reads wikitext, or MediaWiki's XML when that is what comes.
func openWikivoyage(src io.Reader) func() (row, error) {
	in := bufio.NewReaderSize(src, 64<<10)
	if head, _ := in.Peek(4096); bytes.HasPrefix(bytes.TrimSpace(head), []byte("<mediawiki")) || bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")) {
		return openMediaWiki(in)
	}
	t := &wikitext{in: in, line: 1}
	return t.next
}

// openMediaWiki reads the latest text of each page of an export.
func openMediaWiki(src io.Reader) func() (row, error) {
	d := newDocument(src)
	var text *wikitext
	var at article
	begun := false
	return func() (row, error) {
		if !begun {
			root, err := d.root("mediawiki")
			if err != nil {
				return row{}, err
			}
			begun = true
			at.lang, _ = attr(root, "lang")
		}
		for {
			if text != nil {
				r, err := text.next()
				if !errors.Is(err, io.EOF) {
					return r, err
				}
				text = nil
			}
			t, err := d.token()
			if err != nil {
				if d.depth == 0 {
					return row{}, err
				}
				return row{}, inside(err)
			}
			s, ok := t.(xml.StartElement)
			if !ok {
				continue
			}
			switch s.Name.Local {
			case "page", "revision", "siteinfo": // what is in them comes next
			case "base": // https://en.wikivoyage.org/wiki/Main_Page
				v, err := d.text()
				if err != nil {
					return row{}, err
				}
				if i := strings.LastIndexByte(v, '/'); i > 0 && webAddress(v) != "" {
					at.base = v[:i+1]
				}
			case "title":
				if at.title, err = d.text(); err != nil {
					return row{}, err
				}
			case "text":
				line := d.line
				v, err := d.text()
				if err != nil {
					return row{}, err
				}
				text = &wikitext{in: bufio.NewReader(strings.NewReader(v)), at: at, line: line}
			default:
				if err := d.skip(); err != nil {
					return row{}, err
				}
			}
		}
	}
}

// wikitext walks the text of articles from listing to listing.
type wikitext struct {
	in   *bufio.Reader
	at   article
	line int
}

// maxListing is the longest template that is taken for a listing, in bytes.
const maxListing = 64 << 10

func (t *wikitext) next() (row, error) {
	for {
		c, err := t.read()
		if err != nil {
			return row{}, err
		}
		switch {
		case c == '<' && t.follows("!--"):
			if err := t.past("-->"); err != nil {
				return row{}, err
			}
		case c == '{' && t.follows("{"):
			line := t.line
			name, err := t.templateName()
			if err != nil {
				return row{}, err
			}
			kind, ok := listingTypes[name]
			if !ok {
				continue
			}
			raw, reason, err := t.template()
			switch {
			case err != nil:
				return row{}, err
			case reason != "":
				return row{line: line, bad: reason}, nil
			case !utf8.Valid(raw):
				return row{line: line, bad: "invalid UTF-8"}, nil
			}
			return row{line: line, values: listing(parameters(string(raw)), kind, t.at)}, nil
		}
	}
}

func (t *wikitext) read() (byte, error) {
	c, err := t.in.ReadByte()
	if c == '\n' && err == nil {
		t.line++
	}
	return c, err
}

// follows takes s if it is next.
func (t *wikitext) follows(s string) bool {
	head, _ := t.in.Peek(len(s))
	if string(head) != s {
		return false
	}
	_, _ = t.in.Discard(len(s)) // it was just seen
	return true
}

// past reads on until behind s or to the end.
func (t *wikitext) past(s string) error {
	for {
		if t.follows(s) {
			return nil
		}
		if _, err := t.read(); err != nil {
			return err
		}
	}
}

// templateName looks at the name of the template that begins here.
func (t *wikitext) templateName() (string, error) {
	head, err := t.in.Peek(24)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	end := bytes.IndexAny(head, "|}\n{<")
	if end < 0 {
		return "", nil
	}
	return strings.ToLower(strings.TrimSpace(string(head[:end]))), nil
}

// template is the text up to the }} that closes it.
func (t *wikitext) template() (raw []byte, reason string, err error) {
	depth := 1
	for {
		c, err := t.read()
		if errors.Is(err, io.EOF) {
			return nil, "a listing does not end: }} is missing", nil
		}
		if err != nil {
			return nil, "", err
		}
		switch {
		case c == '{' && t.follows("{"):
			depth++
			raw = append(raw, '{')
		case c == '}' && t.follows("}"):
			if depth--; depth == 0 {
				return raw, "", nil
			}
			raw = append(raw, '}')
		}
		if raw = append(raw, c); len(raw) > maxListing {
			return nil, "a listing is over 64 KiB; }} may be missing", nil
		}
	}
}

var wikiComment = regexp.MustCompile(`(?s)<!--.*?-->`)

// parameters cuts a template at its own |, not at those of links and templates
// in it.
func parameters(raw string) map[string]string {
	out := map[string]string{}
	raw = wikiComment.ReplaceAllString(raw, "")
	depth, from := 0, 0
	take := func(part string) {
		if name, value, ok := strings.Cut(part, "="); ok {
			if name = strings.TrimSpace(name); name != "" && out[name] == "" {
				out[name] = strings.TrimSpace(value)
			}
		}
	}
	for i := 0; i < len(raw); i++ {
		switch two := raw[i:min(i+2, len(raw))]; {
		case two == "[[" || two == "{{":
			depth++
			i++
		case (two == "]]" || two == "}}") && depth > 0:
			depth--
			i++
		case raw[i] == '|' && depth == 0:
			take(raw[from:i])
			from = i + 1
		}
	}
	take(raw[from:])
	return out
}

var (
	wikiFile     = regexp.MustCompile(`\[\[\s*(?i:file|image|datei|fichier|immagine|файл)\s*:[^\[\]]*\]\]`)
	wikiLink     = regexp.MustCompile(`\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]`)
	wikiTemplate = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	wikiExternal = regexp.MustCompile(`\[(https?://[^\s\]]+)(?:\s+([^\]]*))?\]`)
	wikiQuotes   = regexp.MustCompile(`'{2,5}`)
)

// wikiPlain is wikitext as plain text on one line.
func wikiPlain(s string) string {
	s = wikiExternal.ReplaceAllString(wikiBare(s), "$2")
	return strings.Join(strings.Fields(wikiTags.Replace(s)), " ")
}

var wikiTags = strings.NewReplacer("<br>", " ", "<br/>", " ", "<br />", " ", "&nbsp;", " ", "&amp;", "&", "&ndash;", "–")

// wikiMarkdown is wikitext as Markdown: links to other sites stay links, all
// else becomes text.
func wikiMarkdown(s string) string {
	if s = wikiBare(s); s == "" {
		return ""
	}
	s = wikiExternal.ReplaceAllStringFunc(s, func(link string) string {
		m := wikiExternal.FindStringSubmatch(link)
		if m[2] == "" {
			m[2] = m[1]
		}
		return `<a href="` + strings.ReplaceAll(m[1], `"`, "%22") + `">` + m[2] + `</a>`
	})
	if !strings.ContainsAny(s, "<&") {
		return escapeMarkdown(s)
	}
	return fromHTML(s)
}

// wikiBare takes off links within the wiki, pictures, templates and emphasis. A
// template leaves what it was given: {{km|5}} says 5.
func wikiBare(s string) string {
	s = wikiFile.ReplaceAllString(s, "")
	s = wikiLink.ReplaceAllString(s, "$1")
	for range 4 { // templates in each other, from the inside out
		next := wikiTemplate.ReplaceAllStringFunc(s, func(t string) string {
			parts := strings.Split(strings.Trim(t, "{}"), "|")[1:]
			parts = slices.DeleteFunc(parts, func(p string) bool { return strings.Contains(p, "=") })
			return strings.Join(parts, " ")
		})
		if next == s {
			break
		}
		s = next
	}
	return strings.TrimSpace(wikiQuotes.ReplaceAllString(s, ""))
}

// looksWikitext finds a listing in the first bytes of a text.
func looksWikitext(head []byte) bool { return wikiListing.Match(head) }

var wikiListing = regexp.MustCompile(`(?i)\{\{\s*(see|do|buy|eat|drink|sleep|listing|vcard|voir|faire|manger|sortir|acheter|se loger)\s*\|`)
