package ui

import (
	"context"

	"mirabilia/internal/web/view/say"
)

// comma follows every part of an enumeration but the last.
func comma(i, n int) string {
	if i < n-1 {
		return ", "
	}
	return ""
}

// parts counts what the rights of a picture name: credit, licence.
func parts(p Picture) int {
	if p.Licence == "" {
		return 1
	}
	return 2
}

// captionOf names a table of facts; only facts of places have dates.
func captionOf(ctx context.Context, rows []Fact) string {
	for _, f := range rows {
		if f.Checked != "" {
			return say.T(ctx, "Facts, with the date each was checked")
		}
	}
	return say.T(ctx, "Facts")
}

// checked is the small print under a fact, up to the name of its source.
func checked(ctx context.Context, f Fact) string {
	switch {
	case f.Checked != "" && f.Source != "":
		return say.T(ctx, "checked %s,", f.Checked)
	case f.Checked != "":
		return say.T(ctx, "checked %s", f.Checked)
	}
	return say.T(ctx, "according to")
}

func sourceTitle(s Source) string {
	if s.Title != "" {
		return s.Title
	}
	return s.URL
}

func sourceEnd(ctx context.Context, s Source) string {
	if s.Date == "" {
		return "."
	}
	return ", " + say.Day(ctx, s.Date) + "."
}
