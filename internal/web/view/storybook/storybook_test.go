package storybook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/storybook"
)

// Every exported component is seen in at least one state.
func TestNoComponentWithoutState(t *testing.T) {
	shown := map[string]bool{}
	for _, s := range storybook.Stories() {
		shown[s.Component] = true
	}
	found := 0
	for pkg, dir := range map[string]string{"view": "..", "ui": "../ui"} {
		for _, name := range components(t, dir) {
			found++
			if !shown[pkg+"."+name] {
				t.Errorf("%s.%s has no state in the storybook: add one", pkg, name)
			}
		}
	}
	if found < 30 {
		t.Fatalf("only %d components found: the search is broken", found)
	}
}

// components lists the exported functions of a folder that give a component.
func components(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Name.IsExported() && givesComponent(fn) {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

func givesComponent(fn *ast.FuncDecl) bool {
	if fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
		return false
	}
	sel, ok := fn.Type.Results.List[0].Type.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Component" {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == "templ"
}

func render(t *testing.T, s storybook.Story) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := view.Write(context.Background(), &b, s.Render); err != nil {
		t.Fatalf("%s, %s: %v", s.Component, s.State, err)
	}
	return b.Bytes()
}

// The content policy forbids style and event attributes, and scripts other
// than ours; ids are unique; every icon is drawn; pages name themselves.
func TestEveryStateKeepsTheRules(t *testing.T) {
	for _, s := range storybook.Stories() {
		t.Run(s.Component+"/"+s.State, func(t *testing.T) {
			out := render(t, s)
			doc, err := html.Parse(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			c := census{ids: map[string]int{}, counts: map[string]int{}}
			c.walk(t, doc)
			for id, n := range c.ids {
				if n > 1 {
					t.Errorf("id %q stands %d times", id, n)
				}
			}
			if s.Page && (c.counts["main"] != 1 || c.counts["title"] == 0) {
				t.Errorf("a page has one main and a title: %v", c.counts)
			}
			if s.Page && s.Component != "view.Frame" && c.counts["h1"] != 1 {
				t.Errorf("a page has one h1, this has %d", c.counts["h1"])
			}
		})
	}
}

type census struct {
	ids    map[string]int
	counts map[string]int
}

func (c *census) walk(t *testing.T, n *html.Node) {
	if n.Type == html.ElementNode {
		c.counts[n.Data]++
		c.element(t, n)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(t, child)
	}
}

func (c *census) element(t *testing.T, n *html.Node) {
	at := map[string]string{}
	for _, a := range n.Attr {
		at[a.Key] = a.Val
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			t.Errorf("<%s> has %s=%q, which the content policy forbids", n.Data, a.Key, a.Val)
		}
		if a.Key == "if" || a.Key == "else" {
			t.Errorf("<%s> has the attribute %s: templates know no \"else if\" among attributes", n.Data, a.Key)
		}
		if (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.Contains(a.Val, "failedSanitization") {
			t.Errorf("<%s> lost its %s", n.Data, a.Key)
		}
	}
	if id := at["id"]; id != "" {
		c.ids[id]++
	}
	switch n.Data {
	case "path":
		if at["d"] == "" {
			t.Errorf("an icon of which there is no drawing: %v", n.Parent.Attr)
		}
	case "img":
		if _, ok := at["alt"]; !ok {
			t.Errorf("a picture without alt: %v", at)
		}
	case "script":
		c.script(t, n, at)
	case "input", "select", "textarea":
		if at["id"] == "" && at["type"] != "radio" && at["type"] != "checkbox" && at["type"] != "hidden" {
			t.Errorf("a control without id, so without label: %v", at)
		}
	}
}

func (c *census) script(t *testing.T, n *html.Node, at map[string]string) {
	inline := ""
	if n.FirstChild != nil {
		inline = n.FirstChild.Data
	}
	switch {
	case at["type"] == "application/ld+json":
		var v any
		if err := json.Unmarshal([]byte(inline), &v); err != nil {
			t.Errorf("structured data does not parse: %v", err)
		}
	case at["src"] == "" && inline != view.ThemeScript:
		t.Errorf("an inline script that no hash allows: %q", inline)
	}
}

// The fixtures' drawings are there.
func TestPicturesExist(t *testing.T) {
	have := map[string]bool{}
	err := fs.WalkDir(storybook.Pictures(), "pictures", func(path string, _ fs.DirEntry, err error) error {
		have["/"+path] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range storybook.Stories() {
		for _, part := range strings.Split(string(render(t, s)), `src="`)[1:] {
			src, _, _ := strings.Cut(part, `"`)
			if strings.HasPrefix(src, "/pictures/") && !have[src] {
				t.Errorf("%s, %s: %s does not exist", s.Component, s.State, src)
			}
		}
	}
}

// An item of a list is read out as one, and a form as a form: another role would
// hide what it is.
func TestItemsAndFormsAreNothingElse(t *testing.T) {
	for _, s := range storybook.Stories() {
		page := string(render(t, s))
		for _, element := range []string{"<li ", "<form "} {
			for _, rest := range strings.Split(page, element)[1:] {
				if tag, _, _ := strings.Cut(rest, ">"); strings.Contains(strings.ReplaceAll(tag, `role="search"`, ""), `role="`) {
					t.Errorf("%s, %s: %s%s>", s.Component, s.State, element, tag)
				}
			}
		}
	}
}
