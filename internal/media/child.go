package media

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/gen2brain/webp"

	"mirabilia/internal/errs"
)

// reply is what the child tells of a file: one for each variant as soon as it is
// there, whose WebP and JPEG follow it in bytes, then one with Done or with the
// reason not to take the file.
type reply struct {
	Made    *Made     `json:"made,omitempty"` // without its variants
	Variant *Variant  `json:"variant,omitempty"`
	WebP    int       `json:"webp,omitempty"` // bytes
	JPEG    int       `json:"jpeg,omitempty"`
	Done    bool      `json:"done,omitempty"`
	Code    errs.Code `json:"code,omitempty"`
	Message string    `json:"message,omitempty"`
	Cause   string    `json:"cause,omitempty"`
}

// What the parent believes of a child at most, in bytes.
const (
	maxReply   = 64 << 10
	maxVariant = 32 << 20
)

// Child is the main loop of the child process: files come in with their cut
// and length in front, which a byte answers before the file is sent; replies go out, until the parent closes the pipe. It takes on its
// limits first; memory is in bytes, seconds are of the processor for one file.
func Child(in io.Reader, out io.Writer, memory, seconds uint64) error {
	if err := confine(memory); err != nil {
		return err
	}
	// Who stops the atlas by a signal to all its processes must not make the
	// picture that is at work look like one that broke its decoder. The child ends
	// when the parent's pipe does.
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go warm()
	from, to := bufio.NewReaderSize(in, 64<<10), bufio.NewWriterSize(out, 64<<10)
	for {
		var head [9]byte // the cut, and how many bytes follow
		if _, err := io.ReadFull(from, head[:]); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		cut, n := Cut(head[0]), binary.BigEndian.Uint64(head[1:])
		if n > MaxBytes || cut > Emblem {
			return fmt.Errorf("a file of %d bytes, cut %d", n, cut)
		}
		if err := begin(to); err != nil {
			return err
		}
		file := make([]byte, n)
		if _, err := io.ReadFull(from, file); err != nil {
			return err
		}
		if err := allow(seconds); err != nil {
			return err
		}
		_, err := makeOf(file, cut, func(m *Made, v Variant) error { return hand(to, m, v) })
		if err := answer(to, err); err != nil {
			return err
		}
		debug.FreeOSMemory() // the next file begins as the first one did
	}
}

// begin says that the file can come: from here on what becomes of the child may
// be the file's doing.
func begin(to *bufio.Writer) error {
	return errors.Join(to.WriteByte(1), to.Flush())
}

// warm compiles the encoder while the first file is on its way or being decoded.
// That makes many small objects, which are not looked through as often as pictures.
func warm() {
	often := debug.SetGCPercent(50)
	webp.Init()
	debug.SetGCPercent(often)
}

// hand gives one variant to the parent.
func hand(to *bufio.Writer, m *Made, v Variant) error {
	plain := *m
	plain.Variants = nil
	if err := write(to, reply{Made: &plain, Variant: &v, WebP: len(v.WebP), JPEG: len(v.JPEG)}); err != nil {
		return err
	}
	_, e1 := to.Write(v.WebP)
	_, e2 := to.Write(v.JPEG)
	return errors.Join(e1, e2, to.Flush())
}

// answer ends what is told of a file.
func answer(to *bufio.Writer, failed error) error {
	r := reply{Done: true}
	var e *errs.Error
	switch {
	case errors.As(failed, &e):
		r = reply{Code: e.Code, Message: e.Message}
		if e.Cause != nil {
			r.Cause = e.Cause.Error()
		}
	case failed != nil:
		r = reply{Code: errs.Internal, Cause: failed.Error()}
	}
	return errors.Join(write(to, r), to.Flush())
}

func write(to *bufio.Writer, r reply) error {
	head, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = to.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head...))
	return err
}

// readReplies reads what a child answers about one file. After an error of each
// the rest is read all the same, so that the child can go on.
func readReplies(from io.Reader, each Each) (*Made, error) {
	var made *Made
	var variants []Variant
	var stopped error
	for {
		r, err := readReply(from)
		if err != nil {
			return nil, err
		}
		switch {
		case r.Variant != nil && r.Made != nil && len(variants) < len(Widths):
			made = r.Made
			variants = append(variants, *r.Variant)
			if each != nil && stopped == nil {
				stopped = each(made, *r.Variant)
			}
		case r.Done && made != nil:
			slices.Reverse(variants)
			made.Variants = variants
			return made, stopped
		case r.Code != "":
			cause := error(nil)
			if r.Cause != "" {
				cause = errors.New(r.Cause)
			}
			return nil, &told{errs.Wrap(cause, r.Code, "%s", r.Message)}
		default:
			return nil, errors.New("a reply whose parts do not fit")
		}
	}
}

// readReply reads one reply with the bytes that follow it.
func readReply(from io.Reader) (r reply, err error) {
	var size [4]byte
	if _, err := io.ReadFull(from, size[:]); err != nil {
		return r, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxReply {
		return r, fmt.Errorf("a reply of %d bytes", n)
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(from, head); err != nil {
		return r, err
	}
	if err := json.Unmarshal(head, &r); err != nil || r.Variant == nil {
		return r, err
	}
	for _, n := range []int{r.WebP, r.JPEG} {
		if n <= 0 || n > maxVariant {
			return r, fmt.Errorf("a variant of %d bytes", n)
		}
	}
	r.Variant.WebP, r.Variant.JPEG = make([]byte, r.WebP), make([]byte, r.JPEG)
	_, e1 := io.ReadFull(from, r.Variant.WebP)
	_, e2 := io.ReadFull(from, r.Variant.JPEG)
	return r, errors.Join(e1, e2)
}

// told is an error that a child reported; it goes on living.
type told struct{ err *errs.Error }

func (t *told) Error() string { return t.err.Error() }
