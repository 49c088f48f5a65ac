package web

import (
	"encoding/json"
	"testing"
)

func TestDetailWords(t *testing.T) {
	for raw, want := range map[string]string{
		`{}`: "", `null`: "",
		`{"to":"editor","regions":["italy/lazio","france"]}`:               "regions italy/lazio france, to editor",
		`{"reason":"","only":null,"place":385338062828906100,"live":true}`: "live true, place 385338062828906100",
		`{"published_at":"today"}`:                                         "published at today",
		`no JSON`:                                                          "no JSON",
	} {
		if got := detailWords(json.RawMessage(raw)); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}
