// Package dump keeps the atlas as files for everyone: all that is published,
// as the public sees it, in three formats, with checksums and the licence.
//
// A dump is a folder of its own, made beside the one that is given out and put
// in its place by renaming one small file, so that nobody ever finds half of
// one. The dump before it stays until the next, for downloads under way.
package dump

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"mirabilia/internal/errs"
)

// Set is one dump.
type Set struct {
	Made       time.Time `json:"made"` // when it was begun
	Atlas      string    `json:"atlas"`
	URL        string    `json:"url"`
	Licence    string    `json:"licence"` // of the texts written in this atlas, an SPDX id
	LicenceURL string    `json:"licence_url"`
	Places     int       `json:"places"`
	Files      []File    `json:"files"`

	folder string
}

// File is one file of a dump.
type File struct {
	Name   string `json:"name"`
	Type   string `json:"type"` // media type
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// The files that tell of the others.
const (
	Sums    = "SHA256SUMS"
	Licence = "LICENCE"
)

// Store is the folder of the dumps. It is safe for concurrent use; several
// processes may share the folder.
type Store struct{ dir string }

// Open names the folder; it need not be there before the first dump.
func Open(dir string) *Store { return &Store{dir} }

const (
	latest     = "latest.json"
	unfinished = ".unfinished-"
	keptDumps  = 2 // the one given out and the one before it
)

// folderShape is how a dump's folder is called: when it was begun.
var folderShape = regexp.MustCompile(`^\d{8}T\d{6}Z(-\d+)?$`)

// Latest is the newest dump that is whole; errs.NotFound before the first.
func (s *Store) Latest() (Set, error) {
	raw, err := os.ReadFile(filepath.Join(s.dir, latest))
	if errors.Is(err, fs.ErrNotExist) {
		return Set{}, errs.New(errs.NotFound, "No dump has been made yet; the first comes in the night.")
	}
	if err != nil {
		return Set{}, err
	}
	var l struct {
		Folder string `json:"folder"`
		Set
	}
	if err := json.Unmarshal(raw, &l); err != nil || !folderShape.MatchString(l.Folder) {
		return Set{}, errs.New(errs.Internal, "%s in the dumps is broken; make a new dump", latest)
	}
	l.Set.folder = l.Folder
	return l.Set, nil
}

// File opens a file of the newest dump. The caller closes it.
func (s *Store) File(name string) (*os.File, File, Set, error) {
	set, err := s.Latest()
	if err != nil {
		return nil, File{}, Set{}, err
	}
	i := slices.IndexFunc(set.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return nil, File{}, Set{}, errs.New(errs.NotFound, "There is no such file among the dumps.")
	}
	f, err := os.Open(filepath.Join(s.dir, set.folder, name))
	return f, set.Files[i], set, err
}

// publish puts a whole folder in the place of the newest dump.
func (s *Store) publish(set Set, from string) error {
	folder := set.Made.UTC().Format("20060102T150405Z")
	for n := 1; ; n++ {
		err := os.Rename(from, filepath.Join(s.dir, folder))
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrExist) && !isFull(filepath.Join(s.dir, folder)) || n == 100 {
			return err
		}
		folder = fmt.Sprintf("%s-%02d", set.Made.UTC().Format("20060102T150405Z"), n)
	}
	raw, err := json.MarshalIndent(struct {
		Folder string `json:"folder"`
		Set
	}{folder, set}, "", "  ")
	if err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(s.dir, latest), append(raw, '\n')); err != nil {
		return err
	}
	return s.prune(folder)
}

func isFull(dir string) bool {
	list, err := os.ReadDir(dir)
	return err == nil && len(list) > 0
}

// replaceFile writes a file that is either the old or the new one, whatever
// happens meanwhile.
func replaceFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), unfinished+"*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone after the rename
	if _, err = f.Write(content); err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	return err
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// prune takes away the dumps before the last two.
func (s *Store) prune(newest string) error {
	list, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	var old []string
	for _, e := range list {
		if e.IsDir() && folderShape.MatchString(e.Name()) && e.Name() != newest {
			old = append(old, e.Name())
		}
	}
	slices.Sort(old)
	for _, name := range old[:max(0, len(old)-(keptDumps-1))] {
		if err := os.RemoveAll(filepath.Join(s.dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// sweep takes away what a stopped run left, once nobody can be at it.
func (s *Store) sweep(now time.Time) {
	list, _ := os.ReadDir(s.dir) // what cannot be listed is swept next time
	for _, e := range list {
		if !strings.HasPrefix(e.Name(), unfinished) {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			_ = os.RemoveAll(filepath.Join(s.dir, e.Name()))
		}
	}
}

// stopped is the context's error between two records.
func stopped(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return errs.Wrap(err, errs.Unavailable, "the dump was stopped; the one before stays")
	}
	return nil
}
