package letters_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
)

var show = flag.String("show", "", "a folder to write every letter into, as HTML and text, to look at")

var atlas = letters.Atlas{Name: "Mirabilia", URL: "https://atlas.example.org"}

// every gives every letter in every state, with words of strangers in it.
func every(shown, title, words string) map[string]mail.Message {
	const to = "reader@example.org"
	const stop = "/unsubscribe/decision/3w5e11264sgsf/AbCdEfGhIjKlMnOpQrStUv"
	path := "/account/confirm?token=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRST"
	all := map[string]mail.Message{
		"verify": letters.Verify(atlas, to, shown, path), "magic-link": letters.MagicLink(atlas, to, path), "reset": letters.ResetPassword(atlas, to, path),
		"no-account": letters.NoAccount(atlas, to), "already-member": letters.AlreadyMember(atlas, to, shown), "leave-address": letters.LeaveAddress(atlas, to, shown, "new@example.org", path), "confirm-address": letters.ConfirmAddress(atlas, to, shown, path),
		"email-changed": letters.EmailChanged(atlas, to, shown, path), "farewell": letters.Farewell(atlas, to, shown),
		"suspended": letters.Suspended(atlas, to, shown, words, time.Time{}), "suspended-until": letters.Suspended(atlas, to, shown, words, time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC)),
		"closed": letters.Closed(atlas, to, shown, words, path), "reopened": letters.Reopened(atlas, to, shown),
	}
	for name, c := range map[string]letters.Change{"password": letters.PasswordChanged, "factor": letters.FactorAdded, "factor-gone": letters.FactorRemoved, "passkey": letters.PasskeyAdded,
		"passkey-gone": letters.PasskeyRemoved, "codes": letters.CodesMade, "code": letters.CodeUsed, "provider": letters.ProviderJoined, "provider-gone": letters.ProviderParted, "token": letters.TokenMade} {
		all["changed-"+name] = letters.AccountChanged(atlas, to, shown, c)
	}
	for _, kind := range []string{"place", "pitch", "edit", "photo", "note", "report", "appeal"} {
		s := letters.Submission{Shown: shown, Title: title, Kind: kind, Path: "/submissions/s12"}
		for _, d := range []string{letters.Published, letters.Mended, letters.Changes, letters.Declined, letters.Duplicate, letters.Held, letters.TakenBack, letters.Reworded} {
			all["decided-"+kind+"-"+d] = letters.Decided(atlas, to, s, d, "The place is known all over the world.", words, stop)
			all["decided-"+kind+"-"+d+"-bare"] = letters.Decided(atlas, to, s, d, "", "", stop)
		}
		all["written-"+kind] = letters.Written(atlas, to, s, "Tomasz Example", words, stop)
		for _, did := range []string{letters.Answered, letters.SentAgain, letters.Appealed} {
			all["editor-"+kind+"-"+did] = letters.ToEditor(atlas, to, s, did, shown, words, stop)
		}
	}
	for name, n := range map[string]int{"one": 1, "some": 5, "many": 60} {
		list := slices.Repeat([]letters.News{{Title: title, Path: "/places/stairs", Text: shown + " wrote down a visit"}}, n)
		all["weekly-"+name] = letters.Weekly(atlas, to, shown, list, stop)
	}
	for _, kind := range []string{"place", "photo", "list", "visit", "note", "member", "message"} {
		s := letters.Submission{Shown: shown, Title: title, Kind: kind, Path: "/report?of=" + kind + "-12"}
		for _, d := range []string{letters.TakenDown, letters.GivenBack, letters.LooksGood, letters.TakenBack} {
			all["concerned-"+kind+"-"+d] = letters.Concerned(atlas, to, s, d, words, stop)
			all["concerned-"+kind+"-"+d+"-bare"] = letters.Concerned(atlas, to, s, d, "", stop)
		}
	}
	all["report-acted"], all["report-kept"] = letters.ReportAnswered(atlas, to, title, true, words), letters.ReportAnswered(atlas, to, title, false, "")
	all["invited"] = letters.Invited(atlas, to, shown, shown, shown, "/lists/wells/edit", stop)
	all["proposed"] = letters.Proposed(atlas, to, shown, shown, shown, "/lists/wells/edit", stop)
	all["follows"] = letters.Follows(atlas, to, shown, shown, "/users/ida", stop)
	return all
}

