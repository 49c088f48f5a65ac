package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"mirabilia/internal/config"
)

// TestCommunity takes the ways of those who write, once on each engine, all on
// one atlas: what one of them leaves is what the next finds.
func TestCommunity(t *testing.T) {
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is not there; run make assets: ", err)
	}
	chrome := startBrowser(t)
	eachStored(t, func(t *testing.T, base string, at config.Storage) {
		c := settle(t, chrome, base, at)
		w := &writers{community: c, editor: c.enter(t, "editor@demo.example", c.logins["editor@demo.example"])}
		w.walk(t)
		if at.Database == "" { // pages are the same on both
			t.Run("pages", func(t *testing.T) { w.pages(t, string(axe)) })
		}
		w.end(t)
	})
}

// writers are a newcomer and an editor, and what they have made so far.
type writers struct {
	*community
	editor, newcomer *http.Cookie
	pitched          string // the path of the pitch
	submission       string // of the new place's submission
	place            string // its page
	list             string // the path of the newcomer's
	recovery         []string
}

// walk takes all ways, each of which goes on from the one before.
func (w *writers) walk(t *testing.T) {
	t.Helper()
	w.take(t, []way{
		{"join", w.join}, {"pitch", w.pitch}, {"write", w.write}, {"photos", w.photos}, {"follow", w.follow}, {"mend", w.mend}, {"conflict", w.conflict},
		{"marks", w.marks}, {"lists", w.lists}, {"proposes", w.proposes}, {"without script", w.withoutScript}, {"told", w.told},
	})
}

// end takes the ways after which there is less than before.
func (w *writers) end(t *testing.T) {
	t.Helper()
	w.take(t, []way{{"join two", w.joinTwo}, {"authenticator", w.authenticator}, {"passkey", w.passkey}, {"leave", w.leave}})
}

type way struct {
	name string
	walk func(*testing.T)
}

func (w *writers) take(t *testing.T, ways []way) {
	t.Helper()
	for _, way := range ways {
		if !t.Run(way.name, way.walk) {
			t.FailNow()
		}
	}
}

const (
	newcomerMail, newcomerWord = "ada@example.org", "three herons under the viaduct"
	tower                      = "The Tower of Forty Swifts"
)

// join: a newcomer makes an account, follows the link in the mail, is in.
func (w *writers) join(t *testing.T) {
	b := w.as(t, nil)
	b.visit("/join")
	b.fill("name", "Ada Swift", "email", newcomerMail, "password", newcomerWord)
	b.do(chromedp.Click(chromedp.CSS("main form button")))
	b.until(`document.querySelector('h1').textContent === 'Look into your mail'`)
	b.visit(link(t, w.letter(t, newcomerMail, "/link/verify/")))
	b.says("Ada Swift", newcomerMail)
	b.leads("main form button", "/")
	b.visit(house)
	b.until(`document.querySelector('[data-acct]').innerText.includes('Ada Swift')`)
	b.visit("/users/ada-swift")
	b.until(`document.querySelector('main').innerText.includes('Nothing of yours is public yet.')`)
	if eval[bool](b, `document.querySelector('main').innerText.includes('has not added anything')`) {
		t.Error("their own page speaks of the newcomer as of somebody else")
	}
	b.clean("join")
	w.newcomer = w.enter(t, newcomerMail, newcomerWord)
}

// pitch: three questions, accepted by an editor with one key; the newcomer goes
// on to write it.
func (w *writers) pitch(t *testing.T) {
	b := w.as(t, w.newcomer)
	b.visit("/pitch")
	b.fill("title", tower, "body", "A brick ventilation tower with forty nesting holes that a deaf bricklayer left open on purpose in 1911.", "position", "48.8721, 2.4022")
	w.pitched, _, _ = strings.Cut(b.leads(`main button[value=send]`, "/submissions/"), "?")
	b.says("in the queue")
	b.clean("pitch")

	e := w.as(t, w.editor)
	e.visit("/desk")
	e.says(tower)
	e.firstOfDesk()
	e.key("c")
	e.until(`document.querySelector('[data-key=c]')?.value === 'release'`)
	e.key("p")
	e.decided()
	e.clean("accepting")

	b.visit(w.pitched)
	b.says("belongs here")
	b.leads(`main a.btn[href$="/edit"]`, "/submissions/")
	if got := eval[string](b, `document.querySelector('[name=title]').value`); got != tower {
		t.Errorf("the form of the accepted pitch begins with %q", got)
	}
	b.clean("accepted")
}

