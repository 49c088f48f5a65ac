package app

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNetworkOf(t *testing.T) {
	for _, c := range []struct{ address, network string }{
		{"203.0.113.9", "203.0.113.9/32"},
		{"::ffff:203.0.113.9", "203.0.113.9/32"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"2001:db8:1:2::1", "2001:db8:1:2::/64"},
		{"2001:db8:1:3::1", "2001:db8:1:3::/64"},
		{"127.0.0.1", ""}, {"::1", ""}, {"10.1.2.3", ""}, {"172.17.0.1", ""}, {"192.168.1.1", ""},
		{"fd00::1", ""}, {"fe80::1", ""}, {"::ffff:127.0.0.1", ""},
	} {
		got, counted := networkOf(&net.TCPAddr{IP: net.ParseIP(c.address), Port: 7})
		if counted != (c.network != "") || counted && got != netip.MustParsePrefix(c.network) {
			t.Errorf("%s counts for %v, %t; want %q", c.address, got, counted, c.network)
		}
	}
	if _, counted := networkOf(&net.UnixAddr{Name: "x"}); counted {
		t.Error("a local socket is counted")
	}
}

// Whatever comes and goes, no network ever has more than the most, one that has
// fewer is let in, and nothing is remembered of those who have gone.
func TestCrowdCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCrowd(rapid.IntRange(1, 4).Draw(t, "most"))
		in := map[int]int{}
		at := func(n int) net.Addr { return &net.TCPAddr{IP: net.IPv4(203, 0, 113, byte(n))} }
		for _, step := range rapid.SliceOf(rapid.IntRange(0, 7)).Draw(t, "steps") {
			who := step / 2
			if step%2 == 1 {
				if in[who] > 0 {
					in[who]--
					c.leave(at(who))
				}
			} else if ok := c.enter(at(who)); ok != (in[who] < c.most) {
				t.Fatalf("with %d of %d open: let in %t", in[who], c.most, ok)
			} else if ok {
				in[who]++
			}
		}
		for who, n := range in {
			for range n {
				c.leave(at(who))
			}
		}
		if len(c.open) != 0 {
			t.Fatalf("remembered: %v", c.open)
		}
	})
}

// elsewhere makes connections look as if they came from somewhere else.
type elsewhere struct {
	net.Listener
	ip net.IP
}

type elsewhereConn struct {
	net.Conn
	ip net.IP
}

func (e elsewhere) Accept() (net.Conn, error) {
	c, err := e.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return elsewhereConn{c, e.ip}, nil
}

func (c elsewhereConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: c.ip} }

// crowded serves with room for two connections a network, as the atlas does.
func crowded(t *testing.T, ip string) (address string, c *crowd) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c = newCrowd(2)
	var on net.Listener = door{elsewhere{l, net.ParseIP(ip)}, c}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
	srv.Listener.Close()
	srv.Listener = gate{on, c, steadily, time.Now}
	srv.Start()
	t.Cleanup(srv.Close)
	return l.Addr().String(), c
}

// ask sends one request on a new connection and keeps it open.
func ask(t *testing.T, address string) (net.Conn, bool) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	first := make([]byte, 12)
	_, err = io.ReadFull(c, first)
	return c, err == nil && string(first) == "HTTP/1.1 200"
}

func TestANetworkHasItsShare(t *testing.T) {
	address, c := crowded(t, "203.0.113.9")
	one, ok1 := ask(t, address)
	_, ok2 := ask(t, address)
	if !ok1 || !ok2 {
		t.Fatal("the first two are not let in")
	}
	if _, ok := ask(t, address); ok {
		t.Error("a third is let in")
	}
	if got := c.refused.Load(); got != 1 {
		t.Errorf("%d were counted as refused, want 1", got)
	}
	one.Close()
	for until := time.Now().Add(10 * time.Second); ; {
		if _, ok := ask(t, address); ok {
			break
		}
		if time.Now().After(until) {
			t.Fatal("the place of one that has gone stays taken")
		}
	}
}

