package mail_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/job"
	"mirabilia/internal/mail"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// post opens a post with what tests have in common.
func post(t *testing.T, c mail.Config) *mail.Post {
	t.Helper()
	c.From, c.Log = "atlas@example.org", quiet()
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Name = func(context.Context) string { return "Atlas of Łódź" }
	p, err := mail.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// crew is a crew that works letters.
func crew(d *db.DB, p *mail.Post) *job.Crew {
	c := job.NewCrew(d, quiet())
	job.Work(c, p.Send, p.Limits())
	return c
}

func enqueue(t *testing.T, d *db.DB, list ...mail.Message) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, m := range list {
			if err := mail.Enqueue(tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// letter has everything that is hard to carry.
func letter(to string) mail.Message {
	return mail.Message{To: to, Subject: "Your place “滝の裏” is published — with a subject so long that it has to be folded somewhere",
		Text: "Dear Żaneta,\n\n.\n..dots at the start\nFrom here on = signs, " + strings.Repeat("a long line ", 200) + "\n", HTML: "<p>Dear Żaneta &amp; all</p>",
		Headers: map[string]string{"List-Unsubscribe": "<https://atlas.example.org/settings>"}}
}

// opened is a letter as a reader's program sees it.
type opened struct {
	netmail.Header
	text, html string
}

func open(t *testing.T, raw string) opened {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	o := opened{Header: m.Header}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextPart()
		if err == io.EOF {
			return o
		}
		if err != nil {
			t.Fatal(err)
		}
		var in io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			in = quotedprintable.NewReader(part)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(b), "\r\n", "\n")
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			o.html = text
		} else {
			o.text = text
		}
	}
}

func (o opened) check(t *testing.T, want mail.Message) {
	t.Helper()
	subject, err := new(mime.WordDecoder).DecodeHeader(o.Get("Subject"))
	if err != nil || subject != want.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	if strings.TrimRight(o.text, "\n") != strings.TrimRight(want.Text, "\n") || strings.TrimRight(o.html, "\n") != want.HTML {
		t.Errorf("text %q, HTML %q", o.text, o.html)
	}
	from, err := o.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Address != "atlas@example.org" || from[0].Name != "Atlas of Łódź" {
		t.Errorf("from %v, %v", from, err)
	}
	if to, err := o.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != want.To {
		t.Errorf("to %v, %v", to, err)
	}
	if _, err := o.Date(); err != nil || o.Get("Auto-Submitted") != "auto-generated" || o.Get("Message-Id") == "" || o.Get("List-Unsubscribe") == "" {
		t.Errorf("headers %v, %v", o.Header, err)
	}
}

// Every way to a server, and what arrives there.
func TestSMTP(t *testing.T) {
	for name, way := range map[string]struct {
		sink     sinkOptions
		url      string
		tls, bad bool
	}{
		"plain":                      {sinkOptions{}, "smtp://HOST", false, false},
		"STARTTLS is taken":          {sinkOptions{tls: true}, "smtp://HOST", true, false},
		"STARTTLS is demanded":       {sinkOptions{tls: true}, "smtp://HOST?tls=required", true, false},
		"STARTTLS is missing":        {sinkOptions{}, "smtp://HOST?tls=required", false, true},
		"TLS from the first byte":    {sinkOptions{implicit: true}, "smtps://HOST", true, false},
		"password":                   {sinkOptions{tls: true, auth: true}, "smtp://atlas:s%C3%A9same%3A%20open%2F1@HOST?tls=required", true, false},
		"password over implicit TLS": {sinkOptions{implicit: true, auth: true}, "smtps://atlas:s%C3%A9same%3A%20open%2F1@HOST", true, false},
		"password on this machine":   {sinkOptions{auth: true, clear: true}, "smtp://atlas:s%C3%A9same%3A%20open%2F1@HOST", false, false},
		"PLAIN is not offered":       {sinkOptions{auth: true, clear: true, login: true}, "smtp://atlas:s%C3%A9same%3A%20open%2F1@HOST", false, false},
		"no way in is offered":       {sinkOptions{}, "smtp://atlas:x@HOST", false, true},
		"wrong in clear":             {sinkOptions{auth: true, clear: true}, "smtp://atlas:wrong@HOST", false, true},
		"wrong password":             {sinkOptions{tls: true, auth: true}, "smtp://atlas:wrong@HOST", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			k := newSink(t, way.sink)
			d := dbtest.SQLite(t)
			p := post(t, mail.Config{SMTP: strings.Replace(way.url, "HOST", k.address, 1), Connections: 2, Roots: k.roots})
			want := letter("reader@example.com")
			enqueue(t, d, want)
			_, err := crew(d, p).Drain(t.Context())
			if (err != nil) != way.bad {
				t.Fatalf("%v", err)
			}
			got := k.all()
			if way.bad {
				if list, err := job.Counts(t.Context(), d); len(got) != 0 || err != nil || len(list) != 1 || list[0].Waiting != 1 {
					t.Errorf("%d arrived; it waits for its next try: %+v, %v", len(got), list, err)
				}
				return
			}
			if len(got) != 1 || got[0].TLS != way.tls || got[0].From != "atlas@example.org" || got[0].To != "reader@example.com" {
				t.Fatalf("%+v", got)
			}
			open(t, got[0].Data).check(t, want)
		})
	}
}

