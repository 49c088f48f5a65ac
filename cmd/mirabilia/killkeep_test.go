package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/db/dbtest"
)

// TestKilledKeeping kills backups, restores and copies at random points.
// Whatever is taken for whole afterwards is whole: a backup that has its name
// holds everything, an atlas that may be used gives the same private export.
func TestKilledKeeping(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killedKeeping(t, "", func() string { return filepath.Join(t.TempDir(), "to") }) })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) {
			killedKeeping(t, dbtest.PostgresURL(t), func() string { return dbtest.PostgresURL(t) })
		})
	}
}

const keepRounds, keepRecords = 4, 6000

type keeping struct {
	*testing.T
	dir    string
	chance *rand.Rand
	export []byte
	killed int
}

// command is mirabilia on an atlas: a database's address, or a data directory.
func (k *keeping) command(atlas string, args ...string) *exec.Cmd {
	c := exec.Command("mirabilia", args...)
	data, database := atlas, ""
	if strings.Contains(atlas, "://") {
		data, database = filepath.Join(k.dir, "data"), atlas
	}
	c.Env = append(os.Environ(), "MIRABILIA_DATA="+data, "MIRABILIA_DATABASE="+database)
	return c
}

// must runs a command that has to succeed, and gives its output and the time
// that it took.
func (k *keeping) must(c *exec.Cmd) ([]byte, time.Duration) {
	k.Helper()
	var said bytes.Buffer
	c.Stderr = &said
	start := time.Now()
	out, err := c.Output()
	if err != nil {
		k.Fatalf("%v: %v: %s", c.Args[1:], err, said.Bytes())
	}
	return out, time.Since(start)
}

// kill starts a command, kills it somewhere within the time that it needs, and
// tells whether it had ended well before.
func (k *keeping) kill(c *exec.Cmd, within time.Duration) bool {
	k.Helper()
	c.Stdout, c.Stderr = io.Discard, io.Discard
	if err := c.Start(); err != nil {
		k.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		return err == nil
	case <-time.After(time.Duration(k.chance.Int64N(int64(within)))):
	}
	_ = c.Process.Kill()
	err := <-ended
	if err != nil {
		k.killed++
	}
	return err == nil
}

// whole looks at an atlas that a kill may have left half filled: refused by
// what uses it, empty, or the same as the one it came from.
func (k *keeping) whole(atlas string, ended bool) {
	k.Helper()
	c := k.command(atlas, "export", "--private")
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	switch {
	case err != nil && !strings.Contains(said.String(), "is not whole") && !strings.Contains(said.String(), "schema 0") && !strings.Contains(said.String(), "no atlas in"):
		k.Errorf("it is refused with: %s", said.Bytes())
	case err != nil && ended:
		k.Errorf("it ended well and is refused: %s", said.Bytes())
	case err == nil && !bytes.Equal(out, k.export) && (ended || len(out) > 0):
		k.Errorf("%d bytes of %d are taken for whole", len(out), len(k.export))
	}
}

func killedKeeping(t *testing.T, from string, to func() string) {
	k := &keeping{T: t, dir: t.TempDir(), chance: rand.New(rand.NewPCG(5, 2))}
	if from == "" {
		from = filepath.Join(k.dir, "from")
	}
	places := filepath.Join(k.dir, "places.ndjson")
	if err := os.WriteFile(places, manyRecords(keepRecords), 0o600); err != nil {
		t.Fatal(err)
	}
	k.must(k.command(from, "import", "--publish", places))
	k.export, _ = k.must(k.command(from, "export", "--private"))
	file := filepath.Join(k.dir, "atlas.backup")
	_, took := k.must(k.command(from, "backup", file))
	for round := range keepRounds {
		k.backup(from, filepath.Join(k.dir, "killed.backup"), took, round)
	}
	for name, command := range map[string]func(string) *exec.Cmd{
		"restore": func(atlas string) *exec.Cmd { return k.command(atlas, "restore", file) },
		"copy":    func(atlas string) *exec.Cmd { return k.command(from, "copy", "--to", atlas) },
	} {
		_, took := k.must(command(to()))
		for round := range keepRounds {
			atlas := to()
			ended := k.kill(command(atlas), took)
			k.whole(atlas, ended)
			if !ended { // a second one may be killed too
				ended = k.kill(command(atlas), took)
				k.whole(atlas, ended)
			}
			if out, err := command(atlas).CombinedOutput(); err != nil && !bytes.Contains(out, []byte("not empty")) {
				t.Errorf("%s, round %d: run again: %v: %s", name, round, err, out)
			}
			k.whole(atlas, true)
		}
	}
	if k.killed < 3*keepRounds/2 { // of three commands, some of which end first
		t.Errorf("only %d were killed before their end", k.killed)
	}
}

// backup kills one. What has the name is whole, and another one is made
// over what was left.
func (k *keeping) backup(from, file string, took time.Duration, round int) {
	k.Helper()
	_ = os.Remove(file)
	form := []string{"backup", file}
	if round%2 == 1 {
		form = append(form, "--rows")
	}
	ended := k.kill(k.command(from, form...), took)
	if _, err := os.Stat(file); err == nil {
		k.must(k.command(from, "restore", "--check", file))
	} else if ended {
		k.Errorf("round %d: it ended well and there is no file", round)
	}
	out, _ := k.must(k.command(from, "backup", "--force", file))
	var said struct {
		Atlas struct{ Places int }
	}
	if err := json.Unmarshal(out, &said); err != nil || said.Atlas.Places != keepRecords {
		k.Errorf("round %d: %v: %s", round, err, out)
	}
}
