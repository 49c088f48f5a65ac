package db

import (
	"errors"
	"sync"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// liteVFS names the file layer that our connections use: the driver's own
// without memory mapping. The driver (v0.37.0) offers mapping when it opens a
// file, withdraws it when it finds the pages checksummed, and then fails with
// a nil pointer when the write-ahead log is folded into the file.
const liteVFS = "mirabilia"

// registerVFS is called by whoever opens a database; the driver's registry is
// global, and the same name must not be put there twice.
var registerVFS = sync.OnceFunc(func() {
	vfs.Register(liteVFS, unmapped{vfs.Find("").(osVFS)})
})

type osVFS interface {
	vfs.VFS
	vfs.VFSFilename
}

type unmapped struct{ osVFS }

func (u unmapped) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := u.osVFS.Open(name, flags)
	return ours(f, flags), flags, err
}

func (u unmapped) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := u.osVFS.OpenFilename(name, flags)
	return ours(f, flags), flags, err
}

// osFile is all that a file of the driver can do, but for MemoryMapper.
type osFile interface {
	vfs.FileLockState
	vfs.FileHasMoved
	vfs.FileSizeHint
	vfs.FilePersistWAL
	vfs.FilePowersafeOverwrite
	vfs.FileSharedMemory
}

type unmappedFile struct{ osFile }

// WriteAt tells SQLite that the disk is full also where a quota or the limit of
// a process says so, which the driver takes for a broken disk.
func (f unmappedFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.osFile.WriteAt(p, off)
	if errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT) {
		err = vfs.SystemError(err, sqlite3.FULL)
	}
	return n, err
}

func ours(f vfs.File, flags vfs.OpenFlag) vfs.File {
	o, ok := f.(osFile)
	switch {
	case !ok:
		return f
	case flags&vfs.OPEN_WAL != 0:
		return &logFile{unmappedFile: unmappedFile{o}}
	default:
		return unmappedFile{o}
	}
}
