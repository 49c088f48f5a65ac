package profile

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"mirabilia/internal/mark"
	"mirabilia/internal/user"
)

// Country is how much of a country a member has seen.
type Country struct {
	Path string
	Been int // places there that they have been to
	Of   int // places there in the atlas
}

// Countries are the countries in which a member has been to places, where they
// have seen most first; nil where the reader does not see the statistics. total
// tells how many places the atlas has in a destination. Places that tell no
// country are left out.
func (x *Profiles) Countries(ctx context.Context, m *user.Member, sight Sight, total func(path string) int) ([]Country, error) {
	if !Sees(m, Statistics, sight) {
		return nil, nil
	}
	counts, err := x.marks.In(ctx, m.ID, mark.Been)
	if err != nil {
		return nil, err
	}
	return byCountry(counts, total), nil
}

// byCountry adds up counts by destination to those of their countries.
func byCountry(counts map[string]int, total func(string) int) []Country {
	sums := map[string]int{}
	for path, n := range counts {
		country, _, _ := strings.Cut(path, "/")
		if country != "" {
			sums[country] += n
		}
	}
	out := make([]Country, 0, len(sums))
	for path, n := range sums {
		// The finder may be a moment behind the marks.
		out = append(out, Country{path, n, max(n, total(path))})
	}
	slices.SortFunc(out, func(a, b Country) int { return cmp.Or(cmp.Compare(b.Been, a.Been), cmp.Compare(a.Path, b.Path)) })
	return out
}

// Share is the part of a country's places in percent, at least 1 of anything.
func (c Country) Share() int {
	if c.Been == 0 || c.Of == 0 {
		return 0
	}
	return max(1, min(100, c.Been*100/c.Of))
}