const towerText = `The tower stands behind the tram depot and was built in 1911 to let the air out of a reservoir below it.
Its bricklayer, who was deaf and watched birds instead of listening to them, left forty bricks out under the eaves,
each hole the width of his hand. The swifts found them in their first summer and have come back every May since.
In 1974 the waterworks wanted to close the holes; the street collected signatures, and the director,
who lived opposite, lost the order on his desk until he retired. A plaque at the foot of the stairs counts the
broods of each year since 1952. The reservoir is dry now and can be seen through a grating, and in the evenings
of June the noise of the birds comes out of it as if it were full of them. Nobody has ever found out who rings
the small bell at the top on the day when the last of them leaves.`

// write: the form is kept while one types and survives its tab; sent, it comes
// back with a question.
func (w *writers) write(t *testing.T) {
	b := w.as(t, w.newcomer)
	b.visit("/drafts")
	b.says(tower)
	b.leads(`main .talk a`, "/submissions/")
	form := b.beside()
	form.visit(b.path())
	form.fill("subtitle", "Forty holes in a chimney, and a family in each of them.", "body", towerText)
	form.until(`/^Saved/.test(document.querySelector('[data-saved]').textContent)`)
	form.until(`performance.getEntriesByType('resource').length > 0 && document.querySelector('[data-words]').textContent.startsWith('1')`)
	form.fill("know_before_you_go", "Come at dusk.")
	form.closed() // with the last words typed a moment ago

	b.visit("/drafts")
	b.leads(`main .talk a`, "/submissions/")
	b.holds("Come at dusk.") // which the browser sends while it closes the tab
	b.visit(b.path())
	for name, want := range map[string]string{"subtitle": "Forty holes", "body": "deaf", "know_before_you_go": "Come at dusk."} {
		b.until(fmt.Sprintf(`document.querySelector('[name=%q]').value.includes(%q)`, name, want))
	}
	b.fill("address", "Rue des Prairies, Paris, France", "tags", "birds, towers")
	b.do(chromedp.SetValue(chromedp.CSS(`[name="sources.0.title"]`), "The plaque at the stairs"))
	b.pictures()
	b.agree()
	w.submission = b.leads(`main .row button[value=send]`, "/submissions/")
	w.submission, _, _ = strings.Cut(w.submission, "?")
	b.says("in the queue", "The tower from the depot")
	b.clean("write")

	e := w.as(t, w.editor)
	e.visit("/desk?kind=place")
	e.key("j")
	e.until(`location.pathname.startsWith('/desk/') && document.querySelector('#one').textContent.includes('Swifts')`)
	e.until(`document.querySelectorAll('main .photos input[name=photo]:checked').length === 2 && document.querySelector('main .photos img').naturalWidth > 0`)
	e.key("m")
	e.until(`document.activeElement.name === 'text'`)
	e.do(chromedp.KeyEvent("Which year is on the plaque?"), chromedp.KeyEvent(kb.Escape))
	e.key("a")
	e.decided()
	e.clean("asking")
}

