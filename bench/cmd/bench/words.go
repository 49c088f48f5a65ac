package main

import (
	"fmt"
	"strings"

	"mirabilia/bench/draw"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

// wordsCommand measures search, suggestions and misspelt words in process.
func wordsCommand(args []string) error {
	folder := args[0]
	f := finder.New()
	titles := map[int64]string{}
	t := start()
	err := load(f, func(yield func(finder.Doc) bool) error {
		return eachPlace(folder, func(t draw.Text, p draw.Point) {
			titles[int64(t.ID)] = t.Title
			yield(finder.Doc{Ref: finder.Ref{ID: int64(t.ID)}, Slug: fmt.Sprint("s", t.ID), Title: t.Title, Tags: t.Tags, Body: t.Body,
				At: &geo.Public{Lat: p.Lat, Lon: p.Lon}, Status: "open", Rank: float32(t.ID%997) / 997})
		})
	})
	if err != nil {
		return err
	}
	fmt.Printf("load: %d documents, %.1f s of CPU with the reading of the file\n", f.Len(), (used() - t.cpu).Seconds())
	ask := func(name string, list []string, fn func(q string)) error {
		c, err := each(len(list), limit, func(i int) error { fn(list[i]); return nil })
		if err == nil {
			c.inside(name)
		}
		return err
	}
	words, err := lines(folder, "words.txt")
	if err != nil {
		return err
	}
	empty := 0
	if err := ask("search", words, func(q string) {
		if len(f.Search(q, finder.SearchOptions{Limit: 20}).Cards) == 0 {
			empty++
		}
	}); err != nil {
		return err
	}
	prefix, err := lines(folder, "prefix.txt")
	if err != nil {
		return err
	}
	if err := ask("suggest", prefix, func(q string) { f.Suggest(q, nil, 20) }); err != nil {
		return err
	}
	pairs, err := lines(folder, "typo.txt")
	if err != nil {
		return err
	}
	var wrong []string
	right := map[string]string{}
	for _, l := range pairs {
		typed, meant, _ := strings.Cut(l, "\t")
		wrong, right[typed] = append(wrong, typed), meant
	}
	found := map[string]bool{}
	if err := ask("one typo", wrong, func(q string) {
		for _, c := range f.Search(q, finder.SearchOptions{Limit: 20}).Cards {
			if strings.Contains(c.Title, right[q]) {
				found[q] = true
				return
			}
		}
	}); err != nil {
		return err
	}
	// A typed word that is itself a word of the texts is no misspelling.
	fmt.Printf("empty answers: %d; right word in the top 20: %d of %d (goal 99 %%)\n", empty, len(found), len(right))
	return nil
}
