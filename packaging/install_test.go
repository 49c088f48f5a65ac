package packaging

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// scratch is a small root file system that dpkg installs into: a shell, the few
// programs that the package's scripts call, and stand-ins for adduser and
// systemctl, which write down what they were asked for.
type scratch struct {
	*testing.T
	root string
}

// member is the number that the stand-in for adduser gives the package's user:
// root's own where the test has no other.
func member() string {
	if os.Getuid() == 0 {
		return "64321"
	}
	return "0"
}

func newScratch(t *testing.T) *scratch {
	t.Helper()
	s := &scratch{t, t.TempDir()}
	for _, dir := range []string{"bin", "usr/bin", "usr/sbin", "etc", "tmp", "dev", "var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "run/systemd/system"} {
		if err := os.MkdirAll(filepath.Join(s.root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(s.root, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]string{"sh": "bin/sh", "getent": "usr/bin/getent", "install": "usr/bin/install", "chown": "bin/chown", "chmod": "bin/chmod", "rm": "bin/rm"} {
		s.bring(name, at)
	}
	s.write("dev/null", "", 0o666)
	s.write("etc/passwd", "root:x:0:0:root:/:/bin/sh\n", 0o644)
	s.write("etc/group", "root:x:0:\n", 0o644)
	s.write("etc/nsswitch.conf", "passwd: files\ngroup: files\n", 0o644)
	s.write("usr/sbin/adduser", "#!/bin/sh\necho \"adduser $*\" >>/asked\necho 'mirabilia:x:"+member()+":"+member()+"::/var/lib/mirabilia:/usr/sbin/nologin' >>/etc/passwd\necho 'mirabilia:x:"+member()+":' >>/etc/group\n", 0o755)
	s.write("usr/bin/systemctl", "#!/bin/sh\necho \"systemctl $*\" >>/asked\n", 0o755)
	s.write("var/lib/dpkg/status", "Package: adduser\nStatus: install ok installed\nArchitecture: all\nVersion: 3.134\nMaintainer: nobody <nobody@localhost>\nDescription: stands in\n\n", 0o644)
	s.write("var/lib/dpkg/available", "", 0o644)
	return s
}

func (s *scratch) write(name, text string, mode os.FileMode) {
	s.Helper()
	if err := os.WriteFile(filepath.Join(s.root, name), []byte(text), mode); err != nil {
		s.Fatal(err)
	}
}

// bring copies a program of this machine and the libraries that it is linked to.
func (s *scratch) bring(name, at string) {
	s.Helper()
	from, err := exec.LookPath(name)
	if err != nil {
		s.Fatal(err)
	}
	copied := func(from, to string) {
		b, err := os.ReadFile(from)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(s.root, to)), 0o755)
		}
		if err != nil {
			s.Fatal(err)
		}
		s.write(to, string(b), 0o755)
	}
	copied(from, at)
	for _, line := range regexp.MustCompile(`(?m)(/\S+) \(0x`).FindAllStringSubmatch(output(s.T, "ldd", from), -1) {
		copied(line[1], line[1])
	}
}