// mend: the author reads what is asked, mends and sends again; the editor takes
// it back once, publishes, and everybody reads it with its author's name.
func (w *writers) mend(t *testing.T) {
	b := w.as(t, w.newcomer)
	b.visit(w.submission)
	b.says("Which year is on the plaque?")
	b.leads(`main a.btn[href$="/edit"]`, "/submissions/")
	if got := eval[string](b, `document.querySelector('[name=body]').value`); !strings.Contains(got, "deaf") {
		t.Errorf("the form is not filled: %q", got)
	}
	b.fill("know_before_you_go", "Come at dusk; the plaque begins with 1952.")
	b.leads(`main .row button[value=send]`, "/submissions/")
	b.clean("mending")

	e := w.as(t, w.editor)
	for _, again := range []bool{true, false} {
		e.visit("/desk")
		e.key("j")
		e.until(`location.pathname.startsWith('/desk/') && document.querySelector('#one').textContent.includes('Swifts')`)
		e.key("p")
		e.decided()
		if again {
			e.key("z")
			e.until(`location.pathname.startsWith('/desk/') && document.querySelector('[data-key=p]')`)
		}
	}
	e.clean("publishing")

	b.visit(w.submission)
	w.place = b.leads(`main a.btn[href^="/places/"]`, "/places/")
	reader := open(t, w.chrome, w.base, wide, tall)
	reader.visit(w.place)
	reader.says(tower, "Ada Swift", "begins with 1952", "The tower from the depot")
	reader.until(`[...document.querySelectorAll('.gallery img[src^="/photos/"]')].some(i => i.alt === 'A brick tower, photo 2' && i.naturalWidth > 0)`)
	if n := eval[int](reader, `document.querySelectorAll('main a[href="/users/ada-swift"]').length`); n == 0 {
		t.Error("the credit does not lead to its author")
	}
	reader.visit("/search?q=forty+swifts")
	reader.says(tower)
	reader.clean("published")
}

// conflict: two change the same sentence; the later one is shown both and chooses,
// and what only one of them changed is kept of each.
func (w *writers) conflict(t *testing.T) {
	const hook = "subtitle"
	edit := w.place + "/edit"
	b := w.as(t, w.newcomer)
	b.visit(edit)
	b.fill(hook, "Forty holes in a tower, and forty families.", "summary", "Not a chimney")
	b.until(`/^Saved/.test(document.querySelector('[data-saved]').textContent)`)

	w.publishEdit(t, hook, "A chimney that is a house for forty families of birds.", "website", "https://swifts.example/")

	b.agree()
	path, status := b.send(`main .row button[value=send]`)
	if status != http.StatusUnprocessableEntity || !strings.HasPrefix(path, edit) {
		t.Fatalf("a conflict is answered by %s (%d)", path, status)
	}
	b.says("Changed meanwhile", "house for", "forty families", "Demo Admin")
	b.mu.Lock()
	b.faults = nil // that the answer was 422 is what is asked here
	b.mu.Unlock()
	b.do(chromedp.Click(chromedp.CSS(`input[name="keep.subtitle"][value=mine]`)))
	at := b.leads(`main .row button[value=send]`, "/submissions/")
	b.says("Forty holes in a tower")
	b.clean("conflict")

	e := w.as(t, w.editor)
	e.visit("/desk?kind=edit")
	e.key("j")
	e.until(`location.pathname.startsWith('/desk/') && document.querySelector('[data-key=p]')`)
	e.key("p")
	e.until(`location.search.includes('done=')`)
	b.visit(at)
	reader := open(t, w.chrome, w.base, wide, tall)
	reader.visit(w.place)
	reader.says("Forty holes in a tower, and forty families.")
	if n := eval[int](reader, `document.querySelectorAll('main a[href="https://swifts.example/"]').length`); n == 0 {
		t.Error("what only the other changed is lost")
	}
	reader.visit(w.place + "/history")
	reader.says("Revision 3", "Not a chimney")
	reader.clean("after a conflict")
}

