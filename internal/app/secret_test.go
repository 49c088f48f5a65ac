package app_test

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/app"
)

// The key is made once, is its owner's alone, and what is no key stops the
// start with a line that names the setting.
func TestSecretFile(t *testing.T) {
	c := configOf(t, t.TempDir(), "")
	open(t, c).Close()
	file := filepath.Join(c.Data, "secret")
	first, err := os.ReadFile(file)
	if err != nil || len(strings.TrimSpace(string(first))) != 64 {
		t.Fatalf("%q, %v", first, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	open(t, c).Close()
	if again, err := os.ReadFile(file); err != nil || string(again) != string(first) {
		t.Errorf("another key at the second start: %v", err)
	}
	refused := func(what string) {
		t.Helper()
		a, err := app.Open(t.Context(), c, app.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		if err == nil {
			a.Close()
		}
		if err == nil || !strings.HasPrefix(err.Error(), "MIRABILIA_SECRET_FILE:") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	refused("readable by all")
	if err := os.WriteFile(file, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("no key")
}