// Somebody else's certificate is not believed, and nothing is said in clear
// instead.
func TestStrangersCertificateIsRefused(t *testing.T) {
	k := newSink(t, sinkOptions{tls: true})
	d := dbtest.SQLite(t)
	enqueue(t, d, letter("reader@example.com"))
	if _, err := crew(d, post(t, mail.Config{SMTP: "smtp://" + k.address})).Drain(t.Context()); err == nil || len(k.all()) != 0 {
		t.Errorf("%v, %d arrived", err, len(k.all()))
	}
}

// Many letters go over few connections, each once.
func TestConnectionsAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newSink(t, sinkOptions{tls: true})
		p := post(t, mail.Config{SMTP: "smtp://" + k.address, Connections: 3, Roots: k.roots})
		const n = 60
		for range n {
			enqueue(t, d, letter("reader@example.com"))
		}
		c := crew(d, p)
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() {
				if _, err := c.Drain(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		ids := map[string]bool{}
		for _, r := range k.all() {
			ids[open(t, r.Data).Get("Message-Id")] = true
		}
		if len(k.all()) != n || len(ids) != n || k.opened.Load() > 3 {
			t.Errorf("%d letters, %d ids, %d connections", len(k.all()), len(ids), k.opened.Load())
		}
	})
}

// What the server says decides: a no for good ends it, one for now and a lost
// answer do not, and the letter comes back as the same.
func TestRefusals(t *testing.T) {
	k := newSink(t, sinkOptions{})
	var mu sync.Mutex
	at := time.Now()
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), Now: now})
	p := post(t, mail.Config{SMTP: "smtp://" + k.address, Now: now})
	c := crew(d, p)
	drain := func(want int) {
		t.Helper()
		if n, _ := c.Drain(t.Context()); n != want {
			t.Errorf("%d tries, want %d", n, want)
		}
	}
	later := func() { mu.Lock(); defer mu.Unlock(); at = at.Add(time.Minute) }
	k.refuse = func(string) error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody here"}
	}
	enqueue(t, d, letter("gone@example.com"))
	drain(1)
	later()
	drain(0)
	if p.Refused.Load() != 1 {
		t.Error("the refusal was not counted")
	}
	k.refuse = func(string) error {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
	}
	enqueue(t, d, letter("grey@example.com"))
	drain(1)
	later()
	k.refuse = func(string) error { return nil }
	k.taken = func() error { return &smtp.SMTPError{Code: 451, Message: "taken, but not told so"} }
	drain(1)
	later()
	k.taken = func() error { return nil }
	drain(1)
	got := k.all()
	if len(got) != 2 || open(t, got[0].Data).Get("Message-Id") != open(t, got[1].Data).Get("Message-Id") {
		t.Errorf("%d letters, or not the same", len(got))
	}
}

