//go:build !linux

package db

// logIndex is not read from where it may be no shared file.
type logIndex struct{ path string }

func (*logIndex) close() {}

// stamp is known on Linux alone.
func (l *lite) stamp() (s Stamp, ok bool) { return s, false }
