package api

import (
	"context"
	"testing"
)

// A node that does not answer leaves its repeats to the row, not to wait for ever.
func TestTurns_whoLeavesWaitsNoLonger(t *testing.T) {
	var turns turns
	leave := turns.take(t.Context(), "k")
	gone, stop := context.WithCancel(t.Context())
	stop()
	turns.take(gone, "k")() // comes back without the turn
	other := turns.take(t.Context(), "another")
	other()
	leave()
	turns.take(t.Context(), "k")() // it is free again
	if len(turns.keys) != 0 {
		t.Errorf("%d keys are left", len(turns.keys))
	}
}
