package mail_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/mail"
)

// An address that the server refuses for good is told of; a refusal of us, of
// what we write, or for now, says nothing of the address. What goes to a marked
// address is left out, but for what its owner asked for.
func TestBounces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newSink(t, sinkOptions{})
		k.refuse = func(to string) error {
			switch to {
			case "gone@example.net":
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
			case "bare@example.net":
				return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.NoEnhancedCode, Message: "no such mailbox"}
			case "policy@example.net":
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "your network is listed"}
			case "later@example.net":
				return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}
			}
			return nil
		}
		told := map[string]int{}
		c := crew(d, post(t, mail.Config{SMTP: "smtp://" + k.address,
			Bounced: func(_ context.Context, to, reason string) error {
				if reason == "" {
					return errors.New("without the server's words")
				}
				told[to]++
				return nil
			},
			Closed: func(_ context.Context, to string) (bool, error) { return to == "marked@example.net", nil },
		}))
		asked := letter("marked@example.net")
		asked.Asked = true
		enqueue(t, d, letter("gone@example.net"), letter("bare@example.net"), letter("policy@example.net"), letter("later@example.net"), letter("fine@example.net"), letter("marked@example.net"), asked)
		if _, err := c.Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "mailbox full") {
			t.Fatalf("what is refused for now is tried again: %v", err)
		}
		if len(told) != 2 || told["gone@example.net"] != 1 || told["bare@example.net"] != 1 {
			t.Errorf("told of %v", told)
		}
		to := map[string]int{}
		for _, l := range k.all() {
			to[l.To]++
		}
		if len(to) != 2 || to["fine@example.net"] != 1 || to["marked@example.net"] != 1 {
			t.Errorf("letters arrived at %v", to)
		}
	})
}
