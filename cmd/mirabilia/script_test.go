package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// TestMain lets the test program be mirabilia where a script calls it, as a
// process of its own, and a process that goes behind others.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mirabilia": main, "behind": behind})
}

// TestScripts runs every script on SQLite.
func TestScripts(t *testing.T) {
	testscript.Run(t, params("testdata/script", nil))
}

// TestScriptsPostgres runs the scripts that hold on both engines once more on
// PostgreSQL, each on two schemas of its own: $MIRABILIA_DATABASE and $OTHER.
func TestScriptsPostgres(t *testing.T) {
	if !dbtest.HasPostgres() {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set: the scripts must run on PostgreSQL too", dbtest.Server)
		}
		t.Logf("%s is not set: SQLite only", dbtest.Server)
		return
	}
	testscript.Run(t, params("testdata/postgres", func(e *testscript.Env) {
		t, ok := e.T().(testing.TB)
		if !ok {
			panic("the scripts run without a test")
		}
		e.Setenv("MIRABILIA_DATABASE", dbtest.PostgresURL(t))
		e.Setenv("OTHER", dbtest.PostgresURL(t))
	}))
}

func params(dir string, setup func(*testscript.Env)) testscript.Params {
	return testscript.Params{
		Dir: dir, RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Values[servings{}] = map[string]*serving{}
			if setup != nil {
				setup(e)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status, "oneline": oneline, "serve": serve, "stop": stop,
			"busy": busy, "sql": change, "bare": bare, "healthy": healthy,
		},
	}
}

// status N COMMAND... runs a command that must end with that exit status.
func status(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var code *exec.ExitError
		if !errors.As(err, &code) {
			ts.Fatalf("%v", err)
		}
		got = code.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s ended with status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// oneline stdout|stderr demands one line, not more and not less.
func oneline(ts *testscript.TestScript, _ bool, args []string) {
	if got := ts.ReadFile(args[0]); strings.Count(got, "\n") != 1 || strings.TrimSpace(got) == "" {
		ts.Fatalf("want one line on %s, got %q", args[0], got)
	}
}

// healthy demands that doctor finds nothing but that the server of the tests
// runs without fsync, which it does for their speed.
func healthy(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("mirabilia", append([]string{"doctor"}, args...)...)
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if !strings.HasPrefix(line, "No fault: ") && !strings.Contains(line, "fsync = off") {
			ts.Fatalf("%v: %s", err, line)
		}
	}
}

// busy NAME takes a free port for as long as the script runs.
func busy(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}

// serving is a mirabilia serve that a script has started.
type serving struct {
	cmd *exec.Cmd
	out *lines
}

// lines keeps what a process writes.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) add(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.WriteString(s + "\n")
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

var readyLine = regexp.MustCompile(`msg=ready .*address=(\S+)`)

// serve NAME ARGS... starts mirabilia serve on a free port and returns when it
// says that it is ready; its address is then in $NAME and its process in
// $NAME_pid.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	program, err := exec.LookPath("mirabilia")
	ts.Check(err)
	s := &serving{exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, args[1:]...)...), &lines{}}
	s.cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "MIRABILIA_DATABASE"} {
		s.cmd.Env = append(s.cmd.Env, name+"="+ts.Getenv(name))
	}
	stderr, err := s.cmd.StderrPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	address := make(chan string, 1)
	go func() {
		defer close(address)
		for scan := bufio.NewScanner(stderr); scan.Scan(); {
			s.out.add(scan.Text())
			if m := readyLine.FindStringSubmatch(scan.Text()); m != nil {
				address <- m[1]
			}
		}
		_, _ = io.Copy(io.Discard, stderr)
	}()
	ts.Defer(func() { _ = s.cmd.Process.Kill() })
	ts.Value(servings{}).(map[string]*serving)[args[0]] = s
	select {
	case a, ok := <-address:
		if !ok {
			ts.Fatalf("serve ended: %s", s.out)
		}
		ts.Setenv(args[0], a)
		ts.Setenv(args[0]+"_pid", strconv.Itoa(s.cmd.Process.Pid))
	case <-time.After(time.Minute):
		ts.Fatalf("serve is not ready after a minute: %s", s.out)
	}
}

// servings is the key of what a script has started, by its names.
type servings struct{}

// stop NAME asks a serve to end, which must then end well.
func stop(ts *testscript.TestScript, _ bool, args []string) {
	s, ok := ts.Value(servings{}).(map[string]*serving)[args[0]]
	if !ok {
		ts.Fatalf("%s is not running", args[0])
	}
	ts.Check(s.cmd.Process.Signal(os.Interrupt))
	if err := s.cmd.Wait(); err != nil {
		ts.Fatalf("serve ended with %v: %s", err, s.out)
	}
}

// sql DIR STATEMENT changes the database of an atlas behind its back.
func change(ts *testscript.TestScript, _ bool, args []string) {
	d, err := db.Open(context.Background(), db.Config{URL: ts.Getenv("MIRABILIA_DATABASE"), Dir: ts.MkAbs(args[0])})
	ts.Check(err)
	defer d.Close()
	ts.Check(d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(args[1])
		return err
	}))
}

// bare COMMAND... runs a command to which the permissions of files apply, also
// where the tests are run by the superuser.
func bare(ts *testscript.TestScript, neg bool, args []string) {
	if os.Geteuid() == 0 {
		args = append([]string{"setpriv", "--bounding-set=-all", "--inh-caps=-all"}, args...)
	}
	err := ts.Exec(args[0], args[1:]...)
	if (err != nil) != neg {
		ts.Fatalf("%s: %v", filepath.Base(args[0]), err)
	}
}
