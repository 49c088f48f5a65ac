package app

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// pace is the lowest rate at which a client may take or send bytes. Fixed times
// cannot tell a slow line from somebody who holds a connection on purpose: this
// can, and lets a slow line have the time it needs.
type pace struct {
	rate   int           // bytes a second
	window time.Duration // over which what is read by a client is measured
	grace  time.Duration // before what a client sends is measured
	most   time.Duration // the end of every body, however steady
}

// steadily is far below any line that shows pages (GPRS carries 4 to 6 KiB/s),
// and its window outlasts a tunnel. Both are estimates, kept generous.
var steadily = pace{rate: 1 << 10, window: time.Minute, grace: 15 * time.Second, most: 20 * time.Minute}

// errTooSlow ends a connection whose client takes less than the pace.
var errTooSlow = errors.New("the client takes too little at a time")

// gate is the listener that the server accepts from: it holds the clients of
// each connection to the pace, and tells the crowd when one has gone.
type gate struct {
	net.Listener
	crowd *crowd
	pace  pace
	now   func() time.Time
}

// Accept gives the next connection.
func (g gate) Accept() (net.Conn, error) {
	c, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	held := &heldConn{Conn: c, gate: g}
	if s, ok := c.(syscall.Conn); ok {
		if held.raw, err = s.SyscallConn(); err != nil {
			held.raw = nil // it is gone already, and the first read will say so
		}
	}
	return held, nil
}

// heldConn is a connection whose writes are held to the pace.
type heldConn struct {
	net.Conn
	gate  gate
	raw   syscall.RawConn
	until atomic.Pointer[time.Time] // the deadline that the server set
	left  sync.Once
}

// Close ends the connection and leaves the crowd, once.
func (c *heldConn) Close() error {
	err := c.Conn.Close()
	c.left.Do(func() { c.gate.crowd.leave(c.RemoteAddr()) })
	return err
}

// CloseWrite tells the client that nothing more comes; net/http asks for it.
func (c *heldConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// SetDeadline and SetWriteDeadline remember what the server wants.
func (c *heldConn) SetDeadline(t time.Time) error {
	c.until.Store(&t)
	return c.Conn.SetDeadline(t)
}

// SetWriteDeadline sets the end of all writing.
func (c *heldConn) SetWriteDeadline(t time.Time) error {
	c.until.Store(&t)
	return c.Conn.SetWriteDeadline(t)
}

// Write gives what the kernel takes at once to it, which is nearly always all,
// and has the pace watched over the rest.
func (c *heldConn) Write(p []byte) (n int, err error) {
	if c.raw == nil {
		return c.Conn.Write(p)
	}
	err = c.raw.Write(func(fd uintptr) bool {
		n, _ = syscall.Write(int(fd), p)
		return true // what could not be written waits below
	})
	n = max(n, 0)
	if err != nil || n == len(p) {
		return n, err
	}
	m, err := c.writeSlowly(p[n:])
	return n + m, err
}

// writeSlowly waits for the client, window by window: in each it must have
// taken as much as the pace wants. What it took is what the kernel no longer
// holds for it, not what the kernel took from us.
func (c *heldConn) writeSlowly(p []byte) (n int, err error) {
	var end time.Time
	if t := c.until.Load(); t != nil {
		end = *t
	}
	defer func() {
		// A deadline of ours must not end what comes later.
		if e := c.Conn.SetWriteDeadline(end); err == nil {
			err = e
		}
	}()
	least := int(float64(c.gate.pace.rate) * c.gate.pace.window.Seconds())
	for {
		held, known := c.unsent()
		wait := c.gate.now().Add(c.gate.pace.window)
		last := !end.IsZero() && end.Before(wait)
		if last {
			wait = end
		}
		if err := c.Conn.SetWriteDeadline(wait); err != nil {
			return n, err
		}
		m, err := c.Conn.Write(p[n:])
		n += m
		if err == nil || last || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if still, ok := c.unsent(); !known || !ok || held+m-still < least {
			return n, errTooSlow
		}
	}
}

// unsent is how many bytes the kernel holds that the client has not taken.
func (c *heldConn) unsent() (n int, ok bool) {
	err := c.raw.Control(func(fd uintptr) {
		var e error
		n, e = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ)
		ok = e == nil
	})
	return n, ok && err == nil
}

// steady holds the bodies of requests to the pace: from its grace on, a client
// must have sent as much on average. It takes the place of the fixed time for a
// whole request, within which a phone could not send a long track.
func (p pace) steady(h http.Handler, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &steadyBody{ReadCloser: r.Body, pace: p, conn: http.NewResponseController(w), start: now()}
		}
		h.ServeHTTP(w, r)
	})
}

// steadyBody is a body that must keep coming.
type steadyBody struct {
	io.ReadCloser
	pace  pace
	conn  *http.ResponseController
	start time.Time
	got   int64
}

// Read moves the end of reading by what has come.
func (b *steadyBody) Read(p []byte) (int, error) {
	given := b.pace.grace + time.Duration(float64(b.got)/float64(b.pace.rate)*float64(time.Second))
	if err := b.conn.SetReadDeadline(b.start.Add(min(given, b.pace.most))); err != nil {
		return 0, err
	}
	n, err := b.ReadCloser.Read(p)
	b.got += int64(n)
	if err == io.EOF {
		// The handler may work longer than reading took; net/http, which looks
		// meanwhile whether the client has gone, must not take that for an end.
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
