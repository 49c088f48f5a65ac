// Package linkcheck knows how the addresses that places and submissions name
// are: alive, gone, failing. It gathers them from what changes, looks at each
// from time to time through the guard, slowly and never twice at one site at
// once, and calls one dead only when it failed repeatedly over days.
package linkcheck

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/outbound"
	"mirabilia/internal/place"
)

const (
	// maxAddress is the longest address that is looked at, in bytes.
	maxAddress = 1000
	// perPlace is how many addresses of one place are known.
	perPlace = 100
	// handful is how many changes or places are gathered in one transaction.
	handful = 500
)

// Unknown is the health of an address that nobody has looked at yet.
const Unknown outbound.Health = "unknown"

// Looker tells how an address is.
type Looker interface {
	Look(ctx context.Context, address string) (health outbound.Health, status int)
}

// Link is an address and how it was found.
type Link struct {
	ID      int64
	Address string
	Health  outbound.Health
	Status  int       // of the last answer, 0 for none
	Dead    bool      // it failed often enough
	Since   time.Time // when it began to fail, zero when it did not
	Checked time.Time // zero: not yet
	Places  []int64   // some that name it; only in Dead
}

// Links is the use cases of addresses. Safe for concurrent use.
type Links struct {
	db     *db.DB
	places *place.Places
	looker Looker
}

// New makes the links kept in d.
func New(d *db.DB, places *place.Places, l Looker) *Links { return &Links{d, places, l} }

// idOf draws the number of an address from it.
func idOf(address string) int64 {
	sum := sha256.Sum256([]byte(address))
	return int64(binary.BigEndian.Uint64(sum[:]) >> 1)
}

var address = regexp.MustCompile(`https?://[^\s<>"'()\[\]{}\\^` + "`" + `|]+`)

