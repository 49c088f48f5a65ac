package place

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

// Health is how sure one can be that a place still is as its entry says.
type Health string

// The healths, from sure to unsure.
const (
	Fresh       Health = "fresh"
	Ageing      Health = "ageing"
	Unconfirmed Health = "unconfirmed"
)

// StatusesFound lists the statuses that a visitor can have found, the likeliest
// first.
var StatusesFound = []Status{Closed, TemporarilyClosed, Lost, Altered, Moved, NoAccess, Unverified}

// Confirmation is what the confirmations of visitors come to. It names nobody.
type Confirmation struct {
	Month    string // of the newest: 2026-11
	Visitors int    // who stand by one
	Health   Health
}

// Seen is how many members confirmed a place last in one month.
type Seen struct {
	Month    string `json:"month"`
	Visitors int    `json:"visitors"`
}

// MonthOf is the month that a day of a visit certainly is not before: of a year
// alone its first one, so that nothing looks fresher than it is known to be.
func MonthOf(day string) string {
	switch {
	case len(day) >= 7:
		return day[:7]
	case len(day) == 4:
		return day + "-01"
	}
	return ""
}

// months counts the months since the year 0, false for what is no month.
func months(month string) (int, bool) {
	t, err := time.Parse("2006-01", month)
	return t.Year()*12 + int(t.Month()), err == nil
}

// Weigh makes of confirmations what they come to now. One counts whole in its
// month, half after a half-life, a quarter after two; together they make an
// entry fresh, ageing or unconfirmed. Ages are whole months, so that nothing
// changes within one.
func Weigh(list []Seen, now time.Time, rules setting.Confirming) Confirmation {
	c := Confirmation{Health: Unconfirmed}
	today := now.UTC().Year()*12 + int(now.UTC().Month())
	weight := 0.0
	for _, s := range list {
		at, ok := months(s.Month)
		if !ok || s.Visitors <= 0 {
			continue
		}
		c.Visitors += s.Visitors
		c.Month = max(c.Month, s.Month)
		age := max(0, today-at)
		weight += float64(s.Visitors) * math.Pow(0.5, float64(age)/float64(max(1, rules.HalfLife)))
	}
	switch percent := 100 * weight; {
	case c.Visitors == 0:
	case percent >= float64(rules.Fresh):
		c.Health = Fresh
	case percent >= float64(rules.Ageing):
		c.Health = Ageing
	}
	return c
}

// Reconfirm counts the confirmations of a place anew, as read finds them, in the
// transaction that changes them: the place's row is taken first, so that of two
// at once the second counts what the first did. What comes out otherwise than
// before goes into the log.
func Reconfirm(tx *db.Tx, id int64, read func() ([]Seen, error)) error {
	n, err := tx.Exec(`UPDATE places SET confirmed_at = confirmed_at WHERE id = $1`, id)
	if err != nil || n == 0 {
		return err
	}
	list, err := read()
	if err != nil {
		return err
	}
	rules, err := setting.In(tx)
	if err != nil {
		return err
	}
	was, _, err := confirmation(tx, id)
	if err != nil {
		return err
	}
	c := Weigh(list, tx.DB().Now(), rules.Confirming)
	if c.Visitors == 0 {
		_, err = tx.Exec(`DELETE FROM place_confirmed WHERE place = $1`, id)
	} else {
		err = keepConfirmation(tx, id, c, list)
	}
	if err != nil || was == c || was == (Confirmation{}) && c.Visitors == 0 {
		return err
	}
	var at any
	if t, err := time.Parse("2006-01", c.Month); err == nil {
		at = db.Millis(t)
	}
	if _, err := tx.Exec(`UPDATE places SET confirmed_at = $2 WHERE id = $1`, id, at); err != nil {
		return err
	}
	return logConfirmed(tx, id)
}

// outdate forgets who has confirmed a place when its status becomes another: they
// stood by an entry that said something else.
func outdate(tx *db.Tx, d *draft) error {
	n, err := tx.Exec(`UPDATE places SET status_at = $2, confirmed_at = NULL WHERE id = $1 AND status <> $3`, d.ID, tx.DB().Millis(), string(d.Status))
	if err == nil && n > 0 {
		_, err = tx.Exec(`DELETE FROM place_confirmed WHERE place = $1`, d.ID)
	}
	return err
}

// StatusSince is when the status of a place last changed: confirmations before
// it do not count.
func StatusSince(tx *db.Tx, id int64) (at int64, err error) {
	err = tx.QueryRow(`SELECT status_at FROM places WHERE id = $1`, id).Scan(&at)
	return at, err
}

