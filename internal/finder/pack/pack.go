// Package pack writes arrays to a file and reads them back, as sections that
// each say how long they are and end in a checksum. It knows nothing of what
// the arrays mean.
//
// A section is its number in the file, the size of an element and their count
// (little-endian, 4, 4 and 8 bytes), the elements, and the CRC-32C
// (Castagnoli) of all that. A changed, missing, added or moved byte is noticed
// when the section ends at the latest; nothing is taken to be longer than the
// file still is, so that a wrong length cannot ask for more memory than the
// file has bytes.
package pack

import (
	"errors"
	"hash/crc32"
)

// ErrBroken says that what was read is not what was written.
var ErrBroken = errors.New("the file is damaged")

// Integer is what Integers and ReadIntegers take.
type Integer interface {
	~uint8 | ~int32 | ~uint32 | ~int64 | ~uint64
}

const (
	headSize = 16
	// chunk is how many bytes are turned into elements at once: they fit the
	// processor's nearest caches.
	chunk = 1 << 15
)

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }
