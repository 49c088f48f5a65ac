package keep

// Progress is how far a work has come: what is done in this step of it.
type Progress struct {
	Step        Step
	Rows, Files int64
	// Bytes of Of are done, where pages are copied: their rows are counted at the end.
	Bytes, Of int64
}

// Step is a part of a work, by what was done with the rows that are counted.
type Step string

// The steps.
const (
	Written  Step = "written"   // into the file of a backup
	Filled   Step = "filled in" // into an atlas
	ReadBack Step = "read back" // after either
	Checked  Step = "checked"   // of a file that is only looked through
)

// Watch is told of progress, about once a megabyte, by one caller at a time.
type Watch func(Progress)

// meter counts the pieces of one step; a nil one counts nothing.
type meter struct {
	tell Watch
	now  Progress
}

func newMeter(tell Watch, step Step) *meter {
	if tell == nil {
		return nil
	}
	return &meter{tell, Progress{Step: step}}
}

// pass counts a piece.
func (m *meter) pass(p piece) {
	if m == nil {
		return
	}
	switch p.is {
	case rowsPiece:
		m.now.Rows += p.part.Rows
	case blobEnd:
		m.now.Files++
	case pagesPiece:
		m.now.Of = p.pages.bytes()
	case pagesData:
		m.now.Bytes += int64(len(p.raw))
	case pagesEnd:
		m.now.Rows = p.part.Rows
	}
	m.tell(m.now)
}

// rows counts rows that come in no pieces.
func (m *meter) rows(n int64) {
	if m != nil {
		m.now.Rows += n
		m.tell(m.now)
	}
}
