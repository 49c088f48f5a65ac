package db_test

import (
	"database/sql"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// Whatever columns of whatever rows are empty, what is read back is what was
// written.
func TestInsertKeepsWhatIsEmpty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.IntRange(1, 100).Draw(t, "rows")
			want := make([][3]string, n)
			for from := 0; from < n; { // runs that have the same columns empty
				to := min(n, from+rapid.IntRange(1, 70).Draw(t, "run"))
				blank := rapid.IntRange(0, 7).Draw(t, "blank")
				for ; from < to; from++ {
					for k := range 3 {
						if blank>>k&1 == 0 && from%9 > 0 {
							want[from][k] = fmt.Sprint(from, "'", k)
						}
					}
				}
			}
			var got [][3]string
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if _, err := tx.Exec(`DELETE FROM tags`); err != nil {
					return err
				}
				err := tx.Insert("tags", []string{"slug", "name", "intro", "updated_at"}, n, func(i int, into []any) {
					into[0], into[1], into[2], into[3] = fmt.Sprintf("%03d%s", i, want[i][0]), want[i][1], want[i][2], int64(i)
				})
				if err != nil {
					return err
				}
				rows, err := tx.Query(`SELECT slug, name, intro FROM tags ORDER BY updated_at`)
				got = nil
				return db.Each(rows, err, func(r *sql.Rows) error {
					var row [3]string
					err := r.Scan(&row[0], &row[1], &row[2])
					row[0] = row[0][3:]
					got = append(got, row)
					return err
				})
			})
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%v: %q, want %q", err, got, want)
			}
		})
	})
}
