package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"mirabilia/internal/config"
)

// TestSweep takes the ways on which a reader's word reaches the editors: what one
// found otherwise, what holds a word that is blocked, what editors sweep
// together; and the way of a file of saved places.
func TestSweep(t *testing.T) {
	chrome := startBrowser(t)
	eachStored(t, func(t *testing.T, base string, at config.Storage) {
		c := settle(t, chrome, base, at)
		s := &sweepers{community: c, editor: c.enter(t, "editor@demo.example", c.logins["editor@demo.example"]), admin: c.enter(t, "admin@demo.example", c.logins["admin@demo.example"])}
		for _, way := range []way{{"member", s.join}, {"field note", s.fieldNote}, {"blocked word", s.blockedWord}, {"campaign", s.campaign}, {"saved places", s.savedPlaces}, {"not followed", s.notFollowed}} {
			if !t.Run(way.name, way.walk) {
				t.FailNow()
			}
		}
	})
}

// sweepers are who keeps the atlas as it should be.
type sweepers struct {
	*community
	editor, admin, member *http.Cookie
}

const (
	walkerMail, walkerWord = "walker@example.org", "seven boots by a wet stove"
)

// join makes the member of the other ways.
func (s *sweepers) join(t *testing.T) {
	b := s.as(t, nil)
	b.unscripted()
	b.visit("/join")
	b.fill("name", "Wanda Walker", "email", walkerMail, "password", walkerWord)
	b.leads("main form button", "/join")
	b.visit(link(t, s.letter(t, walkerMail, "/link/verify/")))
	b.leads("main form button", "/")
	b.forget()
	s.member = s.enter(t, walkerMail, walkerWord)
}

// fieldNote: a visitor finds a place shut; an editor makes another status of it
// on the desk, and the page says so.
func (s *sweepers) fieldNote(t *testing.T) {
	b := s.as(t, s.member)
	b.visit(house + "/mark")
	b.fill("day", "2026", "told", "A notice on the gate says that it is shut since spring.")
	b.do(chromedp.SetValue(chromedp.CSS("#v-outcome"), "closed"), chromedp.SetValue(chromedp.CSS("#v-still"), "closed"))
	b.leads(`main form[action$="/visits"] button:not([name=delete])`, house+"/mark")
	b.says("Closed or gone")
	b.clean("a visit")

	e := s.as(t, s.editor)
	e.visit("/desk?kind=visit")
	e.firstOfDesk()
	e.says("A notice on the gate says", "Wanda Walker")
	e.do(chromedp.SetValue(chromedp.CSS("#f-how"), "temporarily_closed"))
	e.key("p")
	e.decided()
	e.clean("taking it up")

	reader := open(t, s.chrome, s.base, wide, tall)
	reader.visit(house)
	reader.says("Closed for now.", "A visitor’s field note")
	reader.clean("the place")
	b.visit("/notifications")
	b.says("Trotsky")
	b.clean("told")
}

// blockedWord: an admin blocks a word; what a member pitches with it waits with a
// warning, and a letter with it is refused beside its field, with its words kept.
func (s *sweepers) blockedWord(t *testing.T) {
	a := s.as(t, s.admin)
	a.visit("/admin/contributing")
	a.fill("blocked_words", "casino")
	a.leads(`main form button:not([type=button])`, "/admin/contributing?done=yes")
	a.clean("blocking a word")

	b := s.as(t, s.member)
	b.visit("/pitch")
	b.fill("title", "The Glass Pier", "body", "A pier of glass whose keeper says that the c a s i n o below it floats at spring tide.", "position", "51.1, 1.2")
	b.leads(`main button[value=send]`, "/submissions/")
	b.fill("text", "The casino pays me to tell you.")
	if _, status := b.send(`main button[value=say]`); status != http.StatusUnprocessableEntity {
		t.Errorf("a letter with a blocked word is answered with %d", status)
	}
	b.says("blocked word")
	b.until(`document.activeElement.id === 'errors'`)
	if kept := eval[string](b, `document.querySelector('#f-say').value`); !strings.Contains(kept, "pays me") {
		t.Errorf("the letter was kept as %q", kept)
	}
	b.forget()

	e := s.as(t, s.editor)
	e.visit("/desk?kind=pitch")
	e.says("The Glass Pier")
	e.firstOfDesk()
	e.says("It has a blocked word: “casino”.")
	e.clean("held")
}

// campaign: an admin begins one, an editor sweeps a place by single keys, and its
// figures say so.
func (s *sweepers) campaign(t *testing.T) {
	a := s.as(t, s.admin)
	a.visit("/desk/campaigns")
	a.fill("title", "Pictures for all")
	a.do(chromedp.SetValue(chromedp.CSS("#f-question"), "no_photo"))
	at := a.leads(`main form[action="/desk/campaigns"] button`, "/desk/campaigns/")
	a.clean("beginning")

	e := s.as(t, s.editor)
	for {
		e.visit(at)
		if eval[bool](e, `!!document.querySelector('[data-key=n]')`) {
			break
		}
	}
	e.key("n")
	e.until(`/\/desk\/campaigns\/.+\/p\d+$/.test(location.pathname)`)
	one := e.path()
	e.fill("note", "No road leads there before May.")
	e.do(chromedp.Click(chromedp.CSS(`main button[value=skipped]`)))
	e.until(fmt.Sprintf(`location.pathname.startsWith(%q) && location.pathname !== %q`, at, one))
	e.clean("sweeping")

	a.visit(at)
	a.says("No road leads there before May.", "Demo Editor")
	a.clean("the figures")
}

// savedPlaces: a file of saved places becomes marks; what the atlas does not have
// leads to a pitch that says what the file said.
func (s *sweepers) savedPlaces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "saved.csv")
	rows := "title,lat,lon\nMuseo Casa de León Trotsky,19.3577,-99.1596\nThe Pump Room of Nobody,12.5,-61.4\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	b := s.as(t, s.member)
	b.visit("/me/import")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}))
	at := b.leads(`main form[enctype] button`, "/me/import/")
	b.says("One that the atlas does not have", "The Pump Room of Nobody")
	if n := eval[int](b, `document.querySelectorAll('main [name=take]').length`); n == 0 {
		t.Fatal("the house was not found: ", b.words())
	}
	eval[bool](b, `(document.querySelectorAll('main [name=take]')[0].checked = true)`)
	b.do(chromedp.Click(chromedp.CSS(`main [name=kind][value=want]`)))
	b.leads(`main button[value=mark]`, at)
	b.clean("saved places")
	b.visit(house + "/mark")
	b.says("You want to go.")
	b.visit(at)
	b.leads(`main a[href^="/pitch"]`, "/pitch")
	if got := eval[string](b, `document.querySelector('[name=title]').value`); got != "The Pump Room of Nobody" {
		t.Errorf("the pitch begins with %q", got)
	}
	b.clean("a pitch of what was not there")
}

// notFollowed: who blocks a member is not followed by them, which the button leads
// to words about; of the block they say nothing.
func (s *sweepers) notFollowed(t *testing.T) {
	a := s.as(t, s.admin)
	a.visit("/users/wanda-walker/block")
	a.leads(`main form button`, "/")
	b := s.as(t, s.member)
	b.visit("/users/demo-admin")
	b.do(chromedp.Click(chromedp.CSS(`form[data-follow] button[aria-pressed]`)))
	b.until(`location.pathname === '/follow' && document.querySelector('h1').textContent === 'You cannot follow Demo Admin'`)
	if strings.Contains(strings.ToLower(b.words()), "block") {
		t.Error("the block is told of")
	}
}
