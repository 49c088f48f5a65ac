package text

import (
	"bytes"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	goldtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

const (
	idPrefix   = "user-content-"
	relForeign = "ugc nofollow noopener"

	// maxNesting is how deep lists, quotes and emphasis may lie in each other.
	// Nobody writes deeper; browsers flatten at 512, readers long before.
	maxNesting = 32
)

var (
	idForm    = regexp.MustCompile(`^user-content-[a-z0-9-]{1,100}$`)
	relForm   = regexp.MustCompile(`^ugc nofollow noopener$`)
	alignForm = regexp.MustCompile(`^(left|right|center)$`)
	scheme    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
)

func newSource(b []byte) goldtext.Reader { return goldtext.NewReader(b) }

// headingIDs gives headings ids that cannot collide with those of the page,
// nor shadow a property of window or document.
type headingIDs struct{ seen map[string]int }

func (h *headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	id := Slug(string(value))
	h.seen[id]++
	if n := h.seen[id]; n > 1 {
		id += "-" + strconv.Itoa(n)
	}
	return []byte(idPrefix + id)
}

func (h *headingIDs) Put([]byte) {}

// tamer rewrites the tree of a stranger's text before anything is made of it.
type tamer struct{}

func (tamer) Transform(doc *ast.Document, reader goldtext.Reader, _ parser.Context) {
	source := reader.Source()
	var links, deep []ast.Node
	var levels []int
	depth := 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		depth++
		if depth > 3*maxNesting && n.Type() == ast.TypeInline && n.HasChildren() {
			deep = append(deep, n)
			depth-- // the walk does not come back to a node it skips
			return ast.WalkSkipChildren, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level, levels = level(n.Level, levels)
		case *ast.Link, *ast.Image, *ast.AutoLink:
			links = append(links, n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range deep {
		replace(n, literal(inline(n, source)))
	}
	for _, n := range links {
		tameLink(n, source)
	}
}

// level places a heading under the page's own h1: the outermost is h2, and
// each step down is one, whatever the writer used.
func level(written int, open []int) (int, []int) {
	for len(open) > 0 && open[len(open)-1] >= written {
		open = open[:len(open)-1]
	}
	open = append(open, written)
	return min(6, 1+len(open)), open
}

// tameLink makes n a link that may stand, or the text it carries.
func tameLink(n ast.Node, source []byte) {
	if n.Parent() == nil {
		return
	}
	var to []byte
	switch n := n.(type) {
	case *ast.AutoLink:
		to = n.URL(source)
		if n.AutoLinkType == ast.AutoLinkEmail {
			to = append([]byte("mailto:"), n.Label(source)...)
		}
		_, _, ok := destination(to)
		if !ok || insideLink(n) {
			replace(n, literal(string(n.Label(source))))
			return
		}
		n.SetAttributeString("rel", []byte(relForeign))
		return
	case *ast.Image:
		link := ast.NewLink()
		link.Destination, link.Title = n.Destination, n.Title
		moveChildren(link, n)
		replace(n, link)
		tameLink(link, source)
		return
	case *ast.Link:
		to = n.Destination
	}
	link := n.(*ast.Link)
	to = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(to)))
	address, foreign, ok := destination(to)
	if !ok || insideLink(link) {
		unwrap(link)
		return
	}
	// The renderer resolves references once more.
	link.Destination = []byte(strings.ReplaceAll(address, "&", "&amp;"))
	if foreign {
		link.SetAttributeString("rel", []byte(relForeign))
	}
	if strings.TrimSpace(inline(link, source)) == "" {
		link.AppendChild(link, literal(address))
	}
}

// destination tells where a link may go and whether that is another site.
func destination(raw []byte) (address string, foreign, ok bool) {
	d := strings.TrimSpace(string(raw))
	if d == "" || strings.ContainsFunc(d, func(r rune) bool { return r < 0x20 || r == '\\' || !Legal(r) || Hidden(r) }) {
		return "", false, false
	}
	switch {
	case strings.HasPrefix(d, "//"):
		d = "https:" + d
	case strings.HasPrefix(d, "www."):
		d = "https://" + d
	case d[0] == '#':
		fragment := strings.TrimPrefix(d[1:], idPrefix)
		if fragment == "" || !IsSlug(fragment) {
			return "", false, false
		}
		return "#" + idPrefix + fragment, false, true
	case d[0] == '/':
		u, err := url.Parse(d)
		if err != nil || u.Host != "" {
			return "", false, false
		}
		return u.String(), false, true
	}
	if !scheme.MatchString(d) {
		return "", false, false
	}
	u, err := url.Parse(d)
	if err != nil {
		return "", false, false
	}
	switch u.Scheme {
	case "http", "https":
		ok = u.Host != "" && u.User == nil
	case "mailto", "geo":
		ok = u.Opaque != ""
	}
	return u.String(), true, ok
}

func insideLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

// literal is text that is shown as it is.
func literal(s string) *ast.String {
	n := ast.NewString([]byte(s))
	n.SetRaw(true)
	return n
}

func replace(old, with ast.Node) { old.Parent().ReplaceChild(old.Parent(), old, with) }

func moveChildren(to, from ast.Node) {
	for c := from.FirstChild(); c != nil; {
		next := c.NextSibling()
		to.AppendChild(to, c)
		c = next
	}
}

// unwrap puts the children of n in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		parent.InsertBefore(parent, n, c)
		c = next
	}
	parent.RemoveChild(parent, n)
}

// shallow leaves out the markers of lists and quotes beyond maxNesting at the
// start of each line: a line of 100,000 of them is no text, and reading it
// costs time with the square of their number.
func shallow(src string) string {
	if len(src) <= 2*maxNesting {
		return src
	}
	var out []byte
	kept := 0 // src[:kept] is in out, once out is used
	for start := 0; start < len(src); {
		end := len(src)
		if nl := strings.IndexByte(src[start:], '\n'); nl >= 0 {
			end = start + nl + 1
		}
		if from, to := surplus(src[start:end]); to > from {
			out = append(out, src[kept:start+from]...)
			kept = start + to
		}
		start = end
	}
	if out == nil {
		return src
	}
	return string(append(out, src[kept:]...))
}

// surplus is the range of line that holds markers beyond maxNesting.
func surplus(line string) (from, to int) {
	count, i := 0, 0
	for i < len(line) {
		c := line[i]
		switch {
		case c == ' ' || c == '\t':
			i++
			continue
		case c == '>':
			i++
		case (c == '-' || c == '+' || c == '*') && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t'):
			i++
		case c >= '0' && c <= '9':
			j := i
			for j < len(line) && j-i < 10 && line[j] >= '0' && line[j] <= '9' {
				j++
			}
			if j+1 >= len(line) || line[j] != '.' && line[j] != ')' || line[j+1] != ' ' && line[j+1] != '\t' {
				return from, to
			}
			i = j + 1
		default:
			return from, to
		}
		if count++; count == maxNesting {
			from = i
		}
		if count > maxNesting {
			to = i
		}
	}
	return from, to
}

// inline is the text an inline node shows.
func inline(n ast.Node, source []byte) string {
	var b bytes.Buffer
	writeInline(&b, n, source)
	return b.String()
}
