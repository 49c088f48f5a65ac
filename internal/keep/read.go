package keep

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/s2"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// The limits of what a file may demand of memory, whoever made it.
const (
	maxBody = maxRow + 2*chunk // of one frame, packed or not
	maxJSON = 1 << 20          // of a frame that is JSON, but for the trailer
	maxEnd  = 32 << 20         // of the trailer, which names every blob
)

type fileReader struct {
	in   *bufio.Reader
	hash hash.Hash
	read []byte // the last body as it lies in the file
	body []byte // the same, unpacked
	head header
	free <-chan []byte

	pages *pageTally // while pages are read
	base  int64      // where they begin in the file
	at    int64      // what was read of the file

	state byte // what was read last: headerFrame, tablePiece, blobPiece, endPiece
	table head
	sum   *Sum
	tally *tally
	blob  string
	data  hash.Hash
	size  int64
}

func torn(format string, args ...any) error {
	return errs.New(errs.Invalid, "the backup is damaged ("+format+"); use another one, nothing was restored", args...)
}

// openFile reads the header. known is the schema of this program.
func openFile(in io.Reader, known int64, free <-chan []byte) (*fileReader, error) {
	r := &fileReader{in: bufio.NewReaderSize(in, 1<<16), hash: sha256.New(), free: free}
	start := make([]byte, len(magic))
	if _, err := io.ReadFull(r.in, start); err != nil || string(start) != magic {
		return nil, errs.New(errs.Invalid, "this is no backup of Mirabilia; name a file that mirabilia backup wrote")
	}
	r.hash.Write(start)
	r.at = int64(len(start))
	is, err := r.frame()
	if err == nil && is != headerFrame {
		err = torn("it has no header")
	}
	if err == nil {
		err = r.json(&r.head)
	}
	switch {
	case err != nil:
	case r.head.Format < rowsFormat || r.head.Format > pagesFormat:
		err = errs.New(errs.Conflict, "the backup has format %d and this program knows up to %d; run a newer mirabilia", r.head.Format, pagesFormat)
	case r.head.Schema > known:
		err = errs.New(errs.Conflict, "the backup has schema %d and this program knows up to %d; run a newer mirabilia, nothing was changed", r.head.Schema, known)
	case r.head.Schema < 1:
		err = torn("its schema is %d", r.head.Schema)
	}
	if err != nil {
		return nil, err
	}
	r.state, r.sum = headerFrame, newSum(r.head.Schema)
	return r, nil
}

func (r *fileReader) full(b []byte) error {
	if err := r.bare(b); err != nil {
		return err
	}
	r.hash.Write(b)
	return nil
}

// bare reads what the file's own sum passes over.
func (r *fileReader) bare(b []byte) error {
	if _, err := io.ReadFull(r.in, b); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return torn("it ends in the middle")
		}
		return err
	}
	r.at += int64(len(b))
	return nil
}

// frame reads the next frame; its body, unpacked, is in r.body.
func (r *fileReader) frame() (byte, error) {
	var h [frameHead]byte
	if err := r.full(h[:]); err != nil {
		return 0, err
	}
	packed, raw := binary.BigEndian.Uint32(h[1:]), binary.BigEndian.Uint32(h[5:])
	limit := uint32(maxJSON)
	switch {
	case h[0] == trailerFrame:
		limit = maxEnd
	case raw > 0:
		limit = maxBody
	}
	if packed > limit || raw > maxBody {
		return 0, torn("a part claims %d bytes", max(packed, raw))
	}
	body, err := r.bytes(int(packed))
	if err != nil {
		return 0, err
	}
	r.body = body
	if raw == 0 {
		return h[0], nil
	}
	// No other length is taken than the one that the limit was held against.
	if n, err := s2.DecodedLen(body); err != nil || n != int(raw) {
		return 0, torn("a part does not unpack")
	}
	if r.body, err = s2.Decode(r.room(int(raw)), body); err != nil {
		return 0, torn("a part does not unpack")
	}
	return h[0], nil
}

// bytes reads n bytes, taking memory as they come: a lying length costs little.
// They are good until the next call.
func (r *fileReader) bytes(n int) ([]byte, error) {
	b := r.read[:0]
	for len(b) < n {
		more := min(n-len(b), chunk)
		b = slices.Grow(b, more)[:len(b)+more]
		if err := r.full(b[len(b)-more:]); err != nil {
			return nil, err
		}
	}
	if cap(b) <= 4*chunk {
		r.read = b
	}
	return b, nil
}

// room is where n bytes are unpacked to.
func (r *fileReader) room(n int) []byte {
	select {
	case b := <-r.free:
		if cap(b) >= n {
			return b[:n]
		}
	default:
	}
	return make([]byte, n)
}

func (r *fileReader) json(into any) error {
	if err := json.Unmarshal(r.body, into); err != nil {
		return torn("a part is no JSON")
	}
	return nil
}

