package place

import (
	"database/sql"
	"encoding/json"

	"mirabilia/internal/db"
	"mirabilia/internal/geo"
	"mirabilia/internal/text"
)

// What looks like the same place, by the contract: another source, no farther
// than this, and names at least so alike.
const (
	duplicateMetres = 150
	duplicateLike   = 0.8
)

// candidate is a place that a new one may repeat.
type nearby struct {
	id     int64
	source string
	at     geo.Public
	names  []string
	draft  *draft // of the same part: its id is not made yet
}

// duplicate is a new place that looks like another.
type duplicate struct {
	draft  *draft
	of     nearby
	metres float64
	like   float64
}

// duplicates finds those of the new places that look like one that is there or
// stands before them in the part, by public positions only. With
// SkipDuplicates they are taken out of the list that is returned.
func (im *Importer) duplicates(tx *db.Tx, fresh []*draft) ([]*draft, []duplicate, error) {
	alone, err := im.onlySource(tx, fresh)
	if err != nil || alone {
		return fresh, nil, err
	}
	near, err := im.neighbours(tx, fresh)
	if err != nil {
		return nil, nil, err
	}
	var dups []duplicate
	kept := fresh[:0:0]
	for _, d := range fresh {
		at := d.publicGuess()
		if at == nil {
			kept = append(kept, d)
			continue
		}
		best, ok := duplicate{}, false
		names := d.names()
		for _, cell := range cellsNear(*at, duplicateMetres) {
			for _, c := range near[cell] {
				m, like := c.compare(d.Source, *at, names)
				if like >= duplicateLike && (!ok || like > best.like || like == best.like && m < best.metres) {
					best, ok = duplicate{d, c, m, like}, true
				}
			}
		}
		if ok {
			dups = append(dups, best)
			if im.opts.SkipDuplicates {
				continue
			}
		}
		kept = append(kept, d)
		cell := cellOf(*at)
		near[cell] = append(near[cell], nearby{source: d.Source, at: *at, names: names, draft: d})
	}
	return kept, dups, nil
}

// publicGuess is the position that a new place is compared by. Of a protected
// one only the place itself is known to the importer, and comparing that would
// let a dry run probe where protected places are: it is compared with nothing.
func (d *draft) publicGuess() *geo.Public {
	if d.truth == nil || d.Tier != Exact {
		return nil
	}
	return &geo.Public{Lat: d.truth.Lat, Lon: d.truth.Lon}
}

func (d *draft) names() []string {
	names := make([]string, 0, len(d.Aliases)+1)
	names = append(names, d.Title)
	for _, a := range d.Aliases {
		names = append(names, a.Name)
	}
	return names
}

// compare gives the distance and the likeness of the best pair of names; -1 for
// what is no candidate at all.
func (c nearby) compare(source string, at geo.Public, names []string) (metres, like float64) {
	if c.source == source {
		return 0, -1
	}
	metres = geo.Metres(c.at, at)
	if metres > duplicateMetres {
		return metres, -1
	}
	for _, a := range c.names {
		for _, b := range names {
			like = max(like, text.Similarity(a, b))
		}
	}
	return metres, like
}

// onlySource reports whether the atlas and the list have one source in all, as
// while a first large file is taken in: then nothing can be a duplicate.
func (im *Importer) onlySource(tx *db.Tx, list []*draft) (bool, error) {
	if len(list) == 0 {
		return true, nil
	}
	source := list[0].Source
	for _, d := range list {
		if d.Source != source {
			return false, nil
		}
	}
	if im.dry != nil && !im.dry.only(source) {
		return false, nil
	}
	var first, last sql.NullString
	// Two statements, since one with both would read the whole index.
	if err := tx.QueryRow(`SELECT min(source) FROM places`).Scan(&first); err != nil {
		return false, err
	}
	if err := tx.QueryRow(`SELECT max(source) FROM places`).Scan(&last); err != nil {
		return false, err
	}
	return !first.Valid || first.String == source && last.String == source, nil
}

