// Package letters writes the letters that the atlas sends: each is a few typed
// facts turned into a subject, a text, and the same in HTML. Both are made from
// one list of parts, so neither says what the other does not.
//
// A letter is dressed like the site: the neatline of its maps, the name, one
// column in a serif, at most one button, and at its foot why it came. It loads
// nothing from anywhere, so that reading it tells nobody. Links go to the atlas
// alone, and are made from its base address and a path.
package letters

import (
	"strings"
	"unicode"

	"mirabilia/internal/mail"
)

// Atlas is who writes.
type Atlas struct {
	Name string
	URL  string // base address, without a slash at its end
}

// link is an address of the atlas; what is no path of it leads to its front
// page, so no letter leads elsewhere.
func (a Atlas) link(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\ \r\n\t") {
		path = "/"
	}
	return a.URL + path
}

// part is one piece of a letter.
type part struct {
	Text   string   // a paragraph
	Quote  []string // somebody's own words, a line each
	By     string   // who said them
	Button string   // what the button says
	Items  []item
	Link   string // of the button
}

// item is one line of a list: what it is about leads there.
type item struct{ Title, Link, Text string }

// letter is what both forms are made of.
type letter struct {
	Atlas
	Home    string
	Subject string
	Opening string // shown beside the subject in lists of mails
	Title   string
	Parts   []part
	Why     string // why it came
	Stop    string // where one chooses one's mails, "" where it must come
	End     string // the way to have no more of its kind at once, "" where there is none
}

func (a Atlas) letter(to string, l letter) mail.Message {
	l.Atlas, l.Home = a, a.link("/")
	l.Subject, l.Title = line(l.Subject), line(l.Title)
	m := mail.Message{To: to, Subject: cut(l.Subject, 200), Text: l.text(), HTML: l.html()}
	if l.End != "" { // programs that read mail may take this way by themselves (RFC 8058)
		m.Headers = map[string]string{"List-Unsubscribe": "<" + l.End + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
	}
	return m
}

func say(text string) part { return part{Text: line(text)} }

func quote(by, words string) part {
	p := part{By: line(by)}
	for _, l := range strings.Split(strings.TrimSpace(words), "\n") {
		p.Quote = append(p.Quote, cut(line(l), 2000))
		if len(p.Quote) == 60 {
			break
		}
	}
	return p
}

func (a Atlas) button(says, path string) part { return part{Button: says, Link: a.link(path)} }

// line makes one line of what somebody wrote.
func line(s string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(clean), " ")
}

// cut shortens to n characters.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
