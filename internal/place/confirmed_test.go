package place_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"mirabilia/internal/place"
	"mirabilia/internal/setting"
)

func TestWeigh(t *testing.T) {
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	rules := setting.Defaults().Confirming
	for _, c := range []struct {
		name string
		list []place.Seen
		want place.Confirmation
	}{
		{"nobody", nil, place.Confirmation{Health: place.Unconfirmed}},
		{"one this month", []place.Seen{{Month: "2026-11", Visitors: 1}}, place.Confirmation{Month: "2026-11", Visitors: 1, Health: place.Fresh}},
		{"one a year ago", []place.Seen{{Month: "2025-11", Visitors: 1}}, place.Confirmation{Month: "2025-11", Visitors: 1, Health: place.Fresh}},
		{"one thirteen months ago", []place.Seen{{Month: "2025-10", Visitors: 1}}, place.Confirmation{Month: "2025-10", Visitors: 1, Health: place.Ageing}},
		{"one three years ago", []place.Seen{{Month: "2023-11", Visitors: 1}}, place.Confirmation{Month: "2023-11", Visitors: 1, Health: place.Ageing}},
		{"one longer ago", []place.Seen{{Month: "2023-09", Visitors: 1}}, place.Confirmation{Month: "2023-09", Visitors: 1, Health: place.Unconfirmed}},
		{"two, two years ago", []place.Seen{{Month: "2024-11", Visitors: 2}}, place.Confirmation{Month: "2024-11", Visitors: 2, Health: place.Fresh}},
		{"some then, one now", []place.Seen{{Month: "2014-06", Visitors: 9}, {Month: "2026-10", Visitors: 1}}, place.Confirmation{Month: "2026-10", Visitors: 10, Health: place.Fresh}},
		{"tomorrow, elsewhere", []place.Seen{{Month: "2026-12", Visitors: 1}}, place.Confirmation{Month: "2026-12", Visitors: 1, Health: place.Fresh}},
		{"no month", []place.Seen{{Month: "", Visitors: 3}, {Month: "2026-13", Visitors: 3}}, place.Confirmation{Health: place.Unconfirmed}},
	} {
		if got := place.Weigh(c.list, now, rules); got != c.want {
			t.Errorf("%s: %+v, not %+v", c.name, got, c.want)
		}
	}
	strict := setting.Confirming{HalfLife: 1, Fresh: 100, Ageing: 50}
	if got := place.Weigh([]place.Seen{{Month: "2026-09", Visitors: 1}}, now, strict); got.Health != place.Unconfirmed {
		t.Errorf("by other rules: %+v", got)
	}
	if m := place.MonthOf("2026"); m != "2026-01" {
		t.Errorf("a year alone counts from %q", m)
	}
}

// However it was confirmed, nothing but time never makes an entry healthier, and
// one more visitor never less so.
func TestWeigh_onlyDecays(t *testing.T) {
	rank := map[place.Health]int{place.Unconfirmed: 0, place.Ageing: 1, place.Fresh: 2}
	rules := setting.Defaults().Confirming
	rapid.Check(t, func(t *rapid.T) {
		seen := rapid.Custom(func(t *rapid.T) place.Seen {
			at := time.Date(2010, time.Month(1+rapid.IntRange(0, 203).Draw(t, "months")), 1, 0, 0, 0, 0, time.UTC)
			return place.Seen{Month: at.Format("2006-01"), Visitors: rapid.IntRange(1, 5).Draw(t, "visitors")}
		})
		list := rapid.SliceOfN(seen, 0, 8).Draw(t, "seen")
		now := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
		later := now.AddDate(0, rapid.IntRange(0, 100).Draw(t, "later"), 0)
		a, b := place.Weigh(list, now, rules), place.Weigh(list, later, rules)
		if rank[b.Health] > rank[a.Health] || a.Visitors != b.Visitors || a.Month != b.Month {
			t.Fatalf("%+v became %+v", a, b)
		}
		more := place.Weigh(append(list, seen.Draw(t, "one more")), now, rules)
		if rank[more.Health] < rank[a.Health] || more.Visitors <= a.Visitors {
			t.Fatalf("with one more %+v became %+v", a, more)
		}
	})
}
