package pack

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"unsafe"
)

// Reader reads what a Writer wrote, section by section in the same order.
// After an error it gives empty sections: ask Err before anything is used.
type Reader struct {
	from   io.Reader
	left   int64
	err    error
	number uint32
	sum    uint32
	table  *crc32.Table
	buf    []byte
}

// NewReader reads a file of size bytes.
func NewReader(r io.Reader, size int64) *Reader {
	return &Reader{from: r, left: size, table: castagnoli(), buf: make([]byte, chunk)}
}

// Err is what was wrong: ErrBroken, or the error of the reader below.
func (r *Reader) Err() error { return r.err }

// Break marks the file as broken for a reason that only its user can know.
func (r *Reader) Break() {
	if r.err == nil {
		r.err = ErrBroken
	}
}

// End demands that nothing follows.
func (r *Reader) End() {
	if r.left != 0 {
		r.Break()
	}
}

func (r *Reader) read(b []byte) {
	if r.err != nil {
		return
	}
	if int64(len(b)) > r.left {
		r.err = ErrBroken
		return
	}
	r.left -= int64(len(b))
	if _, err := io.ReadFull(r.from, b); err != nil {
		r.err = err
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			r.err = ErrBroken
		}
		return
	}
	r.sum = crc32.Update(r.sum, r.table, b)
}

// begin is the count of the section's elements; 0 after an error.
func (r *Reader) begin(size int) int {
	r.sum = 0
	var head [headSize]byte
	r.read(head[:])
	if r.err != nil {
		return 0
	}
	n := binary.LittleEndian.Uint64(head[8:])
	if binary.LittleEndian.Uint32(head[:]) != r.number || binary.LittleEndian.Uint32(head[4:]) != uint32(size) ||
		n > uint64(r.left)/uint64(size) {
		r.err = ErrBroken
		return 0
	}
	r.number++
	return int(n)
}

func (r *Reader) end() {
	want := r.sum
	var sum [4]byte
	r.read(sum[:])
	if r.err == nil && binary.LittleEndian.Uint32(sum[:]) != want {
		r.err = ErrBroken
	}
}

// Bytes reads a section of bytes.
func (r *Reader) Bytes() []byte {
	b := make([]byte, r.begin(1))
	for rest := b; len(rest) > 0 && r.err == nil; {
		k := min(len(rest), 8*chunk)
		r.read(rest[:k]) // piece by piece, so that the sum finds it in the cache
		rest = rest[k:]
	}
	r.end()
	return b
}

// String reads a section of bytes.
func (r *Reader) String() string {
	n := r.begin(1)
	var b strings.Builder
	b.Grow(n)
	for n > 0 && r.err == nil {
		k := min(n, chunk)
		r.read(r.buf[:k])
		b.Write(r.buf[:k])
		n -= k
	}
	r.end()
	return b.String()
}

// ReadEach reads a section of elements of size bytes; take makes element i of
// its bytes.
func ReadEach[T any](r *Reader, size int, take func(b []byte) T) []T {
	n := r.begin(size)
	v := make([]T, n)
	for rest := v; len(rest) > 0; {
		k := min(len(rest), chunk/size)
		if r.read(r.buf[:k*size]); r.err != nil {
			return nil
		}
		for i := range k {
			rest[i] = take(r.buf[i*size : (i+1)*size])
		}
		rest = rest[k:]
	}
	r.end()
	return v
}

// ReadIntegers reads a section of numbers.
func ReadIntegers[T Integer](r *Reader) []T {
	var zero T
	size := int(unsafe.Sizeof(zero))
	v := make([]T, r.begin(size))
	for rest := v; len(rest) > 0; {
		k := min(len(rest), chunk/size)
		buf := r.buf[:k*size]
		if r.read(buf); r.err != nil {
			return nil
		}
		switch size {
		case 1:
			for i := range rest[:k] {
				rest[i] = T(buf[i])
			}
		case 4:
			for i := range rest[:k] {
				rest[i] = T(binary.LittleEndian.Uint32(buf[4*i:]))
			}
		default:
			for i := range rest[:k] {
				rest[i] = T(binary.LittleEndian.Uint64(buf[8*i:]))
			}
		}
		rest = rest[k:]
	}
	r.end()
	return v
}

// Offsets reports whether at can be where the pieces of a whole begin, the end
// being the last: n+1 numbers from 0 to whole, none less than the one before.
func Offsets[T Integer](at []T, n, whole int) bool {
	if len(at) != n+1 || at[0] != 0 || uint64(at[n]) != uint64(whole) {
		return false
	}
	for i := range n {
		if at[i] > at[i+1] {
			return false
		}
	}
	return true
}

// Below reports whether all numbers are less than n.
func Below[T Integer](v []T, n int) bool {
	for _, x := range v {
		if uint64(x) >= uint64(n) {
			return false
		}
	}
	return true
}
