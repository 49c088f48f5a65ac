package db

import (
	"context"
	"sync"

	"github.com/ncruces/go-sqlite3/vfs"
)

// These give the tests of failing disks, which are outside the package, the
// parts of the file layer.

// OSFile is a file of the driver.
type OSFile = osFile

// RegisterLayer makes a file layer like ours whose files wrap gives.
func RegisterLayer(name string, wrap func(path string, f OSFile) OSFile) {
	vfs.Register(name, unmapped{wrapped{vfs.Find("").(osVFS), wrap}})
}

// OpenOn opens the SQLite database in dir on a layer.
func OpenOn(ctx context.Context, dir, layer string) (*DB, error) {
	return Open(ctx, Config{Dir: dir, layer: layer})
}

// Coming is how many writers wait for their turn.
func (d *DB) Coming() int64 { return d.store.(*lite).coming.Load() }

type wrapped struct {
	osVFS
	wrap func(string, OSFile) OSFile
}

func (w wrapped) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := w.osVFS.OpenFilename(name, flags)
	if o, ok := f.(osFile); ok && err == nil && name != nil {
		return w.wrap(name.String(), o), flags, nil
	}
	return f, flags, err
}

// Layered is how many layers tests have registered, for their names.
var Layered struct {
	sync.Mutex
	N int
}
