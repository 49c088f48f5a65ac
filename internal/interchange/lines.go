package interchange

import (
	"bufio"
	"errors"
	"io"
)

// lines reads lines of at most maxRecord bytes. Longer ones are told and
// passed over, so that they cost no memory.
type lines struct {
	r      *bufio.Reader
	number int // of the last line, from 1
	buf    []byte
	back   []savedLine // lines to be read again, the next one last
}

type savedLine struct {
	text   []byte
	number int
}

func newLines(r io.Reader) *lines {
	return &lines{r: bufio.NewReaderSize(r, 64<<10)}
}

// read is the next line with its end, if it has one. It is good until the next
// call. long means that the line was over the limit and is lost.
func (l *lines) read() (line []byte, long bool, err error) {
	if n := len(l.back); n > 0 {
		s := l.back[n-1]
		l.back = l.back[:n-1]
		l.number = s.number
		return s.text, false, nil
	}
	l.buf = l.buf[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if !long {
			if len(l.buf)+len(part) > maxRecord+2 {
				long = true
			} else {
				l.buf = append(l.buf, part...)
			}
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, false, err
		}
		if err != nil && len(l.buf) == 0 && !long {
			return nil, false, io.EOF
		}
		l.number++
		return l.buf, long, nil
	}
}

// nothing is a reader at its end, for lines that are only read again.
func nothing() *bufio.Reader { return bufio.NewReaderSize(eof{}, 16) }

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }
