package db

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"mirabilia/internal/errs"
)

// Standing is how far a copy of the database has come: numbers that never
// shrink, in an order that whoever lends the copy knows.
type Standing [2]int64

// Reaches reports whether all that o stands for is in it.
func (s Standing) Reaches(o Standing) bool { return s[0] >= o[0] && s[1] >= o[1] }

// patience is how long a reading waits for a replica before the primary is
// asked in its place.
const patience = 5 * time.Second

// Replica is a copy of the database that the server keeps and that may be a
// little behind it. Readings whose context FromReplica made go to it while it is
// lent, and only while it has reached what Need asks for.
type Replica struct {
	copy *DB

	mu    sync.Mutex
	lent  bool
	at    Standing
	reads atomic.Int64
}

// replicas are those of one database.
type replicas struct {
	list []*Replica
	turn atomic.Uint32

	mu   sync.Mutex
	need Standing
}

// openReplicas makes handles without a connection: a replica that is away does
// not keep the atlas from opening.
func (d *DB) openReplicas(c Config) error {
	if len(c.Replicas) > 0 && d.engine != Postgres {
		return errs.New(errs.Invalid, "only PostgreSQL has replicas")
	}
	for _, address := range c.Replicas {
		c.URL = address
		pool, name, err := poolPostgres(c)
		if err != nil {
			return errs.Wrap(err, errs.Invalid, "MIRABILIA_REPLICAS")
		}
		d.replicas.list = append(d.replicas.list, &Replica{copy: &DB{engine: Postgres, name: name, store: pool,
			now: d.now, random: d.random, trace: d.trace, committed: make(chan struct{})}})
	}
	return nil
}

// Replicas are the copies that Open was told of.
func (d *DB) Replicas() []*Replica { return d.replicas.list }

// Need raises what a replica must have reached to be read from. It is told
// before anything is forgotten that was made of older rows, so that nothing is
// made of them again.
func (d *DB) Need(s Standing) {
	r := &d.replicas
	r.mu.Lock()
	defer r.mu.Unlock()
	r.need = Standing{max(r.need[0], s[0]), max(r.need[1], s[1])}
}

// Needed is what a replica must have reached.
func (d *DB) Needed() Standing {
	r := &d.replicas
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.need
}

// Copy is the handle to ask a replica by, such as where it stands.
func (r *Replica) Copy() *DB { return r.copy }

// Lend lets readings go to the replica, which has come as far as s.
func (r *Replica) Lend(s Standing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lent, r.at = true, s
}

// Leave lets no reading go to the replica until it is lent again.
func (r *Replica) Leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lent = false
}

// Lent reports whether readings may go to the replica, and how far it had come
// when that was last asked.
func (r *Replica) Lent() (bool, Standing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lent, r.at
}

// Reads is how many readings it has answered.
func (r *Replica) Reads() int64 { return r.reads.Load() }

func (r *Replica) reaches(s Standing) bool {
	lent, at := r.Lent()
	return lent && at.Reaches(s)
}

type replicaKey struct{}

// choice is the one replica that a context's readings go to: a reader who is
// answered by several statements does not go back in time between them.
type choice struct {
	mu      sync.Mutex
	made    bool
	replica *Replica // nil: the primary
}

// FromReplica gives a context whose readings may be answered by a replica: for
// what is public, follows the log and is asked by nobody in particular.
// Snapshot, which never runs twice, and Write keep to the primary.
func FromReplica(ctx context.Context) context.Context {
	return context.WithValue(ctx, replicaKey{}, &choice{})
}

// replicaFor is where a reading goes, nil for the primary. A context that was
// sent to the primary once stays with it.
func (d *DB) replicaFor(ctx context.Context) (*Replica, *choice) {
	if len(d.replicas.list) == 0 {
		return nil, nil
	}
	c, _ := ctx.Value(replicaKey{}).(*choice)
	if c == nil {
		return nil, nil
	}
	need := d.Needed()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.made {
		c.made = true
		n := len(d.replicas.list)
		turn := int(d.replicas.turn.Add(1) % uint32(n))
		for i := range n {
			if r := d.replicas.list[(turn+i)%n]; r.reaches(need) {
				c.replica = r
				break
			}
		}
	}
	if c.replica != nil && !c.replica.reaches(need) {
		c.replica = nil
	}
	return c.replica, c
}

// ErrBehind is what a reading answers when a replica lacks what it has already
// seen elsewhere: it is then done on the primary.
var ErrBehind = errors.New("db: the replica is behind")

// elsewhere tries a reading on a replica; done is false when the primary has to
// answer. What a use case answers itself, such as "not found", is an answer.
func (d *DB) elsewhere(ctx context.Context, fn func(*Tx) error) (done bool, err error) {
	r, c := d.replicaFor(ctx)
	if r == nil {
		return false, nil
	}
	short, stop := context.WithTimeout(ctx, patience)
	defer stop()
	err = r.copy.store.read(short, false, func(s session) error {
		return fn(&Tx{ctx: short, db: d, s: s, lent: true})
	})
	var answer *errs.Error
	if err == nil || errors.As(err, &answer) || ctx.Err() != nil {
		r.reads.Add(1)
		return true, d.tell(err)
	}
	if !errors.Is(err, ErrBehind) && (r.copy.store.fault(err) == lost || short.Err() != nil) {
		r.Leave()
		r.copy.store.freshen()
	}
	c.mu.Lock()
	c.replica = nil
	c.mu.Unlock()
	return false, nil
}

// Lent reports whether the rows are those of a replica, which may be behind what
// this node knows by other ways.
func (t *Tx) Lent() bool { return t.lent }

func (d *DB) closeReplicas() (err error) {
	for _, r := range d.replicas.list {
		err = errors.Join(err, r.copy.Close())
	}
	return err
}
