package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	devlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long one step of a journey may take on a busy machine.
const patience = 45 * time.Second

// startBrowser starts Chromium, which all tabs of a test share.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("MIRABILIA_CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		t.Fatal("no Chromium: install the package chromium, or name the program in MIRABILIA_CHROMIUM")
	}
	o := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		// WebGL for the map is drawn by the processor; pages themselves are put
		// together without it, which takes a third of the time.
		chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("disable-gpu-compositing", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0), chromedp.WSURLReadTimeout(patience),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), o...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); cancel(); stop() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium (%s) does not start: %v", path, err)
	}
	return ctx
}

// tab is one tab of the browser on an atlas. It notes what a reader's browser
// must never see: errors, violations of the policy, requests to others.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string
	// member says that somebody is signed in here: only then a cookie may be set.
	member bool

	mu     sync.Mutex
	faults []string
	kinds  map[network.RequestID]network.ResourceType
	bytes  map[network.ResourceType]float64
	status map[string]int64 // of documents, by their address
}

// open opens a tab of its own browser context, as a new reader has it.
func open(t *testing.T, browser context.Context, base string, width, height int64) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := (&tab{t: t, base: base}).started(ctx)
	b.do(chromedp.EmulateViewport(width, height))
	return b
}

// started is a tab like b in a context of its own.
func (b *tab) started(ctx context.Context) *tab {
	b.t.Helper()
	n := &tab{t: b.t, ctx: ctx, base: b.base, member: b.member, kinds: map[network.RequestID]network.ResourceType{},
		bytes: map[network.ResourceType]float64{}, status: map[string]int64{}}
	if err := chromedp.Do(ctx); err != nil {
		b.t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, n.hear); err != nil {
		b.t.Fatal(err)
	}
	n.scheme("light")
	return n
}

func (b *tab) fault(format string, args ...any) {
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

func (b *tab) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *devlog.EventEntryAdded:
		own := e.Entry.Source == devlog.EntrySourceNetwork && b.status[e.Entry.URL] >= 400 // the page that was asked for is an error
		if e.Entry.Level == devlog.EntryLevelError && !own {
			b.fault("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			var words []string
			for _, a := range e.Args {
				words = append(words, string(a.Value)+a.Description)
			}
			b.fault("console: %s", strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		b.fault("exception: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.URL)
	case *network.EventRequestWillBeSent:
		u := e.Request.URL
		if !strings.HasPrefix(u, b.base+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") && u != "about:blank" {
			b.fault("request to another: %s", u)
		}
	case *network.EventResponseReceived:
		b.kinds[e.RequestID] = e.Type
		if e.Type == network.ResourceTypeDocument {
			b.status[e.Response.URL] = e.Response.Status
		}
	case *network.EventResponseReceivedExtraInfo:
		for name := range e.Headers {
			if strings.EqualFold(name, "Set-Cookie") && !b.member {
				b.fault("a cookie was set")
			}
		}
	case *network.EventLoadingFinished:
		b.bytes[b.kinds[e.RequestID]] += e.EncodedDataLength
	}
}

// clean fails the test for what the tab has noted since the last time.
func (b *tab) clean(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		b.t.Errorf("%s: %s", where, f)
	}
	b.faults = nil
}

// do takes steps, each of which must succeed in time.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for i, step := range steps {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		err := chromedp.Do(ctx, step)
		cancel()
		if err != nil {
			b.t.Fatalf("step %d at %s: %v", i+1, b.where(), err)
		}
	}
}

func (b *tab) where() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	return at
}

// visit opens a page of the atlas.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
}

// eval gives what an expression has as its value.
func eval[T any](b *tab, js string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", js, err)
	}
	return v
}

// until waits for an expression to be true, across navigations.
func (b *tab) until(js string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!(`+js+`)`))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			b.t.Fatalf("at %s it never came true: %s (%v)", b.where(), js, err)
		case <-tick.C:
		}
	}
}

// scheme is what the reader's system prefers; nothing moves.
func (b *tab) scheme(name string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	if err != nil {
		b.t.Fatal(err)
	}
}
