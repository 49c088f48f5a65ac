package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// oEmbedLink finds in the head of a page where its oEmbed answer is.
var oEmbedLink = regexp.MustCompile(`<link rel="alternate" type="application/json\+oembed"[^>]*href="([^"]+)"`)

// embed: a blog on another address finds through oEmbed what it may show, and
// shows it; what is not meant for frames stays out of them.
func embed(t *testing.T, chrome context.Context, base string) {
	for _, page := range []string{"/destinations/mexico/mexico-city", house} {
		code := embedding(t, base, page)
		if !strings.Contains(code, base+"/embed/") {
			t.Fatalf("%s embeds as %s", page, code)
		}
		seen := framed(t, chrome, base, code)
		if !slices.ContainsFunc(seen, func(s string) bool { return strings.HasPrefix(s, "200 "+base+"/embed/") }) {
			t.Errorf("the frame of %s did not answer: %s", page, seen)
		}
	}
	if refused := framed(t, chrome, base, `<iframe src="`+base+`/login"></iframe>`); !slices.ContainsFunc(refused, func(s string) bool { return strings.Contains(s, "frame-ancestors") }) {
		t.Errorf("the sign-in page can be framed: %s", refused)
	}
}

// embedding is the element that a page gives to others, found as a blog finds it.
func embedding(t *testing.T, base, page string) string {
	t.Helper()
	link := oEmbedLink.FindStringSubmatch(fetch(t, base+page))
	if link == nil {
		t.Fatalf("%s names no oEmbed answer", page)
	}
	var e struct{ HTML string }
	if err := json.Unmarshal([]byte(fetch(t, strings.ReplaceAll(link[1], "&amp;", "&"))), &e); err != nil {
		t.Fatal(err)
	}
	return e.HTML
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", address, res.StatusCode, err)
	}
	return string(body)
}

// framed shows an element on another site's page until the page and all in it
// has loaded; it gives the answers of the atlas, and what the browser complains of.
func framed(t *testing.T, chrome context.Context, base, code string) []string {
	t.Helper()
	blog := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!DOCTYPE html><html lang=en><link rel=icon href=data:,><title>A blog</title><h1>Out of town</h1>%s", code)
	}))
	defer blog.Close()
	b := open(t, chrome, blog.URL, 900, 700)
	var mu sync.Mutex
	var seen []string
	err := chromedp.Listen(b.ctx, func(ev any) {
		if e, ok := ev.(*network.EventResponseReceived); ok {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, fmt.Sprint(e.Response.Status, " ", e.Response.URL))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	b.visit("/")
	b.until(`performance.getEntriesByType('resource').some(r => r.initiatorType === 'iframe')`) // also where it was refused
	mu.Lock()
	defer mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		switch {
		case strings.HasPrefix(f, "request to another: "+base):
		case strings.Contains(f, "frame-ancestors"):
			seen = append(seen, f)
		default:
			t.Errorf("in a frame: %s", f)
		}
	}
	b.faults = nil
	return seen
}
