package db

import (
	"os"
	"path/filepath"
	"testing"
)

// The index is read from where it is now: another that takes its place, or comes
// back after it was away, is noticed by who has it open.
func TestLogIndexIsTheOneThatIsThere(t *testing.T) {
	x := logIndex{path: filepath.Join(t.TempDir(), "index")}
	defer x.close()
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func() string {
		b := make([]byte, 4)
		if !x.read(b) {
			return ""
		}
		return string(b)
	}
	if got := read(); got != "" {
		t.Errorf("%q of no file", got)
	}
	write(x.path, "oneA")
	if got := read(); got != "oneA" {
		t.Errorf("first %q", got)
	}
	write(x.path, "oneB") // the same file
	if got := read(); got != "oneB" {
		t.Errorf("written into: %q", got)
	}
	write(x.path+".new", "twoA")
	if err := os.Rename(x.path+".new", x.path); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "twoA" {
		t.Errorf("another in its place: %q", got)
	}
	if err := os.Remove(x.path); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "" {
		t.Errorf("%q of one that was taken away", got)
	}
	write(x.path, "six")
	if got := read(); got != "" {
		t.Errorf("%q of one that is too short", got)
	}
	write(x.path, "sixA")
	if got := read(); got != "sixA" {
		t.Errorf("come back: %q", got)
	}
}
