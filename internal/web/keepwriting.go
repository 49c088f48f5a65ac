package web

import (
	"context"
	"encoding/json"

	"mirabilia/internal/errs"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// keptState is what the script of a form is told after each keeping.
type keptState struct {
	Draft      string  `json:"draft"`
	Saved      string  `json:"saved"`
	Words      string  `json:"words"`
	Understood *string `json:"understood,omitempty"`
	Good       bool    `json:"good"`
	// Choices are what the words of the position may mean; null where they were
	// not asked about.
	Choices  []keptChoice `json:"choices"`
	Ready    keptReady    `json:"ready"`
	Alike    []keptAlike  `json:"alike"`
	Sentence string       `json:"sentence"` // over those alike
	Drawing  string       `json:"drawing"`  // beside it
}

type keptReady struct {
	Heading string     `json:"heading"`
	Of      string     `json:"of"` // "6 of 10"
	Percent int        `json:"percent"`
	Steps   []keptStep `json:"steps"`
}

type keptStep struct {
	State   string `json:"state"`
	Text    string `json:"text"`
	Path    string `json:"path,omitempty"`
	Drawing string `json:"drawing"` // of its icon
	Word    string `json:"word"`
}

type keptChoice struct {
	Value  string `json:"value"`
	Text   string `json:"text"`
	Chosen bool   `json:"chosen"`
}

type keptAlike struct {
	Slug  string `json:"slug"`
	Title string `json:"title"`
	Path  string `json:"path"`
	Line  string `json:"line"` // "70 m away, 78 % alike"
}

// keepWriting keeps the form while one types and says in JSON how it stands.
// A form in which nothing is typed yet is not kept.
func (s *Site) keepWriting(ctx context.Context, o Own, w *writing) (Answer, error) {
	if !w.typed.Empty() || len(w.besides.typed) > 0 {
		if err := s.keepAs(ctx, o, w); err != nil {
			if !tellable(err) {
				return Answer{}, err
			}
			return jsonAnswer(statuses[errs.CodeOf(err)], map[string]string{"error": err.Error()})
		}
	} else if err := s.loadBeside(ctx, o, w); err != nil {
		return Answer{}, err
	}
	asked := o.Form.Get("asked") == "position"
	s.locate(ctx, w, asked)
	alike, err := s.alike(ctx, w)
	if err != nil {
		return Answer{}, err
	}
	k := keptState{Draft: itoa64(w.ID), Saved: s.savedAt(ctx, w), Words: wordsOf(ctx, w), Good: w.at != nil, Alike: []keptAlike{}}
	if asked || w.at != nil || w.typed.Text("position") == "" {
		k.Understood = &w.said
	}
	if asked {
		k.Choices = []keptChoice{}
		for _, c := range w.choices {
			k.Choices = append(k.Choices, keptChoice{c.Value, c.Text, c.Selected})
		}
	}
	r := s.readiness(ctx, w, alike)
	k.Ready = keptReady{Heading: r.Heading, Of: say.T(ctx, "%d of %d", r.Done, r.Of), Percent: r.Percent()}
	for _, t := range r.Steps {
		k.Ready.Steps = append(k.Ready.Steps, keptStep{t.State, t.Text, t.Path, ui.Drawing(t.Icon()), t.Word(ctx)})
	}
	open := 0
	for _, a := range alike {
		if !a.Other {
			open++
			k.Alike = append(k.Alike, keptAlike{a.Slug, a.Card.Title, a.Card.Path, alikeLine(ctx, a)})
		}
	}
	k.Sentence, k.Drawing = view.AlikeSentence(ctx, open), ui.Drawing("copy-check")
	return jsonAnswer(200, k)
}

func jsonAnswer(status int, v any) (Answer, error) {
	body, err := json.Marshal(v)
	return Answer{Kind: Personal, Status: status, Type: "application/json", Body: body}, err
}
