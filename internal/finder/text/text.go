// Package text is the finder's full-text index: documents in, ranked ordinals
// out. An Index is immutable; documents are numbered by their static rank,
// best first, so that the first postings of a list are the best ones and a
// search may stop early.
//
// Terms are folded and segmented by package text of the project (accents,
// case, scripts without spaces). A dictionary of sorted terms with a trie over
// it answers exact words, beginnings of words and misspellings; postings lie
// compressed in one array of bytes, so that a million documents cost the
// collector nothing.
//
// Lists come twice: for every term all its documents, and where that is long
// the head of it, the documents that have the term in a name or a tag. Most
// questions are answered by the heads alone.
package text

import "unsafe"

// Document is what is indexed of one thing, in plain text.
type Document struct {
	Title    string
	Aliases  []string // other names, other languages' and scripts' too
	Subtitle string
	Body     string
	Tags     []string
	Places   []string // names of what contains it: city, region, country
	// Rank orders what is otherwise equal and must not grow from one document
	// to the next; it makes documents of several indexes comparable.
	Rank float32
}

// Index is an immutable set of documents with ordinals 0 to Len()-1.
type Index struct {
	n     uint32
	dict  dictionary
	lists []entry // per term
	arena []byte  // postings
	grams []gram  // heads of whole ranges of terms, sorted by node
	names names
	exact []uint64          // hash of a whole name << 32 | ordinal, sorted
	prior []uint8           // per document, from its rank
	marks []uint32          // per document, marksPerDoc terms + 1 that tell it apart; 0 for none
	dense map[uint32]*dense // by where the list lies
}

// entry says where the lists of a term lie.
type entry struct {
	all  list
	head list // off is noList where the head must be sifted out of all
}

// Len is the number of documents.
func (ix *Index) Len() int { return int(ix.n) }

// Terms is the number of different terms.
func (ix *Index) Terms() int { return ix.dict.len() }

// Size is the memory that the index holds, in bytes.
func (ix *Index) Size() int {
	return ix.dict.size() + len(ix.lists)*int(unsafe.Sizeof(entry{})) + len(ix.arena) +
		len(ix.grams)*int(unsafe.Sizeof(gram{})) + ix.names.size() + len(ix.exact)*8 + len(ix.prior) + len(ix.marks)*4 + ix.denseSize()
}
