package packaging

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func octal(mode uint32) string     { return strconv.FormatUint(uint64(mode&0o7777), 8) }
func decimal(number uint32) string { return strconv.FormatUint(uint64(number), 10) }

// instruction is one of the container file.
type instruction struct{ name, rest string }

// instructions reads the container file: comments away, continued lines joined.
func instructions(t *testing.T) (list []instruction) {
	t.Helper()
	b, err := os.ReadFile("Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(string(b), "")
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		list = append(list, instruction{name, strings.Join(strings.Fields(rest), " ")})
	}
	return list
}

// image is what the container file says of its last stage.
type image struct {
	from, user      string
	env             map[string]string
	entry, cmd, ask []string // ENTRYPOINT, CMD, HEALTHCHECK
	copies          []string
	made            string // the commands of the stage before
}

func readImage(t *testing.T) (m image) {
	t.Helper()
	list := func(s string) (out []string) {
		if err := json.Unmarshal([]byte(s), &out); err != nil {
			t.Fatalf("%s is no list of words: without a shell in the image nothing else runs", s)
		}
		return out
	}
	for _, i := range instructions(t) {
		switch i.name {
		case "ARG", "WORKDIR", "VOLUME", "EXPOSE", "STOPSIGNAL":
		case "FROM":
			m = image{from: i.rest, env: map[string]string{}, made: m.made}
		case "RUN":
			m.made += i.rest + "\n"
		case "COPY":
			m.copies = append(m.copies, i.rest)
		case "ENV":
			for _, pair := range strings.Fields(i.rest) {
				name, value, _ := strings.Cut(pair, "=")
				m.env[name] = value
			}
		case "USER":
			m.user = i.rest
		case "ENTRYPOINT":
			m.entry = list(i.rest)
		case "CMD":
			m.cmd = list(i.rest)
		case "HEALTHCHECK":
			_, cmd, _ := strings.Cut(i.rest, "CMD ")
			m.ask = list(cmd)
		default:
			t.Errorf("nothing is known of %s", i.name)
		}
	}
	return m
}

// What the container file copies is made before, its programs are those that
// the build needs, and its Go is that of go.mod.
func TestContainerfile(t *testing.T) {
	all := instructions(t)
	base, rules := "", ""
	for _, i := range all {
		if v, ok := strings.CutPrefix(i.rest, "BASE="); ok && i.name == "ARG" {
			base = v
		}
	}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	wants := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)
	if wants == nil || !strings.HasPrefix(base, "golang:"+string(wants[1])+"-") {
		t.Errorf("it builds on %q and go.mod wants %s", base, wants)
	}
	if b, err := os.ReadFile("../Makefile"); err != nil {
		t.Fatal(err)
	} else {
		rules = string(b)
	}
	m := readImage(t)
	if !strings.Contains(m.made, "make build") || !regexp.MustCompile(`(?m)^build:.*\n\tgo build .*-o bin/mirabilia ./cmd/mirabilia`).MatchString(rules) {
		t.Error("it does not build what it copies")
	}
	for _, program := range []string{"git", "make", "nodejs", "npm", "ca-certificates"} {
		if !strings.Contains(m.made, " "+program+" ") {
			t.Errorf("the build lacks %s", program)
		}
	}
	if m.from != "scratch" || len(m.copies) != 1 || m.copies[0] != "--from=build /out/ /" {
		t.Errorf("the image is %s with %q", m.from, m.copies)
	}
	for _, want := range []string{"mkdir -p /out" + m.env["MIRABILIA_DATA"] + " /out" + m.env["TMPDIR"] + " /out/etc/ssl/certs", "cp bin/mirabilia /out" + m.entry[0],
		"cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/", "chown -R " + m.user + " /out" + m.env["MIRABILIA_DATA"] + " /out" + m.env["TMPDIR"], ":" + m.user + "::"} {
		if !strings.Contains(m.made, want) {
			t.Errorf("the stage before does not %q:\n%s", want, m.made)
		}
	}
	ignored, err := os.ReadFile("../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"data", "bin", "node_modules"} {
		if !strings.Contains("\n"+string(ignored), "\n"+private+"\n") {
			t.Errorf("%s goes into the build", private)
		}
	}
}

// The program starts with the arguments, the surroundings and the user of the
// image, on an empty volume, and its health check finds it ready.
func TestTheContainerStarts(t *testing.T) {
	_, root := unpacked(t)
	m := readImage(t)
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := at.Addr().String()
	at.Close()
	home, err := os.MkdirTemp("", "image") // where the user of the image may look
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	uid, gid := os.Getuid(), os.Getgid()
	if _, err := fmt.Sscanf(m.user, "%d:%d", &uid, &gid); err != nil || uid == 0 || gid == 0 {
		t.Fatalf("the user is %q", m.user)
	}
	within := func(name string) string {
		dir := filepath.Join(home, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if os.Getuid() == 0 {
			if err := os.Chown(dir, uid, gid); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	program := filepath.Join(home, m.entry[0])
	b, err := os.ReadFile(filepath.Join(root, "usr/bin/mirabilia"))
	if err == nil {
		err = os.WriteFile(program, b, 0o755)
	}
	if err == nil {
		err = os.Chmod(home, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(m.env["MIRABILIA_LISTEN"])
	if err != nil {
		t.Fatal(err)
	}
	var env []string // nothing of this machine's
	for name, value := range m.env {
		if name == "MIRABILIA_DATA" || name == "TMPDIR" {
			value = within(value)
		}
		value = strings.NewReplacer("0.0.0.0:"+port, address, "127.0.0.1:"+port, address).Replace(value)
		env = append(env, name+"="+value)
	}
	as := func(ctx context.Context, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, home, os.Stderr, os.Stderr
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		}
		return cmd
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	serve := as(ctx, append(m.entry[1:], m.cmd...)...)
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- serve.Wait() }()
	if m.ask[0] != m.entry[0] {
		t.Fatalf("the health check runs %q, which is not in the image", m.ask[0])
	}
	for n := len(m.ask) - 1; ; {
		question := append([]string(nil), m.ask[1:]...)
		question[n-1] = strings.ReplaceAll(question[n-1], "127.0.0.1:"+port, address)
		if as(ctx, question...).Run() == nil {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("it ended: %v", err)
		case <-ctx.Done():
			t.Fatal("it is never ready")
		default:
		}
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}
