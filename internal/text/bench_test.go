package text_test

import (
	"strings"
	"testing"

	"mirabilia/internal/text"
)

// sixty is a text of sixty words, the size the search benchmark uses.
var sixty = strings.Repeat("The house keeps the room where he was killed, calendar and spectacles included, and ", 4) + "four plain words more."

func BenchmarkAppendWords(b *testing.B) {
	b.ReportAllocs()
	var dst []string
	for b.Loop() {
		dst = text.AppendWords(dst[:0], sixty)
	}
	b.ReportMetric(float64(len(dst)), "words")
}

func BenchmarkSegmenter(b *testing.B) {
	b.ReportAllocs()
	var g text.Segmenter
	n := 0
	for b.Loop() {
		g.Each(sixty, func(t []byte) { n += len(t) })
	}
}

func BenchmarkSegmenterAccents(b *testing.B) {
	b.ReportAllocs()
	var g text.Segmenter
	s := strings.ReplaceAll(strings.ReplaceAll(sixty, "e", "é"), "a", "å")
	n := 0
	for b.Loop() {
		g.Each(s, func(t []byte) { n += len(t) })
	}
}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.Fold("Museo Casa de León Trotsky")
	}
}

func BenchmarkSimilarity(b *testing.B) {
	for b.Loop() {
		text.Similarity("Museo Casa de León Trotsky", "Trotsky House Museum")
	}
}
