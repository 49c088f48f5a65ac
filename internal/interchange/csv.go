package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// separators that a table may use, the likelier first.
var separators = []byte{',', ';', '\t', '|'}

// openCSV reads a table whose first record names its columns (RFC 4180, and
// what spreadsheets make of it). The separator is the one that cuts the first
// records most evenly.
func openCSV(src io.Reader) (func() (row, error), error) {
	in := newLines(src)
	t := &table{in: in}
	if err := t.sniff(); err != nil {
		return nil, err
	}
	if err := t.header(); err != nil {
		return nil, err
	}
	return t.next, nil
}

type table struct {
	in      *lines
	sep     byte
	columns []string
}

// sniff reads up to sniffLines lines, chooses the separator and puts the
// lines back.
func (t *table) sniff() error {
	const sniffLines = 50
	var head []savedLine
	total := 0
	for len(head) < sniffLines && total < sniffSize {
		line, long, err := t.in.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if long {
			if len(head) == 0 {
				return errors.New("the first line is over 1 MiB: this is no table")
			}
			break // read again below as a bad record: it cannot be kept
		}
		head = append(head, savedLine{bytes.Clone(line), t.in.number})
		total += len(line)
	}
	best := -1
	for _, sep := range separators {
		if score := evenness(head, sep); score > best {
			best, t.sep = score, sep
		}
	}
	for i := len(head) - 1; i >= 0; i-- {
		t.in.back = append(t.in.back, head[i])
	}
	return nil
}

// evenness scores a separator: column names that mean something count most,
// then records with as many cells as the first, then the number of cells.
func evenness(head []savedLine, sep byte) int {
	trial := &table{in: &lines{r: nothing()}, sep: sep}
	for i := len(head) - 1; i >= 0; i-- {
		trial.in.back = append(trial.in.back, head[i])
	}
	first, _, _, err := trial.record()
	if err != nil {
		return 0
	}
	names, even, all := 0, 0, 0
	for _, c := range first {
		if known[canonicalName(c)] {
			names++
		}
	}
	for {
		cells, _, bad, err := trial.record()
		if err != nil {
			break
		}
		all++
		if bad == "" && len(cells) == len(first) {
			even++
		}
	}
	score := names * 1000
	if len(first) > 1 {
		score += min(len(first), 100)
		if all > 0 {
			score += 500 * even / all
		}
	}
	return score
}

func (t *table) header() error {
	cells, _, bad, err := t.record()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	if err != nil {
		return err
	}
	if bad != "" {
		return fmt.Errorf("the line of column names cannot be read: %s", bad)
	}
	seen := map[string]bool{}
	useful := false
	for i, c := range cells {
		name := strings.TrimSpace(strings.TrimPrefix(c, "\ufeff"))
		if canonical := canonicalName(name); known[canonical] && !seen[canonical] {
			name = canonical
		}
		if name == "" || seen[name] {
			name = fmt.Sprintf("column %d", i+1)
		}
		seen[name] = true
		useful = useful || known[name]
		t.columns = append(t.columns, name)
	}
	if !useful && !hasFallback(t.columns) {
		return errors.New("no column is called title or name: the first line must name the columns")
	}
	return nil
}

func hasFallback(columns []string) bool {
	for _, c := range columns {
		if n := canonicalName(c); strings.HasPrefix(n, "name_") || strings.HasPrefix(n, "title_") {
			return true
		}
	}
	return false
}

func (t *table) next() (row, error) {
	for {
		cells, line, bad, err := t.record()
		if err != nil {
			return row{}, err
		}
		if bad != "" {
			return row{line: line, bad: bad}, nil
		}
		if len(cells) == 1 && strings.TrimSpace(cells[0]) == "" {
			continue // an empty line
		}
		values := make(map[string]any, len(cells))
		for i, c := range cells {
			if c == "" {
				continue
			}
			name := fmt.Sprintf("column %d", i+1)
			if i < len(t.columns) {
				name = t.columns[i]
			}
			values[name] = unguard(c)
		}
		ours(values)
		r := row{line: line, values: listingRow(values), lenient: t.sep != ','}
		r.bad = takeoutRow(r.values)
		return r, nil
	}
}

