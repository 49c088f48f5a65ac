package config

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// Mail says how letters leave.
type Mail struct {
	SMTP            string  `name:"smtp" env:"MIRABILIA_SMTP" placeholder:"URL" help:"Mail server: smtp://user:password@host:587, ?tls=required to refuse one without TLS, or smtps://; without it, mails are written into outbox/ of the data directory."`
	SMTPRate        float64 `name:"smtp-rate" env:"MIRABILIA_SMTP_RATE" placeholder:"N" help:"Mails a second that this node sends at most; 0 for any number."`
	SMTPConnections *int    `name:"smtp-connections" env:"MIRABILIA_SMTP_CONNECTIONS" placeholder:"N" help:"Connections to the mail server at once; 8 by default."`
	MailFrom        string  `env:"MIRABILIA_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of mails; atlas@ and the host of MIRABILIA_URL by default."`
	Bounces         string  `name:"bounces" env:"MIRABILIA_BOUNCES" placeholder:"FOLDER" help:"Maildir into which what is sent to the sender's address comes: mails that come back are read there, and their addresses get no more."`
	DKIMKey         string  `name:"dkim-key" env:"MIRABILIA_DKIM_KEY" placeholder:"FILE" help:"Key file (PEM, RSA or Ed25519) that mails are signed with; without it they are not signed."`
	DKIMSelector    string  `name:"dkim-selector" default:"mirabilia" env:"MIRABILIA_DKIM_SELECTOR" placeholder:"NAME" help:"Name under which the domain of the sender has the public half of that key: NAME._domainkey."`
}

// selector is what names before ._domainkey are like.
var selector = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$`)

// validate names the first value that cannot be used; base is the public URL.
func (m *Mail) validate(base string) error {
	if m.SMTP != "" {
		if _, err := ParseServer(m.SMTP); err != nil {
			return fmt.Errorf("MIRABILIA_SMTP: %w", err)
		}
	}
	if !(m.SMTPRate >= 0) || math.IsInf(m.SMTPRate, 0) {
		return errors.New("MIRABILIA_SMTP_RATE: want a number of mails a second, or 0 for any number")
	}
	if m.SMTPConnections == nil {
		eight := 8
		m.SMTPConnections = &eight
	}
	if *m.SMTPConnections < 1 || *m.SMTPConnections > 1000 {
		return errors.New("MIRABILIA_SMTP_CONNECTIONS: want a number of connections from 1 to 1000, as 8")
	}
	if m.Bounces != "" {
		for _, part := range []string{"new", "cur"} {
			if info, err := os.Stat(filepath.Join(m.Bounces, part)); err != nil || !info.IsDir() {
				return fmt.Errorf("MIRABILIA_BOUNCES: %s has no folder %s; want a Maildir", m.Bounces, part)
			}
		}
	}
	if m.DKIMSelector == "" {
		m.DKIMSelector = "mirabilia"
	}
	if !selector.MatchString(m.DKIMSelector) {
		return fmt.Errorf("MIRABILIA_DKIM_SELECTOR: %q is no part of a domain name; want one as mirabilia", m.DKIMSelector)
	}
	if m.MailFrom == "" {
		m.MailFrom = sender(base)
	}
	if a, err := mail.ParseAddress(m.MailFrom); err != nil || a.Address != m.MailFrom {
		return fmt.Errorf("MIRABILIA_MAIL_FROM: %q is no mail address; want one as atlas@example.org", m.MailFrom)
	}
	return nil
}

// How the conversation with a server is kept private.
const (
	TLSOffered  = "offered"  // STARTTLS when the server offers it
	TLSRequired = "required" // STARTTLS or nothing
	TLSImplicit = "implicit" // TLS from the first byte
)

// Server is what an address of MIRABILIA_SMTP says.
type Server struct {
	Host           string
	Port           int
	User, Password string
	TLS            string
}

// ParseServer reads the address of a mail server. Its errors do not repeat it,
// since it holds a password.
func ParseServer(raw string) (Server, error) {
	fail := func(what string) (Server, error) {
		return Server{}, fmt.Errorf("%s; want smtp://user:password@host:587, with ?tls=required to refuse a server without TLS, or smtps://host:465", what)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return fail("this is no address (percent-encode special characters of the password)")
	}
	s := Server{Host: u.Hostname(), Port: 587, TLS: TLSOffered, User: u.User.Username()}
	s.Password, _ = u.User.Password()
	switch u.Scheme {
	case "smtp":
	case "smtps":
		s.TLS, s.Port = TLSImplicit, 465
	default:
		return fail("the address must begin with smtp:// or smtps://")
	}
	if s.Host == "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return fail("name a host and nothing after it")
	}
	if p := u.Port(); p != "" {
		if s.Port, err = strconv.Atoi(p); err != nil || s.Port < 1 || s.Port > 65535 {
			return fail("the port is no port")
		}
	}
	for name, values := range u.Query() {
		if name != "tls" || len(values) != 1 || values[0] != TLSRequired || s.TLS == TLSImplicit {
			return fail("the only thing to say after ? is tls=required, of smtp://")
		}
		s.TLS = TLSRequired
	}
	return s, nil
}

// sender is the address that letters come from where none is configured.
func sender(base string) string {
	host := "localhost"
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" && net.ParseIP(u.Hostname()) == nil {
		host = u.Hostname()
	}
	return "atlas@" + host
}
