package photo

import (
	"encoding/json"

	"mirabilia/internal/actor"
)

// Words is what is written without where the picture is cropped: nobody wrote
// that.
func (t About) Words() About {
	t.FocusX, t.FocusY = 0, 0
	return t
}

// written is what the column of that name keeps of p once t is written about it
// by a: what its sender wrote, "" where that stands, where they write
// themselves, and where nobody sent it.
func (p *Photo) written(a actor.Actor, t About) (string, error) {
	theirs := p.About()
	if p.Written != nil {
		theirs = *p.Written
	}
	if p.Member == 0 || p.Member == a.ID || theirs.Words() == t.Words() {
		return "", nil
	}
	b, err := json.Marshal(theirs)
	return string(b), err
}
