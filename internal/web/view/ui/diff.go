package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"mirabilia/internal/web/view/say"
)

// Words is a run of text in a comparison: common to both sides, put in, or
// taken out.
type Words struct {
	Op   string // "" common, "ins", "del", "mark" for what a check noticed
	Text string
}

// Changed is one field of an entry as it is and as it would be.
type Changed struct {
	ID, Field     string // of the box to tick, and what it sends
	Label         string
	Now, Proposed []Words
	// Pick gives a box to tick, On ticks it.
	Pick, On bool
	// New says that there is nothing to compare with: only what is proposed is shown.
	New   bool
	Note  string // "+21 words, −6"
	Badge *Badge
}

// element is the element that marks a run.
func (w Words) element() string {
	switch w.Op {
	case "ins", "del", "mark":
		return w.Op
	}
	return ""
}

// runs writes runs one after the other: a template would put spaces between
// them, and spaces are part of what is compared.
func runs(words []Words) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, to io.Writer) error {
		if _, err := io.WriteString(to, `<div class="words">`); err != nil {
			return err
		}
		for _, w := range words {
			s := templ.EscapeString(w.Text)
			if e := w.element(); e != "" {
				s = "<" + e + ">" + s + "</" + e + ">"
			}
			if _, err := io.WriteString(to, s); err != nil {
				return err
			}
		}
		_, err := io.WriteString(to, `</div>`)
		return err
	})
}

// Todo is one step of what makes an entry ready, or one check of it.
type Todo struct {
	State string // "done", "open", "fail"
	Text  string
	Path  string // where to mend it, "" for none
}

// Icon is the name of its icon.
func (t Todo) Icon() string {
	switch t.State {
	case "done":
		return "check"
	case "fail":
		return "x"
	}
	return "triangle-alert"
}

// Word says what the icon does, for those who do not see it.
func (t Todo) Word(ctx context.Context) string {
	switch t.State {
	case "done":
		return say.T(ctx, "Done:")
	case "fail":
		return say.T(ctx, "Missing:")
	}
	return say.T(ctx, "Open:")
}
