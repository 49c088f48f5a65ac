package place

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"os"
	"sync"
)

// shelf keeps in a file what a Keep made, for more places than memory has room
// for: where each lies is in memory, 16 bytes a place. The file is of one run
// of the program and is believed as little as any other: each record bears its
// id and a sum. What it cannot give is missing, and is made again.
type shelf struct {
	mu   sync.RWMutex
	file *os.File // nil after it could not be written
	open bool     // it takes records
	at   map[int64]spot
	end  int64 // of the file
	live int64 // bytes in it that at names
	most int64
}

// spot is where a record begins and how long it is, its head included.
type spot uint64

const (
	spotBits = 24
	// shelfHead is the sum and the id before each record's bytes.
	shelfHead = 4 + 8
)

func (s spot) start() int64 { return int64(s >> spotBits) }
func (s spot) size() int    { return int(s & (1<<spotBits - 1)) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Shelve gives the keep a file, empty and nobody else's, for at most so many
// bytes of what it makes; what has no room there stays in memory. It is taken
// into use by Fill. Nothing may have been asked of the keep before. pack adds a value's bytes to b, unpack
// makes the value of them and may hold on to them.
func (k *Keep[V]) Shelve(file *os.File, most int64, pack func(b []byte, v V) []byte, unpack func(id int64, b []byte) (V, bool)) {
	k.shelf = &shelf{file: file, at: map[int64]spot{}, most: most}
	k.pack, k.unpack = pack, unpack
}

// fillStep is how many places Fill makes at once.
const fillStep = 200

// Fill makes what is not kept yet of every published place, as long as the
// shelf has room. rest is called after each handful.
func (k *Keep[V]) Fill(ctx context.Context, rest func()) error {
	if k.shelf == nil {
		return nil
	}
	k.shelf.mu.Lock()
	k.shelf.open = true
	k.shelf.mu.Unlock()
	for after := int64(0); k.shelf.takes(); rest() {
		ids, last, err := k.places.Walk(ctx, after, "", fillStep)
		if err != nil {
			return err
		}
		if _, err := k.Of(ctx, ids); err != nil {
			return err
		}
		if last == 0 {
			return nil
		}
		after = last
	}
	return nil
}

// takes reports whether another record may have room.
func (s *shelf) takes() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.file != nil && s.end < s.most
}

// get reads a record's bytes; false when there is none that is good.
func (s *shelf) get(id int64) ([]byte, bool) {
	s.mu.RLock()
	file := s.file
	at, ok := s.at[id]
	s.mu.RUnlock()
	if !ok || file == nil {
		return nil, false
	}
	b := make([]byte, at.size())
	if _, err := file.ReadAt(b, at.start()); err != nil {
		return nil, false
	}
	// The file may have been begun anew since it was looked where the record
	// lies; a later state of the same place is as good.
	if binary.LittleEndian.Uint32(b) != crc32.Checksum(b[4:], castagnoli) || binary.LittleEndian.Uint64(b[4:]) != uint64(id) {
		return nil, false
	}
	return b[shelfHead:], true
}

// put writes a record, whose first shelfHead bytes are left for the head; false
// when there is no room.
func (s *shelf) put(id int64, b []byte) bool {
	n := int64(len(b))
	binary.LittleEndian.PutUint64(b[4:], uint64(id))
	binary.LittleEndian.PutUint32(b, crc32.Checksum(b[4:], castagnoli))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.open {
		return false
	}
	if s.end+n > s.most && s.live < s.most/2 { // most of it is of states that are gone
		s.empty()
	}
	if s.file == nil || s.end+n > s.most || n >= 1<<spotBits {
		return false
	}
	if _, err := s.file.WriteAt(b, s.end); err != nil {
		// The disk is full, most likely: others need what is left of it more.
		s.empty()
		_ = s.file.Truncate(0)
		s.file = nil
		return false
	}
	s.live += n - int64(s.at[id].size())
	s.at[id] = spot(s.end<<spotBits) | spot(n)
	s.end += n
	return true
}

func (s *shelf) drop(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live -= int64(s.at[id].size())
	delete(s.at, id)
}

func (s *shelf) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.empty()
}

func (s *shelf) empty() {
	clear(s.at)
	s.end, s.live = 0, 0
}

// kept gives what is kept of a place, on the shelf or in memory.
func (k *Keep[V]) kept(id int64) (v V, ok bool) {
	if k.shelf != nil {
		if b, ok := k.shelf.get(id); ok {
			if v, ok = k.unpack(id, b); ok {
				return v, true
			}
		}
	}
	return k.cache.GetIfPresent(id)
}

// set keeps what was made of a place.
func (k *Keep[V]) set(id int64, v V) {
	if k.shelf == nil || !k.shelf.put(id, k.pack(make([]byte, shelfHead, 1<<10), v)) {
		k.cache.Set(id, v)
	}
}

// forget keeps nothing of a place.
func (k *Keep[V]) forget(id int64) {
	if k.shelf != nil {
		k.shelf.drop(id)
	}
	k.cache.Invalidate(id)
}

func (k *Keep[V]) forgetAll() {
	if k.shelf != nil {
		k.shelf.clear()
	}
	k.cache.InvalidateAll()
}
