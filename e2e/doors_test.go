package e2e

import (
	"slices"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// device gives the tab's browser a device that holds passkeys and knows its owner.
func (b *tab) device() {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		b.t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}}); err != nil {
		b.t.Fatal(err)
	}
}

// outlasts tells whether the session stays when the browser is closed.
func (b *tab) outlasts() bool {
	b.t.Helper()
	got, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	return slices.ContainsFunc(got.Cookies, func(c *network.Cookie) bool { return c.Name == "session" && !c.Session })
}

// passkey: the newcomer, who has an authenticator, adds a passkey, signs in with
// it alone, stays signed in, and removes it.
func (w *writers) passkey(t *testing.T) {
	b := w.as(t, nil)
	b.device()
	b.visit("/login?next=/settings/security")
	b.fill("email", newcomerMail, "password", newcomerWord)
	b.leads(`form[action="/login"] button`, "/login/second")
	b.fill("code", w.recovery[2])
	b.leads(`main form:has([name=code]) button`, "/settings/security")
	b.fill("name", "The telephone in the hall")
	b.leads(`form[data-passkey=create] button`, "/settings/security?done=passkey")
	b.says("The telephone in the hall")
	b.clean("adding a passkey")

	b.visit("/settings")
	b.leads(`main form[action="/logout"] button`, "/login")
	b.visit("/login?next=/drafts")
	b.do(chromedp.Click(chromedp.CSS(`main [type=checkbox][name=stay]`)))
	b.leads(`form[data-passkey=get] button`, "/drafts")
	if !b.outlasts() {
		t.Error("the box for staying signed in does not hold for a passkey")
	}
	b.clean("signing in with a passkey")

	b.visit("/settings/security")
	b.leads(`main button[aria-label="Remove the passkey The telephone in the hall"]`, "/settings/security")
	b.visit("/settings")
	b.leads(`main form[action="/logout"] button`, "/login")
	if path, status := b.send(`form[data-passkey=get] button`); path != "/login/passkey" || status < 400 {
		t.Errorf("a passkey that was removed leads to %s (%d)", path, status)
	}
}

// TestTheWayIn looks at the page of signing in: the passkey first, then the mail,
// then the password, and a place's photograph with its credit beside them where
// there is room. Before the page's script has come, and without any, it is the same
// page; only the passkey is not there where none can be used.
func TestTheWayIn(t *testing.T) {
	chrome, base := startBrowser(t), serve(t, "")
	const (
		passkey = `document.querySelector('form[data-passkey=get] button').checkVisibility()`
		sight   = `document.querySelector('.door figure').checkVisibility()`
	)
	for width, room := range map[int64]bool{1280: true, 390: false} {
		b := openPlain(t, chrome, base, width)
		b.visit("/login")
		if !eval[bool](b, passkey) {
			t.Errorf("%d wide: the passkey waits for the script", width)
		}
		if !eval[bool](b, `(() => {
			const top = (s) => document.querySelector('main ' + s).getBoundingClientRect().top
			return top('form[data-passkey] button') < top('a[href="/forgotten"]') && top('a[href="/forgotten"]') < top('#email')
		})()`) {
			t.Errorf("%d wide: passkey, mail and password do not follow each other", width)
		}
		if eval[bool](b, sight) != room {
			t.Errorf("%d wide: the photograph is shown: %t", width, !room)
		}
		if fetched := eval[bool](b, `performance.getEntriesByType('resource').some(e => e.initiatorType === 'img')`); fetched && !room {
			t.Error("a phone fetches the photograph that it does not show")
		}
	}
	b := openPlain(t, chrome, base, 1280)
	b.visit("/join")
	if !eval[bool](b, `/\S/.test(document.querySelector('.door figcaption .credit').innerText) && document.querySelector('.door figcaption a[href^="/places/"]') !== null`) {
		t.Error("the photograph beside joining has no credit, or does not say where it is")
	}
	if !eval[bool](b, `(() => {
		const form = document.querySelector('main form').getBoundingClientRect(), figure = document.querySelector('.door figure').getBoundingClientRect()
		return form.right < figure.left && figure.top < form.top
	})()`) {
		t.Error("the photograph does not stand beside the form")
	}
	still := open(t, chrome, base, 1280, 900)
	still.unscripted()
	still.visit("/login")
	if words := still.words(); len(words) == 0 {
		t.Error("nothing is there without script")
	}
	if has, err := chromedp.Run(still.ctx, chromedp.Evaluate[bool](passkey)); err == nil && has {
		t.Error("without script there is a button for passkeys")
	}
}
