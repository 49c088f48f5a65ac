package say_test

import (
	"context"
	"testing"
	"time"

	"mirabilia/internal/web/view/say"
)

func TestEnglishIsTheKey(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct{ got, want string }{
		{say.T(ctx, "Been here"), "Been here"},
		{say.T(ctx, "%s of %s", "3", "9"), "3 of 9"},
		{say.N(ctx, 1, "%s place", "%s places"), "1 place"},
		{say.N(ctx, 0, "%s place", "%s places"), "0 places"},
		{say.N(ctx, 1204, "%s place", "%s places"), "1,204 places"},
		{say.Number(ctx, 999), "999"},
		{say.Number(ctx, -1234567), "−1,234,567"},
		{say.Date(ctx, time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)), "3 November 2026"},
		{say.Day(ctx, "2022-12-27"), "27 December 2022"},
		{say.Day(ctx, "2022-12"), "December 2022"},
		{say.Day(ctx, "2022"), "2022"},
		{say.Day(ctx, "spring"), "spring"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestCatalogueSpeaks(t *testing.T) {
	polish := &say.Catalogue{
		Lang: "pl", Group: " ",
		Text:  map[string]string{"Been here": "Byłem tu", "November": "listopada"},
		Forms: map[string][]string{"%s places": {"%s miejsce", "%s miejsca", "%s miejsc"}},
		Plural: func(n int) int {
			switch {
			case n == 1:
				return 0
			case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
				return 1
			}
			return 2
		},
	}
	ctx := say.With(context.Background(), polish)
	for _, c := range []struct{ got, want string }{
		{say.T(ctx, "Been here"), "Byłem tu"},
		{say.T(ctx, "Want to go"), "Want to go"},
		{say.N(ctx, 1, "%s place", "%s places"), "1 miejsce"},
		{say.N(ctx, 3, "%s place", "%s places"), "3 miejsca"},
		{say.N(ctx, 5012, "%s place", "%s places"), "5 012 miejsc"},
		{say.Date(ctx, time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)), "3 listopada 2026"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
