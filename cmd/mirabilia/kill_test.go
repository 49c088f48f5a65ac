package main

import (
	"bytes"
	"context"
	"errors"
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
		if err != nil && !errors.Is(err, context.Canceled) {
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