// In lists the addresses in texts, each once, as far as they can be looked at.
func In(texts ...string) (list []string) {
	for _, t := range texts {
		for _, a := range address.FindAllString(t, perPlace) {
			a = strings.TrimRight(a, ".,;:!?*_")
			a, _, _ = strings.Cut(a, "#")
			if len(a) <= maxAddress && len(list) < perPlace && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

// of lists the addresses of a place.
func of(p *place.Place) []string {
	texts := []string{p.Website}
	for _, s := range p.Sources {
		texts = append(texts, s.URL)
	}
	for _, f := range p.Facts {
		texts = append(texts, f.Source)
	}
	return In(append(texts, p.Body, p.Know)...)
}

// Known tells of addresses what is known, in their order. Those that nobody has
// looked at yet will be.
func (l *Links) Known(ctx context.Context, addresses []string) (list []Link, err error) {
	if len(addresses) == 0 {
		return nil, nil
	}
	found := map[int64]Link{}
	ids := make([]int64, len(addresses))
	for i, a := range addresses {
		ids[i] = idOf(a)
	}
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		args := db.Padded(ids)
		rows, err := tx.Query(columns+`WHERE id IN (`+db.In(len(args), 1)+`)`, args...)
		return each(rows, err, func(k Link) { found[k.ID] = k })
	})
	if err != nil {
		return nil, err
	}
	var fresh []string
	for i, a := range addresses {
		k, known := found[ids[i]]
		if !known {
			k = Link{ID: ids[i], Address: a, Health: Unknown}
			fresh = append(fresh, a)
		}
		list = append(list, k)
	}
	if len(fresh) == 0 {
		return list, nil
	}
	return list, l.db.Write(ctx, func(tx *db.Tx) error {
		if err := add(tx, fresh); err != nil {
			return err
		}
		return job.Enqueue(tx, Look{}, job.Once("look"))
	})
}

const columns = `SELECT id, address, health, status, dead, failed_since, checked_at FROM link_checks `

func each(rows *sql.Rows, err error, fn func(Link)) error {
	return db.Each(rows, err, func(r *sql.Rows) error {
		var k Link
		var since, checked int64
		err := r.Scan(&k.ID, &k.Address, &k.Health, &k.Status, &k.Dead, &since, &checked)
		k.Since, k.Checked = db.Time(since), db.Time(checked)
		fn(k)
		return err
	})
}

// add makes addresses known that are not yet, due at once.
func add(tx *db.Tx, addresses []string) error {
	for _, a := range addresses {
		_, err := tx.Exec(`INSERT INTO link_checks (id, address, health, status, failures, failed_since, dead, checked_at, due_at) VALUES ($1, $2, $3, 0, 0, 0, $4, 0, $5) ON CONFLICT (id) DO NOTHING`,
			idOf(a), a, string(Unknown), false, tx.DB().Millis())
		if err != nil {
			return err
		}
	}
	return nil
}

// Dead lists dead links after a number (0: from the first), with some of the
// places that name each, for editors.
func (l *Links) Dead(ctx context.Context, a actor.Actor, after int64, limit int) (list []Link, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	const shown = 5
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(columns+`WHERE dead AND id > $1 AND EXISTS (SELECT 1 FROM link_uses WHERE link = id) ORDER BY id LIMIT $2`, after, limit)
		if err := each(rows, err, func(k Link) { list = append(list, k) }); err != nil {
			return err
		}
		for i := range list {
			rows, err := tx.Query(`SELECT place FROM link_uses WHERE link = $1 ORDER BY place LIMIT $2`, list[i].ID, shown)
			err = db.Each(rows, err, func(r *sql.Rows) error {
				var id int64
				err := r.Scan(&id)
				list[i].Places = append(list[i].Places, id)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// Again has an address looked at again soon, for an editor who has seen it
// live. It counts as alive until it fails anew.
func (l *Links) Again(ctx context.Context, a actor.Actor, id int64) error {
	if err := a.Needs(actor.Editor); err != nil {
		return err
	}
	return l.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE link_checks SET health = $1, dead = $2, failures = 0, failed_since = 0, due_at = $3 WHERE id = $4`, string(Unknown), false, tx.DB().Millis(), id)
		if err == nil && n == 0 {
			return errs.New(errs.NotFound, "There is no such link.")
		}
		if err != nil {
			return err
		}
		return job.Enqueue(tx, Look{}, job.Once("look"))
	})
}

// Gather is the job that takes up the addresses of places that have changed.
type Gather struct{}

// Kind names the job.
func (Gather) Kind() string { return "linkcheck.gather" }

// Gather works one: it goes on from where the last one ended.
func (l *Links) Gather(ctx context.Context, _ Gather) error {
	for {
		from, err := l.position(ctx)
		if err != nil {
			return err
		}
		part, err := changes.Since(ctx, l.db, from, handful)
		if err != nil || len(part) == 0 {
			if err == nil {
				err = l.db.Write(ctx, func(tx *db.Tx) error { return job.Enqueue(tx, Look{}, job.Once("look")) })
			}
			return err
		}
		var ids []int64
		for _, c := range part {
			if c.Kind == place.LogKind && !slices.Contains(ids, c.ID) {
				ids = append(ids, c.ID)
			}
		}
		whole, err := l.places.Whole(ctx, ids)
		if err != nil {
			return err
		}
		if err := l.take(ctx, ids, whole, part[len(part)-1].Seq); err != nil {
			return err
		}
	}
}

func (l *Links) position(ctx context.Context) (seq int64, err error) {
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(`SELECT seq FROM link_gathered WHERE name = 'places'`).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return seq, err
}

// take notes which addresses the places name now, and that the log was read to
// seq.
func (l *Links) take(ctx context.Context, ids []int64, whole []*place.Place, seq int64) error {
	return l.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec(`DELETE FROM link_uses WHERE place = $1`, id); err != nil {
				return err
			}
		}
		for _, p := range whole {
			list := of(p)
			if err := add(tx, list); err != nil {
				return err
			}
			for _, a := range list {
				if _, err := tx.Exec(`INSERT INTO link_uses (place, link) VALUES ($1, $2) ON CONFLICT (place, link) DO NOTHING`, p.ID, idOf(a)); err != nil {
					return err
				}
			}
		}
		_, err := tx.Exec(`INSERT INTO link_gathered (name, seq) VALUES ('places', $1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`, seq)
		return err
	})
}

// DeadAt lists the dead addresses of each of the places that name some.
func (l *Links) DeadAt(ctx context.Context, places []int64) (list map[int64][]string, err error) {
	list = map[int64][]string{}
	if len(places) == 0 {
		return list, nil
	}
	args := db.Padded(places)
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT u.place, k.address FROM link_uses u JOIN link_checks k ON k.id = u.link
			WHERE u.place IN (`+db.In(len(args), 1)+`) AND k.dead ORDER BY u.place, k.address`, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			var address string
			err := r.Scan(&id, &address)
			list[id] = append(list[id], address)
			return err
		})
	})
	return list, err
}
