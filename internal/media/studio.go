package media

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"mirabilia/internal/errs"
)

// Limits of a child.
const (
	ChildMemory  = 1 << 30 // bytes
	ChildSeconds = 60      // of the processor, for one file
	patience     = 5 * time.Minute
	rest         = time.Minute // after which an idle child is let go
	maxFiles     = 100         // after which a child is replaced
)

// Studio makes pictures one at a time in a child process, so that a file that
// breaks its decoder or fills the memory ends the child alone. The child stays
// for the next file: its encoder takes most of a second to get ready.
type Studio struct {
	command []string // and the limits, which are appended
	memory  uint64
	seconds uint64
	peak    atomic.Int64
	gate    chan struct{}
	child   *child
	idle    *time.Timer
}

type child struct {
	process *exec.Cmd
	in, out *os.File
	files   int
}

// NewStudio makes a studio whose children run command, which must call Child
// with the two numbers that are appended to it. Without a command files are made
// in this process: for tools and tests that bring their own files.
func NewStudio(command ...string) *Studio {
	return NewStudioOf(ChildMemory, ChildSeconds, command...)
}

// NewStudioOf is NewStudio with other limits: bytes, and seconds for one file.
func NewStudioOf(memory, seconds uint64, command ...string) *Studio {
	return &Studio{command: command, memory: memory, seconds: seconds, gate: make(chan struct{}, 1)}
}

// Peak is the most memory that a child that has ended has taken, in bytes.
func (s *Studio) Peak() int64 { return s.peak.Load() }

// ended takes note of what a child has taken.
func (s *Studio) ended(c *child) {
	if used, ok := c.process.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.peak.Store(max(s.peak.Load(), used.Maxrss<<10))
	}
}

// Expect has a child get ready for a file that is on its way, where there is none.
// It waits for nothing; what goes wrong is met again by whoever brings the file.
func (s *Studio) Expect() {
	if len(s.command) == 0 {
		return
	}
	select {
	case s.gate <- struct{}{}:
	default:
		return // a child is at work
	}
	defer func() { <-s.gate }()
	if _, err := s.ready(); err == nil {
		s.idle = time.AfterFunc(rest, s.Rest)
	}
}

// ready is the child, which is started when there is none. It is called, and the
// child is used, by who holds the gate.
func (s *Studio) ready() (*child, error) {
	if s.idle != nil {
		s.idle.Stop()
	}
	if s.child == nil {
		c, err := s.start()
		if err != nil {
			return nil, err
		}
		s.child = c
	}
	return s.child, nil
}

// Develop makes everything of a file of size bytes that is read from file. each,
// which may be nil, is called with every variant as soon as it is there.
func (s *Studio) Develop(ctx context.Context, file io.Reader, size int64, each Each) (*Made, error) {
	return s.develop(ctx, Whole, file, size, each)
}

// Portray makes the squares of FaceSides of a person's picture.
func (s *Studio) Portray(ctx context.Context, file io.Reader, size int64) (*Made, error) {
	return s.develop(ctx, Square, file, size, nil)
}

// Draw makes the one picture of an atlas's logo: see Emblem.
func (s *Studio) Draw(ctx context.Context, file io.Reader, size int64) (*Made, error) {
	return s.develop(ctx, Emblem, file, size, nil)
}

func (s *Studio) develop(ctx context.Context, cut Cut, file io.Reader, size int64, each Each) (*Made, error) {
	if size > MaxBytes {
		return nil, TooLarge()
	}
	select {
	case s.gate <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-s.gate }()
	if len(s.command) == 0 {
		b, err := io.ReadAll(io.LimitReader(file, MaxBytes+1))
		if err != nil {
			return nil, err
		}
		return makeOf(b, cut, each)
	}
	return s.ask(ctx, cut, file, size, each)
}

