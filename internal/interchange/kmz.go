package interchange

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

func openKMZ(src io.Reader) (func() (row, error), error) {
	doc, err := kmlOf(src)
	if err != nil {
		return nil, err
	}
	return openKML(doc), nil
}

// kmlOf is the KML in a KMZ. The archive is held in memory; entries are found
// by their place in it and their names mean nothing but ".kml".
func kmlOf(src io.Reader) (io.Reader, error) {
	data, err := io.ReadAll(io.LimitReader(src, maxArchive+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxArchive {
		return nil, fmt.Errorf("the archive is over %d MiB", maxArchive>>20)
	}
	if err := checkDirectory(data); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("not a KMZ: %w", err)
	}
	if len(z.File) > maxEntries {
		return nil, tooMany(len(z.File))
	}
	var doc *zip.File
	var inflated uint64
	for _, f := range z.File {
		if inflated += f.UncompressedSize64; inflated > maxInflated || f.UncompressedSize64 > maxInflated {
			return nil, fmt.Errorf("the archive unpacks to more than %d MiB", maxInflated>>20)
		}
		if f.UncompressedSize64 > maxRatio*(f.CompressedSize64+1024) {
			return nil, fmt.Errorf("the archive is packed more than %d to 1", maxRatio)
		}
		if doc == nil && strings.HasSuffix(strings.ToLower(f.Name), ".kml") {
			doc = f
		}
	}
	if doc == nil {
		return nil, errors.New("not a KMZ: there is no .kml in it")
	}
	in, err := doc.Open()
	if err != nil {
		return nil, fmt.Errorf("not a KMZ: %w", err)
	}
	// The sizes above are what the archive claims; this is what it does.
	most := int64(min(maxInflated, maxRatio*(doc.CompressedSize64+1024)))
	return &ceiling{in, most}, nil
}

func tooMany(n int) error {
	return fmt.Errorf("the archive has %d entries, more than %d", n, maxEntries)
}

// checkDirectory looks at the record that ends a ZIP archive before its list
// of entries is read, which takes memory for each.
func checkDirectory(data []byte) error {
	const size = 22
	from := max(0, len(data)-size-0xFFFF)
	at := bytes.LastIndex(data[from:], []byte("PK\x05\x06"))
	if at < 0 || len(data)-from-at < size {
		return errors.New("not a KMZ: the archive is cut off")
	}
	end := data[from+at:]
	if n := int(binary.LittleEndian.Uint16(end[10:])); n > maxEntries {
		return tooMany(n)
	}
	if binary.LittleEndian.Uint32(end[12:]) > maxDirectory {
		return errors.New("the archive's list of entries is too long")
	}
	if bytes.Count(data, []byte("PK\x01\x02")) > 4*maxEntries {
		return errors.New("the archive's list of entries is too long")
	}
	return nil
}

// ceiling fails after left bytes.
type ceiling struct {
	r    io.Reader
	left int64
}

func (c *ceiling) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, fmt.Errorf("the archive unpacks to more than it may: %w", errTooLong)
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}
