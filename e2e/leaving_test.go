package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// follow: the admin follows the newcomer, before anything of theirs is published.
func (w *writers) follow(t *testing.T) {
	a := w.as(t, w.enter(t, "admin@demo.example", w.logins["admin@demo.example"]))
	a.visit("/follow?kind=member&name=ada-swift")
	a.leads(`main form[action="/follow"] button[value=yes]`, "/follow")
	a.says("You follow Ada Swift")
	a.clean("following")
}

// told: who follows was told what the newcomer published, once it could not be
// undone any more; the newcomer was told what became of it.
func (w *writers) told(t *testing.T) {
	for _, x := range []struct {
		session *http.Cookie
		what    string
	}{{w.enter(t, "admin@demo.example", w.logins["admin@demo.example"]), "Ada Swift"}, {w.newcomer, "published"}} {
		b := w.as(t, x.session)
		for { // until the jobs are done; the test's own limit ends it
			b.visit("/notifications")
			if said := b.words(); strings.Contains(said, tower) && strings.Contains(said, x.what) {
				break
			}
		}
		b.clean("told")
	}
}

// joinTwo: the editor makes two entries of one place one; the address that ended
// leads to the other.
func (w *writers) joinTwo(t *testing.T) {
	const well = "/places/the-well-of-lost-umbrellas"
	e := w.as(t, w.editor)
	e.visit(well + "/history")
	e.leads(`main a[href$="/join"]`, well+"/join")
	e.fill("into", w.base+w.place)
	e.leads(`main form[method=get] button`, well+"/join?into=")
	e.says("This one ends", "Umbrellas", "This one stays", tower)
	e.fill("why", "The same tower")
	e.leads(`main form[method=post] button`, w.place+"/history")
	e.clean("joining")
	reader := open(t, w.chrome, w.base, wide, tall)
	reader.visit(well)
	if at := reader.path(); at != w.place {
		t.Errorf("the entry that ended leads to %s", at)
	}
	reader.says(tower, "Bo Still") // whose credit came along
	reader.clean("joined")
}

// authenticator: the newcomer sets one up, and signs in by what it shows.
func (w *writers) authenticator(t *testing.T) {
	b := w.as(t, w.newcomer)
	b.visit("/settings/security")
	if eval[bool](b, `document.querySelector('main [name=password]') !== null`) {
		b.fill("password", newcomerWord)
		b.leads(`main form:has([name=password]) button`, "/settings/security")
	}
	b.leads(`main button[value=begin]`, "/settings/security")
	secret := strings.ReplaceAll(eval[string](b, `document.querySelector('.setup code').textContent`), " ", "")
	shows := func(at time.Time) string {
		code, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	now := time.Now()
	b.fill("code", shows(now))
	if path, status := b.send(`main form:has([name=code]) button`); status != http.StatusCreated {
		t.Fatalf("the digits are answered with %d at %s: %s", status, path, b.words())
	}
	w.recovery = eval[[]string](b, `[...document.querySelectorAll('.codes code')].map(c => c.textContent)`)
	if len(w.recovery) < 2 {
		t.Fatalf("%d recovery codes are shown", len(w.recovery))
	}
	b.clean("setting up")

	again := w.as(t, nil)
	again.visit("/login?next=/drafts")
	again.fill("email", newcomerMail, "password", newcomerWord)
	again.leads(`form[action="/login"] button`, "/login/second")
	again.fill("code", "000000")
	if _, status := again.send(`main form:has([name=code]) button`); status == http.StatusOK {
		t.Error("a wrong code is taken")
	}
	again.says("code")
	// The same digits are good once; the next ones are taken half a minute early.
	again.fill("code", shows(now.Add(30*time.Second)))
	again.leads(`main form:has([name=code]) button`, "/drafts")
	again.forget()
	again.visit("/settings")
	again.says(newcomerMail)
}

// leave: the newcomer takes their data along and deletes the account; what was
// published stays, and names nobody.
func (w *writers) leave(t *testing.T) {
	b := w.as(t, nil)
	b.visit("/login?next=/settings/data")
	b.fill("email", newcomerMail, "password", newcomerWord)
	b.leads(`form[action="/login"] button`, "/login/second")
	b.fill("code", w.recovery[0])
	b.leads(`main form:has([name=code]) button`, "/settings/data")
	b.says("Download my data")
	b.do(chromedp.Click(chromedp.CSS(`main [name=credit][value=former]`)))
	if eval[bool](b, `document.querySelector('main form:has([name=credit]) [name=code]') !== null`) {
		b.fill("code", w.recovery[1])
	}
	b.leads(`main form:has([name=credit]) button`, "/")
	b.clean("leaving")

	b.visit("/login")
	b.fill("email", newcomerMail, "password", newcomerWord)
	if path, _ := b.send(`form[action="/login"] button`); !strings.HasPrefix(path, "/login") || strings.HasPrefix(path, "/login/second") {
		t.Errorf("an account that was deleted leads to %s", path)
	}
	b.forget()
	reader := open(t, w.chrome, w.base, wide, tall)
	reader.visit(w.place)
	reader.says(tower, "a former member")
	if said := reader.words(); strings.Contains(said, "Ada") {
		t.Error("the place still names who left")
	}
	reader.clean("the place without its author")
}
