// Package packaging has no code: its tests build the Debian package, start what
// is in it as a service manager would, and put nginx and Caddy in front of it
// by the examples.
package packaging

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func tool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not here; make packaging brings it", name)
	}
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// built is the package, which all tests share.
var built struct {
	once sync.Once
	dir  string
	file string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// unpacked builds the package and unpacks it into a folder.
func unpacked(t *testing.T) (deb, root string) {
	t.Helper()
	tool(t, "dpkg-deb")
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "mirabilia-deb"); built.err != nil {
			return
		}
		cmd := exec.Command("./deb", built.dir)
		var told bytes.Buffer
		cmd.Stderr = &told
		out, err := cmd.Output()
		if err != nil {
			built.err = fmt.Errorf("deb: %w\n%s", err, told.String())
		}
		built.file = strings.TrimSpace(string(out))
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	deb, root = built.file, t.TempDir()
	output(t, "dpkg-deb", "-x", deb, root)
	return deb, root
}

func TestDeb(t *testing.T) {
	deb, root := unpacked(t)
	list := output(t, "dpkg-deb", "-c", deb)
	for _, want := range []string{
		`-rwxr-xr-x root/root .* \./usr/bin/mirabilia\n`,
		`-rw-r--r-- root/root .* \./lib/systemd/system/mirabilia\.service\n`,
		`-rw-r----- root/root .* \./etc/mirabilia/mirabilia\.toml\n`,
		`\./usr/share/man/man1/mirabilia\.1\.gz\n`,
		`\./usr/share/doc/mirabilia/(copyright|LICENSE\.gz|changelog\.gz)\n`,
		`\./usr/share/doc/mirabilia/examples/nginx\.conf\n`,
		`\./usr/share/doc/mirabilia/examples/Caddyfile\n`,
	} {
		if !regexp.MustCompile(want).MatchString(list) {
			t.Errorf("the package lacks %s\n%s", want, list)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(list), "\n") {
		if !strings.Contains(line, " root/root ") || strings.ContainsAny(line[:10], "sStT") || line[8] == 'w' {
			t.Errorf("wrong owner or mode: %s", line)
		}
	}
	about := output(t, "dpkg-deb", "-f", deb)
	if !regexp.MustCompile(`(?m)^Version: \d`).MatchString(about) || strings.Contains(about, "@") && !strings.Contains(about, "<mirabilia@") {
		t.Errorf("about the package:\n%s", about)
	}
	control := t.TempDir()
	output(t, "dpkg-deb", "-e", deb, control)
	for _, script := range []string{"postinst", "prerm", "postrm"} {
		output(t, "sh", "-n", filepath.Join(control, script))
	}
	if got, _ := os.ReadFile(filepath.Join(control, "conffiles")); string(got) != "/etc/mirabilia/mirabilia.toml\n" {
		t.Errorf("conffiles: %q", got)
	}
	sums := exec.Command("md5sum", "--check", "--quiet", filepath.Join(control, "md5sums"))
	sums.Dir = root
	if out, err := sums.CombinedOutput(); err != nil {
		t.Errorf("sums: %v\n%s", err, out)
	}
	page := output(t, "gzip", "-dc", filepath.Join(root, "usr/share/man/man1/mirabilia.1.gz"))
	for _, want := range []string{".TH MIRABILIA 1", "restore", "doctor", "network"} {
		if !strings.Contains(page, want) {
			t.Errorf("the manual page does not say %q", want)
		}
	}
}

// What is in the package starts with the configuration in the package, tells
// its manager when it is ready, is without fault, and stops when it is told to.
func TestTheServiceStarts(t *testing.T) {
	_, root := unpacked(t)
	program, file := filepath.Join(root, "usr/bin/mirabilia"), filepath.Join(root, "etc/mirabilia/mirabilia.toml")
	if got := output(t, program, "version"); !strings.HasPrefix(got, "mirabilia ") {
		t.Errorf("version says %q", got)
	}
	data := filepath.Join(t.TempDir(), "atlas")
	t.Setenv("MIRABILIA_DATA", data) // stronger than the file, whose folder is the machine's
	cmd, said := started(t, program, "serve", "--config", file, "--listen", "127.0.0.1:0")
	if said != "READY=1" {
		t.Fatalf("the manager is told %q", said)
	}
	if got := output(t, program, "doctor", "--config", file); !strings.HasPrefix(got, "No fault") {
		t.Errorf("doctor: %s", got)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}

// started runs the program and waits for what it tells its manager first.
func started(t *testing.T, program string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "mn") // a socket's name must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	name := filepath.Join(dir, "s")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { manager.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+name)
	var told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &told, &told
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // a second time it says so, which does not matter
	})
	_ = manager.SetReadDeadline(time.Now().Add(time.Minute))
	b := make([]byte, 100)
	n, err := manager.Read(b)
	if err != nil {
		cancel()
		_ = cmd.Wait()
		t.Fatalf("nothing was told: %v\n%s", err, told.String())
	}
	return cmd, string(b[:n])
}

// The unit is hardened: at most 2.0 of 10 by systemd's own measure.
func TestTheUnitIsHardened(t *testing.T) {
	tool(t, "systemd-analyze")
	out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--threshold=20", "./mirabilia.service").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "Overall exposure level") {
		t.Errorf("no measure:\n%s", out)
	}
}
