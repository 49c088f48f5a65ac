// Package peers asks other search engines the benchmarks' questions. Their
// indexes are built by bench/rows/words.sh, bleve's by this package; all hold
// title, tags and body of the same places.
package peers

import (
	"fmt"
	"strings"
)

// Top is how many places an answer has at most.
const Top = 20

// Question tells what is asked.
type Question int

// The questions.
const (
	Search  Question = iota // all words, anywhere, the most relevant first
	Suggest                 // titles that begin so
	Typo                    // a word of a title with one wrong letter
)

// Peer is an engine that answers some of the questions.
type Peer interface {
	// Ask answers with the numbers of at most Top places.
	Ask(q Question, words string) ([]int64, error)
	Close() error
}

// Can tells which questions the kinds of engines answer.
func Can(kind string, q Question) bool {
	return q == Search || q == Suggest && (kind == "fts5" || kind == "bleve") || q == Typo && kind == "bleve"
}

// Open opens an engine: bleve:FOLDER, fts5:FILE, pg:URL, sphinx:ADDRESS.
func Open(target string) (kind string, p Peer, err error) {
	kind, rest, _ := strings.Cut(target, ":")
	switch kind {
	case "bleve":
		p, err = openBleve(rest)
	case "fts5":
		p, err = openSQLite(rest)
	case "pg":
		p, err = openPostgres(rest)
	case "sphinx":
		p, err = openSphinx(rest)
	default:
		err = fmt.Errorf("no engine %q; there are bleve, fts5, pg and sphinx", kind)
	}
	return kind, p, err
}

// unanswered is the error for what an engine is not asked.
func unanswered(kind string, q Question) error {
	return fmt.Errorf("%s does not answer question %d", kind, q)
}
