package main

import (
	"fmt"
	"strings"

	"mirabilia/bench/draw"
	"mirabilia/bench/peers"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

// library is our finder with the places of a folder, and what they are called.
type library struct {
	f      *finder.Finder
	titles map[int64]string
}

func (l *library) Ask(q peers.Question, words string) ([]int64, error) {
	r := finder.Result{}
	if q == peers.Suggest {
		r = l.f.Suggest(words, nil, peers.Top)
	} else {
		r = l.f.Search(words, finder.SearchOptions{Limit: peers.Top})
	}
	ids := make([]int64, len(r.Cards))
	for i := range r.Cards {
		ids[i] = r.Cards[i].ID
	}
	return ids, nil
}

func (l *library) Close() error { return nil }

// indexCommand builds bleve's index of the places of a folder.
func indexCommand(args []string) error {
	t := start()
	err := peers.BuildBleve(args[1], func(yield func(draw.Text)) error {
		return eachPlace(args[0], func(t draw.Text, _ draw.Point) { yield(t) })
	})
	fmt.Printf("bleve built in %.1f s\n", t.since())
	return err
}

// test is a kind of question with what we want to reach.
type test struct {
	q        peers.Question
	name     string
	file     string
	goal     string
	beside   map[string]string // the goal beside an engine
	right    map[string]string // the word that was meant, for misspelt ones
	typed    []string
	p50, p99 float64 // ours, in microseconds
	ours     [][]int64
}

// wordsCommand measures search, suggestions and misspelt words in process, and
// the same questions put to other engines.
func wordsCommand(args []string) error {
	folder := args[0]
	l, err := openLibrary(folder)
	if err != nil {
		return err
	}
	tests := []*test{
		{q: peers.Search, name: "search", file: "words.txt", goal: "p50 ≤ 300 µs, p99 ≤ 5,000 µs", beside: map[string]string{"sphinx": "p99 ≥ 30 ×", "pg": "p99 ≥ 140 ×"}},
		{q: peers.Suggest, name: "suggestions", file: "prefix.txt", goal: "p99 ≤ 1,000 µs"},
		{q: peers.Typo, name: "one typo", file: "typo.txt", goal: "99 %, p99 ≤ 2,000 µs"},
	}
	for _, t := range tests {
		if err := t.measureOurs(l, folder); err != nil {
			return err
		}
	}
	for _, target := range args[1:] {
		if err := besidePeer(tests, l, target); err != nil {
			return err
		}
	}
	return nil
}

func openLibrary(folder string) (*library, error) {
	l := &library{f: finder.New(), titles: map[int64]string{}}
	t := start()
	err := load(l.f, func(yield func(finder.Doc) bool) error {
		return eachPlace(folder, func(t draw.Text, p draw.Point) {
			l.titles[int64(t.ID)] = t.Title
			yield(finder.Doc{Ref: finder.Ref{ID: int64(t.ID)}, Slug: fmt.Sprint("s", t.ID), Title: t.Title, Tags: t.Tags, Body: t.Body,
				At: &geo.Public{Lat: p.Lat, Lon: p.Lon}, Status: "open", Rank: float32(t.ID%997) / 997})
		})
	})
	if err == nil {
		fmt.Printf("load: %d documents, %.1f s of CPU with the reading of the file\n", l.f.Len(), (used() - t.cpu).Seconds())
	}
	return l, err
}

// measureOurs reads the questions and answers them by the finder.
func (t *test) measureOurs(l *library, folder string) error {
	list, err := lines(folder, t.file)
	if err != nil {
		return err
	}
	if t.q == peers.Typo {
		t.right = map[string]string{}
	}
	for _, line := range list {
		typed, meant, _ := strings.Cut(line, "\t")
		t.typed = append(t.typed, typed)
		if t.right != nil {
			t.right[typed] = meant
		}
	}
	c, answers, err := t.ask(l)
	if err != nil {
		return err
	}
	c.inside("ours, " + t.name)
	t.p50, t.p99, t.ours = micro(c.at(.5)), micro(c.at(.99)), answers
	ours := fmt.Sprintf("p50 %.0f, p99 %.0f µs; of CPU %.0f, %.0f µs", t.p50, t.p99, micro(at(c.own, .5)), micro(at(c.own, .99)))
	if t.right != nil {
		ours = fmt.Sprintf("%.1f %% of %d right in the top %d; ", 100*t.rightShare(l, answers), len(answers), peers.Top) + ours
	}
	tableLine(fmt.Sprintf("%s, %d documents, in process", t.name, l.f.Len()), "", ours, "", t.goal)
	return nil
}

// ask puts all questions to an engine, as many as the time allows.
func (t *test) ask(p peers.Peer) (*clock, [][]int64, error) {
	answers := make([][]int64, len(t.typed))
	c, err := each(len(t.typed), limit, func(i int) (err error) {
		answers[i], err = p.Ask(t.q, t.typed[i])
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return c, answers[:len(c.took)], nil
}

// besidePeer puts the questions to an engine and compares times and answers.
func besidePeer(tests []*test, l *library, target string) error {
	kind, p, err := peers.Open(target)
	if err != nil {
		return err
	}
	for _, t := range tests {
		if !peers.Can(kind, t.q) {
			continue
		}
		c, answers, err := t.ask(p)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		name := kind
		if t.q == peers.Suggest {
			name += " prefix"
		}
		c.line(name + ", " + t.name)
		ref := fmt.Sprintf("%s: p50 %.0f, p99 %.0f µs (%d asked)", name, micro(c.at(.5)), micro(c.at(.99)), len(c.took))
		ours := fmt.Sprintf("p50 %.0f, p99 %.0f µs", t.p50, t.p99)
		if t.right != nil {
			ref += fmt.Sprintf(", %.1f %% right", 100*t.rightShare(l, answers))
			ours += fmt.Sprintf(", %.1f %% right", 100*t.rightShare(l, t.ours))
		} else {
			held, of := t.held(answers)
			ours += fmt.Sprintf("; holds %d of the %d places in its whole answers", held, of)
		}
		tableLine(fmt.Sprintf("%s, %d documents, beside %s", t.name, l.f.Len(), kind), ref, ours,
			fmt.Sprintf("p50 %.1f ×, p99 %.1f ×", micro(c.at(.5))/t.p50, micro(c.at(.99))/t.p99), t.beside[kind])
	}
	return p.Close()
}

// held counts, over the questions to which an engine found fewer than it may
// return, so that its answer is whole, how many of its places are in ours.
func (t *test) held(answers [][]int64) (held, of int) {
	for i := range min(len(answers), len(t.ours)) {
		if len(answers[i]) >= peers.Top {
			continue
		}
		ours := map[int64]bool{}
		for _, id := range t.ours[i] {
			ours[id] = true
		}
		for _, id := range answers[i] {
			if of++; ours[id] {
				held++
			}
		}
	}
	return held, of
}

// rightShare is the share of misspelt words whose right form is in a title of
// the answer. A typed word that is itself a word of the texts is no misspelling
// to an engine, and counts against it nonetheless.
func (t *test) rightShare(l *library, answers [][]int64) float64 {
	n := 0
	for i, ids := range answers {
		for _, id := range ids {
			if strings.Contains(l.titles[id], t.right[t.typed[i]]) {
				n++
				break
			}
		}
	}
	return float64(n) / float64(max(len(answers), 1))
}
