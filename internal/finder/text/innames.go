package text

// InNames reports whether a name or a tag of a document has the word (a folded
// term), letter by letter.
func (ix *Index) InNames(word string) bool {
	t, ok := ix.dict.lookup([]byte(word))
	return ok && ix.lists[t].head.n > 0
}
