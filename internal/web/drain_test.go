package web

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Who sends all before they read learns why it was refused, however much it was.
func TestRefusal_reachesWhoSendsAllFirst(t *testing.T) {
	h := newHouse(t)
	server := httptest.NewServer(h.site)
	t.Cleanup(server.Close)
	body := bytes.Repeat([]byte("x"), 20<<20)
	for path, want := range map[string]int{"/places/casa-azul/photos": http.StatusUnauthorized, "/pitch": http.StatusRequestEntityTooLarge, "/nowhere": http.StatusRequestEntityTooLarge} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: atlas.test\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n", path, len(body))
		if err == nil {
			_, err = conn.Write(body)
		}
		if err != nil {
			t.Errorf("%s: it cannot be sent: %v", path, err)
			continue
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if _ = answer.Body.Close(); answer.StatusCode != want {
			t.Errorf("%s: %d, not %d", path, answer.StatusCode, want)
		}
		_ = conn.Close()
	}
}
