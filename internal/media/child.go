package media

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"mirabilia/internal/errs"
)

// reply is what the child tells beside the variants' bytes, which follow it in
// the order of Sizes: WebP and JPEG of each variant.
type reply struct {
	Made    *Made     `json:"made,omitempty"`
	Sizes   []int     `json:"sizes,omitempty"`
	Code    errs.Code `json:"code,omitempty"`
	Message string    `json:"message,omitempty"`
	Cause   string    `json:"cause,omitempty"`
}

// What the parent believes of a child at most, in bytes.
const (
	maxReply   = 64 << 10
	maxVariant = 32 << 20
)

// Child is the main loop of the child process: files come in with their length
// in front, replies go out, until the parent closes the pipe. It takes on its
// limits first; memory is in bytes, seconds are of the processor for one file.
func Child(in io.Reader, out io.Writer, memory, seconds uint64) error {
	if err := confine(memory); err != nil {
		return err
	}
	from, to := bufio.NewReaderSize(in, 64<<10), bufio.NewWriterSize(out, 64<<10)
	for {
		var size [8]byte
		if _, err := io.ReadFull(from, size[:]); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		n := binary.BigEndian.Uint64(size[:])
		if n > MaxBytes {
			return fmt.Errorf("a file of %d bytes", n)
		}
		file := make([]byte, n)
		if _, err := io.ReadFull(from, file); err != nil {
			return err
		}
		if err := allow(seconds); err != nil {
			return err
		}
		made, err := Make(file)
		if err := answer(to, made, err); err != nil {
			return err
		}
	}
}

func answer(to *bufio.Writer, made *Made, failed error) error {
	r := reply{Made: made}
	var e *errs.Error
	switch {
	case errors.As(failed, &e):
		r = reply{Code: e.Code, Message: e.Message}
		if e.Cause != nil {
			r.Cause = e.Cause.Error()
		}
	case failed != nil:
		r = reply{Code: errs.Internal, Cause: failed.Error()}
	default:
		for _, v := range made.Variants {
			r.Sizes = append(r.Sizes, len(v.WebP), len(v.JPEG))
		}
	}
	head, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = to.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head...))
	if r.Made != nil {
		for _, v := range made.Variants {
			_, e1 := to.Write(v.WebP)
			_, e2 := to.Write(v.JPEG)
			err = errors.Join(err, e1, e2)
		}
	}
	return errors.Join(err, to.Flush())
}

// readReply reads what a child answers.
func readReply(from io.Reader) (*Made, error) {
	var size [4]byte
	if _, err := io.ReadFull(from, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxReply {
		return nil, fmt.Errorf("a reply of %d bytes", n)
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	var r reply
	if err := json.Unmarshal(head, &r); err != nil {
		return nil, err
	}
	if r.Made == nil {
		cause := error(nil)
		if r.Cause != "" {
			cause = errors.New(r.Cause)
		}
		return nil, &told{errs.Wrap(cause, r.Code, "%s", r.Message)}
	}
	if len(r.Sizes) != 2*len(r.Made.Variants) {
		return nil, errors.New("a reply whose parts do not fit")
	}
	for i := range r.Sizes {
		if r.Sizes[i] < 0 || r.Sizes[i] > maxVariant {
			return nil, fmt.Errorf("a variant of %d bytes", r.Sizes[i])
		}
		b := make([]byte, r.Sizes[i])
		if _, err := io.ReadFull(from, b); err != nil {
			return nil, err
		}
		if v := &r.Made.Variants[i/2]; i%2 == 0 {
			v.WebP = b
		} else {
			v.JPEG = b
		}
	}
	return r.Made, nil
}

// told is an error that a child reported; it goes on living.
type told struct{ err *errs.Error }

func (t *told) Error() string { return t.err.Error() }
