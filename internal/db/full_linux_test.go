package db_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// inChild tells the test that it is the process whose files may not grow.
const inChild = "MIRABILIA_TEST_SMALL_FILES"

// A full disk is said to be one, harms nothing that was written, and once there
// is space again writing goes on without a restart. The limit on the size of
// files that a process may write stands in for the disk.
func TestFullDisk(t *testing.T) {
	if os.Getenv(inChild) != "" {
		fillUp(t)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
	cmd.Env = append(os.Environ(), inChild+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "filled up and healed") {
		t.Errorf("%v\n%s", err, out)
	}
}

func fillUp(t *testing.T) {
	d, err := db.Open(t.Context(), db.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	limit := func(bytes uint64) {
		t.Helper()
		var l syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
			t.Fatal(err)
		}
		l.Cur = min(bytes, l.Max)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
			t.Fatal(err)
		}
	}
	n := int64(0)
	put := func() error {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ($1, $2, 0)`,
				fmt.Sprint(d.NewID()), strings.Repeat("x", 50_000))
			return err
		})
		if err == nil {
			n++
		}
		return err
	}
	count := func() (got int64) {
		err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM settings`).Scan(&got) })
		if err != nil {
			t.Error("reading on a full disk:", err)
		}
		return got
	}
	limit(3 << 20)
	for err = put(); err == nil && n < 1000; err = put() {
	}
	if !errs.Is(err, errs.Full) {
		t.Errorf("a full disk gives %#v after %d rows", err, n)
	}
	if got := count(); got != n {
		t.Errorf("%d rows are there, %d were acknowledged", got, n)
	}
	limit(1 << 40)
	if err := put(); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if got := count(); got != n {
		t.Errorf("%d rows are there, %d were acknowledged", got, n)
	}
	if faults, err := d.Check(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("after all that: %v, %v", faults, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	t.Log("filled up and healed")
}
