package db

import (
	"errors"
	"testing"
)

// Pages come in their order whatever the order in which they are written, the
// first last, and the one that holds SQLite's locks, which is never written, is
// there.
func TestPageSink(t *testing.T) {
	const size = 1 << 16
	const locks = lockByte/size + 1
	page := make([]byte, size)
	var got uint32
	s := &pageSink{size: size, next: 2, fn: func(b []byte) error {
		if got++; len(b) != size || got+1 != locks && got <= locks && b[0] != byte(got+1) {
			t.Fatalf("the page after %d is %d", got, b[0])
		}
		return nil
	}}
	put := func(n uint32) error {
		page[0] = byte(n)
		_, err := s.WriteAt(page, int64(n-1)*size)
		return err
	}
	for _, n := range []uint32{1, 3, 4, 2, 6, 5} {
		if err := put(n); err != nil {
			t.Fatal(err)
		}
	}
	for n := uint32(7); n <= locks+2; n++ {
		if n == locks {
			continue
		}
		if err := put(n); err != nil {
			t.Fatal(n, err)
		}
	}
	if got != locks+1 {
		t.Errorf("%d pages came, want %d", got, locks+1)
	}
	if err := s.end(locks + 3); !errors.Is(err, errOrder) {
		t.Errorf("a page is missing: %v", err)
	}
	if err := s.end(locks + 2); err != nil || got != locks+2 {
		t.Errorf("%d, %v", got, err)
	}
	if put(4) == nil {
		t.Error("a page that was handed on already is taken again")
	}
}
