package db

import (
	"context"
	"crypto/rand"
	"io"
	"sync"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs"
)

// pagesVFS names a layer of files that are none: into them the online backup
// copies, and out of them OpenPages reads.
const pagesVFS = "mirabilia-pages"

// pageFiles holds them by name.
var pageFiles sync.Map

var registerPages = sync.OnceFunc(func() { vfs.Register(pagesVFS, pageLayer{}) })

type pageLayer struct{}

func (pageLayer) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if flags&vfs.OPEN_MAIN_DB == 0 {
		return nothing{}, flags, nil // the journal of a backup, which nobody will read
	}
	f, ok := pageFiles.Load(name)
	if !ok {
		return nil, flags, sqlite3.CANTOPEN
	}
	return f.(vfs.File), flags, nil
}

func (pageLayer) Delete(string, bool) error                   { return nil }
func (pageLayer) Access(string, vfs.AccessFlag) (bool, error) { return false, nil }
func (pageLayer) FullPathname(name string) (string, error)    { return name, nil }

// inert is what these files do not do.
type inert struct{}

func (inert) Close() error                                    { return nil }
func (inert) Truncate(int64) error                            { return nil }
func (inert) Sync(vfs.SyncFlag) error                         { return nil }
func (inert) Lock(vfs.LockLevel) error                        { return nil }
func (inert) Unlock(vfs.LockLevel) error                      { return nil }
func (inert) CheckReservedLock() (bool, error)                { return false, nil }
func (inert) SectorSize() int                                 { return 0 }
func (inert) DeviceCharacteristics() vfs.DeviceCharacteristic { return vfs.IOCAP_POWERSAFE_OVERWRITE }

// nothing is empty, and takes everything without keeping it.
type nothing struct{ inert }

func (nothing) ReadAt([]byte, int64) (int, error)      { return 0, io.EOF }
func (nothing) WriteAt(b []byte, _ int64) (int, error) { return len(b), nil }
func (nothing) Size() (int64, error)                   { return 0, nil }

// PagesFile is where the pages of a database lie, in their order.
type PagesFile interface {
	io.ReaderAt
	Size() int64
}

// OpenPages opens the pages of a SQLite database that lie anywhere, for reading
// alone; name is for messages. Nothing may change them meanwhile.
func OpenPages(ctx context.Context, file PagesFile, name string) (*DB, error) {
	registerPages()
	id := rand.Text()
	pageFiles.Store(id, &pageSource{file: file})
	l := &lite{writer: make(chan *liteConn), reader: make(chan *liteConn, 2), gone: func() { pageFiles.Delete(id) }}
	var err error
	if l.r, err = driver.Open("file:"+id+"?vfs="+pagesVFS, liteReader); err != nil {
		l.gone()
		return nil, err
	}
	l.w, l.m = l.r, l.r
	for range cap(l.reader) {
		l.reader <- nil
	}
	d := &DB{engine: SQLite, name: name, store: l, now: time.Now, random: rand.Reader, trace: func(string, []any) {}, committed: make(chan struct{})}
	return d, ctx.Err()
}

// pageSource is a file that is only read and never changes.
type pageSource struct {
	inert
	file PagesFile
}

func (s *pageSource) ReadAt(b []byte, off int64) (int, error) { return s.file.ReadAt(b, off) }
func (s *pageSource) WriteAt([]byte, int64) (int, error)      { return 0, sqlite3.READONLY }
func (s *pageSource) Size() (int64, error)                    { return s.file.Size(), nil }
func (s *pageSource) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return vfs.IOCAP_IMMUTABLE
}
