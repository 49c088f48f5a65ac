package app

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// unloadProgram takes the pages of the program's own file that are only read
// (code, tables, embedded files) out of this process: the start goes through
// nearly all of them, serving through a third. What is used again comes back
// from the system's cache at the first touch, which costs a microsecond for
// 64 KB. What cannot be done is left: nothing depends on it.
func unloadProgram() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(maps)) {
		var from, to uintptr
		var may string
		if !strings.HasSuffix(strings.TrimSuffix(line, "\n"), " "+program) {
			continue
		}
		if n, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &may); n != 3 || err != nil || !strings.HasPrefix(may, "r-") {
			continue
		}
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_DONTNEED)
	}
}
