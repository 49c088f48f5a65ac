package interchange

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Reader hands out the records of one file, one by one. It is not safe for
// use by two goroutines at once.
type Reader struct {
	name     string // base name, without ".gz"
	format   string
	next     func() (row, error)
	line     int
	record   int
	warnings []string
	failed   error  // what ended the file, told again by every later Next
	named    string // what the last record calls itself
}

// row is one record as its format has it: values by the name of their column.
// Values are string, json.Number, bool, nil, []any or map[string]any.
type row struct {
	line    int
	values  map[string]any
	bad     string // the reason, where the record could not be read at all
	lenient bool   // numbers may have a decimal comma
	way     bool   // the line of one of our corridors: no place, and no fault
}

// Open begins to read a file. name is its name, from which, and from its first
// bytes, its format is told when format is ""; else format is one of
// ReadFormats. Gzip is understood everywhere. A file that cannot be read at all
// gives an error here or from the first Next.
func Open(name string, r io.Reader, format string) (*Reader, error) {
	if format != "" && !slices.Contains(ReadFormats, format) {
		return nil, fmt.Errorf("format %q is not known; use one of %s", cut(format, 40), strings.Join(ReadFormats, ", "))
	}
	base := filepath.Base(name)
	if name == "-" || name == "" {
		base = "stdin"
	}
	in := bufio.NewReaderSize(r, sniffSize)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1F, 0x8B}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%s: gzip: %w", base, err)
		}
		base = trimExt(base, ".gz")
		in = bufio.NewReaderSize(z, sniffSize)
	}
	rd := &Reader{name: base}
	head, err := in.Peek(sniffSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	if rd.format = format; format == "" {
		rd.format = detect(base, head)
	}
	// Nothing is no file of any format but one: the export of an empty atlas.
	if len(bytes.TrimSpace(head)) == 0 && len(head) < sniffSize && rd.format != NDJSON {
		return nil, fmt.Errorf("%s: the file is empty", base)
	}
	if err := rd.begin(in, head); err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	return rd, nil
}

// sniffSize is how much of a file is looked at to tell what it is.
const sniffSize = 256 << 10

func (rd *Reader) begin(in *bufio.Reader, head []byte) (err error) {
	if rd.format == KMZ {
		rd.next, err = openKMZ(in)
		return err
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return fmt.Errorf("this is a ZIP archive, not %s; unpack it first", rd.format)
	}
	src, err := decoded(in, head, rd.format == CSV)
	if err != nil {
		return err
	}
	switch rd.format {
	case NDJSON:
		rd.next = openNDJSON(src)
	case JSON:
		rd.next = openArray(src)
	case Wikivoyage:
		rd.next = openWikivoyage(src)
	case CSV:
		rd.next, err = openCSV(src)
	case GeoJSON:
		rd.next = openGeoJSON(src)
	case GPX:
		rd.next = openGPX(src)
	case KML:
		rd.next = openKML(src)
	}
	return err
}

// Format is the format the file is read as.
func (rd *Reader) Format() string { return rd.format }

// Name is the file's base name, the source of records that name none.
func (rd *Reader) Name() string { return rd.name }

// Next is the next record. A *RecordError means that this one could not be
// used and that reading goes on; io.EOF ends the file; any other error ends it
// before its time.
func (rd *Reader) Next() (Record, error) {
	if rd.failed != nil {
		return Record{}, rd.failed
	}
	rd.warnings = nil
	r, err := rd.next()
	for err == nil && r.way {
		r, err = rd.next()
	}
	if err != nil {
		if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("%s: %w", rd.name, err)
		}
		rd.failed = err
		return Record{}, err
	}
	rd.record++
	rd.line = r.line
	rd.named = firstText(r.values, "title", "name") // building takes them away
	if r.bad != "" {
		return Record{}, rd.Fail(r.bad)
	}
	b := builder{values: r.values, lenient: r.lenient}
	rec, err := b.build()
	if err != nil {
		return Record{}, rd.Fail(err.Error())
	}
	if rec.Source == "" {
		rec.Source = rd.name
	}
	if rec.ID == "" {
		rec.ID = madeID(rec)
	}
	rd.warnings = b.warnings
	return rec, nil
}

