package app

import (
	"testing"

	"mirabilia/internal/factor"
	"mirabilia/internal/user"
)

// Whatever changes about the safety of an account has words to tell its owner.
func TestAccountChanges(t *testing.T) {
	for _, change := range append([]string{user.PasswordChanged, user.TokenMade}, factor.Changes...) {
		if accountChanges[change] == "" {
			t.Errorf("no letter tells of %q", change)
		}
	}
}
