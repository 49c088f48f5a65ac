package app

import (
	"context"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/finder"
)

const (
	// countsPause is how often the counts of marks are brought into the finder's
	// orders and onto kept pages: the contract's second, less the work itself.
	countsPause = 900 * time.Millisecond
	// countsHandful is how many places are brought up to date at once.
	countsHandful = 500
)

// followCounts keeps orders and pages up to the counts of marks until the
// context ends. Marks are no news in the log: a place that a hundred members
// mark in a second is brought up to date once. It begins with every place that
// was ever marked, of which only those are touched whose counts the finder's
// snapshot does not have.
func (a *App) followCounts(ctx context.Context) {
	seq := int64(0)
	for ctx.Err() == nil {
		next, more, err := a.recountMarks(ctx, seq)
		if err != nil && ctx.Err() == nil {
			a.log.Warn("the counts of marks cannot be followed, trying again", "error", err)
			more = false
		}
		seq = next
		if !more {
			wait(ctx, countsPause)
		}
	}
}

// recountMarks settles what was marked, brings a handful of the places that were
// marked after seq up to date, and gives where to go on.
func (a *App) recountMarks(ctx context.Context, seq int64) (next int64, more bool, err error) {
	// What follows the log reads the same rows: one after the other, so that the
	// older reading never comes last.
	a.applying.Lock()
	defer a.applying.Unlock()
	if err := a.marks.Settle(ctx); err != nil {
		return seq, false, err
	}
	list, next, more, err := a.places.Counted(ctx, seq, countsHandful)
	if err != nil {
		return seq, false, err
	}
	a.db.Need(db.Standing{0, next})
	var ids []int64
	for _, c := range list {
		been, want, ok := a.finder.Marks(finder.Ref{Kind: finder.Place, ID: c.Place})
		if ok && (been != c.Been || want != c.Want) {
			ids = append(ids, c.Place)
		}
	}
	docs, _, err := a.places.Docs(ctx, ids)
	if err != nil {
		return seq, false, err
	}
	if len(docs) == 0 {
		return next, more, nil
	}
	a.finder.Apply(docs, nil)
	if a.site != nil {
		refs := make([]finder.Ref, len(docs))
		for i := range docs {
			refs[i] = docs[i].Ref
		}
		a.site.Forget(refs)
	}
	a.wake()
	return next, more, nil
}
