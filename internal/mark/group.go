package mark

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// order is one mark on its way into the database.
type order struct {
	member int64
	Change
	done chan error // gets one value, never blocks
}

// groupMost is how many marks go into one transaction. The commit's way to the
// disk is shared by then, and nobody waits long for the others' rows.
const groupMost = 256

// group gathers the marks that arrive while a transaction runs and writes them
// together in the next one. Whoever finds no transaction running leads: he
// writes what has gathered, his own with it, and hands on to the next one
// waiting. So it needs no goroutine of its own and adds no delay when nothing
// else is going on.
type group struct {
	db *db.DB

	mu      sync.Mutex
	waiting []*order
	lead    []chan struct{} // closed to make one who waits lead
	leading bool

	unsettled int // how many deltas were written since they were last settled; of who leads
}

// write returns when the orders are in the database, or the error of the first
// that is not.
func (g *group) write(ctx context.Context, list []*order) (failed error) {
	turn := g.join(list)
	defer g.leave(turn)
	// Nobody gives up in between: what others sent may be in the same
	// transaction, and one who leads must hand on. The database's own limits end
	// every wait.
	ctx = context.WithoutCancel(ctx)
	for _, o := range list {
		for waiting := true; waiting; {
			select { // an answer that is there comes first
			case err := <-o.done:
				failed, waiting = cmp.Or(failed, err), false
				continue
			default:
			}
			select {
			case err := <-o.done:
				failed, waiting = cmp.Or(failed, err), false
			case <-turn:
				g.commit(ctx, g.take())
			}
		}
	}
	return failed
}

// join puts orders in line. The channel is closed when it is the caller's turn
// to lead: at once where nobody does.
func (g *group) join(list []*order) chan struct{} {
	turn := make(chan struct{})
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, list...)
	if g.leading {
		g.lead = append(g.lead, turn)
	} else {
		g.leading = true
		close(turn)
	}
	return turn
}

// take is the next batch.
func (g *group) take() []*order {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), groupMost)
	batch := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	return batch
}

// leave makes the next one who waits lead. One whose orders were written by
// others leaves the line; when he was called to lead meanwhile, he hands on.
func (g *group) leave(turn chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.lead, turn); i >= 0 {
		g.lead = slices.Delete(g.lead, i, i+1)
		return
	}
	if len(g.lead) == 0 {
		g.leading = false
		return
	}
	close(g.lead[0])
	g.lead = slices.Delete(g.lead, 0, 1)
}

var errBroken = errs.New(errs.Unavailable, "The mark was not kept; try again.")

// commit writes a batch in one transaction. When that fails for what is in it,
// each order is tried alone, so that one that cannot be written (its member is
// gone) harms no other. Every order gets an answer, also when this panics.
func (g *group) commit(ctx context.Context, batch []*order) {
	results := make([]error, len(batch))
	for i := range results {
		results[i] = errBroken
	}
	defer func() {
		for i, o := range batch {
			o.done <- results[i]
		}
	}()
	err := g.put(ctx, batch, results)
	switch {
	case err == nil:
	case errs.Is(err, errs.Conflict) && len(batch) > 1:
		for i := range batch {
			err := g.put(ctx, batch[i:i+1], results[i:i+1])
			results[i] = cmp.Or(err, results[i])
		}
	default:
		for i := range results {
			results[i] = err
		}
	}
}

// put writes orders in one transaction, which settles what was written when that
// has become much.
func (g *group) put(ctx context.Context, batch []*order, results []error) error {
	var unsettled int
	err := g.db.Write(ctx, func(tx *db.Tx) error {
		n, err := apply(tx, batch, results)
		if unsettled = g.unsettled + n; err != nil || unsettled < settleAfter {
			return err
		}
		unsettled = 0
		return settle(tx)
	})
	if err == nil {
		g.unsettled = unsettled
	}
	return err
}
