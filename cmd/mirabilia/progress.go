package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"mirabilia/internal/app"
	"mirabilia/internal/keep"
)

// line shows how far a command has come, on one line of a terminal that is
// written over, and on a new one for each step. What scripts read stays as it is:
// nothing is shown where nobody looks on.
type line struct {
	out   io.Writer
	step  string
	width int // of what stands there, 0 for nothing
}

func (l *line) show(step, format string, args ...any) {
	if l.width > 0 && step != l.step {
		l.end()
	}
	text := fmt.Sprintf(format, args...)
	fmt.Fprintf(l.out, "\r%-*s", l.width, text)
	l.step, l.width = step, len(text)
}

// end leaves the line as it is, and goes to the next.
func (l *line) end() {
	if l.width > 0 {
		fmt.Fprintln(l.out)
	}
	l.width = 0
}

// shownOn shows the progress of a backup, restore or copy, where w is a
// terminal.
func shownOn(w io.Writer) app.Progress {
	if !onTerminal(w) {
		return nil
	}
	l := &line{out: w}
	return func(p keep.Progress, took time.Duration) {
		files := ""
		switch {
		case p.Files == 1:
			files = " and 1 file"
		case p.Files > 1:
			files = fmt.Sprintf(" and %d files", p.Files)
		}
		if p.Rows == 0 && p.Of > 0 { // pages: their rows are counted at the end
			l.show(string(p.Step), "%d of %d MiB %s, %s", p.Bytes>>20, p.Of>>20, p.Step, rate(p.Bytes>>20, took))
			return
		}
		l.show(string(p.Step), "%d rows%s %s, %s", p.Rows, files, p.Step, rate(p.Rows, took))
	}
}

func rate(n int64, took time.Duration) string {
	return fmt.Sprintf("%.0f a second", float64(n)/max(took.Seconds(), 0.001))
}

func onTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
