package readership

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/job"
)

const (
	// placesWritten is how many places one writing tells of, those read most.
	placesWritten = 2_000
	// missesADay is how many different words are written down on one day.
	missesADay = 1_000
	// Of a day that is over so many places and words stay, and days so long.
	placesStay, missesStay = 1_000, 200
	daysStay               = 400
	missesDays             = 90
)

// dayOf names a day, in UTC.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// tally is what is written at once.
type tally struct {
	reads, searches, missed, failed int64
	places                          map[int64]int64
	misses                          map[string]int64
}

func (t *tally) none() bool {
	return t.reads+t.searches+t.missed+t.failed == 0 && len(t.misses) == 0
}

// take takes what was added up since the last time.
func (c *Counts) take(now time.Time) (t tally) {
	t.searches, t.missed, t.failed = c.searches.Swap(0), c.missed.Swap(0), c.failed.Swap(0)
	t.places, t.misses = map[int64]int64{}, map[string]int64{}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pages {
		n := p.n.Swap(0)
		t.places[p.place] += n
		t.reads += n
	}
	c.pages = nil
	for words, m := range c.misses {
		switch {
		case m.known && m.fresh > 0:
			t.misses[words], m.fresh = int64(m.fresh), 0
		case now.Sub(m.last) > forgotten, m.known && now.Sub(m.last) > 24*time.Hour:
			delete(c.misses, words)
		}
	}
	return t
}

// giveBack adds what could not be written to what comes next.
func (c *Counts) giveBack(t tally) {
	c.searches.Add(t.searches)
	c.missed.Add(t.missed)
	c.failed.Add(t.failed)
	c.mu.Lock()
	defer c.mu.Unlock()
	for place, n := range t.places {
		if len(c.pages) < mostPages {
			p := &Page{counts: c, place: place}
			p.n.Store(n)
			c.pages = append(c.pages, p)
		}
	}
	for words, n := range t.misses {
		if m := c.misses[words]; m != nil {
			m.fresh += int(n)
		}
	}
}

// Write writes down what was added up since the last time. Nothing is written
// when nothing was.
func (c *Counts) Write(ctx context.Context) error {
	now := c.db.Now()
	t := c.take(now)
	if t.none() {
		return nil
	}
	err := c.db.Write(ctx, func(tx *db.Tx) error { return t.write(tx, dayOf(now)) })
	if err != nil {
		c.giveBack(t)
	}
	return err
}

func (t *tally) write(tx *db.Tx, day string) error {
	_, err := tx.Exec(`INSERT INTO read_days (day, reads, searches, missed, failed) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (day) DO UPDATE SET reads = read_days.reads + $2, searches = read_days.searches + $3, missed = read_days.missed + $4, failed = read_days.failed + $5`,
		day, t.reads, t.searches, t.missed, t.failed)
	if err != nil {
		return err
	}
	// Always in one order, so that two nodes do not wait for each other.
	most := slices.SortedFunc(maps.Keys(t.places), func(a, b int64) int { return cmp.Or(cmp.Compare(t.places[b], t.places[a]), cmp.Compare(a, b)) })
	most = most[:min(len(most), placesWritten)]
	slices.Sort(most)
	for _, id := range most {
		// A place that is gone meanwhile is not counted any more.
		_, err := tx.Exec(`INSERT INTO read_places (day, place, n) SELECT CAST($1 AS TEXT), id, CAST($3 AS BIGINT) FROM places WHERE id = $2
			ON CONFLICT (day, place) DO UPDATE SET n = read_places.n + $3`, day, id, t.places[id])
		if err != nil {
			return err
		}
	}
	return t.writeMisses(tx, day)
}

func (t *tally) writeMisses(tx *db.Tx, day string) error {
	if len(t.misses) == 0 {
		return nil
	}
	have := 0
	if err := tx.QueryRow(`SELECT count(*) FROM read_misses WHERE day = $1`, day).Scan(&have); err != nil {
		return err
	}
	for _, words := range slices.Sorted(maps.Keys(t.misses)) {
		n, err := tx.Exec(`UPDATE read_misses SET n = n + $3 WHERE day = $1 AND words = $2`, day, words, t.misses[words])
		if err == nil && n == 0 && have < missesADay {
			have++
			_, err = tx.Exec(`INSERT INTO read_misses (day, words, n) VALUES ($1, $2, $3) ON CONFLICT (day, words) DO UPDATE SET n = read_misses.n + $3`, day, words, t.misses[words])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Trimming is the job that lets go of what is old: of days that are over only
// what was read and missed most stays, and in the end nothing.
type Trimming struct{}

// Kind implements job.Args.
func (Trimming) Kind() string { return "readership.trim" }

// Limits of the job.
func (Trimming) Limits() job.Limits { return job.Limits{Together: 1, Time: 5 * time.Minute} }

// Trim works the job.
func (c *Counts) Trim(ctx context.Context) error {
	today := c.db.Now()
	back := func(days int) string { return dayOf(today.AddDate(0, 0, -days)) }
	var faults []error
	do := func(text string, args ...any) {
		faults = append(faults, c.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(text, args...)
			return err
		}))
	}
	do(`DELETE FROM read_days WHERE day < $1`, back(daysStay))
	do(`DELETE FROM read_places WHERE day < $1`, back(daysStay))
	do(`DELETE FROM read_misses WHERE day < $1`, back(missesDays))
	for n := 1; n <= 3; n++ { // a night may have been missed
		day := back(n)
		do(`DELETE FROM read_places WHERE day = $1 AND place NOT IN (SELECT place FROM read_places WHERE day = $1 ORDER BY n DESC, place LIMIT $2)`, day, int64(placesStay))
		do(`DELETE FROM read_misses WHERE day = $1 AND words NOT IN (SELECT words FROM read_misses WHERE day = $1 ORDER BY n DESC, words LIMIT $2)`, day, int64(missesStay))
	}
	return errors.Join(faults...)
}
