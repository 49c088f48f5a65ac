package pack

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"unsafe"
)

// Writer writes sections. After an error it writes nothing more: ask Err at
// the end.
type Writer struct {
	to     io.Writer
	err    error
	number uint32
	sum    uint32
	table  *crc32.Table
	buf    []byte
}

// NewWriter writes to w, in pieces of some tens of kilobytes.
func NewWriter(w io.Writer) *Writer {
	return &Writer{to: w, table: castagnoli(), buf: make([]byte, chunk)}
}

// Err is the first error of the writer below.
func (w *Writer) Err() error { return w.err }

func (w *Writer) write(b []byte) {
	if w.err == nil {
		w.sum = crc32.Update(w.sum, w.table, b)
		_, w.err = w.to.Write(b)
	}
}

func (w *Writer) begin(size, n int) {
	w.sum = 0
	var head [headSize]byte
	binary.LittleEndian.PutUint32(head[:], w.number)
	binary.LittleEndian.PutUint32(head[4:], uint32(size))
	binary.LittleEndian.PutUint64(head[8:], uint64(n))
	w.number++
	w.write(head[:])
}

func (w *Writer) end() {
	w.write(binary.LittleEndian.AppendUint32(nil, w.sum))
}

// Bytes writes a section of bytes.
func (w *Writer) Bytes(b []byte) {
	w.begin(1, len(b))
	w.write(b)
	w.end()
}

// String writes a section of bytes.
func (w *Writer) String(s string) {
	w.begin(1, len(s))
	for len(s) > 0 {
		n := copy(w.buf, s)
		w.write(w.buf[:n])
		s = s[n:]
	}
	w.end()
}

// Each writes a section of n elements of size bytes; put fills in element i.
func (w *Writer) Each(n, size int, put func(i int, b []byte)) {
	w.begin(size, n)
	for i := 0; i < n && w.err == nil; {
		k := min(n-i, chunk/size)
		for j := range k {
			put(i+j, w.buf[j*size:(j+1)*size])
		}
		w.write(w.buf[:k*size])
		i += k
	}
	w.end()
}

// Integers writes a section of numbers.
func Integers[T Integer](w *Writer, v []T) {
	var zero T
	size := int(unsafe.Sizeof(zero))
	w.begin(size, len(v))
	for len(v) > 0 && w.err == nil {
		k := min(len(v), chunk/size)
		buf := w.buf[:k*size]
		switch size {
		case 1:
			for i, x := range v[:k] {
				buf[i] = byte(x)
			}
		case 4:
			for i, x := range v[:k] {
				binary.LittleEndian.PutUint32(buf[4*i:], uint32(x))
			}
		default:
			for i, x := range v[:k] {
				binary.LittleEndian.PutUint64(buf[8*i:], uint64(x))
			}
		}
		w.write(buf)
		v = v[k:]
	}
	w.end()
}
