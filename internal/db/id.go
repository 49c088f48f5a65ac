package db

import (
	"bufio"
	"encoding/binary"
	"io"
	"sync"
)

// idEpoch is 2024-01-01 in Unix milliseconds: 41 bits of milliseconds from
// there last until 2093.
const (
	idEpoch  = 1704067200000
	idRandom = 22 // random bits below the milliseconds
)

type ids struct {
	mu   sync.Mutex
	last int64
	src  *bufio.Reader // saves a system call for each id
}

// NewID makes an id: positive, growing with time, and with gaps that nobody
// can foretell, so that the ids of published things do not tell how many are
// unpublished. Within a process no two are equal; between processes, two made
// in the same millisecond are equal once in four million.
func (d *DB) NewID() int64 {
	d.ids.mu.Lock()
	defer d.ids.mu.Unlock()
	if d.ids.src == nil {
		d.ids.src = bufio.NewReaderSize(d.random, 512)
	}
	var b [4]byte
	if _, err := io.ReadFull(d.ids.src, b[:]); err != nil {
		// The system's source cannot fail (crypto/rand promises it); a test's
		// may run dry, which is a fault of the test.
		panic("db: no random bytes: " + err.Error())
	}
	r := int64(binary.LittleEndian.Uint32(b[:]))
	id := (d.now().UnixMilli()-idEpoch)<<idRandom | r&(1<<idRandom-1)
	if id <= d.ids.last { // same millisecond, or a clock set back
		id = d.ids.last + 1 + r&(1<<13-1)
	}
	d.ids.last = id
	return id
}
