package text

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// SafeHTML is HTML that may stand in a page as it is. Markdown is its only
// constructor.
type SafeHTML string

// MaxMarkdown is the most bytes of Markdown that are read; the rest is cut.
const MaxMarkdown = 200_000

// Markdown makes safe HTML of a text written by anyone: CommonMark with
// tables, strike-through and bare addresses as links. HTML tags in it are left
// out, their text stays. Links go to http, https, mailto, geo or a path of
// this atlas, foreign ones with rel="ugc nofollow noopener"; pictures become
// links, so that reading asks no third party. Headings begin at h2, since the
// page has its own h1, never skip a level, and carry ids that start with
// "user-content-".
//
// Two guards, each enough alone: the tree is rewritten (links.go), and what
// comes out passes an allow-list.
func Markdown(src string) SafeHTML {
	source := []byte(bounded(src))
	if len(source) == 0 {
		return ""
	}
	doc := read(source)
	var out bytes.Buffer
	out.Grow(len(source) + len(source)/4 + 64)
	// The renderer fails only where its writer does; a buffer never does.
	if err := markdown.Renderer().Render(&out, source, doc); err != nil {
		return ""
	}
	// References such as &#1; can bring in what no text may hold.
	return SafeHTML(allowed.Sanitize(Clean(out.String())))
}

// bounded cleans src and cuts it at MaxMarkdown and at maxNesting.
func bounded(src string) string {
	if len(src) > MaxMarkdown {
		cut := MaxMarkdown
		for cut > 0 && !utf8.RuneStart(src[cut]) {
			cut--
		}
		src = src[:cut]
	}
	return shallow(Clean(src))
}

// read parses source; each text has its own heading ids.
func read(source []byte) ast.Node {
	ctx := parser.NewContext(parser.WithIDs(&headingIDs{seen: map[string]int{}}))
	return markdown.Parser().Parse(newSource(source), parser.WithContext(ctx))
}

// markdown and allowed are made once and never changed; both are safe for
// concurrent use.
var (
	markdown = newMarkdown()
	allowed  = newPolicy()
)

func newMarkdown() goldmark.Markdown {
	blocks := []util.PrioritizedValue{}
	for _, b := range parser.DefaultBlockParsers() {
		// An HTML block would swallow the words in it; as a paragraph, its
		// tags are dropped one by one and the words stay.
		if b.Priority != htmlBlockPriority {
			blocks = append(blocks, b)
		}
	}
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blocks...),
			parser.WithInlineParsers(
				util.Prioritized(parser.NewCodeSpanParser(), 100),
				util.Prioritized(thriftyLinks{parser.NewLinkParser()}, 200),
				util.Prioritized(parser.NewAutoLinkParser(), 300),
				util.Prioritized(parser.NewRawHTMLParser(), 400),
				util.Prioritized(thriftyMarks{parser.NewEmphasisParser()}, 500),
				util.Prioritized(thriftyMarks{extension.NewStrikethroughParser()}, 500),
			),
			parser.WithParagraphTransformers(
				util.Prioritized(thriftyReferences{parser.LinkReferenceParagraphTransformer}, 100),
				util.Prioritized(thriftyTables{extension.NewTableParagraphTransformer()}, 200),
			),
			parser.WithAutoHeadingID(),
			parser.WithASTTransformers(
				util.Prioritized(extension.NewTableASTTransformer(), 0),
				util.Prioritized(tamer{}, 1000),
			),
		)),
		goldmark.WithExtensions(extension.Linkify),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(
			util.Prioritized(tags{}, 100),
			util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
			util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		)),
	)
}

// htmlBlockPriority is where goldmark places its parser of HTML blocks among
// the default ones; TestMarkdown fails should that ever change.
const htmlBlockPriority = 900

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li",
		"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("id").Matching(idForm).OnElements("h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(relForm).OnElements("a")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(alignForm).OnElements("th", "td")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "geo")
	return p
}

// tags renders HTML tags met inside a text: a line break stays one, what ends
// a block becomes a space, all else nothing.
type tags struct{}

func (tags) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch tagMeaning(n.(*ast.RawHTML), source) {
			case '\n':
				_, _ = w.WriteString("<br>\n")
			case ' ':
				_ = w.WriteByte(' ')
			}
		}
		return ast.WalkSkipChildren, nil
	})
	reg.Register(ast.KindHTMLBlock, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkSkipChildren, nil
	})
}

// tagMeaning is '\n' for a line break, ' ' for the edge of a block, 0 else.
func tagMeaning(n *ast.RawHTML, source []byte) byte {
	if n.Segments.Len() == 0 {
		return 0
	}
	seg := n.Segments.At(0)
	tag := strings.ToLower(strings.Trim(string(seg.Value(source)), "</> \n"))
	name, _, _ := strings.Cut(tag, " ")
	switch name {
	case "br":
		return '\n'
	case "p", "div", "li", "ul", "ol", "td", "th", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote":
		return ' '
	}
	return 0
}