// record reads one record, which may span lines. A record whose quotes do not
// close, or that is over 1 MiB, is bad; reading goes on with the line after its
// first, so that one stray quote does not swallow the rest of the file.
func (t *table) record() (cells []string, line int, bad string, err error) {
	text, long, err := t.in.read()
	for err == nil && !long && len(bytes.TrimSpace(text)) == 0 { // millions of them must cost little
		text, long, err = t.in.read()
	}
	if err != nil {
		return nil, 0, "", err
	}
	line = t.in.number
	if long || len(text) > maxRecord {
		return nil, line, "the line is over 1 MiB", nil
	}
	var cell []byte
	p := cellParser{sep: t.sep}
	if done := p.feed(text, &cell); done {
		return p.finish(line)
	}
	// A quoted cell goes on over the end of the line.
	var taken []savedLine
	size := len(text)
	for {
		text, long, err = t.in.read()
		switch {
		case errors.Is(err, io.EOF):
			bad = "a quoted cell does not end"
		case err != nil:
			return nil, 0, "", err
		case long || size+len(text) > maxRecord:
			bad = "the record is over 1 MiB; a quote may be missing"
		case len(taken) == maxCellLines: // each stray quote reads ahead so far, and the lines are read again
			bad = "a quoted cell goes on over 10,000 lines; a quote may be missing"
		}
		if bad != "" {
			if err == nil && !long {
				taken = append(taken, savedLine{bytes.Clone(text), t.in.number})
			}
			t.putBack(taken)
			return nil, line, bad, nil
		}
		size += len(text)
		taken = append(taken, savedLine{bytes.Clone(text), t.in.number})
		if done := p.feed(text, &cell); done {
			if p.bad != "" {
				t.putBack(taken)
			}
			return p.finish(line)
		}
	}
}

func (t *table) putBack(taken []savedLine) {
	for i := len(taken) - 1; i >= 0; i-- {
		t.in.back = append(t.in.back, taken[i])
	}
}

// cellParser cuts the lines of one record into cells.
type cellParser struct {
	sep    byte
	quoted bool
	cells  []string
	bad    string
}

// feed takes one line and reports whether the record ends with it.
func (p *cellParser) feed(line []byte, cell *[]byte) bool {
	body := bytes.TrimRight(line, "\r\n")
	i := 0
	for {
		if !p.quoted {
			if i < len(body) && body[i] == '"' {
				p.quoted = true
				i++
				*cell = (*cell)[:0]
			} else {
				end := bytes.IndexByte(body[i:], p.sep)
				if end < 0 {
					p.cells = append(p.cells, string(body[i:]))
					return true
				}
				p.cells = append(p.cells, string(body[i:i+end]))
				i += end + 1
				continue
			}
		}
		quote := bytes.IndexByte(body[i:], '"')
		if quote < 0 {
			*cell = append(append(*cell, body[i:]...), '\n')
			return false
		}
		*cell = append(*cell, body[i:i+quote]...)
		i += quote + 1
		switch {
		case i < len(body) && body[i] == '"':
			*cell = append(*cell, '"')
			i++
		case i == len(body):
			p.cells, p.quoted = append(p.cells, string(*cell)), false
			return true
		case body[i] == p.sep:
			p.cells, p.quoted = append(p.cells, string(*cell)), false
			i++
		default:
			p.bad = "text follows a closing quote; quotes inside a cell are written twice"
			return true
		}
	}
}

func (p *cellParser) finish(line int) ([]string, int, string, error) {
	if p.bad != "" {
		return nil, line, p.bad, nil
	}
	for _, c := range p.cells {
		if !utf8.ValidString(c) {
			return nil, line, "invalid UTF-8", nil
		}
	}
	return p.cells, line, "", nil
}

// trigger reports whether a spreadsheet would read a cell that begins with c
// as a formula.
func trigger(c byte) bool {
	switch c {
	case '=', '+', '-', '@', '\t', '\r':
		return true
	}
	return false
}

// guard puts an apostrophe before a text that a spreadsheet would read as a
// formula, and before one that already begins with apostrophes and such a
// sign, so that unguard gives every text back.
func guard(s string) string {
	if t := strings.TrimLeft(s, "'"); t != "" && trigger(t[0]) {
		return "'" + s
	}
	return s
}

// unguard takes off exactly the apostrophe that guard puts on.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' {
		if t := strings.TrimLeft(s, "'"); t != "" && trigger(t[0]) {
			return s[1:]
		}
	}
	return s
}