// The pace holds: who would wait long comes back later.
func TestRate(t *testing.T) {
	k := newSink(t, sinkOptions{})
	d := dbtest.SQLite(t)
	p := post(t, mail.Config{SMTP: "smtp://" + k.address, Rate: 0.01})
	enqueue(t, d, letter("a@example.com"), letter("b@example.com"))
	if _, err := crew(d, p).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := job.Counts(t.Context(), d)
	if len(k.all()) != 1 || err != nil || len(list) != 1 || list[0].Waiting != 1 || !list[0].Oldest.IsZero() {
		t.Errorf("%d went, %+v, %v", len(k.all()), list, err)
	}
}

func TestOutbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		folder := filepath.Join(t.TempDir(), "outbox")
		p := post(t, mail.Config{Outbox: folder, Now: func() time.Time { return time.Now().Add(2 * time.Hour) }})
		want := letter("reader@example.com")
		enqueue(t, d, want)
		if _, err := crew(d, p).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, ".new-1"), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := p.Sweep(); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(folder)
		if err != nil || len(files) != 1 || !strings.HasSuffix(files[0].Name(), ".eml") {
			t.Fatalf("%v, %v", files, err)
		}
		info, err := files[0].Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		b, err := os.ReadFile(filepath.Join(folder, files[0].Name()))
		if err != nil {
			t.Fatal(err)
		}
		open(t, string(b)).check(t, want)
		if bytes.Contains(b, []byte("User-Agent")) || bytes.Contains(b, []byte("X-Mailer")) {
			t.Error("the letter tells what wrote it")
		}
	})
}

// A letter written twice, as after a crash in between, is one file.
func TestOutboxRepeatIsOneFile(t *testing.T) {
	folder := t.TempDir()
	p := post(t, mail.Config{Outbox: folder})
	m := letter("reader@example.com")
	m.ID, m.At = "abc", 1_800_000_000_000
	for range 2 {
		if err := p.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
}

// Nobody's words become a header or another recipient.
func TestInjectionIsRefused(t *testing.T) {
	good := letter("reader@example.com")
	with := func(change func(*mail.Message)) mail.Message {
		m := good
		m.Headers = map[string]string{}
		change(&m)
		return m
	}
	bad := []mail.Message{with(func(m *mail.Message) { m.Headers["Bcc"] = "x@example.com" }), with(func(m *mail.Message) { m.Subject = "" }), with(func(m *mail.Message) { m.Text = "" })}
	for _, s := range []string{"\r\nBcc: x@example.com", "\n", "\r", "\x00", "\u2028", "\xff"} {
		bad = append(bad, with(func(m *mail.Message) { m.To = "a@example.com" + s }), with(func(m *mail.Message) { m.To = "a" + s + "@example.com" }),
			with(func(m *mail.Message) { m.Subject = "Hello" + s }), with(func(m *mail.Message) { m.Headers["List-Id"] = "x" + s }))
	}
	for _, to := range []string{"", "a", "a@", "@b.c", "a@b c.d", "a@b.c,d@e.f", "a@b.c;d@e.f", "A <a@b.c>", `"a b"@c.d`, "a@[127.0.0.1]", "a@b..c", strings.Repeat("a", 65) + "@b.c", "a@" + strings.Repeat("b", 260)} {
		bad = append(bad, with(func(m *mail.Message) { m.To = to }))
	}
	d := dbtest.SQLite(t)
	for _, m := range bad {
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return mail.Enqueue(tx, m) }); err == nil {
			t.Errorf("enqueued: to %q, subject %q, %q", m.To, m.Subject, m.Headers)
		}
	}
	for _, to := range []string{"a@b.c", "żółw@example.com", "a+b.c_d-e@sub.example.museum", "o'hara@例え.jp"} {
		if !mail.ValidAddress(to) {
			t.Errorf("%s is an address", to)
		}
	}
	// The row itself may be tampered with: it is not sent either.
	m := good
	m.Subject = "Hello\r\nBcc: x@example.com"
	if err := post(t, mail.Config{Outbox: t.TempDir()}).Send(t.Context(), m); err == nil {
		t.Error("a tampered letter was sent")
	}
}
