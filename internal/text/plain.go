package text

import (
	"bufio"
	"bytes"
	stdhtml "html"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
)

// Plain is the text of Markdown without its marks: paragraphs parted by an
// empty line, items of lists and rows of tables each on a line, links and
// pictures as their words. It is what is searched, excerpted and read aloud;
// it is not safe to be put into a page as HTML.
func Plain(src string) string {
	if !needsMarkdown(src) && len(src) <= MaxMarkdown {
		return strings.TrimSpace(Clean(src))
	}
	source := []byte(bounded(src))
	var b bytes.Buffer
	b.Grow(len(source))
	writeBlocks(&b, read(source), source)
	return strings.TrimSpace(b.String())
}

// needsMarkdown reports whether src holds anything that Markdown would read as
// more than paragraphs of words.
func needsMarkdown(src string) bool {
	lineStart := true
	for i := 0; i < len(src); i++ {
		c := src[i]
		switch {
		case special[c]:
			return true
		case lineStart && (c == ' ' || c == '\t' || c == '-' || c == '+' || c >= '0' && c <= '9'):
			return true
		}
		// A paragraph's lines are joined, which only the reader knows to do.
		if c == '\n' && i+1 < len(src) && src[i+1] != '\n' && (i == 0 || src[i-1] != '\n') {
			return true
		}
		lineStart = c == '\n'
	}
	return false
}

var special = func() (t [256]bool) {
	for _, c := range []byte("\\`*_[]<>#&~|=") {
		t[c] = true
	}
	return t
}()

func writeBlocks(b *bytes.Buffer, n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.Kind() {
		case ast.KindThematicBreak, ast.KindHTMLBlock:
			continue
		case ast.KindCodeBlock, ast.KindFencedCodeBlock:
			part(b, "\n\n")
			for i := range c.Lines().Len() {
				line := c.Lines().At(i)
				b.Write(line.Value(source))
			}
		case ast.KindListItem, extast.KindTableRow, extast.KindTableHeader:
			part(b, "\n")
			writeBlocks(b, c, source)
		case extast.KindTableCell:
			if c.PreviousSibling() != nil {
				b.WriteString(" · ")
			}
			writeInline(b, c, source)
		case ast.KindParagraph, ast.KindHeading:
			if c.PreviousSibling() != nil || n.Kind() != ast.KindListItem {
				part(b, "\n\n")
			}
			writeInline(b, c, source)
		case ast.KindTextBlock:
			if c.PreviousSibling() != nil {
				part(b, "\n")
			}
			writeInline(b, c, source)
		default:
			if n.Kind() != ast.KindListItem {
				part(b, "\n\n")
			}
			writeBlocks(b, c, source)
		}
	}
}

// part ends what is written so far with at least sep, if there is anything.
func part(b *bytes.Buffer, sep string) {
	if b.Len() == 0 {
		return
	}
	end := b.Bytes()
	for len(sep) > 0 && bytes.HasSuffix(end, []byte("\n")) {
		end, sep = end[:len(end)-1], sep[1:]
	}
	b.WriteString(sep)
}

func writeInline(b *bytes.Buffer, n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			value := c.Segment.Value(source)
			if n.Kind() == ast.KindCodeSpan || c.IsRaw() {
				b.Write(bytes.ReplaceAll(value, []byte("\n"), []byte(" ")))
			} else {
				writeResolved(b, value)
			}
			switch {
			case c.HardLineBreak():
				b.WriteByte('\n')
			case c.SoftLineBreak():
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *ast.RawHTML:
			if edge := tagMeaning(c, source); edge != 0 {
				b.WriteByte(edge)
			}
		default:
			writeInline(b, c, source)
		}
	}
}

// writeResolved writes text with its backslashes and references resolved. The
// renderer's own writer does that, escaping as it goes; undoing the escapes
// leaves the characters.
func writeResolved(b *bytes.Buffer, value []byte) {
	if bytes.IndexByte(value, '\\') < 0 && bytes.IndexByte(value, '&') < 0 {
		b.Write(value)
		return
	}
	var escaped bytes.Buffer
	w := bufio.NewWriter(&escaped)
	html.DefaultWriter.Write(w, value)
	_ = w.Flush() // to memory: cannot fail
	b.WriteString(Clean(stdhtml.UnescapeString(escaped.String())))
}
