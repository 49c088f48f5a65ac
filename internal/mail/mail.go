// Package mail sends letters. A letter is enqueued in the transaction that
// causes it and leaves as a job: over SMTP, or, where none is configured, as an
// .eml file in the outbox of the data directory, to be read by hand.
//
// A letter keeps its Message-ID over all tries, so what a crash lets leave
// twice is recognised as one. Addresses, subject and headers with line breaks
// are refused, so nobody's name can add a header.
package mail

import (
	"crypto/rand"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
)

// Message is one letter to one person.
type Message struct {
	// ID is the part of the Message-ID before the @, made by Enqueue.
	ID string `json:"id"`
	// To is the bare address.
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html,omitempty"`
	// Headers are of the few kinds that headerNames knows.
	Headers map[string]string `json:"headers,omitempty"`
	At      int64             `json:"at"` // when it was enqueued: its Date
	// Asked says that whoever reads it has just asked for it: it leaves also to an
	// address that was closed to letters.
	Asked bool `json:"asked,omitempty"`
}

// Kind implements job.Args.
func (Message) Kind() string { return "mail" }

// Enqueue writes the letter down in the caller's transaction; it leaves when
// that is committed.
func Enqueue(tx *db.Tx, m Message, how ...job.How) error {
	if err := m.check(); err != nil {
		return err
	}
	m.ID, m.At = strings.ToLower(rand.Text()), tx.DB().Millis()
	return job.Enqueue(tx, m, how...)
}

// headerNames are the headers that a letter may set itself.
var headerNames = map[string]bool{
	"List-Unsubscribe": true, "List-Unsubscribe-Post": true, "List-Id": true, "Reply-To": true, "References": true, "In-Reply-To": true, "Precedence": true,
}

// The longest of each part; a subject has to fit on one screen and a letter
// into a job.
const (
	maxAddress = 254 // RFC 5321, 4.5.3.1.3
	maxSubject = 400
	maxHeader  = 1500
	maxBody    = 400 << 10
)

func (m Message) check() error {
	if !ValidAddress(m.To) {
		return errs.InField("email", "this is no mail address")
	}
	switch {
	case m.Subject == "" || utf8.RuneCountInString(m.Subject) > maxSubject || !oneLine(m.Subject):
		return errs.New(errs.Internal, "a letter needs a subject of one line")
	case m.Text == "":
		return errs.New(errs.Internal, "a letter needs a text")
	case len(m.Text) > maxBody || len(m.HTML) > maxBody || !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return errs.New(errs.Internal, "a letter is too long, or no text")
	}
	for name, value := range m.Headers {
		if !headerNames[name] || len(value) > maxHeader || !oneLine(value) {
			return errs.New(errs.Internal, "a letter cannot have the header %q", name)
		}
	}
	return nil
}

// addressParts is an address as mail servers in use know it: no quoted names,
// no comments, no bare hosts.
var addressParts = regexp.MustCompile(`^[^\s@"(),:;<>\[\]\\]{1,64}@[^\s@"(),:;<>\[\]\\.]+(\.[^\s@"(),:;<>\[\]\\.]+)*$`)

// ValidAddress tells whether a letter can be sent to s, as far as its form
// tells: one bare address.
func ValidAddress(s string) bool {
	if len(s) > maxAddress || !oneLine(s) || !addressParts.MatchString(s) {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

// oneLine tells whether s is valid text without line breaks and other control
// characters.
func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}
