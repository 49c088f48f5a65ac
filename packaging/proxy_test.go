package packaging

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// proxies is the folder into which packaging/proxies unpacked them.
func proxies(t *testing.T, program string) string {
	t.Helper()
	dir := os.Getenv("MIRABILIA_TEST_PROXIES")
	if dir == "" {
		t.Skip("no proxies here; make packaging brings them")
	}
	return filepath.Join(dir, program)
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// atlas serves the demo behind a proxy and returns its address.
func atlas(t *testing.T) string {
	t.Helper()
	_, root := unpacked(t)
	at := free(t)
	_, said := started(t, filepath.Join(root, "usr/bin/mirabilia"), "serve", "--demo", "--listen", at,
		"--data", t.TempDir(), "--url", "https://atlas.example.org")
	if said != "READY=1" {
		t.Fatal(said)
	}
	return at
}

func certificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"atlas.example.org"}, NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*pem.Block{"fullchain.pem": {Type: "CERTIFICATE", Bytes: cert}, "privkey.pem": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// example is a file of the examples with what belongs to this machine put in.
func example(t *testing.T, name string, instead ...string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	s := string(b)
	for i := 0; i < len(instead); i += 2 {
		if !strings.Contains(s, instead[i]) {
			t.Fatalf("%s does not say %q any more", name, instead[i])
		}
		s = strings.ReplaceAll(s, instead[i], instead[i+1])
	}
	return s
}

func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	var told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &told, &told
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(told.String())
		}
	})
}

func TestNginx(t *testing.T) {
	nginx := proxies(t, "usr/sbin/nginx")
	dir, at, open, plain := t.TempDir(), atlas(t), free(t), free(t)
	certificate(t, dir)
	site := example(t, "nginx.conf", "127.0.0.1:8080", at, "/etc/ssl/atlas", dir, "/var/cache/nginx/atlas", filepath.Join(dir, "kept"),
		"listen 443 ssl", "listen "+open+" ssl", "	listen [::]:443 ssl http2;\n", "", "listen 80;", "listen "+plain+";", "	listen [::]:80;\n", "")
	temp := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temp += kind + "_temp_path " + filepath.Join(dir, kind) + ";\n"
	}
	file := filepath.Join(dir, "nginx.conf")
	whole := "daemon off;\nmaster_process off;\npid " + dir + "/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n" + temp + site + "}\n"
	if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	output(t, nginx, "-t", "-p", dir, "-c", file, "-e", "stderr")
	run(t, exec.Command(nginx, "-p", dir, "-c", file, "-e", "stderr"))
	through(t, "https", open)
}

func TestCaddy(t *testing.T) {
	caddy := proxies(t, "usr/bin/caddy")
	dir, at, open := t.TempDir(), atlas(t), free(t)
	file := filepath.Join(dir, "Caddyfile")
	_, port, _ := net.SplitHostPort(open)
	site := "{\n\tadmin off\n}\n" + example(t, "Caddyfile", "127.0.0.1:8080", at, "atlas.example.org {", "http://atlas.example.org:"+port+" {\n\tbind 127.0.0.1")
	if err := os.WriteFile(file, []byte(site), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_DATA_HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", dir)
	output(t, caddy, "validate", "--config", file, "--adapter", "caddyfile")
	run(t, exec.Command(caddy, "run", "--config", file, "--adapter", "caddyfile"))
	through(t, "http", open)
}

// through asks for pages through a proxy and compares what must arrive as the
// atlas sent it: bytes and their coding, tag, policy, and the short way by tag.
func through(t *testing.T, scheme, at string) {
	t.Helper()
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableCompression: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: "atlas.example.org"}}}
	ask := func(path, coding, tag string) (*http.Response, []byte) {
		t.Helper()
		req, err := http.NewRequest(http.MethodGet, scheme+"://"+at+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "atlas.example.org"
		if scheme == "http" {
			_, port, _ := net.SplitHostPort(at)
			req.Host += ":" + port
		}
		req.Header.Set("Accept-Encoding", coding)
		if tag != "" {
			req.Header.Set("If-None-Match", tag)
		}
		for until := time.Now().Add(20 * time.Second); ; { // until it listens
			res, err := client.Do(req)
			if err == nil && res.StatusCode < 500 {
				defer res.Body.Close()
				b, err := io.ReadAll(res.Body)
				if err != nil {
					t.Fatal(err)
				}
				return res, b
			}
			if time.Now().After(until) {
				t.Fatalf("%s: %v, %v", path, res, err)
			}
			if err == nil {
				res.Body.Close()
			}
		}
	}
	for range 2 { // the second time from what the proxy kept
		res, packed := ask("/", "gzip", "")
		if res.StatusCode != 200 || res.Header.Get("Content-Encoding") != "gzip" || res.Header.Get("Content-Security-Policy") == "" {
			t.Fatalf("%d, %v", res.StatusCode, res.Header)
		}
		if res.Header.Get("Strict-Transport-Security") == "" {
			t.Error("no Strict-Transport-Security")
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(page, []byte("https://atlas.example.org/")) || !bytes.Contains(page, []byte("</html>")) {
			t.Errorf("%v: %.200s", err, page)
		}
		tag := res.Header.Get("Etag")
		if again, b := ask("/", "gzip", tag); tag == "" || again.StatusCode != http.StatusNotModified || len(b) != 0 {
			t.Errorf("asked by the tag %q: %d and %d bytes", tag, again.StatusCode, len(b))
		}
		if res, page := ask("/", "identity", ""); res.Header.Get("Content-Encoding") != "" || !bytes.Contains(page, []byte("</html>")) {
			t.Errorf("without coding: %v", res.Header)
		}
	}
	if res, _ := ask("/nowhere", "gzip", ""); res.StatusCode != 404 {
		t.Errorf("a page that is not there: %d", res.StatusCode)
	}
}
