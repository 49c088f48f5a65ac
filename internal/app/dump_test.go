package app

import (
	"testing"
	"time"

	"mirabilia/internal/config"
	"mirabilia/internal/dump"
	"mirabilia/internal/finder"
)

func TestLastNight(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-11-24T02:30:00Z": "2026-11-24T02:00:00Z", // 03:00 in winter
		"2026-11-24T01:59:59Z": "2026-11-23T02:00:00Z",
		"2026-07-01T01:00:00Z": "2026-07-01T01:00:00Z", // 03:00 in summer
		"2026-03-29T01:00:00Z": "2026-03-29T01:00:00Z", // the night when 02:00 becomes 03:00
		"2026-03-29T00:59:59Z": "2026-03-28T02:00:00Z",
		"2026-10-25T01:30:00Z": "2026-10-24T01:00:00Z", // the night with 02:30 twice
		"2026-10-25T02:00:00Z": "2026-10-25T02:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := lastNight(at, paris).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", now, got, want)
		}
	}
}

func TestDumpDue(t *testing.T) {
	begun := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	now := begun
	a := &App{config: config.Config{Serving: config.Serving{Timezone: "UTC"}}, options: Options{Now: func() time.Time { return now }}, finder: finder.New(), dumps: dump.Open(t.TempDir())}
	if !a.dumpDue(begun) {
		t.Error("a small atlas without a dump makes none")
	}
	docs := make([]finder.Doc, dumpAtOnce+1)
	for i := range docs {
		docs[i] = finder.Doc{Ref: finder.Ref{Kind: finder.Place, ID: int64(i + 1)}, Title: "x"}
	}
	a.finder.Apply(docs, nil)
	if a.dumpDue(begun) {
		t.Error("a large atlas does not wait for the night")
	}
	now = begun.Add(15*time.Hour + time.Minute)
	if !a.dumpDue(begun) {
		t.Error("the night passes without a dump")
	}
}