// Named is what the last record calls its place where the record itself could
// not be used, "" where it does not say: a list of saved places often has names
// and no positions.
func (rd *Reader) Named() string { return cut(rd.named, maxNamed) }

// maxNamed is the length of what Named gives, in bytes.
const maxNamed = 300

// Warnings says what of the last record was left out, a line each.
func (rd *Reader) Warnings() []string { return rd.warnings }

// Line is the line the last record begins on, 0 where the format has none.
func (rd *Reader) Line() int { return rd.line }

// Record is the number of the last record, from 1; bad ones count.
func (rd *Reader) Record() int { return rd.record }

// Fail is the error that the last record cannot be used, for a reason found
// by whoever takes it.
func (rd *Reader) Fail(reason string) *RecordError {
	return &RecordError{File: rd.name, Line: rd.line, Record: rd.record, Reason: reason}
}

// detect tells the format from the first bytes, and where these leave it open
// from the name.
func detect(name string, head []byte) string {
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return KMZ
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(plainHead(head), []byte("\ufeff")), " \t\r\n")
	ext := strings.ToLower(filepath.Ext(name))
	switch {
	case len(start) == 0 && name == "stdin": // what an empty atlas exports
		return NDJSON
	case len(start) == 0:
	case start[0] == '<':
		low := bytes.ToLower(start[:min(len(start), 4096)])
		if bytes.Contains(low, []byte("<mediawiki")) {
			return Wikivoyage
		}
		k, g := bytes.Index(low, []byte("<kml")), bytes.Index(low, []byte("<gpx"))
		if g < 0 && (k >= 0 || ext == ".kml") {
			return KML
		}
		return GPX
	case start[0] == '{':
		if ext == ".ndjson" || ext == ".jsonl" {
			return NDJSON
		}
		if isGeoJSON(start) {
			return GeoJSON
		}
		if isList(start) {
			return JSON
		}
		if looksWikitext(start) && start[1] == '{' {
			return Wikivoyage
		}
		return NDJSON
	case start[0] == '[' && ext != ".csv" && ext != ".tsv" && ext != ".txt":
		return JSON
	}
	switch ext {
	case ".ndjson", ".jsonl":
		return NDJSON
	case ".geojson", ".geojsonl", ".geojsonseq":
		return GeoJSON
	case ".gpx":
		return GPX
	case ".kml":
		return KML
	case ".wiki", ".wikitext", ".mediawiki":
		return Wikivoyage
	case ".csv", ".tsv":
		return CSV
	}
	if looksWikitext(start) {
		return Wikivoyage
	}
	if len(start) > 0 && start[0] == 0x1E { // RFC 8142 text sequence
		return GeoJSON
	}
	return CSV
}

// isGeoJSON looks for a GeoJSON type in the first object.
func isGeoJSON(start []byte) bool {
	first := start
	if nl := bytes.IndexByte(start, '\n'); nl > 0 && bytes.HasSuffix(bytes.TrimSpace(start[:nl]), []byte("}")) {
		first = start[:nl] // lines of their own: only the first counts
	}
	squeezed := strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(string(first))
	return strings.Contains(squeezed, `"type":"FeatureCollection"`) || strings.Contains(squeezed, `"type":"Feature"`) ||
		strings.Contains(squeezed, `"geometry":`) || strings.Contains(squeezed, `"features":[`)
}

// isList tells one object that holds a list: the API's answer, or Overpass's.
func isList(start []byte) bool {
	squeezed := strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(string(start[:min(len(start), 4096)]))
	return strings.HasPrefix(squeezed, `{"items":[`) || strings.HasPrefix(squeezed, `{"version":`) && strings.Contains(squeezed, `"elements":[`)
}

func trimExt(name, ext string) string {
	if len(name) > len(ext) && strings.EqualFold(name[len(name)-len(ext):], ext) {
		return name[:len(name)-len(ext)]
	}
	return name
}
