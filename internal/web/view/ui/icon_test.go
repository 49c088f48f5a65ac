package ui

import (
	"context"
	"strings"
	"testing"
)

// An icon is one picture with one path, drawn where it stands.
func TestIcon(t *testing.T) {
	var b strings.Builder
	if err := IconFlip("arrow-left").Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), `<svg class="ico flip" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19l-7-7 7-7M19 12H5"/></svg>`; got != want {
		t.Errorf("the icon is %s, want %s", got, want)
	}
}
