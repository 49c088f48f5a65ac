package db

import "sync"

// Memo keeps what was read for as long as nothing is committed, by nobody, and
// where that can be told without asking the database (see Stamp); elsewhere it
// keeps nothing. What it gives is what reading would give at that moment. It
// must not hold what depends on anything but its key and the database, the time
// of day among it, and what it gives is not to be changed.
type Memo[K comparable, V any] struct {
	db   *DB
	most int

	mu    sync.Mutex
	stamp Stamp
	kept  map[K]V
}

// NewMemo makes a memo of at most so many values.
func NewMemo[K comparable, V any](d *DB, most int) *Memo[K, V] {
	return &Memo[K, V]{db: d, most: most, kept: map[K]V{}}
}

// Of is what read gives for the key. An error is not kept.
func (m *Memo[K, V]) Of(key K, read func() (V, error)) (V, error) {
	stamp, ok := m.db.Stamp() // before reading: that sees what the stamp names, and what came after
	if !ok {
		return read()
	}
	if v, ok := m.at(stamp, key); ok {
		return v, nil
	}
	v, err := read()
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stamp == stamp && len(m.kept) < m.most {
		m.kept[key] = v
	}
	return v, nil
}

// at is what is kept for a key at a stamp; what belongs to another is dropped.
func (m *Memo[K, V]) at(stamp Stamp, key K) (v V, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stamp != stamp {
		clear(m.kept)
		m.stamp = stamp
	}
	v, ok = m.kept[key]
	return v, ok
}
