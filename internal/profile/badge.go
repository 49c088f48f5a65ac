package profile

// Work is what a member has given that was accepted and stands.
type Work struct{ Added, Edited, Photos int }

// Badge is a sign of accepted work: its kind and from how much on it is given.
type Badge struct {
	Kind string // "places", "edits" or "photos"
	From int
}

// steps are from how much work on there is a badge, by its kind. They are few
// and far apart: a badge is to say what somebody does here, not to be collected.
var steps = []struct {
	kind string
	of   func(Work) int
	from []int
}{
	{"places", func(w Work) int { return w.Added }, []int{1, 10, 100, 1000}},
	{"edits", func(w Work) int { return w.Edited }, []int{10, 100, 1000}},
	{"photos", func(w Work) int { return w.Photos }, []int{10, 100, 1000}},
}

// Badges are the badges for work: of each kind the highest one.
func Badges(w Work) (out []Badge) {
	for _, s := range steps {
		highest := 0
		for _, from := range s.from {
			if s.of(w) >= from {
				highest = from
			}
		}
		if highest > 0 {
			out = append(out, Badge{s.kind, highest})
		}
	}
	return out
}
