package app

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// silence is how long the kernel keeps a connection whose reader takes nothing
// of what was sent, also after we have closed it (TCP_USER_TIMEOUT).
const silence = 60 // seconds

// crowd counts the open connections of each network and admits no more than
// most from one, so that a few machines cannot take every descriptor. A network
// is an IPv4 address or an IPv6 /64, which is what one household or server is
// given. Loopback and private addresses are not counted: behind them stands the
// operator's proxy, with everyone.
type crowd struct {
	most int // 0 for no limit
	mu   sync.Mutex
	open map[netip.Prefix]int
	// refused counts whom it sent away, for the metrics.
	refused atomic.Int64
}

func newCrowd(most int) *crowd { return &crowd{most: most, open: map[netip.Prefix]int{}} }

// networkOf is whom a connection is counted for; false when it is not counted.
func networkOf(a net.Addr) (netip.Prefix, bool) {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}, false
	}
	ip, ok := netip.AddrFromSlice(tcp.IP)
	if !ok {
		return netip.Prefix{}, false
	}
	ip = ip.Unmap()
	if ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() {
		return netip.Prefix{}, false
	}
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	p, err := ip.Prefix(bits) // drops the zone too
	return p, err == nil
}

// enter counts a connection; false when its network has enough of them.
func (c *crowd) enter(a net.Addr) bool {
	from, counted := networkOf(a)
	if !counted || c.most == 0 {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[from] >= c.most {
		c.refused.Add(1)
		return false
	}
	c.open[from]++
	return true
}

// leave forgets a connection that entered.
func (c *crowd) leave(a net.Addr) {
	from, counted := networkOf(a)
	if !counted || c.most == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[from]--; c.open[from] <= 0 {
		delete(c.open, from)
	}
}

// door is the listener that stands before everything else and lets in whom the
// crowd admits. Who is sent away is reset, which costs neither side anything.
type door struct {
	net.Listener
	crowd *crowd
}

// Accept gives the next connection that may enter.
func (d door) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tcp, ok := c.(*net.TCPConn)
		if d.crowd.enter(c.RemoteAddr()) {
			if ok {
				patient(tcp)
			}
			return c, nil
		}
		if ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}

// patient bounds how long the kernel waits for a reader who has gone silent.
// Where it cannot be set, the deadlines of the server remain.
func patient(c *net.TCPConn) {
	if raw, err := c.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, silence*1000)
		})
	}
}
