package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
)

const (
	// replicaPatience is how long a replica may take to say where it stands.
	replicaPatience = 2 * time.Second
	// replicaRetry is the wait before a replica is tried again that was away.
	replicaRetry = 5 * time.Second
	// replicaLate is how long a replica may be behind before it is told of: a
	// moment is what every replica is behind.
	replicaLate = 5 * time.Second
)

// mirrors are the database's replicas as the app watches them: who lies in
// wait for them, and why they are not read from. Nil without any.
type mirrors struct {
	db   *db.DB
	list []*mirror
}

// mirror is one replica.
type mirror struct {
	*db.Replica
	name string

	mu     sync.Mutex
	why    string    // why it is left out; "" when it is not
	ask    time.Time // when it is asked again
	behind time.Time // since when it lacks something; zero when it does not
	told   bool      // that it is behind
}

func newMirrors(d *db.DB) *mirrors {
	m := &mirrors{db: d}
	for _, r := range d.Replicas() {
		m.list = append(m.list, &mirror{Replica: r, name: r.Copy().Name(), why: "it was not asked yet"})
	}
	return m
}

// standing is where the log and the counts of marks stand in a database.
func standing(ctx context.Context, d *db.DB) (s db.Standing, err error) {
	if s[0], err = changes.Last(ctx, d); err == nil {
		s[1], err = place.LastCounted(ctx, d)
	}
	return s, err
}

// join holds a replica against the primary: it must be a copy of this atlas, of
// this program's schema, and not of one that was set back and went on otherwise.
func join(ctx context.Context, primary, replica *db.DB) (s db.Standing, err error) {
	if err := replica.CheckSchema(ctx); err != nil {
		return s, err
	}
	if s, err = standing(ctx, replica); err != nil {
		return s, err
	}
	theirs, err := changes.Mark(ctx, replica, s[0])
	if err != nil {
		return s, err
	}
	if theirs == "" {
		return s, errs.New(errs.Conflict, "there is nothing in its log yet")
	}
	ours, err := changes.Mark(ctx, primary, s[0])
	if err == nil && ours != theirs {
		err = errs.New(errs.Conflict, "it is a copy of another atlas, or of another state of this one")
	}
	return s, err
}

// watchReplicas asks the replicas where they stand until the context ends.
func (a *App) watchReplicas(ctx context.Context) {
	if len(a.mirrors.list) == 0 {
		return
	}
	for ctx.Err() == nil {
		a.askReplicas(ctx)
		wait(ctx, poll)
	}
}

// askReplicas asks each replica that is due where it stands.
func (a *App) askReplicas(ctx context.Context) {
	for _, m := range a.mirrors.list {
		if now := a.options.Now(); !now.Before(m.due()) {
			a.askReplica(ctx, m, now)
		}
	}
}

func (m *mirror) due() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ask
}

func (a *App) askReplica(ctx context.Context, m *mirror, now time.Time) {
	short, stop := context.WithTimeout(ctx, replicaPatience)
	defer stop()
	lent, _ := m.Lent()
	var s db.Standing
	var err error
	if lent {
		s, err = standing(short, m.Copy())
	} else { // new, back again, or a reading found it gone
		s, err = join(short, a.db, m.Copy())
	}
	if ctx.Err() != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.Leave()
		m.ask = now.Add(replicaRetry)
		if why := reason(err); why != m.why {
			m.why = why
			a.log.Warn("a replica is left out until it is well again", "replica", m.name, "reason", why)
		}
		return
	}
	m.Lend(s)
	if m.why != "" {
		m.why = ""
		a.log.Info("a replica is read from", "replica", m.name)
	}
	switch {
	case s.Reaches(a.db.Needed()):
		if m.told {
			a.log.Info("a replica has caught up", "replica", m.name)
		}
		m.behind, m.told = time.Time{}, false
	case m.behind.IsZero():
		m.behind = now
	case !m.told && now.Sub(m.behind) >= replicaLate:
		m.told = true
		a.log.Warn("a replica is behind and left out until it has caught up", "replica", m.name, "changes", a.db.Needed()[0]-s[0])
	}
}

// reason is an error without the address that it may hold.
func reason(err error) string {
	var known *errs.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return "it could not be read"
}

// state says in a word or two how a replica is.
func (m *mirror) state(need db.Standing) string {
	lent, at := m.Lent()
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.why != "" || !lent:
		return "away"
	case !at.Reaches(need):
		return "behind"
	}
	return "in use"
}

// report is a line for each replica, which names none: everybody may ask for it.
func (m *mirrors) report() string {
	var b strings.Builder
	for i, r := range m.list {
		fmt.Fprintf(&b, "replica %d of %d: %s\n", i+1, len(m.list), r.state(m.db.Needed()))
	}
	return b.String()
}

// watchMirrors registers the replicas' figures.
func (a *App) watchMirrors() {
	for i, m := range a.mirrors.list {
		label := prometheus.Labels{"number": strconv.Itoa(i + 1), "replica": m.name} // one may be named twice
		a.metrics.MustRegister(
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "mirabilia_replica_used", Help: "1 while public readings may go to the replica.", ConstLabels: label},
				func() float64 {
					if m.state(a.db.Needed()) == "in use" {
						return 1
					}
					return 0
				}),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "mirabilia_replica_behind", Help: "Changes of the log that the replica lacks of what this node has taken in.", ConstLabels: label},
				func() float64 { _, at := m.Lent(); return float64(max(a.db.Needed()[0]-at[0], 0)) }),
			prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "mirabilia_replica_reads_total", Help: "Readings that the replica has answered.", ConstLabels: label},
				func() float64 { return float64(m.Reads()) }),
		)
	}
}

// examineReplicas is the doctor's look at the replicas: each must be a copy of
// this atlas and come to where the primary stands now within a few seconds.
func examineReplicas(ctx context.Context, d *db.DB, patience time.Duration, fault func(string, ...any)) error {
	aim, err := standing(ctx, d)
	if err != nil {
		return err
	}
	for _, r := range d.Replicas() {
		at, err := join(ctx, d, r.Copy())
		short, stop := context.WithTimeout(ctx, patience)
		for err == nil && !at.Reaches(aim) && short.Err() == nil {
			wait(short, poll)
			at, err = standing(ctx, r.Copy())
		}
		stop()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			fault("replica: %s is not read from: %s", r.Copy().Name(), reason(err))
		case !at.Reaches(aim):
			fault("replica: %s is %d changes behind and not read from; look at its replication", r.Copy().Name(), max(aim[0]-at[0], 1))
		}
	}
	return nil
}
