package app

import (
	"context"
	"os"
	"time"

	"mirabilia/internal/api"
)

const (
	// shelfFrom is from how many documents on lists get a file for their items:
	// those of fewer places have room in memory.
	shelfFrom = 50_000
	// mostShelf bounds it, in bytes; an item takes some 900.
	mostShelf = 4 << 30
)

// shelve gives the API a file of this run for the items of lists. It has no
// name, so that it goes with the program however that ends.
func (a *App) shelve(calls *api.API) {
	file, err := os.CreateTemp(a.config.Data, "items-*")
	if err == nil {
		if err = os.Remove(file.Name()); err != nil {
			_ = file.Close()
		}
	}
	if err != nil {
		a.log.Info("there is no file for the items of lists; they are read from the database", "reason", err)
		return
	}
	a.closers = append(a.closers, file.Close)
	calls.Shelve(file, mostShelf)
	a.fillShelf = calls.Fill
}

// keepItems makes the items of a large atlas once it is open, on half a
// processor at most.
func (a *App) keepItems(ctx context.Context) {
	from := a.options.Shelf
	if from == 0 {
		from = shelfFrom
	}
	if a.fillShelf == nil || a.finder.Len() < from {
		return
	}
	start := a.options.Now()
	begun := start
	err := a.fillShelf(ctx, func() {
		wait(ctx, min(max(a.options.Now().Sub(begun), 0), time.Second))
		begun = a.options.Now()
	})
	switch {
	case ctx.Err() != nil:
	case err != nil:
		a.log.Warn("not all items of lists are ready; the rest is read when it is asked for", "error", err)
	default:
		a.log.Info("the items of lists are ready", "took", a.options.Now().Sub(start).Round(time.Millisecond))
	}
}
