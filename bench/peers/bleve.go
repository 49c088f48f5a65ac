package peers

import (
	"os"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/analyzer/simple" // the analyzer named below
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"

	"mirabilia/bench/draw"
)

// batch is how many documents bleve gets at once.
const batch = 2000

// Fields of the bleve index.
const (
	title = "title"
	rest  = "rest"
)

// BuildBleve indexes what visit yields into a new folder, with as little
// stored and as few safeguards as bleve allows.
func BuildBleve(folder string, each func(yield func(draw.Text)) error) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	ix, err := bleve.NewUsing(folder, bleveMapping(), "scorch", "scorch", map[string]any{"unsafe_batch": true})
	if err != nil {
		return err
	}
	b := ix.NewBatch()
	var failed error
	err = each(func(t draw.Text) {
		if failed != nil {
			return
		}
		failed = b.Index(strconv.Itoa(t.ID), map[string]any{title: t.Title, rest: strings.Join(t.Tags, " ") + " " + t.Body})
		if b.Size() >= batch && failed == nil {
			failed = ix.Batch(b)
			b.Reset()
		}
	})
	if err == nil {
		err = failed
	}
	if err == nil {
		err = ix.Batch(b)
	}
	if e := ix.Close(); err == nil {
		err = e
	}
	return err
}

func bleveMapping() mapping.IndexMapping {
	m, doc := bleve.NewIndexMapping(), bleve.NewDocumentStaticMapping()
	for _, name := range []string{title, rest} {
		f := bleve.NewTextFieldMapping()
		f.Store, f.IncludeTermVectors, f.DocValues, f.IncludeInAll, f.Analyzer = false, false, false, false, "simple"
		doc.AddFieldMappingsAt(name, f)
	}
	m.DefaultMapping, m.ScoringModel = doc, "bm25"
	return m
}

type bleveIndex struct{ bleve.Index }

func openBleve(folder string) (Peer, error) {
	ix, err := bleve.OpenUsing(folder, map[string]any{"read_only": true})
	return bleveIndex{ix}, err
}

func (b bleveIndex) Ask(q Question, words string) ([]int64, error) {
	all := bleve.NewConjunctionQuery()
	list := strings.Fields(words)
	for i, w := range list {
		switch {
		case q == Search:
			// Titles weigh more than texts.
			in := bleve.NewTermQuery(w)
			in.SetField(title)
			in.SetBoost(3)
			all.AddQuery(bleve.NewDisjunctionQuery(in, of(w, rest)))
		case q == Typo:
			f := bleve.NewFuzzyQuery(w)
			f.SetFuzziness(1)
			f.SetField(title)
			all.AddQuery(f)
		case i == len(list)-1:
			p := bleve.NewPrefixQuery(w)
			p.SetField(title)
			all.AddQuery(p)
		default:
			all.AddQuery(of(w, title))
		}
	}
	r, err := b.Search(bleve.NewSearchRequestOptions(all, Top, 0, false))
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, h := range r.Hits {
		id, err := strconv.ParseInt(h.ID, 10, 64)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func of(word, field string) query.Query {
	t := bleve.NewTermQuery(word)
	t.SetField(field)
	return t
}
