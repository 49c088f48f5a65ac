package saved

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"mirabilia/internal/errs"
	"mirabilia/internal/interchange"
	"mirabilia/internal/text"
)

// The limits of a file. Nobody has saved so many places by hand that they would
// not find them again in two files.
const (
	MaxFile    = 16 << 20 // bytes as it comes
	maxPlain   = 32 << 20 // and unpacked
	MaxEntries = 2000
	maxTold    = 20 // reasons that are told one by one
	maxBad     = 500
	maxTime    = 15 * time.Second
	maxTitle   = 200 // characters
)

// Read reads a file of saved places. Entries that say no position are kept by
// their name alone; what cannot be used is told with its reason. The error says
// why nothing of the file could be read.
func Read(ctx context.Context, name string, data []byte) (f File, err error) {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	in, err := unpacked(data)
	if err != nil {
		return f, errs.InField("file", "%s", err.Error())
	}
	name = text.CleanLine(name)
	if name == "" {
		name = "file"
	}
	rd, err := interchange.Open(name, in, "")
	if err != nil {
		return f, errs.InField("file", "%s", err.Error())
	}
	seen := map[string]bool{}
	for bad := 0; ; {
		rec, err := rd.Next()
		if ctx.Err() != nil {
			return f, errs.InField("file", "takes too long to read")
		}
		var one *interchange.RecordError
		switch {
		case errors.Is(err, io.EOF):
			return f, f.empty()
		case errors.As(err, &one) && text.CleanLine(rd.Named()) != "":
			rec = interchange.Record{Title: rd.Named()}
		case errors.As(err, &one):
			if bad++; bad > maxBad {
				return f, errs.InField("file", "has more than %d entries that cannot be read", maxBad)
			}
			f.tell(one.Error())
			continue
		case err != nil && len(f.Entries) > 0:
			f.tell("The file cannot be read to its end: " + err.Error())
			return f, nil
		case err != nil:
			return f, errs.InField("file", "%s", err.Error())
		}
		e := entryOf(rec)
		if key := e.key(); e.Title == "" || seen[key] {
			continue
		} else if len(f.Entries) == MaxEntries {
			f.Cut = true
			return f, nil
		} else {
			seen[key] = true
		}
		f.Entries = append(f.Entries, e)
	}
}

func (f *File) tell(reason string) {
	if len(f.Bad) == maxTold {
		f.More++
		return
	}
	f.Bad = append(f.Bad, text.Excerpt(text.CleanLine(reason), 300))
}

// empty is the error of a file without any place.
func (f *File) empty() error {
	switch {
	case len(f.Entries) > 0:
		return nil
	case len(f.Bad) > 0:
		return errs.InField("file", "holds no place that can be read: %s", f.Bad[0])
	}
	return errs.InField("file", "holds no places")
}

func entryOf(r interchange.Record) Entry {
	e := Entry{Title: text.Excerpt(text.CleanLine(r.Title), maxTitle), Address: text.Excerpt(text.CleanLine(r.Address), maxTitle)}
	if r.Lat != nil && r.Lon != nil && math.Abs(*r.Lat) <= 90 && math.Abs(*r.Lon) <= 180 {
		e.Lat, e.Lon = r.Lat, r.Lon
	}
	return e
}

// key tells entries apart that a file has twice.
func (e *Entry) key() string {
	if e.Lat == nil {
		return text.Fold(e.Title)
	}
	return fmt.Sprintf("%s %.4f %.4f", text.Fold(e.Title), *e.Lat, *e.Lon)
}

// unpacked opens a file, gzipped or not, of a size that is bounded either way.
func unpacked(data []byte) (io.Reader, error) {
	if len(data) > MaxFile {
		return nil, fmt.Errorf("is larger than %d MB", MaxFile>>20)
	}
	if !bytes.HasPrefix(data, []byte{0x1F, 0x8B}) {
		return bytes.NewReader(data), nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("is no gzip file: %w", err)
	}
	return &bounded{in: z, left: maxPlain}, nil
}

// bounded fails where a file unpacks to more than it may.
type bounded struct {
	in   io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, fmt.Errorf("the file unpacks to more than %d MB", maxPlain>>20)
	}
	n, err := b.in.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// searchable is a title as words to search for.
func searchable(title string) string { return strings.TrimSpace(text.Excerpt(title, 120)) }
