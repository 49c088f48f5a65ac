package seal

import (
	"bytes"
	"crypto/rand"
	"testing"
)

func TestSeal(t *testing.T) {
	s, err := New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.Close(rand.Reader, 12, []byte("open sesame"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Open(12, text, "it"); err != nil || string(got) != "open sesame" {
		t.Fatalf("got %q, %v", got, err)
	}
	again, err := s.Close(rand.Reader, 12, []byte("open sesame"))
	if err != nil || again == text {
		t.Error("the same secret is closed the same way twice:", err)
	}
	other, err := New(bytes.Repeat([]byte{8}, 32))
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another row":  func() ([]byte, error) { return s.Open(13, text, "it") },
		"another key":  func() ([]byte, error) { return other.Open(12, text, "it") },
		"a part of it": func() ([]byte, error) { return s.Open(12, text[:9], "it") },
		"changed":      func() ([]byte, error) { return s.Open(12, "A"+text[1:len(text)-1]+"A", "it") },
		"no base64":    func() ([]byte, error) { return s.Open(12, "¿", "it") },
		"nothing":      func() ([]byte, error) { return s.Open(12, "", "it") },
	} {
		if got, err := open(); err == nil {
			t.Errorf("%s opens as %q", name, got)
		}
	}
	if _, err := New([]byte("short")); err == nil {
		t.Error("a short key is taken")
	}
	if _, err := New(make([]byte, 16)); err == nil {
		t.Error("a key for a weaker cipher is taken")
	}
}
