package app

import (
	"context"
	"os"

	"mirabilia/internal/config"
	"mirabilia/internal/db"
	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
)

// StorageError is a failure of the storage, after which a command cannot go on.
type StorageError struct{ Err error }

// Error implements error.
func (e *StorageError) Error() string { return e.Err.Error() }

// Unwrap gives what the storage said.
func (e *StorageError) Unwrap() error { return e.Err }

// storage is an atlas as commands beside serve use it.
type storage struct {
	db           *db.DB
	places       *place.Places
	destinations *destination.Destinations
}

// openStorage opens an atlas for a command. A new atlas is made where there is
// none if make is true.
func openStorage(ctx context.Context, c config.Storage, make bool, replicas ...string) (*storage, error) {
	d, err := openAtlas(ctx, c, make, replicas...)
	if err != nil {
		return nil, err
	}
	gaz := gazetteer.Open()
	places := place.New(d, gaz)
	newDesk(d, places, nil, setting.Open(d))
	return &storage{d, places, destination.New(d, gaz)}, nil
}

// openAtlas opens the database of an atlas with this program's schema.
func openAtlas(ctx context.Context, c config.Storage, make bool, replicas ...string) (*db.DB, error) {
	if c.Database == "" {
		if err := sqliteFolder(c.Data, make); err != nil {
			return nil, err
		}
	}
	d, err := openDatabase(ctx, c, make, nil, replicas...)
	if err != nil {
		return nil, err
	}
	if make {
		err = d.Migrate(ctx)
	} else {
		err = d.CheckSchema(ctx)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// sqliteFolder makes the data directory, or demands that it is there.
func sqliteFolder(dir string, make bool) error {
	if make {
		return makeFolder(dir)
	}
	if _, err := os.Stat(dir); err != nil {
		return errs.Wrap(err, errs.NotFound, "there is no atlas in %s; name its --data directory", dir)
	}
	return nil
}

// Migrate brings the schema to this program's and returns the versions before
// and after; 0 is a new atlas.
func Migrate(ctx context.Context, c config.Storage) (from, to int64, err error) {
	if c.Database == "" {
		if err := makeFolder(c.Data); err != nil {
			return 0, 0, err
		}
	}
	d, err := openDatabase(ctx, c, false, nil)
	if err != nil {
		return 0, 0, err
	}
	defer d.Close()
	if from, to, err = d.SchemaVersion(ctx); err != nil {
		return 0, 0, err
	}
	return from, to, d.Migrate(ctx)
}