// publishEdit has the admin edit the place and the editor publish it.
func (w *writers) publishEdit(t *testing.T, fields ...string) {
	t.Helper()
	a := w.as(t, w.enter(t, "admin@demo.example", w.logins["admin@demo.example"]))
	a.visit(w.place + "/edit")
	a.fill(append(fields, "summary", "Seen yesterday")...)
	a.agree()
	a.leads(`main .row button[value=send]`, "/submissions/")
	a.clean("the other's edit")
	e := w.as(t, w.editor)
	e.visit("/desk?kind=edit")
	e.key("j")
	e.until(`location.pathname.startsWith('/desk/') && document.querySelector('[data-key=p]')`)
	e.key("p")
	e.until(`location.search.includes('done=')`)
	e.clean("the other's edit")
}

// marks: been with one click; without network it waits on the device and is sent
// when the network is back.
func (w *writers) marks(t *testing.T) {
	r := newRoad(t, w.base)
	b := open(t, w.chrome, r.base, 390, 844)
	b.member = true
	b.carry(w.newcomer)
	want := `document.querySelector('main [data-marks] button[value=want]')`
	been := `document.querySelector('main [data-marks] button[value=been]')`
	b.visit(w.place)
	b.until(`navigator.serviceWorker.controller && document.querySelector('[data-acct]').textContent.includes('Ada')`)
	b.until(been + `.getAttribute('aria-pressed') === 'false'`)
	eval[bool](b, `(`+been+`.click(), true)`)
	b.until(been + `.getAttribute('aria-pressed') === 'true' && ` + been + `.querySelector('[data-count]').textContent === '1'`)
	b.clean("marks")

	r.cut.Store(true)
	eval[bool](b, `(`+want+`.click(), true)`)
	b.until(want + `.getAttribute('aria-pressed') === 'true' && document.querySelector('main [data-marks-say]').textContent !== ''`)
	b.forget()
	r.cut.Store(false)
	eval[bool](b, `(dispatchEvent(new Event('online')), true)`)
	desktop := w.as(t, w.newcomer)
	for {
		desktop.visit(w.place + "/mark")
		if strings.Contains(desktop.words(), "You want to go.") {
			break
		}
	}
	desktop.says("You have been here.")
	desktop.clean("marks elsewhere")
	b.forget()
}

// lists: a list from a place's page, a second pair of hands, public, as GPX.
func (w *writers) lists(t *testing.T) {
	b := w.as(t, w.newcomer)
	b.visit(w.place)
	follow(b, `main .mark.list`)
	b.leads(`main a[href^="/me/lists/new"]`, "/me/lists/new")
	b.fill("title", "Towers with tenants")
	b.do(chromedp.SetValue(chromedp.CSS("#l-privacy"), "public"))
	edit := b.leads(`main form button`, "/lists/")
	w.list = strings.TrimSuffix(edit, "/edit")
	b.says(tower)
	b.fill("name", "demo-editor")
	b.leads(`main button[value=invite]`, w.list+"/edit")
	b.says("Demo Editor")
	b.clean("a list")

	e := w.as(t, w.editor)
	e.visit(house + "/lists")
	e.says("Towers with tenants")
	e.leads(`main form button[value=add]`, house+"/lists")
	e.visit(w.list + "/edit")
	e.leads(`main ol li:nth-child(2) button[value=up]`, w.list+"/edit")
	if first := eval[string](e, `document.querySelector('main ol li .card').textContent`); strings.Contains(first, tower) {
		t.Error("the second place did not go up")
	}
	e.until(`document.activeElement.value === 'down' && document.activeElement.closest('li') === document.querySelector('.listed li')`) // the row went up, and the focus along
	e.clean("a list of two")

	reader := open(t, w.chrome, w.base, wide, tall)
	reader.visit(w.list)
	reader.says(tower, "Ada Swift")
	res, err := http.Get(w.base + w.list + ".gpx")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	gpx, err := io.ReadAll(res.Body)
	if err != nil || strings.Count(string(gpx), "<wpt ") != 2 || !strings.Contains(string(gpx), tower) {
		t.Errorf("the GPX (%v, %s) is %s", err, res.Status, gpx)
	}
	reader.clean("the list")
}

