package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/place"
)

// TestKilledImport kills imports at random points. What the log had told of is
// there afterwards, the atlas is without fault, and another import completes.
func TestKilledImport(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killed(t, "") })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { killed(t, dbtest.PostgresURL(t)) })
	}
}

const killRounds, killRecords = 10, 12_000

func killed(t *testing.T, database string) {
	dir := t.TempDir()
	file := filepath.Join(dir, "places.ndjson")
	if err := os.WriteFile(file, manyRecords(killRecords), 0o600); err != nil {
		t.Fatal(err)
	}
	command := func(args ...string) *exec.Cmd {
		c := exec.Command("mirabilia", args...)
		c.Env = append(os.Environ(), "MIRABILIA_DATA="+filepath.Join(dir, "data"), "MIRABILIA_DATABASE="+database)
		return c
	}
	if out, err := command("migrate").CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v: %s", err, out)
	}
	d, err := db.Open(t.Context(), db.Config{URL: database, Dir: filepath.Join(dir, "data"), Connections: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	chance := rand.New(rand.NewPCG(3, 1))
	told := 0
	for round := range killRounds {
		told += killAfter(t, d, command("import", "--publish", file), chance.IntN(1500), time.Duration(chance.IntN(40))*time.Millisecond)
		var there int
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM places WHERE state = 'published'`).Scan(&there)
		}); err != nil {
			t.Fatal(err)
		}
		if there < told {
			t.Fatalf("round %d: the log told of %d places and %d are there", round, told, there)
		}
		t.Logf("round %d: told of %d, there are %d", round, told, there)
	}
	out, err := command("doctor").Output()
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "No fault") && !strings.Contains(line, "fsync = off") {
			t.Errorf("doctor (%v): %s", err, line)
		}
	}
	out, err = command("import", "--publish", file).Output()
	if err != nil || !bytes.Contains(out, fmt.Appendf(nil, `"read":%d,`, killRecords)) || !bytes.Contains(out, []byte(`"failed":0`)) {
		t.Errorf("the import after: %v: %s", err, out)
	}
	out, _ = command("doctor").Output()
	if !bytes.Contains(out, fmt.Appendf(nil, "%d places", killRecords)) && !bytes.Contains(out, []byte("fsync = off")) {
		t.Errorf("doctor at the end: %s", out)
	}
}

// killAfter starts an import, kills it some time after the log has grown by
// more than a number of changes, and gives how many new places the log told of
// while it lived: each is published once.
func killAfter(t *testing.T, d *db.DB, c *exec.Cmd, more int, later time.Duration) (told int) {
	t.Helper()
	before, err := changes.Last(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	c.Stdout, c.Stderr = io.Discard, io.Discard
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	living, ended := context.WithCancel(t.Context())
	go func() { _ = c.Wait(); ended() }()
	f := changes.Follow(d, before)
	defer f.Close()
	seq := before
	for seq-before <= int64(more) && living.Err() == nil {
		list, err := f.Next(living, 10_000, 5*time.Millisecond)
		if err != nil && living.Err() == nil { // it may have ended while this was read
			t.Fatal(err)
		}
		for _, c := range list {
			seq = c.Seq
			if c.Kind == place.LogKind {
				told++
			}
		}
	}
	select {
	case <-living.Done():
	case <-time.After(later):
	}
	_ = c.Process.Kill()
	<-living.Done()
	return told
}

func manyRecords(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `{"source":"kill","id":"%d","title":"Place %d","lat":%.4f,"lon":%.4f,"tags":["tag %d"],"location_tier":"%s"}`+"\n",
			i, i, float64(i%140)-70.1234, float64(i%340)-170.4321, i%50, []string{"exact", "exact", "exact", "approximate"}[i%4])
	}
	return b.Bytes()
}

// TestKilledSnapshot kills the server at random points while it writes the
// finder's snapshot: the old one is there or none, never a part of one.
func TestKilledSnapshot(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	command := func(args ...string) *exec.Cmd {
		c := exec.Command("mirabilia", args...)
		c.Env = append(os.Environ(), "MIRABILIA_DATA="+data, "MIRABILIA_DATABASE=", "MIRABILIA_LISTEN=127.0.0.1:0")
		return c
	}
	records := bytes.SplitAfter(manyRecords(6000), []byte("\n"))
	chance := rand.New(rand.NewPCG(5, 1))
	kept, missed := 0, 0
	for round := range killRounds {
		from, to := 0, 5000 // each round has something new to keep
		if round > 0 {
			from, to = 5000+round, 5001+round
		}
		file := filepath.Join(dir, "places.ndjson")
		if err := os.WriteFile(file, bytes.Join(records[from:to], nil), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := command("import", "--publish", file).CombinedOutput(); err != nil {
			t.Fatalf("import: %v: %s", err, out)
		}
		killWhenReady(t, command("serve"), time.Duration(chance.IntN(60))*time.Millisecond)
		out, err := command("doctor").Output()
		if err != nil {
			t.Fatalf("round %d: doctor (%v): %s", round, err, out)
		}
		if bytes.Contains(out, []byte("its snapshot")) {
			kept++
		} else {
			missed++
		}
	}
	t.Logf("after %d kills there was a snapshot, after %d none", kept, missed)
}

// killWhenReady starts a server and kills it some time after it says that it
// is ready.
func killWhenReady(t *testing.T, c *exec.Cmd, later time.Duration) {
	t.Helper()
	log, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ready := false
	for lines := bufio.NewScanner(log); !ready && lines.Scan(); {
		ready = strings.Contains(lines.Text(), "msg=ready")
	}
	<-time.After(later)
	_ = c.Process.Kill()
	_ = c.Wait()
	if !ready {
		t.Fatal("it was never ready")
	}
}
