package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/textproto"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
	"golang.org/x/time/rate"

	"mirabilia/internal/config"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
)

// Config says how letters leave.
type Config struct {
	// SMTP is smtp://[user:password@]host[:port][?tls=required] or smtps://…;
	// "" writes files into Outbox.
	SMTP        string
	Rate        float64 // letters a second, 0 for any number
	Connections int     // to the server at once
	Outbox      string  // a folder
	From        string  // the bare address of the sender
	// Name is the sender's name, asked for each letter: operators change it.
	Name func(context.Context) string
	// DKIMKey is the file of the key that letters are signed with, "" for none;
	// DKIMSelector says under which name of the domain its other half stands.
	DKIMKey, DKIMSelector string
	// Bounced is told of an address that the other side refuses for good, with its
	// words; Closed says which addresses get no letters any more. Both optional.
	Bounced func(ctx context.Context, to, reason string) error
	Closed  func(ctx context.Context, to string) (bool, error)
	// Bounces is the Maildir into which the sender's mail comes, "" for none, and
	// Key what tells a letter of ours in it from what somebody made up.
	Bounces string
	Key     []byte
	Log     *slog.Logger
	Now     func() time.Time
	// Roots are who vouches for servers; nil are the system's.
	Roots *x509.CertPool
}

// Post is the way out for letters.
type Post struct {
	config Config
	client *gomail.Client // nil: into the outbox
	local  *config.Server // on this machine, to which we sign in ourselves
	signer *signer        // nil: letters are not signed
	pace   *rate.Limiter
	mu     sync.Mutex
	idle   []*connection
	// Sent, Refused and Returned count letters since the start.
	Sent, Refused, Returned atomic.Int64
}

// connection is one to the server that waits for the next letter.
type connection struct {
	*smtp.Client
	used time.Time
}

const (
	// idleTime is how long a connection is kept for the next letter; servers
	// close it after some minutes (RFC 5321, 4.5.3.2.7).
	idleTime = 30 * time.Second
	// patience is how long each step of a conversation may take.
	patience = 30 * time.Second
)

// Open reads the configuration; nothing is sent yet.
func Open(c Config) (*Post, error) {
	p := &Post{config: c, pace: rate.NewLimiter(rate.Inf, 1)}
	if !ValidAddress(c.From) {
		return nil, errs.New(errs.Invalid, "MIRABILIA_MAIL_FROM: %q is no mail address; want one as atlas@example.org", c.From)
	}
	if c.DKIMKey != "" {
		var err error
		if p.signer, err = newSigner(c.DKIMKey, c.DKIMSelector, domainOf(c.From)); err != nil {
			return nil, err
		}
	}
	if c.Rate > 0 {
		p.pace = rate.NewLimiter(rate.Limit(c.Rate), max(1, int(c.Rate)))
	}
	if c.SMTP == "" {
		return p, nil
	}
	s, err := config.ParseServer(c.SMTP)
	if err != nil {
		return nil, errs.New(errs.Invalid, "MIRABILIA_SMTP: %s", err)
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(patience), gomail.WithTLSPolicy(policy(s)),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: c.Roots}),
		gomail.WithHELO(domainOf(c.From)),
	}
	if s.TLS == config.TLSImplicit {
		options = append(options, gomail.WithSSL())
	}
	switch {
	case s.User == "":
	case onThisMachine(s.Host):
		p.local = &s
	default:
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	p.client, err = gomail.NewClient(s.Host, options...)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "MIRABILIA_SMTP: %s:%d cannot be used", s.Host, s.Port)
	}
	return p, nil
}

func policy(s config.Server) gomail.TLSPolicy {
	if s.TLS == config.TLSRequired {
		return gomail.TLSMandatory
	}
	return gomail.TLSOpportunistic
}

// Limits is what job may give to this post at once. Twenty tries span three
// days, after which a server that is down is not waited for any longer.
func (p *Post) Limits() job.Limits {
	return job.Limits{Together: max(1, p.config.Connections), Time: 3 * time.Minute, Attempts: 20}
}

