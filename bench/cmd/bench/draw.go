package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"mirabilia/bench/draw"
)

// asked is how many questions of each kind are drawn.
const asked = 3000

type record struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
	Body  string   `json:"body"`
	Lat   float64  `json:"lat"`
	Lon   float64  `json:"lon"`
	Lost  string   `json:"status,omitempty"`
}

// drawCommand writes the data into a folder: places.ndjson (import records),
// places.tsv (the same for other engines: id, title, tags, city, body, lat,
// lon), at.tsv (positions to ask about), and the questions words.txt,
// prefix.txt and typo.txt (two columns).
func drawCommand(args []string) error {
	set := flag.NewFlagSet("draw", flag.ExitOnError)
	n := set.Int("n", 1_000_000, "places")
	_ = set.Parse(args)
	return write(set.Arg(0), *n)
}

func write(folder string, n int) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	world := draw.NewWorld()
	points, texts := world.Points(draw.DataSeed, n), world.NewTexts(draw.DataSeed)
	places, table := create(folder, "places.ndjson"), create(folder, "places.tsv")
	enc := json.NewEncoder(places)
	var q draw.Questions
	r := rand.New(rand.NewPCG(draw.QuestionSeed, 3))
	every := max(n/asked, 1)
	for i, p := range points {
		t := texts.Next()
		rec := record{ID: fmt.Sprint(t.ID), Title: t.Title, Tags: t.Tags, Body: t.Body, Lat: p.Lat, Lon: p.Lon}
		if i%100 == 7 {
			rec.Lost = "lost"
		}
		if err := enc.Encode(rec); err != nil {
			return err
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%.6f\t%.6f\n", t.ID, t.Title, strings.Join(t.Tags, " "), t.City, t.Body, p.Lat, p.Lon)
		if i%every == 0 {
			q.Ask(r, t)
		}
	}
	at, word, prefix, typo := create(folder, "at.tsv"), create(folder, "words.txt"), create(folder, "prefix.txt"), create(folder, "typo.txt")
	for _, p := range world.Points(draw.QuestionSeed, 20_000) {
		fmt.Fprintf(at, "%.6f\t%.6f\n", p.Lat, p.Lon)
	}
	for i := range q.Words {
		fmt.Fprintln(word, q.Words[i])
		fmt.Fprintln(prefix, q.Prefix[i])
	}
	for _, pair := range q.Typo {
		fmt.Fprintf(typo, "%s\t%s\n", pair[0], pair[1])
	}
	for _, f := range []*bufio.Writer{places, table, at, word, prefix, typo} {
		if err := f.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func create(folder, name string) *bufio.Writer {
	f, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		log.Fatal(err)
	}
	return bufio.NewWriterSize(f, 1<<20)
}
