package outbound

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func TestGuard_reaches(t *testing.T) {
	g := NewGuard([]netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}, "https://atlas.example")
	for address, want := range map[string]bool{
		"93.184.216.34:443": true, "93.184.216.34:80": true, "93.184.216.34:8443": true, "1.1.1.1:443": true, "172.15.255.255:80": true, "172.32.0.1:80": true,
		"[2606:2800:220:1::1]:443": true, "[2a00:1450:4001::1]:80": true, "100.63.255.255:80": true, "198.17.255.255:80": true, "11.0.0.1:80": true,
		"10.20.3.4:9000": true, "[::ffff:10.20.3.4]:9000": true, // the operator's own
		"93.184.216.34:22": false, "93.184.216.34:25": false, "93.184.216.34:8080": false, "93.184.216.34:0": false, "93.184.216.34:65535": false,
		"10.21.3.4:443": false, "10.0.0.1:80": false, "127.0.0.1:80": false, "127.1.2.3:443": false, "0.0.0.0:80": false, "0.1.2.3:80": false,
		"169.254.169.254:80": false, "172.16.0.1:80": false, "172.31.255.255:80": false, "192.168.1.1:443": false, "192.0.0.1:80": false,
		"192.0.2.1:80": false, "192.88.99.1:80": false, "198.18.0.1:80": false, "198.19.255.255:80": false, "198.51.100.1:80": false, "203.0.113.9:80": false,
		"100.64.0.1:80": false, "100.127.255.255:80": false, "224.0.0.1:80": false, "239.255.255.255:80": false, "240.0.0.1:80": false, "255.255.255.255:80": false,
		"192.31.196.1:80": false, "192.52.193.1:80": false, "192.175.48.1:80": false,
		"[::]:80": false, "[::1]:80": false, "[::ffff:127.0.0.1]:80": false, "[::ffff:169.254.169.254]:80": false, "[::127.0.0.1]:80": false,
		"[64:ff9b::7f00:1]:80": false, "[64:ff9b:1::1]:80": false, "[100::1]:80": false, "[fc00::1]:80": false, "[fd12:3456::1]:80": false, "[fe80::1]:80": false,
		"[fe80::1%eth0]:80": false, "[fec0::1]:80": false, "[ff02::1]:80": false, "[2001::1]:80": false, "[2001:0:53aa::1]:80": false, "[2001:10::1]:80": false,
		"[2001:20::1]:80": false, "[2001:db8::1]:80": false, "[2002:7f00:1::1]:80": false, "[2620:4f:8000::1]:80": false, "[3fff::1]:80": false, "[5f00::1]:80": false,
		"[4000::1]:80": false, "[2606:2800:220:1::1%1]:443": false,
	} {
		if got := g.Reaches(netip.MustParseAddrPort(address)); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

// TestGuard_spellings asks a server on this machine in every way of writing its
// address: none reaches it.
func TestGuard_spellings(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer s.Close()
	port := s.Listener.Addr().(*net.TCPAddr).Port
	g := NewGuard(nil, "https://atlas.example")
	for _, host := range []string{"127.0.0.1", "localhost", "LOCALHOST.", "127.1", "0x7f000001", "2130706433", "017700000001", "0", "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1.", "①②⑦.⓪.⓪.①", "[::]"} {
		address := fmt.Sprintf("http://%s:%d/", host, port)
		if health, status := g.Look(context.Background(), address); health == Alive || status != 0 {
			t.Errorf("%s: %s, %d", address, health, status)
		}
		if status, err := g.Post(context.Background(), address, http.Header{}, nil); err == nil || status != 0 {
			t.Errorf("%s takes a post: %d", address, status)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the server was asked %d times", n)
	}
	for _, address := range []string{"ftp://atlas.example/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "//x", "javascript:alert(1)", "http://me:secret@atlas.example/", "http:opaque", "", "\x00"} {
		if health, _ := g.Look(context.Background(), address); health != Barred {
			t.Errorf("%q: %s", address, health)
		}
		if _, err := g.Post(context.Background(), address, http.Header{}, nil); err == nil {
			t.Errorf("%q takes a post", address)
		}
	}
}

func TestGuard_look(t *testing.T) {
	g := NewGuard(loopback, "https://atlas.example")
	var hops atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if agent := r.UserAgent(); !strings.Contains(agent, "https://atlas.example") {
			t.Errorf("who asks: %q", agent)
		}
		switch r.URL.Path {
		case "/alive", "/moved/there":
			fmt.Fprint(w, strings.Repeat("a long page ", 100_000))
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/missing":
			w.WriteHeader(http.StatusNotFound)
		case "/robots":
			w.WriteHeader(http.StatusForbidden)
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
		case "/moved":
			http.Redirect(w, r, "/moved/there", http.StatusMovedPermanently)
		case "/round":
			hops.Add(1)
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/dies":
			panic(http.ErrAbortHandler)
		}
	}))
	defer s.Close()
	for path, want := range map[string]Health{"/alive": Alive, "/gone": Gone, "/missing": Gone, "/robots": Alive, "/broken": Failing, "/moved": Alive, "/round": Failing, "/inside": Barred, "/file": Barred, "/dies": Failing} {
		if got, _ := g.Look(context.Background(), s.URL+path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if n := hops.Load(); n != maxHops+1 {
		t.Errorf("it was led round %d times", n)
	}
	closed := s.URL
	s.Close()
	if got, _ := g.Look(context.Background(), closed+"/alive"); got != Failing {
		t.Errorf("a closed server is %s", got)
	}
	if got, _ := g.Look(context.Background(), "http://no-such-host.invalid/"); got != Failing {
		t.Errorf("a name that is not there is %s", got)
	}
}

func TestGuard_post(t *testing.T) {
	g := NewGuard(loopback, "https://atlas.example")
	var bodies atomic.Value
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moves":
			http.Redirect(w, r, "/takes", http.StatusTemporaryRedirect)
		case "/refuses":
			http.Error(w, "secret words", http.StatusTeapot)
		default:
			b := make([]byte, 100)
			n, _ := r.Body.Read(b)
			bodies.Store(string(b[:n]) + r.Header.Get("X-Said"))
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	defer s.Close()
	if status, err := g.Post(context.Background(), s.URL+"/takes", http.Header{"X-Said": {"!"}}, []byte("news")); err != nil || status != http.StatusNoContent || bodies.Load() != "news!" {
		t.Errorf("%d, %v, %v", status, err, bodies.Load())
	}
	if status, err := g.Post(context.Background(), s.URL+"/moves", http.Header{}, nil); err == nil || status != http.StatusTemporaryRedirect {
		t.Errorf("a redirect is followed: %d, %v", status, err)
	}
	if status, err := g.Post(context.Background(), s.URL+"/refuses", http.Header{}, nil); err == nil || status != http.StatusTeapot || strings.Contains(err.Error(), "secret") {
		t.Errorf("refused: %d, %v", status, err)
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := g.Post(context.Background(), s.URL, http.Header{}, nil); err == nil || strings.Contains(err.Error(), u.Port()) || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("the error tells what lies inside: %v", err)
	}
}
