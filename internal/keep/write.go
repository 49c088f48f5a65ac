package keep

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash"
	"os"

	"github.com/klauspost/compress/s2"

	"mirabilia/internal/errs"
)

// The file is magic, then frames:
//
//	1 byte   what it is: a letter of keep.go
//	4 bytes  length of the body, big endian
//	4 bytes  length of the body unpacked; 0 for a body that is not packed
//	         the body: JSON, or for rows and data an S2 block
//
// A header, then for each table its head, chunks of rows and its end, for each
// file of the blob folder its name, chunks of data and its end, then a trailer
// with the sums of all. The ends carry the SHA-256 of what the chunks unpack to;
// the 32 bytes after the trailer are the SHA-256 of every byte before them.
// Nothing follows.
//
// In a file of format 3 the tables are SQLite's pages instead: their head, then
// the pages bare, so that they can be read where they lie, then a frame with
// their sum and the rows of each table. The file's own sum passes the bare pages
// over, for they are summed already, by XXH64; in a file of format 2, which is
// read and no longer written, by SHA-256.
//
// S2 rather than zstd: a third more bytes for a sixth of the time, and while a
// backup runs it is the readers' processors that it takes.
const (
	magic          = "mirabilia backup\n"
	rowsFormat     = 1
	oldPagesFormat = 2
	pagesFormat    = 3
	frameHead      = 9
)

// header is the first frame.
type header struct {
	Format  int    `json:"format"`
	Schema  int64  `json:"schema"`
	Made    int64  `json:"made"` // Unix milliseconds
	Engine  string `json:"engine"`
	Program string `json:"program"`
}

// trailer is the last frame.
type trailer struct {
	Tables map[string]Part     `json:"tables"`
	Files  map[string]FilePart `json:"blobs"`
	SHA256 string              `json:"sha256"`
}

type fileWriter struct {
	out   *bufio.Writer
	file  *os.File // under out
	head  header
	hash  hash.Hash // of all that is written, but for the bare pages
	zipd  []byte
	sum   *Sum
	bytes int64

	pages *pageTally
	scrub *scrub
	base  int64 // where the pages begin

	started int64 // how far the disk was told to write

	table *tally
	blob  string
	data  hash.Hash
	size  int64
}

func newFileWriter(file *os.File, h header) *fileWriter {
	return &fileWriter{out: bufio.NewWriterSize(file, 1<<18), file: file, head: h, hash: sha256.New(), sum: newSum(h.Schema)}
}

// begin writes what is before the first piece, which says what form it will be.
func (w *fileWriter) begin(p piece) error {
	w.head.Format = rowsFormat
	if p.is == pagesPiece {
		w.head.Format = pagesFormat
	}
	if err := w.write([]byte(magic)); err != nil {
		return err
	}
	return w.json(headerFrame, w.head)
}

func (w *fileWriter) write(b []byte) error {
	w.hash.Write(b)
	w.bytes += int64(len(b))
	_, err := w.out.Write(b)
	return err
}

func (w *fileWriter) frame(is byte, body []byte, unpacked int) error {
	var h [frameHead]byte
	h[0] = is
	binary.BigEndian.PutUint32(h[1:], uint32(len(body)))
	binary.BigEndian.PutUint32(h[5:], uint32(unpacked))
	if err := w.write(h[:]); err != nil {
		return err
	}
	return w.write(body)
}

func (w *fileWriter) json(is byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.frame(is, b, 0)
}

func (w *fileWriter) packed(is byte, raw []byte) error {
	if n := s2.MaxEncodedLen(len(raw)); cap(w.zipd) < n {
		w.zipd = make([]byte, n)
	}
	w.zipd = s2.Encode(w.zipd[:cap(w.zipd)], raw)
	return w.frame(is, w.zipd, len(raw))
}

// take writes one piece.
func (w *fileWriter) take(p *piece) error {
	if w.bytes == 0 {
		if err := w.begin(*p); err != nil {
			return err
		}
	}
	switch p.is {
	case pagesPiece:
		w.pages, w.scrub = newPageTally(p.pages, w.head.Format), newScrub(p.pages)
		err := w.json(pagesPiece, p.pages)
		w.base = w.bytes
		return err
	case pagesData:
		w.scrub.chunk(w.pages.seen, p.raw)
		w.pages.add(p.raw)
		_, err := w.out.Write(p.raw)
		w.bytes += int64(len(p.raw))
		w.startWriting()
		return err
	case pagesEnd:
		return w.endPages(p)
	case tablePiece:
		w.table = newTally(p.table)
		return w.json(tablePiece, p.table)
	case rowsPiece:
		w.table.hash.Write(p.raw)
		return w.packed(rowsPiece, p.raw)
	case endPiece:
		w.table.rows = p.part.Rows
		part := w.table.part()
		w.sum.Tables[w.table.head.Name] = part
		return w.json(endPiece, part)
	case blobPiece:
		w.blob, w.data, w.size = p.blob.Name, sha256.New(), 0
		return w.json(blobPiece, p.blob)
	case dataPiece:
		w.data.Write(p.raw)
		w.size += int64(len(p.raw))
		return w.packed(dataPiece, p.raw)
	case blobEnd:
		part := FilePart{w.size, hex.EncodeToString(w.data.Sum(nil))}
		w.sum.Files[w.blob] = part
		return w.json(blobEnd, part)
	}
	return errs.New(errs.Internal, "a piece %q is no part of a backup", p.is)
}

// endPages writes what the pages hold, after it was cleaned.
func (w *fileWriter) endPages(p *piece) error {
	if err := w.out.Flush(); err != nil {
		return err
	}
	if err := w.scrub.clean(w.file, w.base, w.pages); err != nil {
		return err
	}
	foot, err := w.pages.foot()
	if err != nil {
		return err
	}
	p.part.Rows = foot.rows()
	foot.into(w.sum, w.pages.head)
	w.scrub = nil
	return w.json(pagesEnd, foot)
}

// startEvery is how much is written before the disk is told to begin with it.
const startEvery = 16 << 20

// startWriting lets the disk begin with what is there already, so that the end
// need not wait for all of it.
func (w *fileWriter) startWriting() {
	if n := w.bytes - w.started; n >= startEvery {
		startWriting(w.file, w.started, n)
		w.started = w.bytes
	}
}

// close writes the trailer and the sum of the file.
func (w *fileWriter) close() error {
	w.sum.close()
	if err := w.json(trailerFrame, trailer{w.sum.Tables, w.sum.Files, w.sum.SHA256}); err != nil {
		return err
	}
	if err := w.write(w.hash.Sum(nil)); err != nil {
		return err
	}
	return w.out.Flush()
}

// drain hands pieces to take until there are no more, and gives their buffers
// back.
func drain(ctx context.Context, in <-chan piece, free chan<- []byte, take func(*piece) error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case p, more := <-in:
			if !more {
				return nil
			}
			if err := take(&p); err != nil {
				return err
			}
			if p.raw != nil {
				giveBack(free, p.raw)
			}
		}
	}
}
