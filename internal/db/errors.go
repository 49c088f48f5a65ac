package db

import (
	"context"
	"errors"

	"mirabilia/internal/errs"
)

// fault is the kind of an engine's error.
type fault int

const (
	none     fault = iota
	conflict       // given up by the engine: the same again may succeed
	lost           // the connection is gone
	busy           // another process holds the lock for too long
	full           // no space
	readOnly
	unique
	check // foreign key, not null or check
	corrupt
	stopped // the context ended in the middle of a statement
)

// tell turns an engine's error into one that may be shown. An error that has a
// code already keeps it.
func (d *DB) tell(err error) error {
	var known *errs.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	f := d.store.fault(err)
	if f == stopped || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Wrap(err, errs.Unavailable, "the request took too long or was given up")
	}
	switch f {
	case conflict, busy:
		return errs.Wrap(err, errs.Unavailable, "the atlas is busy; try again in a moment")
	case lost:
		return errs.Wrap(err, errs.Unavailable, "the database does not answer; try again in a moment")
	case full:
		return errs.Wrap(err, errs.Full, "there is no space left to write; nothing was changed")
	case readOnly:
		return errs.Wrap(err, errs.Unavailable, "the database cannot be written at the moment; nothing was changed")
	case unique:
		return errs.Wrap(err, errs.Conflict, "that is there already")
	case check:
		return errs.Wrap(err, errs.Conflict, "that does not fit what is there")
	case corrupt:
		return errs.Wrap(err, errs.Internal, "a page of the database is damaged; run mirabilia doctor")
	}
	return err
}