// dpkg runs dpkg on the root, and gives what it and the scripts say.
func (s *scratch) dpkg(args ...string) string {
	s.Helper()
	args = append([]string{"--root=" + s.root, "--force-not-root", "--log=/dev/null"}, args...)
	name := "dpkg"
	if os.Getuid() != 0 { // root of a name space of its own may change its root
		args, name = append([]string{"--user", "--map-root-user", "dpkg"}, args...), "unshare"
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.Fatalf("dpkg %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// asked is what the scripts have asked the stand-ins for since the last call.
func (s *scratch) asked() string {
	s.Helper()
	name := filepath.Join(s.root, "asked")
	b, err := os.ReadFile(name)
	if err != nil {
		s.Fatal(err)
	}
	if err := os.Remove(name); err != nil {
		s.Fatal(err)
	}
	return string(b)
}

func (s *scratch) there(name string) bool {
	s.Helper()
	_, err := os.Lstat(filepath.Join(s.root, name))
	if err != nil && !os.IsNotExist(err) {
		s.Fatal(err)
	}
	return err == nil
}

// holds demands mode and owners of a file: "640 0 64321".
func (s *scratch) holds(name, want string) {
	s.Helper()
	var st syscall.Stat_t
	if err := syscall.Lstat(filepath.Join(s.root, name), &st); err != nil {
		s.Fatal(err)
	}
	if os.Getuid() != 0 { // outside of the name space its root is whoever runs the test
		want = strings.Fields(want)[0]
		if got := octal(st.Mode); got != want {
			s.Errorf("%s has mode %s, want %s", name, got, want)
		}
		return
	}
	if got := octal(st.Mode) + " " + decimal(st.Uid) + " " + decimal(st.Gid); got != want {
		s.Errorf("%s has %s, want %s", name, got, want)
	}
}

// The package is installed, upgraded, removed and purged by dpkg, with its own
// scripts: each asks for what it should, settings that were changed stay over an
// upgrade, and the atlas stays whatever happens to the program.
func TestDpkgInstalls(t *testing.T) {
	tool(t, "dpkg")
	deb, _ := unpacked(t)
	s := newScratch(t)
	s.dpkg("-i", deb)
	if got, want := s.asked(), "adduser --system --group --quiet --no-create-home --home /var/lib/mirabilia mirabilia\nsystemctl --system daemon-reload\nsystemctl enable --quiet mirabilia.service\nsystemctl start mirabilia.service\n"; got != want {
		t.Errorf("installing asks for\n%s", got)
	}
	s.holds("var/lib/mirabilia", "700 "+member()+" "+member())
	s.holds("etc/mirabilia/mirabilia.toml", "640 0 "+member())
	s.holds("usr/bin/mirabilia", "755 0 0")
	s.holds("lib/systemd/system/mirabilia.service", "644 0 0")
	if got := output(t, filepath.Join(s.root, "usr/bin/mirabilia"), "version"); !strings.HasPrefix(got, "mirabilia ") {
		t.Errorf("version says %q", got)
	}

	s.write("etc/mirabilia/mirabilia.toml", "url = \"https://atlas.example.org\"\n", 0o600)
	s.write("var/lib/mirabilia/atlas.db", "an atlas", 0o600)
	s.dpkg("-i", deb)
	if got, want := s.asked(), "systemctl --system daemon-reload\nsystemctl try-restart mirabilia.service\n"; got != want {
		t.Errorf("upgrading asks for\n%s", got)
	}
	if b, err := os.ReadFile(filepath.Join(s.root, "etc/mirabilia/mirabilia.toml")); err != nil || !bytes.Contains(b, []byte("atlas.example.org")) {
		t.Errorf("after the upgrade the settings are %q, %v", b, err)
	}
	s.holds("etc/mirabilia/mirabilia.toml", "640 0 "+member())

	s.dpkg("-r", "mirabilia")
	if got, want := s.asked(), "systemctl stop mirabilia.service\nsystemctl disable --quiet mirabilia.service\nsystemctl --system daemon-reload\n"; got != want {
		t.Errorf("removing asks for\n%s", got)
	}
	if s.there("usr/bin/mirabilia") || !s.there("etc/mirabilia/mirabilia.toml") || !s.there("var/lib/mirabilia/atlas.db") {
		t.Error("removing takes the settings or the atlas, or leaves the program")
	}

	said := s.dpkg("-P", "mirabilia")
	s.asked()
	if s.there("etc/mirabilia") || !s.there("var/lib/mirabilia/atlas.db") || !strings.Contains(said, "the atlas is still in /var/lib/mirabilia") {
		t.Errorf("purging takes the atlas or leaves the settings: %s", said)
	}
}
