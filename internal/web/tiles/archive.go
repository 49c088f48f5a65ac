package tiles

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/net/html"
)

// Archive is a PMTiles file, version 3, of vector tiles
// (github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md). Tiles and
// directories are packed with gzip or not at all.
type Archive struct {
	from             io.ReaderAt
	root             []entry
	leaves, data     span
	MinZoom, MaxZoom int
	// Credit names the sources of an archive's data as plain text, and Layers
	// what its tiles hold; both come from its metadata.
	Credit string
	Layers []string

	packed     bool // tiles are gzip
	packedDirs bool
	close      func() error
}

type span struct{ offset, length uint64 }

// entry is a line of a directory: run tiles from number id on, or, when run is
// 0, a directory of its own among the leaves.
type entry struct {
	id, offset uint64
	length     uint32
	run        uint32
}

// The bounds of what is read from an archive: larger ones are broken or meant
// to hurt.
const (
	maxDirectory = 16 << 20
	maxTile      = 8 << 20
	headerSize   = 127
)

var errArchive = errors.New("not a PMTiles archive of version 3")

// OpenArchive opens a file named by the operator. It stays open until Close.
func OpenArchive(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	a, err := readArchive(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	a.close = f.Close
	return a, nil
}

// Close closes the file behind the archive.
func (a *Archive) Close() error {
	if a.close == nil {
		return nil
	}
	return a.close()
}

func readArchive(from io.ReaderAt) (*Archive, error) {
	var h [headerSize]byte
	if _, err := from.ReadAt(h[:], 0); err != nil || string(h[:7]) != "PMTiles" || h[7] != 3 {
		return nil, errArchive
	}
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(h[i:]) }
	a := &Archive{from: from, leaves: span{at(40), at(48)}, data: span{at(56), at(64)}, MinZoom: int(h[100]), MaxZoom: int(h[101])}
	const gz, plain, vector = 2, 1, 1
	switch {
	case h[99] != vector:
		return nil, errors.New("the archive holds pictures, not vector tiles")
	case h[97] != gz && h[97] != plain, h[98] != gz && h[98] != plain:
		return nil, errors.New("the archive is packed in a way that cannot be read here; pack it with gzip")
	case a.MaxZoom > MaxZoom:
		return nil, errArchive
	}
	a.packedDirs, a.packed = h[97] == gz, h[98] == gz
	var err error
	if a.root, err = a.directory(at(8), at(16)); err != nil {
		return nil, err
	}
	err = a.describe(at(24), at(32))
	return a, err
}

// describe reads the metadata: the names of the layers, and to whom credit is
// due, written as HTML by the archive's maker.
func (a *Archive) describe(offset, length uint64) error {
	if length == 0 {
		return nil
	}
	raw, err := a.block(offset, length)
	if err != nil {
		return err
	}
	var meta struct {
		Attribution  string `json:"attribution"`
		VectorLayers []struct {
			ID string `json:"id"`
		} `json:"vector_layers"`
	}
	if err := json.Unmarshal(raw, &meta); err != nil {
		return errArchive
	}
	a.Credit = words(meta.Attribution)
	for _, l := range meta.VectorLayers {
		a.Layers = append(a.Layers, l.ID)
	}
	return nil
}

// words is the text of a piece of HTML.
func words(markup string) string {
	var out strings.Builder
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(out.String()), " ")
		case html.TextToken:
			out.Write(z.Text())
		}
	}
}

// Tile is the tile of a vector archive as it lies there, and whether it is
// gzipped. It is nil, without an error, where the archive has none.
func (a *Archive) Tile(z, x, y int) (data []byte, packed bool, err error) {
	id := Number(z, x, y)
	dir := a.root
	// The specification allows three levels of directories below the root.
	for range 4 {
		e, ok := find(dir, id)
		if !ok {
			return nil, false, nil
		}
		if e.run > 0 {
			if e.length > maxTile || e.offset+uint64(e.length) > a.data.length {
				return nil, false, errArchive
			}
			data = make([]byte, e.length)
			_, err = a.from.ReadAt(data, int64(a.data.offset+e.offset))
			return data, a.packed, err
		}
		if e.offset+uint64(e.length) > a.leaves.length {
			return nil, false, errArchive
		}
		if dir, err = a.directory(a.leaves.offset+e.offset, uint64(e.length)); err != nil {
			return nil, false, err
		}
	}
	return nil, false, errArchive
}

// find is the last entry that begins at or before id, if it covers id.
func find(dir []entry, id uint64) (entry, bool) {
	lo, hi := 0, len(dir)
	for lo < hi {
		if m := (lo + hi) / 2; dir[m].id <= id {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == 0 {
		return entry{}, false
	}
	e := dir[lo-1]
	return e, e.run == 0 || id < e.id+uint64(e.run)
}

func (a *Archive) directory(offset, length uint64) ([]entry, error) {
	raw, err := a.block(offset, length)
	if err != nil {
		return nil, err
	}
	return parseDirectory(raw)
}

// block is a directory or the metadata, unpacked.
func (a *Archive) block(offset, length uint64) ([]byte, error) {
	if length > maxDirectory || offset > 1<<62 {
		return nil, errArchive
	}
	raw := make([]byte, length)
	if _, err := a.from.ReadAt(raw, int64(offset)); err != nil {
		return nil, errArchive
	}
	if a.packedDirs {
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, errArchive
		}
		if raw, err = io.ReadAll(io.LimitReader(z, maxDirectory)); err != nil {
			return nil, errArchive
		}
	}
	return raw, nil
}

// parseDirectory reads four columns: ids (as differences), runs, lengths,
// offsets (0: right behind the entry before).
func parseDirectory(raw []byte) ([]entry, error) {
	bad := false
	next := func() uint64 {
		v, n := binary.Uvarint(raw)
		if n <= 0 {
			bad = true
			return 0
		}
		raw = raw[n:]
		return v
	}
	count := next()
	if bad || count > uint64(len(raw)) { // every entry takes four bytes at least
		return nil, errArchive
	}
	dir := make([]entry, count)
	var id uint64
	for i := range dir {
		id += next()
		dir[i].id = id
	}
	for i := range dir {
		dir[i].run = uint32(next())
	}
	for i := range dir {
		n := next()
		bad = bad || n > maxDirectory
		dir[i].length = uint32(n)
	}
	for i := range dir {
		switch v := next(); {
		case v > 0:
			dir[i].offset = v - 1
		case i > 0:
			dir[i].offset = dir[i-1].offset + uint64(dir[i-1].length)
		default:
			bad = true
		}
		bad = bad || dir[i].offset > 1<<62
	}
	if bad {
		return nil, errArchive
	}
	return dir, nil
}