// Every letter can be sent, says the same in both forms, leads to the atlas
// alone, loads nothing, and holds strangers' words as words.
func TestEveryLetter(t *testing.T) {
	hostile := "Żółw\r\nBcc: x@example.com \x00<img src=https://evil.example/x> \"'& https://evil.example/"
	d := dbtest.SQLite(t)
	for set, all := range map[string]map[string]mail.Message{
		"plain":   every("Ida Moss", "The stairs behind the post office", "Lovely.\n\nWhen did you go?\nThe gate was closed in May."),
		"hostile": every(hostile, strings.Repeat(hostile, 9), hostile+"\n> quoted\n-- \n"+strings.Repeat("word ", 3000)),
		"empty":   every("", "", ""),
	} {
		for name, m := range all {
			t.Run(set+" "+name, func(t *testing.T) {
				if err := d.Write(t.Context(), func(tx *db.Tx) error { return mail.Enqueue(tx, m) }); err != nil {
					t.Fatal(err)
				}
				check(t, m)
				for _, line := range strings.Split(m.Text, "\n") {
					if n := len([]rune(line)); n > 100 && !strings.HasPrefix(strings.TrimSpace(line), atlas.URL) {
						t.Errorf("a line of %d characters: %q", n, line)
					}
				}
			})
			if *show != "" && set == "plain" {
				for end, text := range map[string]string{".html": m.HTML, ".txt": "Subject: " + m.Subject + "\n\n" + m.Text} {
					if err := os.WriteFile(filepath.Join(*show, name+end), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

// allowed are the elements that a letter is made of.
var allowed = strings.Fields("html head meta title style body div table tbody tr td a h1 p ul li span blockquote")

func check(t *testing.T, m mail.Message) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(m.HTML))
	if err != nil || m.HTML == "" {
		t.Fatalf("no HTML: %v", err)
	}
	links := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(allowed, n.Data) {
			t.Errorf("an element <%s>", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "href":
				links++
				if !strings.HasPrefix(a.Val, atlas.URL+"/") || !strings.Contains(m.Text, a.Val) {
					t.Errorf("the link %q leads elsewhere, or is not in the text", a.Val)
				}
			case a.Key == "src" || a.Key == "background" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("an attribute %s=%q", a.Key, a.Val)
			}
		}
		if n.Data == "style" && n.FirstChild != nil && (strings.Contains(n.FirstChild.Data, "url(") || strings.Contains(n.FirstChild.Data, "@import")) {
			t.Error("the style loads something")
		}
	}
	if links < 2 {
		t.Errorf("%d links", links)
	}
	if strings.Contains(m.Text, "<p>") || strings.Contains(m.Text, "&amp;") {
		t.Errorf("markup in the text: %s", m.Text)
	}
}

// A path that is none leads to the front page and never elsewhere.
func TestLinksStayHere(t *testing.T) {
	for _, path := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "/x\r\ny", "@evil.example"} {
		m := letters.MagicLink(atlas, "a@b.c", path)
		if strings.Contains(m.Text, "evil") || strings.Contains(m.HTML, "evil") || strings.Contains(m.HTML, "javascript:") {
			t.Errorf("%q leads elsewhere", path)
		}
	}
}

// What people may stop says how, for themselves and for their programs; what
// concerns their account's safety comes always.
func TestStop(t *testing.T) {
	for name, m := range every("Ida", "Stairs", "Lovely.") {
		kind, _, _ := strings.Cut(name, "-")
		once := slices.Contains([]string{"decided", "concerned", "written", "editor", "follows", "invited", "proposed", "weekly"}, kind)
		if (m.Headers["List-Unsubscribe"] != "") != once {
			t.Errorf("%s: %q", name, m.Headers)
		}
		if once && (m.Headers["List-Unsubscribe"] != "<"+atlas.URL+"/unsubscribe/decision/3w5e11264sgsf/AbCdEfGhIjKlMnOpQrStUv>" ||
			m.Headers["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click" || !strings.Contains(m.Text, "/settings/notifications")) {
			t.Errorf("%s: %q", name, m.Headers)
		}
	}
}

// A letter as text, word for word.
func TestText(t *testing.T) {
	m := letters.Decided(atlas, "a@b.c", letters.Submission{Shown: "Ida", Title: "Stairs", Kind: "place", Path: "/submissions/s1"}, letters.Changes, "", "Lovely.\nWhen did you go?", "/unsubscribe/decision/a/b")
	want := `Mirabilia

ALMOST THERE: “STAIRS”

An editor has read your place and asks for a change before it can be
published. Everything that you wrote is kept.

In the words of the editor:
> Lovely.
> When did you go?

Go on writing:
https://atlas.example.org/submissions/s1

-- 
You get this mail because you sent this to the atlas. Which mails come
is yours to choose in the settings.
Choose your mails: https://atlas.example.org/settings/notifications
No more of this kind:
https://atlas.example.org/unsubscribe/decision/a/b
https://atlas.example.org/
`
	if m.Text != want || m.Subject != "A question about Stairs" {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
}
