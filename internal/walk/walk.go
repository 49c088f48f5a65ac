// Package walk visits everything that an atlas lets out: it follows the links
// of pages, asks for every other form of what it finds, and keeps the answers,
// so that tests can look through them for what must not be there, or compare
// two atlases byte by byte. It is an instrument of tests.
package walk

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"

	"golang.org/x/net/html"
)

// Answer is one answer as it went out.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Kind is the media type without its parameters.
func (a Answer) Kind() string {
	kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	return kind
}

// Options says how far to go.
type Options struct {
	// Seeds are where to begin: paths with their queries.
	Seeds []string
	// Forms are the suffixes to try on every page that was found.
	Forms []string
	// Most is how many addresses are visited; 0 is 5,000.
	Most int
	// Skip leaves out addresses, such as those that answer by chance.
	Skip func(path string) bool
	// Headers are sent with every request.
	Headers http.Header
}

// Visit walks over what h serves and gives every answer by its address.
func Visit(h http.Handler, o Options) map[string]Answer {
	if o.Most == 0 {
		o.Most = 5000
	}
	seen := map[string]bool{}
	var queue []string
	add := func(address string) {
		if !seen[address] && (o.Skip == nil || !o.Skip(address)) {
			seen[address] = true
			queue = append(queue, address)
		}
	}
	for _, s := range o.Seeds {
		add(s)
	}
	out := map[string]Answer{}
	for len(queue) > 0 && len(out) < o.Most {
		address := queue[0]
		queue = queue[1:]
		a := ask(h, address, o.Headers)
		out[address] = a
		if l := a.Header.Get("Location"); strings.HasPrefix(l, "/") {
			add(l)
		}
		if a.Kind() != "text/html" {
			continue
		}
		for _, l := range Links(a.Body, address) {
			add(l)
		}
		if a.Status == http.StatusOK {
			path, query, _ := strings.Cut(address, "?")
			for _, f := range o.Forms {
				if form := path + f; path != "/" && !strings.Contains(path[strings.LastIndexByte(path, '/')+1:], ".") {
					if query != "" {
						form += "?" + query
					}
					add(form)
				}
			}
		}
	}
	return out
}

// ask puts one request, as a browser without compression would.
func ask(h http.Handler, address string, headers http.Header) Answer {
	r := httptest.NewRequest(http.MethodGet, address, nil)
	for name, values := range headers {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	header := w.Header().Clone()
	header.Del("Date")
	return Answer{w.Code, header, w.Body.Bytes()}
}

// Links are the paths of the same atlas that a page leads to or loads, without
// their fragments, sorted.
func Links(page []byte, base string) []string {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil
	}
	from, err := url.Parse(base)
	if err != nil {
		return nil
	}
	found := map[string]bool{}
	add := func(value string) {
		u, err := from.Parse(strings.TrimSpace(value))
		if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
			return
		}
		u.Fragment = ""
		found[u.String()] = true
	}
	var visit func(n *html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.ElementNode {
			for _, a := range n.Attr {
				switch a.Key {
				case "href", "src", "action", "data-src":
					add(a.Val)
				case "srcset":
					for _, one := range strings.Split(a.Val, ",") {
						address, _, _ := strings.Cut(strings.TrimSpace(one), " ")
						add(address)
					}
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(root)
	out := make([]string, 0, len(found))
	for l := range found {
		out = append(out, l)
	}
	sort.Strings(out)
	return out
}

// Difference names the first thing in which two walks differ, "" for none:
// an address that only one has, a status, a header or a byte.
func Difference(a, b map[string]Answer) string {
	addresses := make([]string, 0, len(a))
	for address := range a {
		addresses = append(addresses, address)
	}
	sort.Strings(addresses)
	for _, address := range addresses {
		x := a[address]
		y, ok := b[address]
		switch {
		case !ok:
			return address + " is in the first only"
		case x.Status != y.Status:
			return address + " differs in its status"
		case !bytes.Equal(x.Body, y.Body):
			return address + " differs: " + around(x.Body, y.Body)
		}
		for name := range x.Header {
			if strings.Join(x.Header[name], "\n") != strings.Join(y.Header[name], "\n") {
				return address + " differs in header " + name
			}
		}
		if len(x.Header) != len(y.Header) {
			return address + " differs in its headers"
		}
	}
	for address := range b {
		if _, ok := a[address]; !ok {
			return address + " is in the second only"
		}
	}
	return ""
}

// around shows where two bodies begin to differ.
func around(a, b []byte) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s []byte) string { return string(s[max(0, min(i-40, len(s))):min(len(s), i+40)]) }
	return cut(a) + " | " + cut(b)
}