// neighbours reads the places in the cells around the list, by cell.
func (im *Importer) neighbours(tx *db.Tx, list []*draft) (map[int64][]nearby, error) {
	var cells []int64
	seen := map[int64]bool{}
	for _, d := range list {
		if at := d.publicGuess(); at != nil {
			for _, c := range cellsNear(*at, duplicateMetres) {
				if !seen[c] {
					seen[c] = true
					cells = append(cells, c)
				}
			}
		}
	}
	near := map[int64][]nearby{}
	if im.dry != nil {
		im.dry.neighbours(cells, near)
	}
	for len(cells) > 0 {
		n := min(len(cells), lookupSize)
		args := db.Padded(cells[:n])
		cells = cells[n:]
		rows, err := tx.Query(`SELECT id, source, lat, lon, cell, title, aliases FROM places WHERE cell IN (`+
			db.In(len(args), 1)+`) AND state IN ('published', 'waiting')`, args...)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			c, cell, err := scanNearby(r)
			near[cell] = append(near[cell], c)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return near, nil
}

func scanNearby(r *sql.Rows) (c nearby, cell int64, err error) {
	var title, aliases string
	if err := r.Scan(&c.id, &c.source, &c.at.Lat, &c.at.Lon, &cell, &title, &aliases); err != nil {
		return c, 0, err
	}
	c.names = []string{title}
	if aliases != "" {
		var list []Alias
		if err := json.Unmarshal([]byte(aliases), &list); err != nil {
			return c, 0, err
		}
		for _, a := range list {
			c.names = append(c.names, a.Name)
		}
	}
	return c, cell, nil
}

// keepDuplicates lists for the desk what looks alike.
func keepDuplicates(tx *db.Tx, written []*draft, dups []duplicate) error {
	there := make(map[*draft]bool, len(written))
	for _, d := range written {
		there[d] = true
	}
	now := tx.DB().Millis()
	rows := dups[:0:0]
	for _, d := range dups {
		if there[d.draft] {
			rows = append(rows, d)
		}
	}
	return tx.Insert("place_duplicates", []string{"place", "of_place", "metres", "likeness", "found_at"}, len(rows), func(i int, into []any) {
		d := rows[i]
		of := d.of.id
		if d.of.draft != nil {
			of = d.of.draft.ID
		}
		into[0], into[1], into[2], into[3], into[4] = d.draft.ID, of, d.metres, d.like, now
	})
}

// dryRun stands in for the rows that a dry run does not write, so that it
// counts what the real run would. It keeps a bounded number of them.
type dryRun struct {
	sums    map[identity]int64
	sources map[string]bool
	cells   map[int64][]nearby
	kept    int
}

// dryRunSize bounds the memory of a dry run to some hundred megabytes; beyond
// it, repeats within the file are no longer noticed.
const dryRunSize = 1_000_000

func newDryRun() *dryRun {
	return &dryRun{map[identity]int64{}, map[string]bool{}, map[int64][]nearby{}, 0}
}

func (r *dryRun) only(source string) bool {
	return len(r.sources) == 0 || len(r.sources) == 1 && r.sources[source]
}

func (r *dryRun) keep(part []*draft) {
	for _, d := range part {
		if r.kept >= dryRunSize {
			return
		}
		r.kept++
		r.sums[d.identity()] = d.sum
		r.sources[d.Source] = true
		if at := d.publicGuess(); at != nil {
			c := cellOf(*at)
			r.cells[c] = append(r.cells[c], nearby{source: d.Source, at: *at, names: d.names()})
		}
	}
}

func (r *dryRun) lookUp(part []*draft, found map[identity]known) {
	for _, d := range part {
		if sum, ok := r.sums[d.identity()]; ok {
			found[d.identity()] = known{sum: sum, state: Published}
		}
	}
}

func (r *dryRun) neighbours(cells []int64, near map[int64][]nearby) {
	for _, c := range cells {
		near[c] = append(near[c], r.cells[c]...)
	}
}
