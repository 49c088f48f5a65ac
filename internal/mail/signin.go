package mail

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"mirabilia/internal/config"
)

// onThisMachine says that nobody can listen between us and a server.
func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// signIn signs in to a server on this machine, which may do without TLS: to any
// other the library says a password only over TLS.
func signIn(c *smtp.Client, s config.Server) error {
	_, list := c.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(list))
	var way smtp.Auth
	switch {
	case slices.Contains(offered, "PLAIN"):
		way = smtp.PlainAuth("", s.User, s.Password, s.Host, true)
	case slices.Contains(offered, "LOGIN"):
		way = smtp.LoginAuth(s.User, s.Password, s.Host, true)
	case slices.Contains(offered, "CRAM-MD5"):
		way = smtp.CRAMMD5Auth(s.User, s.Password)
	default:
		return errors.New("the server offers no way to sign in that we know (PLAIN, LOGIN, CRAM-MD5)")
	}
	return c.Auth(way)
}

// explained says of a connection that came to nothing what an operator can do.
func explained(err error) error {
	if errors.Is(err, gomail.ErrNoSupportedAuthDiscovered) {
		return fmt.Errorf("the mail server offers no TLS, without which a password goes to servers on this machine alone: %w", err)
	}
	return fmt.Errorf("the mail server cannot be reached or does not let us in: %w", err)
}
