package main

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// behindNice is how far behind others work goes that may wait: in turns with
// a busy server it has a third of the processors.
const behindNice = 5

// goBehind gives processors to others first, as nice(1) does, so that readers
// do not wait for work beside them. Linux keeps the number for each thread;
// one that is made takes it from its maker.
func goBehind() {
	for again := true; again; { // until no thread came that was made by one not asked yet
		again = false
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return
		}
		for _, t := range threads {
			id, err := strconv.Atoi(t.Name())
			if err != nil {
				return
			}
			// Getpriority of the system call gives 20 less the number.
			have, err := unix.Getpriority(unix.PRIO_PROCESS, id)
			if err != nil || 20-have >= behindNice {
				continue
			}
			again = unix.Setpriority(unix.PRIO_PROCESS, id, behindNice) == nil || again
		}
	}
}
