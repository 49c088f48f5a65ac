package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/app"
	"mirabilia/internal/db"
	"mirabilia/internal/job"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
)

type unknown struct{}

func (unknown) Kind() string { return "later.version" }

// Jobs that wait are no fault; what was given up is one, with its reason.
func TestDoctorTellsOfJobsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		c := configOf(t, t.TempDir(), database)
		a := open(t, c)
		stop := run(t, a)
		d, err := db.Open(t.Context(), db.Config{URL: database, Dir: c.Data})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return job.Enqueue(tx, unknown{}) }); err != nil {
			t.Fatal(err)
		}
		stop()
		told := func() (list []string) {
			faults, _ := app.Doctor(t.Context(), c)
			for _, f := range faults {
				if strings.HasPrefix(f, "jobs:") {
					list = append(list, f)
				}
			}
			return list
		}
		if list := told(); len(list) != 0 {
			t.Fatalf("a waiting job is a fault: %q", list)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE jobs SET gave_up_at = $1, fault = 'no such host', once = NULL`, d.Millis())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if list := told(); len(list) != 1 || !strings.Contains(list[0], "later.version") || !strings.Contains(list[0], "no such host") {
			t.Errorf("%q", list)
		}
	})
}

// A letter enqueued by anyone leaves the running atlas, from the name that the
// operator gave it.
func TestLettersLeave(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		c := configOf(t, t.TempDir(), database)
		a := open(t, c)
		stop := run(t, a)
		defer stop()
		d, err := db.Open(t.Context(), db.Config{URL: database, Dir: c.Data})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			return mail.Enqueue(tx, letters.MagicLink(letters.Atlas{Name: "Mirabilia", URL: "https://atlas.example.org"}, "reader@example.com", "/x"))
		})
		if err != nil {
			t.Fatal(err)
		}
		for end := time.After(20 * time.Second); ; {
			files, err := filepath.Glob(filepath.Join(c.Data, "outbox", "*.eml"))
			if err != nil {
				t.Fatal(err)
			}
			if len(files) == 1 {
				b, err := os.ReadFile(files[0])
				if err != nil || !strings.Contains(string(b), `From: "Mirabilia" <atlas@localhost>`) {
					t.Errorf("%s, %v", b, err)
				}
				return
			}
			select {
			case <-end:
				t.Fatal("no letter has left")
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}
