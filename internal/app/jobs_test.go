package app_test

import (
	"strings"
	"testing"

	"mirabilia/internal/app"
	"mirabilia/internal/db"
	"mirabilia/internal/job"
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
