package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"mirabilia/internal/config"
)

// community is an atlas with people: who they are, and how they come in.
type community struct {
	chrome context.Context
	base   string
	at     config.Storage
	logins map[string]string // of the demo: address → password
}

var demoLogin = regexp.MustCompile(`(?m)^Sign in as \w+: (\S+) with the password (\S+)$`)

// settle learns who is there in the demo.
func settle(t *testing.T, chrome context.Context, base string, at config.Storage) *community {
	t.Helper()
	c := &community{chrome: chrome, base: base, at: at, logins: map[string]string{}}
	text, err := os.ReadFile(filepath.Join(at.Data, "demo-logins.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range demoLogin.FindAllStringSubmatch(string(text), -1) {
		c.logins[m[1]] = m[2]
	}
	if len(c.logins) < 2 {
		t.Fatalf("the demo tells only of %d logins", len(c.logins))
	}
	return c
}

// enter signs a member in without the form, as a browser that was signed in
// before, and gives its session.
func (c *community) enter(t *testing.T, email, password string) *http.Cookie {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(c.base+"/login", url.Values{"email": {email}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for _, cookie := range res.Cookies() {
		if res.StatusCode == http.StatusSeeOther && cookie.Value != "" {
			return cookie
		}
	}
	text, _ := io.ReadAll(res.Body)
	t.Fatalf("%s cannot sign in: %s: %s", email, res.Status, text)
	return nil
}

// as opens a tab in which a member is signed in; without a session, nobody is.
func (c *community) as(t *testing.T, session *http.Cookie) *tab {
	t.Helper()
	b := open(t, c.chrome, c.base, wide, tall)
	b.member = true
	if session != nil {
		b.carry(session)
	}
	return b
}

// carry puts a session into the tab's browser.
func (b *tab) carry(session *http.Cookie) {
	b.t.Helper()
	http := true
	if _, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: session.Name, Value: session.Value, URL: b.base, HTTPOnly: &http}); err != nil {
		b.t.Fatal(err)
	}
}

// beside opens another tab of the same browser: the same member, another page.
func (b *tab) beside() *tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	return b.started(ctx)
}

// unscripted turns scripts off, for this tab.
func (b *tab) unscripted() {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		b.t.Fatal(err)
	}
}

// send presses a button that leads to another page, and gives the path of where
// it led and the status of the answer. It needs no script.
func (b *tab) send(button string) (path string, status int64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(button)))
	if err != nil || res == nil {
		b.t.Fatalf("%s at %s: %v", button, b.where(), err)
	}
	return strings.TrimPrefix(res.URL, b.base), res.Status
}

// leads presses a button and fails the test when it does not lead to a path that
// begins so.
func (b *tab) leads(button, to string) string {
	b.t.Helper()
	path, status := b.send(button)
	if status != http.StatusOK || !strings.HasPrefix(path, to) {
		b.t.Fatalf("%s leads to %s (%d), not to %s: %s", button, path, status, to, b.words())
	}
	return path
}

// words is what the page says, read without script.
func (b *tab) words() string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	words, err := chromedp.Run(ctx, chromedp.TextContent(chromedp.CSS("main")))
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Join(strings.Fields(words), " ")
}

// says fails the test when the page does not say each of some things.
func (b *tab) says(things ...string) {
	b.t.Helper()
	words := b.words()
	for _, x := range things {
		if !strings.Contains(words, x) {
			b.t.Errorf("%s does not say %q: %s", b.where(), x, words)
		}
	}
}

// fill writes into fields, name by name, over what is there, as a paste does.
func (b *tab) fill(fields ...string) {
	b.t.Helper()
	for i := 0; i < len(fields); i += 2 {
		eval[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector('main [name=%q]'); f.focus(); f.select(); return true })()`, fields[i]))
		if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: fields[i+1]}); err != nil {
			b.t.Fatal(err)
		}
	}
}

// letter waits for the newest letter to an address that is about something, and
// gives its text.
func (c *community) letter(t *testing.T, to, about string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		names, err := filepath.Glob(filepath.Join(c.at.Data, "outbox", "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		for i := len(names) - 1; i >= 0; i-- {
			raw, err := os.ReadFile(names[i])
			if err != nil {
				t.Fatal(err)
			}
			if text := letterText(t, raw, to); strings.Contains(text, about) {
				return text
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("of %d letters none to %s says %q", len(names), to, about)
		case <-tick.C:
		}
	}
}

// letterText is the plain text of a letter to somebody, "" of another's.
func letterText(t *testing.T, raw []byte, to string) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(m.Header.Get("To"), to) {
		return ""
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal("a letter without text: ", err)
		}
		if !strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain") {
			continue
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

var letterLink = regexp.MustCompile(`https?://[^\s/]+(/link/\S+)`)

// link is the path in a letter that its reader is to follow.
func link(t *testing.T, text string) string {
	t.Helper()
	m := letterLink.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("the letter has no link: %s", text)
	}
	return m[1]
}