// Behind loopback stands the operator's proxy, with every reader of the atlas.
func TestTheProxyIsNotCounted(t *testing.T) {
	for _, ip := range []string{"127.0.0.1", "10.0.0.7"} {
		address, _ := crowded(t, ip)
		for i := range 5 {
			if _, ok := ask(t, address); !ok {
				t.Errorf("connection %d from %s is refused", i+1, ip)
			}
		}
	}
}

// Many at once: exactly two get in, and afterwards nobody is counted.
func TestCrowdUnderRace(t *testing.T) {
	c := newCrowd(2)
	at := &net.TCPAddr{IP: net.IPv4(203, 0, 113, 1)}
	var in, out sync.WaitGroup
	var mu sync.Mutex
	admitted := 0
	gone := make(chan struct{})
	for range 64 {
		in.Add(1)
		out.Go(func() {
			ok := c.enter(at)
			if ok {
				mu.Lock()
				admitted++
				mu.Unlock()
			}
			in.Done()
			<-gone
			if ok {
				c.leave(at)
			}
		})
	}
	in.Wait()
	if admitted != 2 {
		t.Errorf("%d were let in, want 2", admitted)
	}
	close(gone)
	out.Wait()
	if len(c.open) != 0 {
		t.Errorf("remembered: %v", c.open)
	}
}

// paced gives both ends of a connection whose writer is held to p.
func paced(t *testing.T, p pace) (writer net.Conn, reader *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	reader = c.(*net.TCPConn)
	_ = reader.SetReadBuffer(16 << 10)
	writer, err = gate{l, newCrowd(0), p, time.Now}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	_ = writer.(*heldConn).Conn.(*net.TCPConn).SetWriteBuffer(32 << 10)
	t.Cleanup(func() { writer.Close(); reader.Close() })
	return writer, reader
}

func TestWhoTakesNothingIsLeft(t *testing.T) {
	writer, _ := paced(t, pace{rate: 1 << 10, window: 100 * time.Millisecond})
	n, err := writer.Write(make([]byte, 32<<20))
	if !errors.Is(err, errTooSlow) || n == 0 || n == 32<<20 {
		t.Errorf("%d bytes written, %v; want an end for being slow", n, err)
	}
}

// Who takes little, but enough in every window, gets all, however long it takes.
func TestWhoTakesSteadilyGetsAll(t *testing.T) {
	const size = 1 << 20
	writer, reader := paced(t, pace{rate: 1, window: 2 * time.Second})
	want := bytes.Repeat([]byte("steady as she goes, "), size/20)
	got := make(chan []byte, 1)
	go func() {
		all, _ := io.ReadAll(io.LimitReader(reader, int64(len(want))))
		got <- all
	}()
	n, err := writer.Write(want)
	if err != nil || n != len(want) {
		t.Fatalf("%d of %d bytes, %v", n, len(want), err)
	}
	if !bytes.Equal(<-got, want) {
		t.Error("other bytes arrive than were sent")
	}
}

// The deadline that the server set holds in the slow part too, and is there
// again after it.
func TestTheServersDeadlineHolds(t *testing.T) {
	writer, _ := paced(t, pace{rate: 1, window: time.Hour})
	if err := writer.SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Write(make([]byte, 32<<20)); err == nil || errors.Is(err, errTooSlow) {
		t.Errorf("after the deadline: %v", err)
	}
	if _, err := writer.Write([]byte("x")); err == nil {
		t.Error("a write after the deadline succeeds")
	}
}

// A body that stops coming ends the request; one that comes is read whole.
func TestSlowBodies(t *testing.T) {
	read := make(chan error, 1)
	h := pace{rate: 1 << 10, grace: 200 * time.Millisecond, most: time.Minute}.steady(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		read <- err
	}), time.Now)
	srv := httptest.NewServer(h)
	defer srv.Close()
	res, err := http.Post(srv.URL, "text/plain", strings.NewReader(strings.Repeat("x", 1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if err := <-read; err != nil {
		t.Errorf("a body that comes: %v", err)
	}
	c, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
	var slow net.Error
	if err := <-read; !errors.As(err, &slow) || !slow.Timeout() {
		t.Errorf("a body that stops: %v, want the end of patience", err)
	}
}
