// Package job is work that is done after the answer: mails, variants of
// pictures, messages to followers. A job is a row, written in the transaction
// that caused it, so there is none without its cause and no cause without its
// job. It is done at least once: a worker that dies gives its job back, so what
// a job does must bear being done twice.
//
// It knows no feature: app registers who works a kind of job with Work, and
// runs the Crew in serve; other commands only Enqueue.
package job

import (
	"encoding/json"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Args is what a job needs to know, kept as JSON. Its Kind names who works it;
// a kind once released keeps its name, since rows of it may wait.
type Args interface{ Kind() string }

// How says how a job is enqueued.
type How func(*plan)

type plan struct {
	at   time.Time
	once string
}

// At lets the job wait until a time.
func At(t time.Time) How { return func(p *plan) { p.at = t } }

// Once makes the job stand for all of its kind and key that are enqueued until
// a worker takes it: of ten changes that each ask for the same counting, one
// count follows. A job that is being worked on does not stand for later ones,
// so nothing that is enqueued goes unseen.
func Once(key string) How { return func(p *plan) { p.once = key } }

// maxArgs is the longest text that a job may carry, in bytes: what is larger
// belongs into a table, and the job names it.
const maxArgs = 1 << 20

// Enqueue writes a job into the caller's transaction.
func Enqueue(tx *db.Tx, args Args, how ...How) error {
	var p plan
	for _, h := range how {
		h(&p)
	}
	r, err := newRow(tx, args, p.at)
	if err != nil {
		return err
	}
	if p.once == "" {
		return insert(tx, []row{r})
	}
	// The update matters on PostgreSQL: it holds the waiting row until this
	// transaction ends, so that whoever works it sees what this one has done.
	_, err = tx.Exec(`
		INSERT INTO jobs (id, kind, args, run_at, taken, attempts, once, fault, created_at) VALUES ($1, $2, $3, $4, '', 0, $5, '', $6)
		ON CONFLICT (kind, once) WHERE once IS NOT NULL
		DO UPDATE SET run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END`,
		r.id, r.kind, r.args, r.runAt, p.once, r.created)
	return err
}

// EnqueueAll writes many jobs at once, the fastest way the engine has.
func EnqueueAll[A Args](tx *db.Tx, list []A) error {
	rows := make([]row, len(list))
	for i, args := range list {
		r, err := newRow(tx, args, time.Time{})
		if err != nil {
			return err
		}
		rows[i] = r
	}
	return insert(tx, rows)
}

// row is a job as its table has it.
type row struct {
	id             int64
	kind, args     string
	runAt, created int64
	attempts       int
	taken          string
}

func newRow(tx *db.Tx, args Args, at time.Time) (row, error) {
	text, err := json.Marshal(args)
	if err != nil {
		return row{}, errs.Wrap(err, errs.Internal, "a job of kind %s cannot be written down", args.Kind())
	}
	if len(text) > maxArgs {
		return row{}, errs.New(errs.Internal, "a job of kind %s carries %d bytes, more than %d", args.Kind(), len(text), maxArgs)
	}
	now := tx.DB().Millis()
	return row{id: tx.DB().NewID(), kind: args.Kind(), args: string(text), runAt: max(now, db.Millis(at)), created: now}, nil
}

func insert(tx *db.Tx, rows []row) error {
	return tx.Insert("jobs", []string{"id", "kind", "args", "run_at", "taken", "attempts", "fault", "created_at"}, len(rows), func(i int, into []any) {
		r := rows[i]
		into[0], into[1], into[2], into[3], into[4], into[5], into[6], into[7] = r.id, r.kind, r.args, r.runAt, "", 0, "", r.created
	})
}