// ask has a file made by the child.
func (s *Studio) ask(ctx context.Context, cut Cut, file io.Reader, size int64, each Each) (*Made, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := s.begin(ctx, cut, size)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, c.kill)
	var refused error // by each: no fault of the child
	made, err := c.develop(file, size, func(m *Made, v Variant) error {
		if each != nil {
			refused = each(m, v)
		}
		return refused
	})
	stop()
	var said *told
	switch {
	case errors.As(err, &said) && said.err.Code != errs.Internal:
		err = said.err
	case refused != nil && err == refused:
	case err != nil:
		return nil, s.lose(ctx, c, err)
	}
	if c.files++; c.files >= maxFiles {
		s.child = nil
		_ = c.end() // it has answered; how it goes is no fault of the file
		s.ended(c)
		return made, err
	}
	s.idle = time.AfterFunc(rest, s.Rest)
	return made, err
}

// begin is the child, once it is about to take the file. One that ended while it
// had nothing to do, as when the system was short of memory, has seen nothing of
// the file, which goes to another; where that one ends too there is more to it.
func (s *Studio) begin(ctx context.Context, cut Cut, size int64) (*child, error) {
	for again := false; ; again = true {
		c, err := s.ready()
		if err != nil {
			return nil, err
		}
		stop := context.AfterFunc(ctx, c.kill)
		err = c.announce(cut, size)
		stop()
		if err == nil {
			return c, nil
		}
		if err = s.lose(ctx, c, err); again || ctx.Err() != nil {
			return nil, err
		}
	}
}

// lose parts with a child that has ended, or has to, and says why.
func (s *Studio) lose(ctx context.Context, c *child, err error) error {
	s.child = nil
	err = c.epitaph(ctx, err)
	s.ended(c)
	return err
}

func (s *Studio) start() (*child, error) {
	theirIn, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, theirIn.Close(), in.Close())
	}
	args := append(s.command[1:len(s.command):len(s.command)], strconv.FormatUint(s.memory, 10), strconv.FormatUint(s.seconds, 10))
	c := &child{process: exec.Command(s.command[0], args...), in: in, out: out}
	c.process.Stdin, c.process.Stdout = theirIn, theirOut
	c.process.Env = []string{"GOTRACEBACK=none"} // nothing of ours is told to it
	c.process.Dir = "/"
	err = c.process.Start()
	err = errors.Join(err, theirIn.Close(), theirOut.Close())
	if err != nil {
		return nil, errors.Join(err, in.Close(), out.Close())
	}
	return c, nil
}

// announce says what will come, and waits until the child is about to take it.
func (c *child) announce(cut Cut, size int64) error {
	if _, err := c.in.Write(binary.BigEndian.AppendUint64([]byte{byte(cut)}, uint64(size))); err != nil {
		return err
	}
	var said [1]byte
	_, err := io.ReadFull(c.out, said[:])
	return err
}

func (c *child) kill() { _ = c.process.Process.Kill() }

func (c *child) develop(file io.Reader, size int64, each Each) (*Made, error) {
	if _, err := io.CopyN(c.in, file, size); err != nil {
		return nil, err
	}
	return readReplies(c.out, each)
}

// end lets a child go that has nothing to do.
func (c *child) end() error {
	return errors.Join(c.in.Close(), c.out.Close(), c.process.Wait())
}

// epitaph says why a child ended.
func (c *child) epitaph(ctx context.Context, err error) error {
	c.kill()
	_ = errors.Join(c.in.Close(), c.out.Close())
	ended := c.process.Wait()
	var said *told
	switch {
	case errors.As(err, &said):
		return said.err
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case errors.Is(ctx.Err(), context.DeadlineExceeded) || overran(c.process.ProcessState):
		return errs.Wrap(errors.Join(err, ended), errs.Invalid, "This file took too long to read. Save it as an ordinary JPEG, or smaller.")
	}
	return errs.Wrap(errors.Join(err, ended), errs.Invalid, "This file took too much memory to read, or is damaged. Save it as an ordinary JPEG, or smaller.")
}

// Rest lets the child go, when there is one and it has nothing to do.
func (s *Studio) Rest() {
	select {
	case s.gate <- struct{}{}:
	default:
		return
	}
	defer func() { <-s.gate }()
	if c := s.child; c != nil {
		s.child = nil
		_ = c.end()
		s.ended(c)
	}
}