// next gives the next piece; io.EOF follows the last one, after the file's
// own sum has been found right.
func (r *fileReader) next() (p piece, err error) {
	if r.pages != nil && r.pages.seen < r.pages.head.Pages {
		return r.pagesChunk()
	}
	is, err := r.frame()
	if err != nil {
		return p, err
	}
	p.is = is
	inTable, inBlob := r.state == tablePiece, r.state == blobPiece
	switch {
	case r.head.Format != rowsFormat && r.state == headerFrame:
		if is != pagesPiece {
			return p, torn("it has no pages")
		}
		err = r.beginPages(&p)
	case r.state == pagesPiece:
		if is != pagesEnd {
			return p, torn("its parts are in a wrong order")
		}
		err = r.endPages(&p)
	case is == tablePiece && r.head.Format == rowsFormat && !inTable && !inBlob && len(r.sum.Files) == 0:
		err = r.begin(&p)
	case is == rowsPiece && inTable:
		before := r.tally.rows
		p.raw = r.body
		err = r.tally.add(p.raw)
		p.part.Rows = r.tally.rows - before
	case is == endPiece && inTable:
		if err = r.json(&p.part); err == nil && p.part != r.tally.part() {
			err = torn("table %s does not match its checksum", r.table.Name)
		}
		r.sum.Tables[r.table.Name], r.state = p.part, endPiece
	case is == blobPiece && !inTable && !inBlob:
		err = r.beginBlob(&p)
	case is == dataPiece && inBlob:
		p.raw = r.body
		r.data.Write(p.raw)
		r.size += int64(len(p.raw))
	case is == blobEnd && inBlob:
		if err = r.json(&p.file); err == nil && p.file != (FilePart{r.size, sumOf(r.data)}) {
			err = torn("blob %s does not match its checksum", r.blob)
		}
		r.sum.Files[r.blob], r.state = p.file, blobEnd
	case is == trailerFrame && !inTable && !inBlob:
		if err = r.end(); err == nil {
			err = io.EOF
		}
	default:
		err = torn("its parts are in a wrong order")
	}
	return p, err
}

func (r *fileReader) begin(p *piece) error {
	if err := r.json(&p.table); err != nil {
		return err
	}
	h := p.table
	if _, twice := r.sum.Tables[h.Name]; twice || len(h.Columns) == 0 || len(h.Kinds) != len(h.Columns) ||
		strings.Trim(h.Kinds, string([]byte{byte(db.Integer), byte(db.Real), byte(db.Text), byte(db.Blob)})) != "" {
		return torn("the head of a table is wrong")
	}
	r.table, r.tally, r.state = h, newTally(h), tablePiece
	return nil
}

func (r *fileReader) beginBlob(p *piece) error {
	if err := r.json(&p.blob); err != nil {
		return err
	}
	if _, twice := r.sum.Files[p.blob.Name]; twice || !blobName.MatchString(p.blob.Name) {
		return torn("the name of a blob is wrong")
	}
	r.blob, r.data, r.size, r.state = p.blob.Name, sha256.New(), 0, blobPiece
	return nil
}

// end holds the trailer and the file's sum against what was read.
func (r *fileReader) end() error {
	var t trailer
	if err := r.json(&t); err != nil {
		return err
	}
	r.sum.close()
	if t.SHA256 != r.sum.SHA256 || len(t.Tables) != len(r.sum.Tables) || len(t.Files) != len(r.sum.Files) {
		return torn("it does not hold what its end says")
	}
	want := r.hash.Sum(nil)
	got := make([]byte, len(want))
	if err := r.full(got); err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(want, got) != 1 {
		return torn("it does not match its checksum")
	}
	if _, err := r.in.ReadByte(); !errors.Is(err, io.EOF) {
		return torn("something follows its end")
	}
	return nil
}

// readFile sends the pieces of a file.
func (r *fileReader) readFile(ctx context.Context, out chan<- piece) error {
	for {
		p, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := send(ctx, out, p); err != nil {
			return err
		}
	}
}

// Check reads a backup to its end and says what is in it, if every byte is
// right; known is the newest schema that is understood.
func Check(ctx context.Context, in io.Reader, known int64, watch Watch) (*Sum, error) {
	return check(ctx, in, known, newMeter(watch, Checked))
}

func check(ctx context.Context, in io.Reader, known int64, m *meter) (*Sum, error) {
	free := make(chan []byte, 1)
	r, err := openFile(in, known, free)
	if err != nil {
		return nil, err
	}
	for ctx.Err() == nil {
		p, err := r.next()
		if errors.Is(err, io.EOF) {
			return r.sum, nil
		}
		if err != nil {
			return nil, err
		}
		m.pass(p)
		if p.raw != nil {
			giveBack(free, p.raw)
		}
	}
	return nil, ctx.Err()
}