// SetConfirmer names who counts anew who has confirmed a place. It is called
// before anything is decided.
func (s *Places) SetConfirmer(recount func(tx *db.Tx, id int64) error) { s.recount = recount }

// statusBack gives a place whose status was taken back the confirmations that it
// had.
func (s *Places) statusBack(tx *db.Tx, id, since int64) error {
	if _, err := tx.Exec(`UPDATE places SET status_at = $2 WHERE id = $1`, id, since); err != nil || s.recount == nil {
		return err
	}
	return s.recount(tx, id)
}

// logConfirmed tells the log that a public place is another.
func logConfirmed(tx *db.Tx, id int64) error {
	var public bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM places WHERE id = $1 AND state = 'published')`, id).Scan(&public); err != nil {
		return err
	}
	if public {
		changes.Append(tx, LogKind, id, changes.Put)
	}
	return nil
}

func keepConfirmation(tx *db.Tx, id int64, c Confirmation, list []Seen) error {
	slices.SortFunc(list, func(a, b Seen) int { return cmp.Compare(b.Month, a.Month) })
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO place_confirmed (place, month, visitors, health, months) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (place) DO UPDATE SET month = excluded.month, visitors = excluded.visitors, health = excluded.health, months = excluded.months`,
		id, c.Month, c.Visitors, string(c.Health), string(b))
	return err
}

// confirmation reads what a place's confirmations came to, the zero value where
// it has none.
func confirmation(tx *db.Tx, id int64) (c Confirmation, months string, err error) {
	err = tx.QueryRow(`SELECT month, visitors, health, months FROM place_confirmed WHERE place = $1`, id).
		Scan(&c.Month, &c.Visitors, (*string)(&c.Health), &months)
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return c, months, err
}

// confirm adds to a place that was confirmed what its confirmations come to.
func confirm(tx *db.Tx, p *Place) error {
	if p.Confirmed == nil {
		return nil
	}
	c, _, err := confirmation(tx, p.ID)
	if err != nil || c == (Confirmation{}) {
		p.Confirmed = nil
		return err
	}
	p.Confirmed = &c
	return nil
}

// HealthOf tells how sure one can be of each of the places; those that nobody
// has confirmed are left out.
func (s *Places) HealthOf(ctx context.Context, ids []int64) (out map[int64]Confirmation, err error) {
	out = make(map[int64]Confirmation, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	args := db.Padded(ids)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT place, month, visitors, health FROM place_confirmed WHERE place IN (`+db.In(len(args), 1)+`)`, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			var c Confirmation
			err := r.Scan(&id, &c.Month, &c.Visitors, (*string)(&c.Health))
			out[id] = c
			return err
		})
	})
	return out, err
}

// agedAtOnce is how many places are looked at in one transaction.
const agedAtOnce = 500

// Age brings the health of confirmed places behind a number (0: from the first)
// up to today and to the rules that hold now, a handful of them; next is where
// to go on, 0 at the end. What comes out otherwise goes into the log.
func (s *Places) Age(ctx context.Context, after int64) (next int64, turned int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		next, turned = 0, 0
		rules, err := setting.In(tx)
		if err != nil {
			return err
		}
		type row struct {
			id             int64
			health, months string
		}
		var list []row
		rows, err := tx.Query(`SELECT place, health, months FROM place_confirmed WHERE place > $1 ORDER BY place LIMIT `+strconv.Itoa(agedAtOnce), after)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var x row
			err := r.Scan(&x.id, &x.health, &x.months)
			list = append(list, x)
			return err
		})
		if err != nil {
			return err
		}
		for _, x := range list {
			var seen []Seen
			if err := json.Unmarshal([]byte(x.months), &seen); err != nil {
				return err
			}
			health := string(Weigh(seen, s.db.Now(), rules.Confirming).Health)
			if health == x.health {
				continue
			}
			// Who confirmed it meanwhile has written the newer health.
			n, err := tx.Exec(`UPDATE place_confirmed SET health = $2 WHERE place = $1 AND months = $3`, x.id, health, x.months)
			if err != nil {
				return err
			}
			if n > 0 {
				turned++
				if err := logConfirmed(tx, x.id); err != nil {
					return err
				}
			}
		}
		if len(list) == agedAtOnce {
			next = list[len(list)-1].id
		}
		return nil
	})
	return next, turned, err
}
