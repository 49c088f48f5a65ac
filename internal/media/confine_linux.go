package media

import (
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// confine gives this process what decoding needs and no more: memory, no new
// files, no new privileges. Where the machine's memory ends, it is the first to go.
func confine(memory uint64) error {
	debug.SetMemoryLimit(int64(memory / 4 * 3))
	debug.SetGCPercent(5) // pictures are a few large pieces, soon garbage, and quickly looked through
	runtime.GOMAXPROCS(min(2, runtime.NumCPU()))
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0) // absent in some containers
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	// RLIMIT_DATA counts what can be written to, not what the runtime reserves.
	for what, most := range map[int]uint64{unix.RLIMIT_DATA: memory, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0, unix.RLIMIT_NOFILE: 16} {
		if err := unix.Setrlimit(what, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	// The runtime takes note of SIGXCPU and goes on; its default is the end.
	var none [8]uint64 // a struct sigaction of zeros: SIG_DFL
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGXCPU), uintptr(unsafe.Pointer(&none)), 0, 8, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// allow sets the time of the processor for the next file; who overruns it is
// ended by the kernel.
func allow(seconds uint64) error {
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		return err
	}
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CPU, &l); err != nil {
		return err
	}
	l.Cur = min(uint64(used.Utime.Sec+used.Stime.Sec)+1+seconds, l.Max)
	return unix.Setrlimit(unix.RLIMIT_CPU, &l)
}

// overran reports whether a child was ended for its use of the processor.
func overran(p *os.ProcessState) bool {
	status, ok := p.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGXCPU
}
