package api

import (
	"net/http"
	"testing"

	"mirabilia/internal/errs"
)

// Whoever is to come back later is told when.
func TestProblem_retryAfter(t *testing.T) {
	for status, want := range map[int]string{http.StatusTooManyRequests: waitTooMany, http.StatusServiceUnavailable: "5", http.StatusConflict: "", http.StatusBadRequest: ""} {
		if got := made(status, errs.Invalid, "x", nil).GetHeaders().Get("Retry-After"); got != want {
			t.Errorf("%d: %q, not %q", status, got, want)
		}
	}
}
