package text

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	goldtext "github.com/yuin/goldmark/text"
)

// What one text may ask of the reader. Each is far beyond anything written by
// hand; beyond it the marks stay as they are typed. Without them 200 kB of
// "[a](" cost 35 s and of "*a_ " 22 s, and a table of a thousand columns and
// as many empty rows became gigabytes.
const (
	maxBrokenLinks = 200    // "](" that do not turn out to be links
	maxMarks       = 5_000  // runs of *, _ and ~
	maxCells       = 20_000 // cells of tables
	maxReferences  = 1_000  // lines of one block of link references
)

// The counters of one text live in its parser.Context.
var (
	brokenLinks = parser.NewContextKey()
	marks       = parser.NewContextKey()
	cells       = parser.NewContextKey()
)

func spent(pc parser.Context, key parser.ContextKey) int {
	n, _ := pc.Get(key).(int)
	return n
}

// thriftyLinks gives up on links in a text that keeps failing to be one.
type thriftyLinks struct{ parser.InlineParser }

func (l thriftyLinks) Parse(parent ast.Node, block goldtext.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	inline := bytes.HasPrefix(line, []byte("]("))
	if inline && spent(pc, brokenLinks) >= maxBrokenLinks {
		return nil
	}
	n := l.InlineParser.Parse(parent, block, pc)
	if inline && n == nil {
		pc.Set(brokenLinks, spent(pc, brokenLinks)+1)
	}
	return n
}

// CloseBlock passes on what the parser of links does at the end of a block.
func (l thriftyLinks) CloseBlock(parent ast.Node, block goldtext.Reader, pc parser.Context) {
	if c, ok := l.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// thriftyMarks gives up on emphasis and strike-through after maxMarks.
type thriftyMarks struct{ parser.InlineParser }

func (m thriftyMarks) Parse(parent ast.Node, block goldtext.Reader, pc parser.Context) ast.Node {
	n := spent(pc, marks)
	if n >= maxMarks {
		return nil
	}
	pc.Set(marks, n+1)
	return m.InlineParser.Parse(parent, block, pc)
}

// thriftyTables leaves a table as the paragraph it was written as when its
// cells, those that are only implied included, are too many.
type thriftyTables struct{ parser.ParagraphTransformer }

func (t thriftyTables) Transform(node *ast.Paragraph, reader goldtext.Reader, pc parser.Context) {
	lines, columns, dashes := node.Lines(), 0, false
	for i := range lines.Len() {
		seg := lines.At(i)
		line := seg.Value(reader.Source())
		columns = max(columns, 1+bytes.Count(line, []byte("|")))
		dashes = dashes || bytes.IndexByte(line, '-') >= 0
	}
	if lines.Len() < 2 || !dashes || columns < 2 {
		return
	}
	n := spent(pc, cells) + columns*lines.Len()
	if n > maxCells {
		return
	}
	pc.Set(cells, n)
	t.ParagraphTransformer.Transform(node, reader, pc)
}

// thriftyReferences leaves a block of link references that is too long as the
// paragraph it was written as.
type thriftyReferences struct{ parser.ParagraphTransformer }

func (r thriftyReferences) Transform(node *ast.Paragraph, reader goldtext.Reader, pc parser.Context) {
	if node.Lines().Len() <= maxReferences {
		r.ParagraphTransformer.Transform(node, reader, pc)
	}
}
