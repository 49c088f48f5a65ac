package web

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// controls reads the controls of the form of a class, as a browser sends them
// when none of its buttons is pressed.
func controls(t *testing.T, page, class string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	out := url.Values{}
	for f := range root.Descendants() {
		if f.Data != "form" || !strings.Contains(attribute(f, "class"), class) {
			continue
		}
		for n := range f.Descendants() {
			name := attribute(n, "name")
			if n.Type != html.ElementNode || name == "" {
				continue
			}
			switch kind := attribute(n, "type"); {
			case n.Data == "textarea":
				text := ""
				for c := range n.ChildNodes() {
					text += c.Data
				}
				out.Add(name, text)
			case n.Data == "select":
				out.Add(name, selected(n))
			case n.Data == "input" && kind != "checkbox" && kind != "radio" || n.Data == "input" && hasAttribute(n, "checked"):
				out.Add(name, attribute(n, "value"))
			}
		}
		return out
	}
	t.Fatalf("the page has no form %q", class)
	return nil
}

// selected is the value of the option that is chosen: the first when none is.
func selected(n *html.Node) string {
	value, first := "", true
	for o := range n.Descendants() {
		if o.Data == "option" && (first || hasAttribute(o, "selected")) {
			value, first = attribute(o, "value"), false
		}
	}
	return value
}

func hasAttribute(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
