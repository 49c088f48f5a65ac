package peers

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// sqlite is the sqlite3 command behind pipes: the native library, at the price
// of some 30 µs a question for the way there and back.
type sqlite struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// end is the line after an answer.
const end = "."

func openSQLite(file string) (Peer, error) {
	s := &sqlite{cmd: exec.Command("sqlite3", "-readonly", "-batch", "-noheader", file)}
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.cmd.Stderr = s.cmd.Stdout
	s.out = bufio.NewScanner(out)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	_, err = s.ids("pragma cache_size=-400000; pragma mmap_size=4000000000")
	return s, err
}

func (s *sqlite) Ask(q Question, words string) ([]int64, error) {
	switch q {
	case Search:
		// Words side by side must all be there, in any column.
		return s.ids(fmt.Sprintf("select rowid from docs where docs match %s order by rank limit %d", quoted(`"`+strings.Join(strings.Fields(words), `" "`)+`"`), Top))
	case Suggest:
		return s.ids(fmt.Sprintf("select id from titles where title >= %s and title < %s order by title limit %d", quoted(words), quoted(words+"~"), Top))
	default:
		return nil, unanswered("fts5", q)
	}
}

// ids sends a statement and reads its rows until the line that ends them.
func (s *sqlite) ids(statement string) ([]int64, error) {
	if _, err := fmt.Fprintf(s.in, "%s;\nselect '%s';\n", statement, end); err != nil {
		return nil, err
	}
	var ids []int64
	for s.out.Scan() {
		if s.out.Text() == end {
			return ids, nil
		}
		id, err := strconv.ParseInt(s.out.Text(), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("sqlite3 says: %s", s.out.Text())
		}
		ids = append(ids, id)
	}
	return nil, errors.Join(s.out.Err(), io.ErrUnexpectedEOF)
}

func (s *sqlite) Close() error {
	return errors.Join(s.in.Close(), s.cmd.Wait())
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
