package letters

import (
	_ "embed"
	"html/template"
	"strings"
	"unicode/utf8"
)

//go:embed letter.html
var page string

var dress = template.Must(template.New("letter").Parse(page))

// html is the letter in its dress. What anyone wrote is escaped by the
// template; the addresses are the atlas's own.
func (l letter) html() string {
	var b strings.Builder
	if err := dress.Execute(&b, l); err != nil {
		return "" // the text stands alone
	}
	return b.String()
}

// Neatline gives the fields of the scale that frames the letter, dark and light
// in turn.
func (letter) Neatline() []bool {
	fields := make([]bool, 16)
	for i := range fields {
		fields[i] = i%2 == 0
	}
	return fields
}

// text is the letter without a dress.
func (l letter) text() string {
	var b strings.Builder
	b.WriteString(l.Name + "\n\n")
	wrap(&b, "", strings.ToUpper(l.Title))
	for _, p := range l.Parts {
		b.WriteByte('\n')
		switch {
		case p.Button != "":
			b.WriteString(p.Button + ":\n" + p.Link + "\n")
		case len(p.Items) > 0:
			for _, i := range p.Items {
				wrap(&b, "- ", i.Title)
				if i.Text != "" {
					wrap(&b, "  ", i.Text)
				}
				b.WriteString("  " + i.Link + "\n")
			}
		case len(p.Quote) > 0:
			wrap(&b, "", "In the words of "+p.By+":")
			for _, line := range p.Quote {
				wrap(&b, "> ", line)
			}
		default:
			wrap(&b, "", p.Text)
		}
	}
	b.WriteString("\n-- \n")
	wrap(&b, "", l.Why)
	if l.Stop != "" {
		b.WriteString("Choose your mails: " + l.Stop + "\n")
	}
	if l.End != "" {
		b.WriteString("No more of this kind:\n" + l.End + "\n")
	}
	b.WriteString(l.Home + "\n")
	return b.String()
}

// width is where lines of the text break (RFC 3676, 4.2).
const width = 72

// wrap writes words in lines that begin with a mark: of a list only the first
// one, of a quotation every one.
func wrap(b *strings.Builder, mark, words string) {
	next := mark
	if mark == "- " {
		next = "  "
	}
	b.WriteString(mark)
	at := len(mark)
	for i, word := range strings.Fields(words) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > width:
			b.WriteString("\n" + next)
			at = len(next)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	b.WriteByte('\n')
}
