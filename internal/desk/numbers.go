package desk

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Numbers is what everybody may know of the queue.
type Numbers struct {
	Waiting  int
	First    time.Time     // when what is next was sent; zero for none
	Median   time.Duration // from sending to the decision, of the recent ones; 0: none yet
	Accepted int           // of the recent decisions, how many published
	Decided  int           // how many recent decisions there are
	Reasons  map[string]int
}

// recent is how many of the newest decisions make the figures.
const recent = 400

// Numbers counts the queue and its recent decisions.
func (d *Desk) Numbers(ctx context.Context) (n Numbers, err error) {
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		n = Numbers{Reasons: map[string]int{}}
		if err := tx.QueryRow(`SELECT count(*) FROM submissions WHERE status = 'waiting'`).Scan(&n.Waiting); err != nil {
			return err
		}
		var first int64
		err := tx.QueryRow(`SELECT submitted_at FROM submissions WHERE status = 'waiting' ORDER BY turn, id LIMIT 1`).Scan(&first)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		n.First = db.Time(first)
		return n.decided(tx)
	})
	return n, err
}

// Since is how much was sent since a moment, and how much of that is published.
func (d *Desk) Since(ctx context.Context, since time.Time) (sent, published int, err error) {
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*), coalesce(sum(CASE WHEN status = 'published' THEN 1 ELSE 0 END), 0) FROM submissions WHERE submitted_at >= $1`, db.Millis(since)).Scan(&sent, &published)
	})
	return sent, published, err
}

// medianFor is how long a median is told that was found before.
const medianFor = time.Minute

// median is one that was found at a time.
type median struct {
	wait time.Duration
	at   time.Time
}

// Median is how long the recent ones waited for their decision, as it was at
// most a minute ago: see Numbers.
func (d *Desk) Median(ctx context.Context) (time.Duration, error) {
	now := d.db.Now()
	if m := d.median.Load(); m != nil && now.Sub(m.at).Abs() < medianFor {
		return m.wait, nil
	}
	var n Numbers
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		n = Numbers{Reasons: map[string]int{}}
		return n.decided(tx)
	})
	if err == nil {
		d.median.Store(&median{n.Median, now})
	}
	return n.Median, err
}

// decided counts the recent decisions.
func (n *Numbers) decided(tx *db.Tx) error {
	var waits []int64
	rows, err := tx.Query(`SELECT d.action, d.reason, d.waited, d.undone_at, s.kind FROM decisions d JOIN submissions s ON s.id = d.submission
		ORDER BY d.at DESC, d.id DESC LIMIT $1`, recent)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var action Action
		var reason, kind string
		var waited, undone int64
		if err := r.Scan((*string)(&action), &reason, &waited, &undone, &kind); err != nil {
			return err
		}
		if undone != 0 || waited <= 0 || action == Hold || action == AskChanges || kind == string(Report) {
			return nil
		}
		n.Decided++
		waits = append(waits, waited)
		if action == Publish {
			n.Accepted++
		} else if reason != "" {
			n.Reasons[reason]++
		}
		return nil
	})
	if len(waits) > 0 {
		slices.Sort(waits)
		n.Median = time.Duration(waits[len(waits)/2]) * time.Millisecond
	}
	return err
}

// FarBack is the place of all that have more than a thousand before them: nobody
// counts further.
const FarBack = 1001

// farFor is how long all that come behind one that was far back are taken to be
// far back too, without counting.
const farFor = 5 * time.Second

// far is one that was far back at a time, in its order of the queue.
type far struct {
	turn, id int64
	at       time.Time
}

// Place is how many come before a submission in the queue, and itself: 1 is
// next, FarBack is far back, as it was at most seconds ago. 0 is for one that
// does not wait.
func (d *Desk) Place(ctx context.Context, s *Submission) (n int, err error) {
	if s.Status != Waiting {
		return 0, nil
	}
	now := d.db.Now()
	f := d.far.Load()
	fresh := f != nil && now.Sub(f.at).Abs() < farFor
	if fresh && (s.turn > f.turn || s.turn == f.turn && s.ID > f.id) {
		return FarBack, nil
	}
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM (SELECT 1 FROM submissions WHERE status = 'waiting' AND (turn, id) <= ($1, $2) LIMIT $3) AS before`, s.turn, s.ID, FarBack).Scan(&n)
	})
	if err == nil && n == FarBack && !fresh {
		d.far.Store(&far{s.turn, s.ID, now})
	}
	return n, err
}
