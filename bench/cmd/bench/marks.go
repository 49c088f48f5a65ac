package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/mark"
)

// writers is how many write at once.
const writers = 8

// marksCommand sets N marks in the atlas in FOLDER, eight members at once, each
// answer given when its row is on the disk (synchronous = FULL), beside sqlite3
// committing the same rows one by one into the same table; in turns, the best
// of each.
func marksCommand(args []string) error {
	ctx, n := context.Background(), int(number(args[1]))
	d, err := db.Open(ctx, db.Config{Dir: args[0]})
	if err != nil {
		return err
	}
	defer d.Close()
	ids, err := publishedIDs(ctx, d, (n+writers-1)/writers)
	if err != nil {
		return err
	}
	marks := mark.New(d)
	var theirs, ours, oursP99 float64
	for turn := range 3 {
		members, err := people(ctx, d, actor.Member, writers)
		if err != nil {
			return err
		}
		rate, err := oneByOne(ctx, d, args[0], members, ids, n/4)
		if err != nil {
			return err
		}
		theirs = max(theirs, rate)
		var next [writers]int
		began := time.Now()
		c, err := atOnce(writers, n, time.Minute, func(w, _ int) error {
			next[w]++
			return marks.Set(ctx, actor.Actor{ID: members[w].id, Role: actor.Member}, ids[(next[w]+w*len(ids)/writers)%len(ids)], mark.Been, true)
		})
		if err != nil {
			return err
		}
		// What they have left to be settled is theirs too.
		if err := marks.Settle(ctx); err != nil {
			return err
		}
		c.rate = float64(n) / time.Since(began).Seconds()
		fmt.Printf("turn %d: sqlite3 %.0f/s, ours %.0f/s, p50 %.1f, p99 %.1f ms, CPU %.0f µs\n", turn+1, rate, c.rate, ms(c.at(.5)), ms(c.at(.99)), micro(used()-c.cpu)/float64(n))
		if c.rate > ours {
			ours, oursP99 = c.rate, ms(c.at(.99))
		}
	}
	tableLine(fmt.Sprintf("marks, %d writers, each durable, at load %s", writers, machineLoad()), fmt.Sprintf("sqlite3, one commit a row: %.0f/s", theirs), fmt.Sprintf("%.0f/s, p99 %.1f ms", ours, oursP99), fmt.Sprintf("%.1f", ours/theirs), "≥ 5 ×")
	return nil
}

func publishedIDs(ctx context.Context, d *db.DB, n int) (ids []int64, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		rows, err := tx.Query(`SELECT id FROM places WHERE state = 'published' ORDER BY id LIMIT $1`, n)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
	})
	if err == nil && len(ids) < n {
		err = fmt.Errorf("%d places are not enough for %d marks by %d members", len(ids), n*writers, writers)
	}
	return ids, err
}

// oneByOne is how many of the same rows sqlite3 commits a second, each with a
// transaction of its own, beside the atlas on the same disk.
func oneByOne(ctx context.Context, d *db.DB, folder string, members []person, ids []int64, n int) (float64, error) {
	var b strings.Builder
	b.WriteString("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;\n")
	err := d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT sql FROM sqlite_schema WHERE tbl_name = 'marks' AND sql IS NOT NULL ORDER BY type DESC`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var text string
			err := r.Scan(&text)
			b.WriteString(text + ";\n")
			return err
		})
	})
	if err != nil {
		return 0, err
	}
	for i := range n {
		fmt.Fprintf(&b, "INSERT INTO marks (member, kind, place, at) VALUES (%d, 'been', %d, %d);\n", members[i%writers].id, ids[i/writers], d.Millis())
	}
	file := filepath.Join(folder, "one-by-one.db")
	defer func() {
		for _, end := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(file + end)
		}
	}()
	cmd := exec.CommandContext(ctx, "sqlite3", "-bail", file)
	cmd.Stdin = strings.NewReader(b.String())
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("sqlite3: %w: %s", err, out)
	}
	return float64(n) / time.Since(began).Seconds(), nil
}