// Send works the job of a letter. A letter that the other side refuses for good
// is told to the log and done with: neither we nor the server can mend it.
func (p *Post) Send(ctx context.Context, m Message) error {
	if p.config.Closed != nil && !m.Asked {
		if closed, err := p.config.Closed(ctx, m.To); err != nil || closed {
			return err
		}
	}
	letter, err := p.compose(ctx, m)
	if err != nil {
		return job.Hopeless(err)
	}
	if p.client == nil {
		err = p.file(m, letter)
	} else if err = p.wait(ctx); err == nil {
		err = p.deliver(ctx, letter)
	}
	if err == nil {
		p.Sent.Add(1)
		return nil
	}
	if refused(err) {
		p.Refused.Add(1)
		p.config.Log.Warn("a mail was refused for good", "mail", m.ID, "domain", domainOf(m.To), "error", err)
		if p.config.Bounced != nil && nobodyThere(err) {
			return p.config.Bounced(ctx, m.To, err.Error())
		}
		return nil
	}
	return err
}

// wait keeps the pace. Who would have to wait long comes back later.
func (p *Post) wait(ctx context.Context) error {
	r := p.pace.Reserve()
	d := r.Delay()
	if d > 10*time.Second {
		r.Cancel()
		return job.Later(d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		r.Cancel()
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// deliver hands a letter to the server, over a connection of before if one is
// still good.
func (p *Post) deliver(ctx context.Context, letter *gomail.Msg) error {
	c, err := p.connect(ctx)
	if err != nil {
		return err
	}
	if err := p.client.SendWithSMTPClient(c.Client, letter); err != nil {
		_ = c.Close() // also mid-way: the next letter begins anew
		if letter.IsDelivered() {
			return nil // it was taken; only the goodbye went wrong
		}
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.used = p.config.Now()
	p.idle = append(p.idle, c)
	return nil
}

func (p *Post) connect(ctx context.Context) (*connection, error) {
	for {
		p.mu.Lock()
		n := len(p.idle)
		if n == 0 {
			p.mu.Unlock()
			break
		}
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		// Asked before anything is said, so that a dead one costs no letter.
		if p.config.Now().Sub(c.used) < idleTime && p.client.ResetWithSMTPClient(c.Client) == nil {
			return c, nil
		}
		_ = c.Close()
	}
	c, err := p.client.DialToSMTPClientWithContext(ctx)
	if err == nil && p.local != nil {
		if err = signIn(c, *p.local); err != nil {
			_ = c.Close()
		}
	}
	if err != nil {
		return nil, explained(err)
	}
	return &connection{Client: c}, nil
}

// Close ends the connections.
func (p *Post) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		_ = p.client.CloseWithSMTPClient(c.Client)
	}
	p.idle = nil
	return nil
}

// refused tells whether the server has said no for good to this letter: to its
// recipient or its content. A no to the sender or to our password is the
// operator's to mend, and is tried again until then.
func refused(err error) bool {
	var s *gomail.SendError
	if !errors.As(err, &s) || s.IsTemp() {
		return false
	}
	var code *textproto.Error
	if s.ErrorCode() < 500 && !(errors.As(err, &code) && code.Code >= 500) {
		return false
	}
	switch s.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return true
	}
	return false
}

// nobodyThere tells whether a refusal for good is of the address: not of what was
// written to it, nor of us by somebody's policy (RFC 3463, X.7).
func nobodyThere(err error) bool {
	var s *gomail.SendError
	return errors.As(err, &s) && s.Reason == gomail.ErrSMTPRcptTo && !policyCode.MatchString(s.EnhancedStatusCode())
}

var policyCode = regexp.MustCompile(`^5\.7\.`)

func (p *Post) compose(ctx context.Context, m Message) (*gomail.Msg, error) {
	if err := m.check(); err != nil { // rows are read back: never trust them
		return nil, err
	}
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	name := ""
	if p.config.Name != nil {
		if given := p.config.Name(ctx); oneLine(given) {
			name = given
		}
	}
	if err := letter.FromFormat(name, p.config.From); err != nil {
		return nil, err
	}
	if err := letter.To(m.To); err != nil {
		return nil, err
	}
	letter.Subject(m.Subject)
	letter.SetDateWithValue(db.Time(m.At))
	letter.SetMessageIDWithValue(p.messageID(m))
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	for header, value := range m.Headers {
		letter.SetGenHeader(gomail.Header(header), value)
	}
	letter.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		letter.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if p.signer != nil {
		letter.SetBoundary("=_" + m.ID) // the same each time that it is written
		return letter, p.signer.sign(letter)
	}
	return letter, nil
}

func domainOf(address string) string {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			return address[i+1:]
		}
	}
	return address
}
