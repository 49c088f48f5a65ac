package web

import (
	"bytes"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
)

// readyCalls is an API that has the answers to some calls in memory.
type readyCalls interface {
	// Ready adds to b what GET /api/v1/places answers to a query of nobody in
	// particular; false where that needs more than memory.
	Ready(query, encodings string, b []byte) (body []byte, tag string, zip, ok bool)
	// ReadyHeader sets the headers that all these answers have.
	ReadyHeader(http.Header)
}

// readyCall begins the address of the call that Ready answers.
var readyCall = []byte("/api/v1/places?")

// quick is the short road of the API.
type quick struct {
	calls readyCalls
	watch *watch
	head  []byte // status line and the headers that all answers have
}

// newQuick makes the road; nil where the API knows none.
func (s *Site) newQuick() *quick {
	calls, ok := s.API.(readyCalls)
	i := slices.IndexFunc(s.routes, func(r *Route) bool { return r.Kind == API && r.Raw == s.API })
	if !ok || i < 0 {
		return nil
	}
	h := http.Header{}
	s.policy.set(h, API)
	calls.ReadyHeader(h)
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&b) // memory takes it all
	return &quick{calls, s.routes[i].watch, b.Bytes()}
}

// scraps are the buffers of such answers.
var scraps = sync.Pool{New: func() any { return new([]byte) }}

// mostScrap is the largest buffer that is kept.
const mostScrap = 256 << 10

// call answers a call of the API from memory; false when that cannot be done.
func (c *frontConn) call(r *simple) bool {
	f := c.front
	s := f.site
	query, ok := bytes.CutPrefix(r.path, readyCall)
	if s.quick == nil || !ok || r.head || r.particular || !plainQuery(query) {
		return false
	}
	f.gate.RLock()
	defer f.gate.RUnlock()
	if f.closing.Load() {
		return false
	}
	start := s.now()
	b := scraps.Get().(*[]byte)
	defer func() {
		if cap(*b) <= mostScrap {
			scraps.Put(b)
		}
	}()
	body, tag, zip, ok := s.quick.calls.Ready(string(query), string(r.accept), (*b)[:0])
	if !ok {
		return false
	}
	*b = body
	c.roll(start)
	head := make([]byte, 0, 200)
	head = append(append(append(head, "Etag: "...), tag...), "\r\n"...)
	head = append(strconv.AppendInt(append(head, "Content-Length: "...), int64(len(body)), 10), "\r\n"...)
	if zip {
		head = append(head, "Content-Encoding: gzip\r\n"...)
	}
	head = append(head, f.dateAt(start)...)
	out := net.Buffers{s.quick.head, head, body}
	if _, err := out.WriteTo(c.TCPConn); err != nil {
		_ = c.TCPConn.Close() // half an answer is out
	}
	s.quick.watch.seen(http.StatusOK, s.now().Sub(start))
	return true
}

// plainQuery reports whether a query holds nothing that could be read in two
// ways.
func plainQuery(q []byte) bool {
	for _, x := range q {
		switch {
		case x >= 'a' && x <= 'z', x >= '0' && x <= '9', x >= 'A' && x <= 'Z', x == '-', x == '_', x == '.', x == '~',
			x == '=', x == '&', x == ',', x == '+', x == '%', x == '/', x == ':':
		default:
			return false
		}
	}
	return true
}
