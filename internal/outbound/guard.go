package outbound

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"
)

const (
	// guardedPatience is how long one call may take in all.
	guardedPatience = 10 * time.Second
	maxHops         = 3
)

// special are the networks of the IANA registries of special-purpose addresses
// (iana-ipv4-special-registry, iana-ipv6-special-registry) that lie in what is
// otherwise global, with multicast and the reserved rest. Of IPv6 only 2000::/3
// is global at all; mapped, translated (64:ff9b::/96) and local addresses are
// outside of it.
var (
	global6 = netip.MustParsePrefix("2000::/3")
	special = func(list ...string) (out []netip.Prefix) {
		for _, s := range list {
			out = append(out, netip.MustParsePrefix(s))
		}
		return out
	}("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)

var (
	errBarred = errors.New("the address is not one that the atlas may reach")
	errHops   = errors.New("it leads on too many times")
)

// Guard calls addresses that strangers name: the links of entries, the
// receivers of webhooks. It reaches public addresses on the web's ports alone,
// whatever a name resolves to at the moment of the call, and the networks that
// the operator allows on any port. What comes back is a class or a status,
// never a body. Safe for concurrent use.
type Guard struct {
	allowed []netip.Prefix
	looks   *http.Client // follows a few hops
	posts   *http.Client // follows none
	agent   string
}

// NewGuard makes a guard that may also reach the networks of allowed; base is
// the atlas's own address, which it gives as who asks.
func NewGuard(allowed []netip.Prefix, base string) *Guard {
	g := &Guard{allowed: allowed, agent: agent + " (+" + base + ")"}
	transport := &http.Transport{
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, ControlContext: g.control}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  guardedPatience,
		MaxResponseHeaderBytes: 32 << 10,
		MaxConnsPerHost:        2,
		DisableCompression:     true,
		DisableKeepAlives:      true, // an address is looked at anew for each call
	}
	g.looks = &http.Client{Timeout: guardedPatience, Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > maxHops {
			return errHops
		}
		return addressable(r.URL)
	}}
	g.posts = &http.Client{Timeout: guardedPatience, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return g
}

// addressable says whether an address may be asked for at all, before its name
// is resolved.
func addressable(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" {
		return errBarred
	}
	return nil
}

// control looks at each address that a name resolved to, just before the
// connection to it is made.
func (g *Guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" || !g.Reaches(at) {
		return errBarred
	}
	return nil
}

// Reaches says whether the guard may connect to an address.
func (g *Guard) Reaches(at netip.AddrPort) bool {
	ip := at.Addr().WithZone("").Unmap()
	holds := func(p netip.Prefix) bool { return p.Contains(ip) }
	if slices.ContainsFunc(g.allowed, holds) {
		return true
	}
	if p := at.Port(); p != 80 && p != 443 && p != 8443 {
		return false
	}
	if ip.Is6() && !global6.Contains(ip) || at.Addr().Zone() != "" {
		return false
	}
	return !slices.ContainsFunc(special, holds)
}

// Health is how a link was found.
type Health string

// The healths of a link.
const (
	Alive   Health = "alive"   // it answers, or wants to know who asks
	Gone    Health = "gone"    // it says that there is nothing: 404 or 410
	Failing Health = "failing" // no answer, or one that says that something is broken
	Barred  Health = "barred"  // it leads where the atlas does not go
)

// Look asks for an address and tells how it is; status is 0 without an answer.
// A site that refuses robots is alive: it answers people.
func (g *Guard) Look(ctx context.Context, address string) (health Health, status int) {
	u, err := url.Parse(address)
	if err != nil || addressable(u) != nil {
		return Barred, 0
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return Barred, 0
	}
	r.Header.Set("User-Agent", g.agent)
	r.Header.Set("Accept", "text/html,*/*;q=0.5")
	answer, err := g.looks.Do(r)
	if err != nil {
		if errors.Is(err, errBarred) {
			return Barred, 0
		}
		return Failing, 0
	}
	_ = answer.Body.Close()
	switch s := answer.StatusCode; {
	case s == http.StatusNotFound || s == http.StatusGone:
		return Gone, s
	case s < 400 || s == http.StatusUnauthorized || s == http.StatusForbidden || s == http.StatusMethodNotAllowed || s == http.StatusNotAcceptable ||
		s == http.StatusTooManyRequests || s == http.StatusUnavailableForLegalReasons:
		return Alive, s
	default:
		return Failing, s
	}
}

// Post sends body to an address, following nothing, and gives the status of
// the answer. The error names a class: what the other side said stays there.
func (g *Guard) Post(ctx context.Context, address string, header http.Header, body []byte) (status int, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, errBarred
	}
	if err := addressable(u); err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, errBarred
	}
	r.Header = header.Clone()
	r.Header.Set("User-Agent", g.agent)
	answer, err := g.posts.Do(r)
	if err != nil {
		return 0, classOf(err)
	}
	// What is left unread of a short answer would reset the connection.
	_, _ = io.CopyN(io.Discard, answer.Body, 4<<10)
	_ = answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return answer.StatusCode, errors.New("it answered with " + strconv.Itoa(answer.StatusCode))
	}
	return answer.StatusCode, nil
}

// classOf says of a failed call no more than its class, since an error's text
// tells a stranger what lies in the inner network.
func classOf(err error) error {
	var timeout net.Error
	var name *net.DNSError
	switch {
	case errors.Is(err, errBarred):
		return errBarred
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &name):
		return errors.New("its name is not known")
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("it did not answer in time")
	default:
		return errors.New("it cannot be reached")
	}
}
