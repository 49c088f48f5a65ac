package app

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// loadPercent is how much garbage may lie beside what lives while the
	// finder is filled: its parts grow to gigabytes, nearly all without
	// pointers, so that collecting often costs little and saves the peak.
	loadPercent = 50
	// headroom is how much garbage may lie beside a large finder, in bytes.
	headroom = 160 << 20
	// The bounds of what follows from headroom. A small atlas lives in some 20 MB:
	// at the runtime's own measure, 100, collecting was a seventh of what it cost
	// to render a page of a place.
	leastPercent, mostPercent = 12, 200
)

// sparing collects more eagerly until the returned function is called, which
// gives what is free back to the system and leaves headroom for serving. An
// operator who sets GOGC is left alone.
func sparing() (settle func()) {
	if os.Getenv("GOGC") != "" {
		return debug.FreeOSMemory
	}
	debug.SetGCPercent(loadPercent)
	return func() {
		debug.FreeOSMemory()
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetGCPercent(percent(live[0].Value.Uint64()))
	}
}

// percent is the measure of the collector for a heap of which live bytes live.
func percent(live uint64) int {
	return max(leastPercent, min(mostPercent, int(headroom*100/max(live, 1))))
}

// giveBack gives back to the system what was needed for a piece of work that is
// done: of the heap, and of the program's own file.
func giveBack() {
	debug.FreeOSMemory()
	unloadProgram()
}
