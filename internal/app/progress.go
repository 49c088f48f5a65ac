package app

import (
	"time"

	"mirabilia/internal/keep"
)

// Progress is told, twice a second and at the end of each step, how far a backup,
// restore or copy has come, and how long this step has taken so far.
type Progress func(p keep.Progress, took time.Duration)

// shownEvery is how often somebody who looks on is told.
const shownEvery = time.Second / 2

// watching lets show see some of the progress, and with end the last of it. Without
// a show nothing is counted.
func watching(show Progress) (watch keep.Watch, end func()) {
	if show == nil {
		return nil, func() {}
	}
	var last keep.Progress
	var begun, shown time.Time
	end = func() {
		if last.Step != "" {
			show(last, time.Since(begun))
		}
	}
	return func(p keep.Progress) {
		now := time.Now()
		if p.Step != last.Step {
			end()
			begun, shown = now, now
		}
		if last = p; now.Sub(shown) >= shownEvery {
			shown = now
			show(p, now.Sub(begun))
		}
	}, end
}
