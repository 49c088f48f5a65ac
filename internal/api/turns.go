package api

import (
	"context"
	"sync"
	"time"
)

// turnLasts is how long a repeat waits for the call that it repeats.
const turnLasts = 20 * time.Second

// turns lets the calls with one key through one after the other, so that a
// repeat that arrives while the first is under way is answered as the first is.
// Nodes do not wait for each other: between them the row of the key decides.
type turns struct {
	mu   sync.Mutex
	keys map[string]*turn
}

// turn is a key that calls are under way with, or wait for.
type turn struct {
	free  chan struct{} // holds one while nobody has the turn
	calls int
}

// take waits for the turn of a key and gives what ends it. Who has waited too
// long goes on without: what it finds then is answered as it is.
func (t *turns) take(ctx context.Context, key string) (leave func()) {
	t.mu.Lock()
	if t.keys == nil {
		t.keys = map[string]*turn{}
	}
	mine := t.keys[key]
	if mine == nil {
		mine = &turn{free: make(chan struct{}, 1)}
		mine.free <- struct{}{}
		t.keys[key] = mine
	}
	mine.calls++
	t.mu.Unlock()

	ctx, stop := context.WithTimeout(ctx, turnLasts)
	defer stop()
	had := false
	select {
	case <-mine.free:
		had = true
	case <-ctx.Done():
	}
	return func() {
		if had {
			mine.free <- struct{}{}
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.calls--; mine.calls == 0 {
			delete(t.keys, key)
		}
	}
}
