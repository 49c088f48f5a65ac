package web

import (
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Front is the short road: a listener whose connections answer requests for
// kept pages themselves, with one write of ready bytes, and calls of the API
// that are answered from memory (quick.go); everything else they hand to the
// http.Server that accepts from it. net/http spends a third of its time on
// headers it is told anew for each request; here they are ready too.
//
// It is careful rather than complete. A connection takes the short road only
// from its second request on, only where a read begins a request and holds
// exactly that one, only for GET or HEAD with plain characters and nothing that
// could mean a body; at the first byte it does not understand the connection
// belongs to net/http for good, so that the two can never disagree about where
// a request ends.
type Front struct {
	net.Listener
	site *Site
	idle time.Duration
	// gate is held for reading while an answer is written, so that stopping
	// cuts none.
	gate    sync.RWMutex
	closing atomic.Bool
	date    atomic.Pointer[dateLine]
}

// dateLine is the Date header of one second.
type dateLine struct {
	second int64
	line   []byte
}

// Front puts the short road before an http.Server: serve what it gives in place
// of l. idle is how long a connection may wait between two requests.
func (s *Site) Front(l net.Listener, idle time.Duration) *Front {
	return &Front{Listener: l, site: s, idle: idle}
}

// Accept gives the next connection.
func (f *Front) Accept() (net.Conn, error) {
	c, err := f.Listener.Accept()
	if err != nil {
		return nil, err
	}
	tcp, ok := c.(*net.TCPConn)
	if !ok || f.site.kept.cache == nil {
		return c, nil
	}
	return &frontConn{TCPConn: tcp, front: f}, nil
}

// closePatience is how long Close waits for answers that are being written.
const closePatience = time.Second

// Close closes the listener; from then on net/http answers everything, which
// knows how to end a connection.
func (f *Front) Close() error {
	err := f.Listener.Close()
	f.closing.Store(true)
	for until := time.Duration(0); until < closePatience; until += time.Millisecond {
		if f.gate.TryLock() {
			f.gate.Unlock()
			break
		}
		time.Sleep(time.Millisecond)
	}
	return err
}

// frontConn is one connection.
type frontConn struct {
	*net.TCPConn
	front *Front
	// slow gives the connection to net/http for good.
	slow bool
	// ready says that the next read begins a request.
	ready   bool
	rolled  time.Time // when the deadlines were last moved
	waiting []byte    // read from the wire and not yet given to net/http
	buf     [2048]byte
	parts   [3][]byte
}

// Read gives net/http what the short road does not answer.
func (c *frontConn) Read(p []byte) (int, error) {
	if len(c.waiting) > 0 {
		n := copy(p, c.waiting)
		c.waiting = c.waiting[n:]
		return n, nil
	}
	if c.slow {
		return c.TCPConn.Read(p)
	}
	if len(p) < len(c.buf) { // net/http looks whether the reader has gone
		n, err := c.TCPConn.Read(p)
		c.slow = c.slow || n > 0
		return n, err
	}
	for {
		n, err := c.TCPConn.Read(c.buf[:])
		if n == 0 || err != nil {
			c.slow = true
			return copy(p, c.buf[:n]), err
		}
		r, kind := parseSimple(c.buf[:n])
		if kind == unclear {
			c.slow = true
		}
		if !c.ready || kind == unclear || (kind != answerable || !c.answer(&r)) && !c.call(&r) {
			c.ready = true
			return copy(p, c.buf[:n]), nil
		}
	}
}

// drainPatience is how long Close reads what a reader sent too late.
const drainPatience = 500 * time.Millisecond

// Close ends the connection without cutting off the answer before it: a kernel
// that closes a connection with unread bytes resets it, and the reader loses
// what it had not read yet. So the end is told first, and the rest read away.
func (c *frontConn) Close() error {
	if c.unread() && c.CloseWrite() == nil && c.SetReadDeadline(c.front.site.now().Add(drainPatience)) == nil {
		_, _ = io.CopyN(io.Discard, c.TCPConn, 1<<20)
	}
	return c.TCPConn.Close()
}

// unread says whether bytes wait in the kernel; it never blocks. It asks by
// Control: Read would wait for whoever reads from the connection, and a server
// that stops closes the idle ones while they are read from.
func (c *frontConn) unread() bool {
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	n := 0
	err = raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, _ = syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return err == nil && n > 0
}

// answer sends a kept page; false when there is none.
func (c *frontConn) answer(r *simple) bool {
	f := c.front
	s := f.site
	f.gate.RLock()
	defer f.gate.RUnlock()
	if f.closing.Load() {
		return false
	}
	start := s.now()
	k := s.kept.get(keptKey{path: string(r.path)}, s.epoch(), start)
	if k == nil {
		return false
	}
	c.roll(start)
	k.read.Read()
	v := k.as(accepted(r.encodings()))
	c.parts = [3][]byte{v.head, f.dateAt(start), v.body}
	if r.head {
		c.parts[2] = nil
	}
	out := net.Buffers(c.parts[:])
	if _, err := out.WriteTo(c.TCPConn); err != nil {
		_ = c.TCPConn.Close() // half an answer is out
	}
	k.route.watch.seen(k.status, s.now().Sub(start))
	return true
}

// roll moves the deadlines of a connection that is in use.
func (c *frontConn) roll(now time.Time) {
	if now.Sub(c.rolled) <= c.front.idle/8 {
		return
	}
	c.rolled = now
	// A deadline that cannot be set belongs to a connection that is gone, which
	// the write will notice.
	_ = c.SetReadDeadline(now.Add(c.front.idle))
	_ = c.SetWriteDeadline(now.Add(c.front.idle))
}

// dateAt is the Date header and the end of the head, made once a second.
func (f *Front) dateAt(now time.Time) []byte {
	second := now.Unix()
	if d := f.date.Load(); d != nil && d.second == second {
		return d.line
	}
	d := &dateLine{second, []byte("Date: " + now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") + "\r\n\r\n")}
	f.date.Store(d)
	return d.line
}

// head writes status line and headers of a kept page in one coding, all but
// the date.
func (k *kept) head(v *variant) []byte {
	b := make([]byte, 0, 1400)
	b = append(b, "HTTP/1.1 200 OK\r\n"...)
	line := func(name, value string) {
		b = append(append(append(append(b, name...), ": "...), value...), "\r\n"...)
	}
	for _, x := range k.headers {
		for _, value := range x.values {
			line(x.key, value)
		}
	}
	line("Etag", v.tag)
	line("Content-Length", strconv.Itoa(len(v.body)))
	if v.coded != nil {
		line("Content-Encoding", v.coded[0])
	}
	return b
}
