package mail_test

import (
	"bytes"
	"context"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	atlas "mirabilia/internal/mail"
)

// report is what a mail server sends back, in the form of RFC 3464.
func report(messageID, to, original, action, status string) string {
	return strings.ReplaceAll(`From: MAILER-DAEMON@mx.example.net
To: atlas@example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b0"

--b0
Content-Type: text/plain

Your letter could not be delivered.

--b0
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Original-Recipient: rfc822;`+original+`
Final-Recipient: rfc822; `+to+`
Action: `+action+`
Status: `+status+`
Diagnostic-Code: smtp; 550 no such
 mailbox

--b0
Content-Type: text/rfc822-headers

Message-ID: `+messageID+`
To: <`+original+`>
Subject: Hello

--b0--
`, "\n", "\r\n")
}

// A letter that comes back for good closes the address that it was for, and no
// other: not by a status that is about something else, and not by a report that
// somebody made up.
func TestCollect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newSink(t, sinkOptions{})
		dir := t.TempDir()
		for _, part := range []string{"new", "cur", "tmp"} {
			if err := os.Mkdir(filepath.Join(dir, part), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		var closed []string
		p := post(t, atlas.Config{SMTP: "smtp://" + k.address, Bounces: dir, Key: []byte("a key of this atlas"), Bounced: func(_ context.Context, to, reason string) error {
			closed = append(closed, to+": "+reason)
			return nil
		}})
		enqueue(t, d, letter("ada@example.net"), letter("Bob@example.net"))
		if _, err := crew(d, p).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		ids := map[string]string{}
		for _, l := range k.all() {
			m, err := mail.ReadMessage(strings.NewReader(l.Data))
			if err != nil {
				t.Fatal(err)
			}
			ids[l.To] = m.Header.Get("Message-Id")
		}
		ada, bob := ids["ada@example.net"], ids["Bob@example.net"]
		if ada == "" || bob == "" {
			t.Fatalf("letters without ids: %v", ids)
		}
		for name, content := range map[string]string{
			"1.later":   report(ada, "ada@example.net", "ada@example.net", "delayed", "4.4.1"),
			"2.full":    report(ada, "ada@example.net", "ada@example.net", "failed", "5.2.2"),
			"3.policy":  report(ada, "ada@example.net", "ada@example.net", "failed", "5.7.1"),
			"4.other":   report(ada, "Bob@example.net", "Bob@example.net", "failed", "5.1.1"),
			"5.made-up": report("<x."+strings.Repeat("0", 20)+"@example.org>", "ada@example.net", "ada@example.net", "failed", "5.1.1"),
			"6.bare":    report("", "ada@example.net", "ada@example.net", "failed", "5.1.1"),
			"7.arrived": report(ada, "ada@example.net", "ada@example.net", "delivered", "2.0.0"),
			"8.letter":  "From: a@example.net\r\nSubject: hello\r\n\r\nA person writes.\r\n",
			"9.nothing": "",
		} {
			if err := os.WriteFile(filepath.Join(dir, "new", name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Collect(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(closed) != 0 {
			t.Fatalf("closed by what says nothing of the address: %v", closed)
		}
		left, err := os.ReadDir(filepath.Join(dir, "cur"))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range left {
			names = append(names, f.Name())
		}
		if len(names) != 9 || !slices.Contains(names, "8.letter:2,") || !slices.Contains(names, "2.full:2,S") {
			t.Errorf("kept for people: %v", names)
		}
		// A forwarding server names another address than the letter was for.
		for name, content := range map[string]string{
			"a": report(ada, "ada@example.net", "ada@example.net", "failed", "5.1.1"),
			"b": report(bob, "robert@inside.example", "bob@EXAMPLE.net", "Failed", "5.4.4 (no such domain)"),
		} {
			if err := os.WriteFile(filepath.Join(dir, "new", name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // what was read is not read again
			if err := p.Collect(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{"ada@example.net: 5.1.1 550 no such mailbox", "bob@EXAMPLE.net: 5.4.4 550 no such mailbox"}; !slices.Equal(closed, want) {
			t.Errorf("closed %q", closed)
		}
		if p.Returned.Load() != 2 {
			t.Errorf("%d came back", p.Returned.Load())
		}
	})
}

func TestCollect_withoutAMaildir(t *testing.T) {
	if err := post(t, atlas.Config{}).Collect(t.Context()); err != nil {
		t.Errorf("none: %v", err)
	}
	if err := post(t, atlas.Config{Bounces: filepath.Join(t.TempDir(), "gone")}).Collect(t.Context()); err == nil {
		t.Error("one that is not there is read")
	}
}

// Whatever strangers send is read within bounds and without a panic.
func FuzzReadReturned(f *testing.F) {
	f.Add([]byte(report("<a.b@example.org>", "a@example.net", "a@example.net", "failed", "5.1.1")))
	f.Add([]byte(strings.Replace(report("<a.b@example.org>", "a@example.net", "a@example.net", "failed", "5.1.1"), "--b0--", "", 1))[:500])
	f.Add([]byte("Content-Type: multipart/report; report-type=delivery-status\r\n\r\n"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, ok := atlas.ReadReturned(bytes.NewReader(b))
		if len(list) > 50 || !ok && len(list) > 0 {
			t.Errorf("%d of a report that is one: %t", len(list), ok)
		}
		for _, r := range list {
			if r.MessageID == "" || len(r.To) > 3 {
				t.Errorf("%+v", r)
			}
			for _, to := range r.To {
				if !atlas.ValidAddress(to) {
					t.Errorf("%q is no address", to)
				}
			}
		}
	})
}
