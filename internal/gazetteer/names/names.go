// Package names keeps hundreds of thousands of short texts in few bytes, each
// readable alone: a text is a row of pieces, letters found to be frequent
// together (byte-pair encoding), each written in a Huffman code.
package names

import "encoding/binary"

// Name is a name and its language; the first of a record has none.
type Name struct{ Text, Lang string }

const (
	pieceCount = 1 << 13
	longest    = 20 // bits of a code
	blockSize  = 16 // records from one entry of the index to the next
)

// Book is a table made by Build: a record of names for each number.
type Book struct {
	langs []byte // two-byte length, then the languages, NUL between them
	// pieces begins with how many codes there are of each length, longest
	// two-byte numbers; then two-byte ends of the pieces, in the order of
	// their codes (canonical: the shortest first), then the pieces.
	pieces []byte
	index  []byte
	texts  []byte
}

// Open reads the four sections of a book. Damage gives wrong or empty names.
func Open(langs, pieces, index, texts []byte) Book {
	return Book{langs, pieces, index, texts}
}

// record finds a record: the text of its first name, and the rest.
func (b Book) record(i int) (first, others []byte) {
	if i < 0 || (i/blockSize+1)*3 > len(b.index) {
		return nil, nil
	}
	entry := b.index[i/blockSize*3:]
	at := int(entry[0]) | int(entry[1])<<8 | int(entry[2])<<16
	for k := i % blockSize; ; k-- {
		head, used := binary.Uvarint(b.texts[min(at, len(b.texts)):])
		if used <= 0 || head>>1 > uint64(len(b.texts)-at-used) {
			return nil, nil
		}
		at += used
		size := int(head >> 1)
		if k > 0 {
			at += size
			continue
		}
		body := b.texts[at : at+size]
		if head&1 == 0 {
			return body, nil
		}
		if len(body) == 0 || int(body[0]) >= len(body) {
			return nil, nil
		}
		return body[1 : 1+body[0]], body[1+body[0]:]
	}
}

// First is the first name of a record.
func (b Book) First(i int) string {
	first, _ := b.record(i)
	var buf [64]byte
	return string(b.spell(buf[:0], first))
}

// Others are the names behind the first.
func (b Book) Others(i int) []Name {
	_, rest := b.record(i)
	var out []Name
	var buf [64]byte
	for len(rest) >= 2 && 2+int(rest[1]) <= len(rest) {
		end := 2 + int(rest[1])
		out = append(out, Name{string(b.spell(buf[:0], rest[2:end])), b.lang(rest[0])})
		rest = rest[end:]
	}
	return out
}

func (b Book) lang(n byte) string {
	at := 0
	for i, c := range b.langs {
		if c != 0 {
			continue
		}
		if n == 0 {
			return string(b.langs[at:i])
		}
		n--
		at = i + 1
	}
	return ""
}

// spell appends the pieces of a text. It ends where the rest, at most seven
// bits, is no whole code: the bits that fill the last byte are ones, and the
// code of all ones is longer.
func (b Book) spell(dst, text []byte) []byte {
	const counts, ends = 2 * longest, 2*longest + 2*(pieceCount+1)
	if len(b.pieces) < ends {
		return dst
	}
	code, first, before, length := 0, 0, 0, 0
	for bit := range 8 * len(text) {
		code = code<<1 | int(text[bit/8]>>(7-bit%8)&1)
		count := int(binary.LittleEndian.Uint16(b.pieces[2*length:]))
		if code-first >= count {
			before += count
			first = (first + count) << 1
			if length++; length == longest {
				return dst
			}
			continue
		}
		n := min(before+code-first, pieceCount-1)
		from := ends + int(binary.LittleEndian.Uint16(b.pieces[counts+2*n:]))
		to := ends + int(binary.LittleEndian.Uint16(b.pieces[counts+2*n+2:]))
		if from <= to && to <= len(b.pieces) {
			dst = append(dst, b.pieces[from:to]...)
		}
		code, first, before, length = 0, 0, 0, 0
	}
	return dst
}
