package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// served puts the site behind a real server, with or without the short road.
func served(t testing.TB, a *atlas, short bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	on := l
	if short {
		on = a.site.Front(l, time.Minute)
	}
	srv := &http.Server{Handler: a.site, IdleTimeout: time.Minute, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(on) }()
	t.Cleanup(func() {
		_ = srv.Close()
		<-done
	})
	return l.Addr().String()
}

// talk sends requests one after the other on one connection and reads an
// answer to each.
func talk(t testing.TB, address string, requests ...string) []string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	var out []string
	for _, req := range requests {
		if _, err := io.WriteString(c, req); err != nil {
			break
		}
		if req == "" {
			continue
		}
		parsed, err := http.ReadRequest(bufio.NewReader(strings.NewReader(req)))
		if err != nil {
			parsed = nil
		}
		res, err := http.ReadResponse(r, parsed)
		if err != nil {
			out = append(out, "closed")
			break
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		res.Header.Del("Date")
		var h bytes.Buffer
		_ = res.Header.Write(&h)
		out = append(out, fmt.Sprintf("%d\n%s\n%s", res.StatusCode, h.String(), body))
	}
	return out
}

func get(path string, headers ...string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: atlas.example\r\n" + strings.Join(append(headers, ""), "\r\n") + "\r\n"
}

// Both roads must give the same answers, whatever comes in what order.
func TestBothRoadsSayTheSame(t *testing.T) {
	page := get("/places/casa-azul")
	conversations := [][]string{
		{page, page, page},
		{get("/places/casa-azul", "Accept-Encoding: gzip"), get("/places/casa-azul", "Accept-Encoding: gzip"), get("/places/casa-azul", "Accept-Encoding: br, gzip"), page},
		{page, get("/nowhere"), page, get("/places?limit=3"), page, get("/places/casa%2Dazul"), page, "HEAD /places/casa-azul HTTP/1.1\r\nHost: x\r\n\r\n", page},
		{page, page, get("/places/casa-azul", "If-None-Match: *"), page},
		{page, page, "POST /places/casa-azul HTTP/1.1\r\nHost: x\r\nContent-Length: " + fmt.Sprint(len(page)) + "\r\n\r\n" + page, page, page},
		{page, page, get("/places/casa-azul", "Content-Length: 0"), page},
		{page, page, get("/places/casa-azul", "Connection: close")},
		{page, page, "GET /places/casa-azul HTTP/1.0\r\n\r\n"},
		{page, page, "GET /places/casa-azul HTTP/1.1\r\n\r\n"},
		{page, page, "GET  /places/casa-azul HTTP/1.1\r\nHost: x\r\n\r\n"},
		{page, page, get("/places/casa-azul", "X: a", " folded")},
		{page, page, get("/places/casa-azul", "Bad Name: a")},
		{page, page, get("/places/casa-azul", "X-Long: "+strings.Repeat("y", 3000)), page},
		{page, page, "\r\n" + page, page},
	}
	a := newAtlas(t, someRecords(), func(d *Deps) { d.Now = time.Now })
	plain, short := served(t, a, false), served(t, a, true)
	for i, talked := range conversations {
		want, got := talk(t, plain, talked...), talk(t, short, talked...)
		if len(want) != len(got) {
			t.Errorf("conversation %d: %d answers and %d", i, len(want), len(got))
			continue
		}
		for j := range want {
			if want[j] != got[j] {
				t.Errorf("conversation %d, answer %d:\n%.300s\nand\n%.300s", i, j, want[j], got[j])
			}
		}
	}
}

// What is sent in one go must be answered in order, by either road.
func TestPipelinedRequests(t *testing.T) {
	a := newAtlas(t, someRecords(), func(d *Deps) { d.Now = time.Now })
	page := get("/places/casa-azul")
	short := served(t, a, true)
	c, err := net.Dial("tcp", short)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	for round, send := range []string{page, page, page + get("/nowhere") + page, page} {
		if _, err := io.WriteString(c, send); err != nil {
			t.Fatal(err)
		}
		for n := range strings.Count(send, "GET ") {
			res, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatalf("round %d, answer %d: %v", round, n, err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			if want := map[bool]int{true: 404, false: 200}[round == 2 && n == 1]; res.StatusCode != want {
				t.Errorf("round %d, answer %d: %d", round, n, res.StatusCode)
			}
		}
	}
}

func TestShortRoadIsTaken(t *testing.T) {
	a := newAtlas(t, someRecords(), func(d *Deps) { d.Now = time.Now })
	b := []byte(get("/places/casa-azul", "Accept-Encoding: gzip", "User-Agent: x"))
	if r, c := parseSimple(b); c != answerable || string(r.path) != "/places/casa-azul" || string(r.accept) != "gzip" {
		t.Errorf("read as %v %+v", c, r)
	}
	talk(t, served(t, a, true), string(b), string(b))
	k := a.site.kept.get(keptKey{path: "/places/casa-azul"}, a.site.epoch(), time.Now())
	if k == nil || k.packed[gzipped].Load() == nil || len(k.packed[gzipped].Load().head) == 0 {
		t.Error("nothing was kept")
	}
}

// What parseSimple calls whole, net/http must read as one request without a
// body that ends where the bytes end.
// A server that stops closes the connections that idle, each of which is being
// read from at that moment: none of them may hold it up.
func TestStoppingWaitsForNoIdleConnection(t *testing.T) {
	a := newAtlas(t, nil, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: a.site, IdleTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(a.site.Front(l, time.Minute)) }()
	for range 8 { // the first has idled for a while when the last comes
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, get("/healthz")); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Fatal(err)
		}
	}
	stopped := make(chan error, 1)
	go func() { stopped <- srv.Shutdown(t.Context()) }()
	select {
	case err := <-stopped:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second): // the connection may idle for a minute
		t.Fatal("it waits for a connection on which nothing happens")
	}
	<-ended
}

func FuzzParseSimple(f *testing.F) {
	for _, s := range []string{get("/places/a"), get("/a", "Accept-Encoding: gzip"), get("/a", "Content-Length: 5") + "hello", "GET / HTTP/1.1\r\nHost:x\r\n\r\nGET", "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", get("/a", "Transfer-Encoding : chunked"), get("/a", "Host: b")} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, c := parseSimple(raw)
		if c == unclear {
			return
		}
		in := bufio.NewReader(bytes.NewReader(raw))
		req, err := http.ReadRequest(in)
		if err != nil {
			if c == answerable {
				t.Fatalf("net/http refuses %q: %v", raw, err)
			}
			return
		}
		if left, _ := io.ReadAll(in); len(left) > 0 || req.ContentLength != 0 || len(req.TransferEncoding) > 0 || req.Close {
			t.Fatalf("%q leaves %q, length %d", raw, left, req.ContentLength)
		}
		if c == answerable && (req.URL.Path != string(r.path) || req.URL.RawQuery != "" || (req.Method == http.MethodHead) != r.head) {
			t.Fatalf("%q is %s %s for net/http and %s here", raw, req.Method, req.URL, r.path)
		}
	})
}