// withoutScript: joining, signing in, writing, mending and deciding need none.
func (w *writers) withoutScript(t *testing.T) {
	b := w.as(t, nil)
	b.unscripted()
	b.visit("/join")
	b.fill("name", "Bo Still", "email", "bo@example.org", "password", "no script runs on this old phone")
	b.leads("main form button", "/join")
	b.says("Look into your mail")
	b.visit(link(t, w.letter(t, "bo@example.org", "/link/verify/")))
	b.leads("main form button", "/")
	b.visit("/settings")
	b.leads(`main form[action="/logout"] button`, "/login")
	b.visit(w.place + "/mark") // leads to signing in, and back
	b.fill("email", "bo@example.org", "password", "no script runs on this old phone")
	b.leads(`form[action="/login"] button`, w.place+"/mark")
	b.leads(`main form:has([value=want]) button`, w.place+"/mark")
	b.says("You want to go.")

	b.visit("/places/new")
	b.fill("title", "The Well of Lost Umbrellas", "position", "nowhere at all")
	if _, status := b.send(`main .row button[value=send]`); status != http.StatusUnprocessableEntity {
		t.Errorf("a form that cannot be sent is answered with %d", status)
	}
	b.says("This is no position we can read", "Rights")
	b.fill("position", "51.5, -0.12", "subtitle", "Every lost umbrella of the city is kept in a dry well.", "body", strings.ReplaceAll(towerText, "tower", "well"))
	b.leads(`main button[value=save]`, "/places/new?draft=")
	b.agree()
	at := b.leads(`main .row button[value=send]`, "/submissions/")
	at, _, _ = strings.Cut(at, "?")

	e := w.as(t, w.editor)
	e.unscripted()
	e.visit("/desk")
	e.leads(`.queue a`, "/desk/")
	e.fill("text", "A fine well.")
	e.leads(`main button[value=publish]`, "/desk")
	e.says("Published")

	b.visit(at)
	b.leads(`main a.btn[href^="/places/"]`, "/places/the-well-of-lost-umbrellas")
	b.visit("/places/the-well-of-lost-umbrellas/edit")
	b.fill("know_before_you_go", "Bring none.", "summary", "What to bring")
	b.agree()
	b.leads(`main .row button[value=send]`, "/submissions/")
	b.forget()
	e.forget()
}

// agree ticks that the text may be shared, where it is not ticked yet.
func (b *tab) agree() {
	b.t.Helper()
	if !eval[bool](b, `document.querySelector('#f-rights').checked`) {
		b.do(chromedp.Click(chromedp.CSS("#f-rights")))
	}
}

// key presses one key of the desk.
func (b *tab) key(k string) {
	b.t.Helper()
	b.until(`document.readyState === 'complete'`)
	b.do(chromedp.KeyEvent(k))
}

// firstOfDesk opens the first of the queue that the tab shows, by its key.
func (b *tab) firstOfDesk() {
	b.t.Helper()
	b.key("j")
	b.until(`location.pathname.startsWith('/desk/') && document.querySelector('#one')`)
}

// decided waits until the desk says that something was decided.
func (b *tab) decided() {
	b.t.Helper()
	b.until(`location.search.includes('done=') && document.querySelector('.toast')`)
}

// path is where the tab is.
func (b *tab) path() string { return strings.TrimPrefix(b.where(), b.base) }

// holds waits until the page that the tab is on would say so if it came anew.
func (b *tab) holds(text string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(async () => {
		for (;;) {
			if ((await (await fetch(location.href)).text()).includes(%q)) return true
			await new Promise(r => setTimeout(r, 100))
		}
	})()`, text))
}

// closed closes the tab, as its reader does who thinks no more of it.
func (b *tab) closed() {
	b.t.Helper()
	if err := chromedp.Cancel(b.ctx); err != nil && err != context.Canceled {
		b.t.Fatal(err)
	}
}
