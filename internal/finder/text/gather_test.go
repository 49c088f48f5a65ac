package text

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"mirabilia/internal/finder/pack"
)

// TestGatheredAsBuilt: it makes no difference, not by a byte, whether documents
// are added by rank to one Builder, as they come to two, or merged from an index
// of more than them.
func TestGatheredAsBuilt(t *testing.T) {
	const n = 6000
	c, r := newCorpus(), rand.New(rand.NewPCG(3, 5))
	builders := []*Builder{NewBuilder(), NewBuilder()}
	docs, order := make([]Document, n), make([]Source, n)
	for i := range docs {
		docs[i] = c.document()
		docs[i].Rank = float32(n - i)
	}
	for _, i := range r.Perm(n) {
		b := r.IntN(2)
		order[i] = Source{b, builders[b].Len()}
		builders[b].Add(docs[i])
	}
	whole := buildAll(docs)
	if !bytes.Equal(packed(t, Gather(builders, order)), packed(t, whole)) {
		t.Error("what two Builders gathered is another index")
	}
	var some []Document
	order = order[:0]
	for i := range docs {
		if i%3 > 0 || i < n/4 {
			some, order = append(some, docs[i]), append(order, Source{0, i})
		}
	}
	if !bytes.Equal(packed(t, Merge([]*Index{whole}, order)), packed(t, buildAll(some))) {
		t.Error("an index of which a part was left out is another one than that of the rest")
	}
}

func packed(t *testing.T, ix *Index) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pack.NewWriter(&b)
	ix.Write(w)
	if w.Err() != nil {
		t.Fatal(w.Err())
	}
	return b.Bytes()
}
