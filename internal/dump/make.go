package dump

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"mirabilia/internal/interchange"
	"mirabilia/internal/place"
)

// Atlas is what a dump says about the atlas it is of.
type Atlas struct {
	Name, URL           string
	Licence, LicenceURL string
}

// formats are the files of a dump.
var formats = []string{interchange.NDJSON, interchange.CSV, interchange.GeoJSON}

// Make writes a dump of everything published, all of one state of the
// database, and gives it out in the place of the one before. now is its time.
// When it fails or the context ends, the one before stays.
func (s *Store) Make(ctx context.Context, places *place.Places, atlas Atlas, now time.Time) (Set, error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return Set{}, err
	}
	s.sweep(now)
	folder, err := os.MkdirTemp(s.dir, unfinished+"*")
	if err != nil {
		return Set{}, err
	}
	defer os.RemoveAll(folder) // gone after it was given out
	set := Set{Made: now.UTC().Truncate(time.Second), Atlas: atlas.Name, URL: atlas.URL, Licence: atlas.Licence, LicenceURL: atlas.LicenceURL}
	if err := set.write(ctx, folder, places); err != nil {
		return Set{}, err
	}
	if err := syncFolder(folder); err != nil {
		return Set{}, err
	}
	return set, s.publish(set, folder)
}

// write writes the files of places, then those that tell of them.
func (set *Set) write(ctx context.Context, folder string, places *place.Places) (err error) {
	var out []*packed
	defer func() {
		for _, p := range out {
			p.file.Close()
		}
	}()
	meta := interchange.Meta{Name: set.Atlas, URL: set.URL, Licence: set.Licence}
	for _, format := range formats {
		p, err := newPacked(folder, format, meta)
		if err != nil {
			return err
		}
		out = append(out, p)
	}
	err = places.Export(ctx, false, func(r place.Record) error {
		if err := stopped(ctx); err != nil {
			return err
		}
		set.Places++
		rec := outside(r)
		for _, p := range out {
			if err := p.records.Write(rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range out {
		f, err := p.done()
		if err != nil {
			return err
		}
		set.Files = append(set.Files, f)
	}
	licence, err := plain(folder, Licence, set.licence())
	if err != nil {
		return err
	}
	set.Files = append(set.Files, licence)
	sums, err := plain(folder, Sums, set.sums())
	set.Files = append(set.Files, sums)
	return err
}

// sums is what sha256sum -c reads.
func (set *Set) sums() string {
	var b strings.Builder
	for _, f := range set.Files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Name)
	}
	return b.String()
}

// licence says under what terms the files may be used.
func (set *Set) licence() string {
	return fmt.Sprintf(`%s, %s
Dump of %s

The texts written in this atlas may be used under %s:
%s
Name the atlas and its address when you use them.

Places that were taken over from elsewhere keep the licence of their source:
it stands in the field "licence" of each record, with "source_url" and
"sources" to name. Where the field is empty, the licence above holds.

Positions are as the public sees them: an approximate place stands at its
public point, one to five kilometres off; places of the tiers region and hidden
have no position.
`, set.Atlas, set.URL, set.Made.Format("2006-01-02 15:04 MST"), set.Licence, set.LicenceURL)
}

// packed is one compressed file under way, with its sum.
type packed struct {
	file    *os.File
	sum     hash.Hash
	zip     *gzip.Writer
	records interchange.Writer
	name    string
}

func newPacked(folder, format string, meta interchange.Meta) (*packed, error) {
	p := &packed{name: "places." + format + ".gz", sum: sha256.New()}
	var err error
	if p.file, err = os.OpenFile(filepath.Join(folder, p.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return nil, err
	}
	p.zip = gzip.NewWriter(io.MultiWriter(p.file, p.sum)) // no time, no name: the same places give the same bytes
	p.records, err = interchange.NewWriter(p.zip, format, meta)
	return p, err
}

func (p *packed) done() (File, error) {
	for _, step := range []func() error{p.records.Close, p.zip.Close, p.file.Sync} {
		if err := step(); err != nil {
			return File{}, err
		}
	}
	info, err := p.file.Stat()
	if err != nil {
		return File{}, err
	}
	return File{Name: p.name, Type: "application/gzip", Size: info.Size(), SHA256: hex.EncodeToString(p.sum.Sum(nil))}, nil
}

// plain writes a small text.
func plain(folder, name, text string) (File, error) {
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		return File{}, err
	}
	sum := sha256.Sum256([]byte(text))
	return File{Name: name, Type: "text/plain; charset=utf-8", Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}, nil
}
