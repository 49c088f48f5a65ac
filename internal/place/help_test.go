package place_test

import (
	"context"
	"fmt"
	"testing"
)

func sprint(v any) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}

// contextOf is the context of a test, or a plain one for a property's check.
func contextOf(t any) context.Context {
	if tt, ok := t.(*testing.T); ok {
		return tt.Context()
	}
	return context.Background()
}
