package interchange

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// fromHTML makes Markdown of the HTML that placemarks carry: paragraphs,
// breaks, lists, emphasis and links; pictures become links. Text without tags
// or references is returned as it is. Scripts, styles and all else are dropped.
func fromHTML(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(s)
	}
	w := htmlWriter{}
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(maxText + 1024)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.result()
		case html.TextToken:
			if w.silent == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z.Token())
		case html.EndTagToken:
			w.end(z.Token().Data)
		}
	}
}

type htmlWriter struct {
	b      strings.Builder
	silent int // inside script or style
	href   string
	mark   int // where the text of the link under way begins
}

func (w *htmlWriter) start(t html.Token) {
	switch t.Data {
	case "script", "style", "head", "title":
		if t.Type == html.StartTagToken {
			w.silent++
		}
	case "br":
		w.b.WriteString("\n")
	case "p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote":
		w.b.WriteString("\n\n")
	case "tr":
		w.b.WriteString("\n")
	case "td", "th":
		w.b.WriteString(" ")
	case "li":
		w.b.WriteString("\n- ")
	case "hr":
		w.b.WriteString("\n\n---\n\n")
	case "a":
		w.closeLink()
		if to := webAddress(attribute(t, "href")); to != "" {
			w.href, w.mark = to, w.b.Len()
			w.b.WriteString("[")
		}
	case "img":
		if to := webAddress(attribute(t, "src")); to != "" && w.href == "" {
			alt := strings.TrimSpace(attribute(t, "alt"))
			if alt == "" {
				alt = "picture"
			}
			w.b.WriteString("[" + escapeMarkdown(alt) + "](" + to + ")")
		}
	}
}

func (w *htmlWriter) end(name string) {
	switch name {
	case "script", "style", "head", "title":
		if w.silent > 0 {
			w.silent--
		}
	case "a":
		w.closeLink()
	case "p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote":
		w.b.WriteString("\n\n")
	}
}

// closeLink ends the link under way; one without words shows its address.
func (w *htmlWriter) closeLink() {
	if w.href == "" {
		return
	}
	if w.b.Len() == w.mark+1 {
		w.b.WriteString(escapeMarkdown(w.href))
	}
	w.b.WriteString("](" + w.href + ")")
	w.href = ""
}

func (w *htmlWriter) text(raw string) {
	s := html.UnescapeString(raw)
	// White space in HTML is a space; only tags break lines.
	lead := strings.TrimLeft(s, " \t\r\n") != s
	tail := strings.TrimRight(s, " \t\r\n") != s
	words := strings.Join(strings.Fields(s), " ")
	if words == "" {
		if lead {
			w.b.WriteString(" ")
		}
		return
	}
	if lead {
		w.b.WriteString(" ")
	}
	w.b.WriteString(escapeMarkdown(words))
	if tail {
		w.b.WriteString(" ")
	}
}

// result trims the lines and leaves at most one of them empty in a row.
func (w *htmlWriter) result() string {
	w.closeLink()
	var out []string
	gap := false
	for _, line := range strings.Split(w.b.String(), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, "")
			gap = false
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "`", "\\`", "#", `\#`, "&", `\&`)

func escapeMarkdown(s string) string { return markdownEscapes.Replace(s) }

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// webAddress is s if it is an address of the web, fit to stand in a link.
func webAddress(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E").Replace(u.String())
}
