package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// sink is a mail server that keeps what it gets, and can be told to refuse.
type sink struct {
	mu      sync.Mutex
	letters []received
	opened  atomic.Int64 // connections
	users   []string
	refuse  func(to string) error
	taken   func() error // after the data
	address string
	roots   *x509.CertPool
}

type received struct {
	From, To, Data string
	TLS            bool
}

// counter counts connections.
type counter struct {
	net.Listener
	n *atomic.Int64
}

func (c counter) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.n.Add(1)
	}
	return conn, err
}

// sinkOptions: clear lets passwords in without TLS, login knows LOGIN instead of
// PLAIN.
type sinkOptions struct{ tls, implicit, auth, clear, login bool }

// newSink starts a server on loopback until the test's end.
func newSink(t *testing.T, o sinkOptions) *sink {
	t.Helper()
	k := &sink{refuse: func(string) error { return nil }, taken: func() error { return nil }}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &visit{sink: k, conn: c, auth: o.auth, login: o.login}, nil
	}))
	s.Domain, s.AllowInsecureAuth, s.ErrorLog = "127.0.0.1", o.clear, slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelError)
	s.EnableSMTPUTF8 = true
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l = counter{l, &k.opened}
	if o.tls || o.implicit {
		s.TLSConfig, k.roots = certificate(t)
	}
	if o.implicit {
		l = tls.NewListener(l, s.TLSConfig)
	}
	k.address = l.Addr().String()
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return k
}

func (k *sink) all() []received {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]received(nil), k.letters...)
}

type visit struct {
	sink  *sink
	conn  *smtp.Conn
	auth  bool
	login bool
	in    bool
	now   received
}

func (v *visit) AuthMechanisms() []string {
	switch {
	case v.auth && v.login:
		return []string{sasl.Login}
	case v.auth:
		return []string{sasl.Plain}
	}
	return nil
}

func (v *visit) Auth(string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != "atlas" || password != "sésame: open/1" {
			return errors.New("wrong password")
		}
		v.in = true
		v.sink.mu.Lock()
		defer v.sink.mu.Unlock()
		v.sink.users = append(v.sink.users, user)
		return nil
	}
	if v.login {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

// loginServer is the server's side of LOGIN.
type loginServer struct {
	check func(user, password string) error
	user  *string
}

// Next asks for the name, then for the password.
func (l *loginServer) Next(said []byte) (challenge []byte, done bool, err error) {
	switch text := string(said); {
	case said == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		l.user = &text
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.check(*l.user, text)
	}
}

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if v.auth && !v.in {
		return smtp.ErrAuthRequired
	}
	_, secure := v.conn.TLSConnectionState()
	v.now = received{From: from, TLS: secure}
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.now.To = to
	return v.sink.refuse(to)
}

func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.now.Data = string(b)
	v.sink.mu.Lock()
	v.sink.letters = append(v.sink.letters, v.now)
	v.sink.mu.Unlock()
	return v.sink.taken()
}

func (v *visit) Reset()        { v.now = received{} }
func (v *visit) Logout() error { return nil }

// certificate makes a server's certificate for loopback and who vouches for it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sink"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}
