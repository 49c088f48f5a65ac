package api

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"mirabilia/internal/errs"
)

// Whoever is to come back later is told when.
func TestProblem_retryAfter(t *testing.T) {
	for status, want := range map[int]string{http.StatusTooManyRequests: "600", http.StatusServiceUnavailable: "5", http.StatusConflict: "", http.StatusBadRequest: ""} {
		if got := made(status, errs.Invalid, "x", nil).GetHeaders().Get("Retry-After"); got != want {
			t.Errorf("%d: %q, not %q", status, got, want)
		}
	}
	var p *Problem
	if !errors.As((&API{}).problem(errs.TooSoon(90*time.Second+1, "x")), &p) || p.GetHeaders().Get("Retry-After") != "91" {
		t.Errorf("what may be tried again in a minute and a half: %+v", p)
	}
}
