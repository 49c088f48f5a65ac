package place

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/crc32"
	"os"
	"slices"
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
func (s spot) end() int64   { return s.start() + int64(s.size()) }

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

// Fill makes what is not kept yet of places, as long as the shelf has room.
// They come to lie in the file in the order of ids: what is asked for together
// had better stand together there. rest is called after each handful.
func (k *Keep[V]) Fill(ctx context.Context, ids []int64, rest func()) error {
	if k.shelf == nil {
		return nil
	}
	k.shelf.mu.Lock()
	k.shelf.open = true
	k.shelf.mu.Unlock()
	for handful := range slices.Chunk(ids, fillStep) {
		if !k.shelf.takes() {
			return nil
		}
		if _, err := k.Of(ctx, handful); err != nil {
			return err
		}
		rest()
	}
	return nil
}

// takes reports whether another record may have room.
func (s *shelf) takes() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.file != nil && s.end < s.most
}

// Records that are wanted together are read in one go where no more than
// mostGap bytes lie between them: another call of the system costs more than
// these.
const (
	mostGap = 8 << 10
	mostRun = 128 << 10
)

// wanted is a record that is asked for: the how manieth, and where it lies.
type wanted struct {
	i  int
	at spot
}

// get reads the bytes of records; nil for those of which there are none that
// are good. One piece of memory holds them all.
func (s *shelf) get(ids []int64) [][]byte {
	out := make([][]byte, len(ids))
	list := make([]wanted, 0, len(ids))
	total := 0
	s.mu.RLock()
	file := s.file
	for i, id := range ids {
		if at, ok := s.at[id]; ok {
			list = append(list, wanted{i, at})
			total += at.size()
		}
	}
	s.mu.RUnlock()
	if file == nil {
		return out
	}
	slices.SortFunc(list, func(a, b wanted) int { return cmp.Compare(a.at, b.at) })
	buffer := runs.Get().(*[mostRun]byte)
	defer runs.Put(buffer)
	all := make([]byte, 0, total)
	for len(list) > 0 {
		n := together(list)
		from := list[0].at.start()
		run := buffer[:]
		if n := list[n-1].at.end() - from; n <= mostRun {
			run = run[:n]
		} else { // a single one
			run = make([]byte, n)
		}
		// What lies beyond the end of the file fails by its sum.
		got, _ := file.ReadAt(run, from)
		run = run[:got]
		for _, w := range list[:n] {
			first, end := w.at.start()-from, w.at.end()-from
			if end > int64(len(run)) || !sound(run[first:end], ids[w.i]) {
				continue
			}
			before := len(all)
			all = append(all, run[first+shelfHead:end]...)
			out[w.i] = all[before:len(all):len(all)]
		}
		list = list[n:]
	}
	return out
}

var runs = sync.Pool{New: func() any { return new([mostRun]byte) }}

// together is how many of the list, which is in the file's order, are read in
// one go.
func together(list []wanted) int {
	for i := 1; i < len(list); i++ {
		if list[i].at.start()-list[i-1].at.end() > mostGap || list[i].at.end()-list[0].at.start() > mostRun {
			return i
		}
	}
	return len(list)
}

// sound reports whether bytes are the record of an id. The file may have been
// begun anew since it was looked where the record lies; a later state of the
// same place is as good.
func sound(b []byte, id int64) bool {
	return binary.LittleEndian.Uint32(b) == crc32.Checksum(b[4:], castagnoli) && binary.LittleEndian.Uint64(b[4:]) == uint64(id)
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

// kept gives what is kept of places, on the shelf or in memory, and of which.
func (k *Keep[V]) kept(ids []int64) (list []V, known []bool) {
	list, known = make([]V, len(ids)), make([]bool, len(ids))
	if k.shelf != nil {
		for i, b := range k.shelf.get(ids) {
			if b != nil {
				list[i], known[i] = k.unpack(ids[i], b)
			}
		}
	}
	for i, id := range ids {
		if !known[i] {
			list[i], known[i] = k.cache.GetIfPresent(id)
		}
	}
	return list, known
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
