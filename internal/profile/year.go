package profile

import (
	"context"
	"slices"
	"strconv"
	"time"

	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/user"
)

// yearMost is how many entries of a kind one year is read of; nobody but a
// program does more.
const yearMost = 2000

// Year is what a member did in a calendar year (UTC).
type Year struct {
	Year          int
	Added, Edited []int64 // places, the newest first
	Photos        int
	// Been are the places that the member has been to, where the reader sees
	// them; Counted says that at least their number may be told.
	Been    []int64
	Counted bool
	Shown   bool // the places themselves
}

// Empty reports whether there is nothing to tell of the year.
func (y Year) Empty() bool {
	return len(y.Added) == 0 && len(y.Edited) == 0 && y.Photos == 0 && len(y.Been) == 0
}

// Year gathers a year of a member as a reader with so much sight may know it.
func (x *Profiles) Year(ctx context.Context, m *user.Member, sight Sight, year int) (y Year, err error) {
	from, to := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC)
	y.Year = year
	for _, part := range []place.Part{place.Added, place.Edited} {
		list, err := x.places.CreditedBetween(ctx, m.Path(), part, from, to, yearMost)
		if err != nil {
			return y, err
		}
		ids := make([]int64, len(list))
		for i, c := range list {
			ids[i] = c.Place
		}
		if part == place.Added {
			y.Added = ids
		} else {
			y.Edited = ids
		}
	}
	if y.Photos, err = x.photos.GivenBetween(ctx, m.ID, from, to); err != nil {
		return y, err
	}
	y.Shown = Sees(m, Been, sight)
	y.Counted = y.Shown || Sees(m, Statistics, sight)
	if y.Counted {
		y.Been, err = x.beenIn(ctx, m, sight, year, from, to)
	}
	return y, err
}

// beenIn are the places that a member went to in a year: by the visits that the
// reader may see, and where these say nothing of a place by when it was marked.
// Visits that the reader does not see change nothing, not even what is left out.
func (x *Profiles) beenIn(ctx context.Context, m *user.Member, sight Sight, year int, from, to time.Time) (ids []int64, err error) {
	dated := map[int64]bool{}
	if Sees(m, Visits, sight) {
		visits, err := x.marks.VisitsOf(ctx, m.ID, sight)
		if err != nil {
			return nil, err
		}
		for _, v := range visits {
			if v.Outcome != mark.Found {
				continue
			}
			dated[v.Place] = true
			if v.Day[:4] == strconv.Itoa(year) && !slices.Contains(ids, v.Place) {
				ids = append(ids, v.Place)
			}
		}
	}
	marks, err := x.marks.Between(ctx, m.ID, mark.Been, from, to, yearMost)
	for _, k := range marks {
		if !dated[k.Place] {
			ids = append(ids, k.Place)
		}
	}
	return ids, err
}
