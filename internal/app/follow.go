package app

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	lists "mirabilia/internal/list"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
	"mirabilia/internal/tag"
)

const (
	// poll is how late a node may notice another's commits: the contract's
	// second, with most of it left for the work that follows. A look costs
	// some 50 µs.
	poll = 100 * time.Millisecond
	// handful is how many changes are taken from the log at once.
	handful = 1000
	// retry is the wait after the database could not be asked.
	retry = time.Second
)

// load fills the finder from the database and remembers where in the log it
// stands, so that follow misses nothing that is written meanwhile.
func (a *App) load(ctx context.Context) error {
	seq, err := changes.Last(ctx, a.db)
	if err != nil {
		return err
	}
	if err := a.drawAreas(ctx); err != nil {
		return err
	}
	shown := newShown()
	var failed error
	docs := func(yield func(finder.Doc) bool) {
		stop := errors.New("stop")
		err := a.places.EachDoc(ctx, func(d finder.Doc) error {
			shown.add(&d)
			if !yield(d) {
				return stop
			}
			return nil
		})
		if err != nil {
			failed = err
			return
		}
		err = a.lists.EachDoc(ctx, func(d finder.Doc) error {
			if !yield(d) {
				return stop
			}
			return nil
		})
		if err != nil {
			failed = err
			return
		}
		around, err := a.around(ctx, shown.widen())
		failed = err
		for _, d := range around {
			if !yield(d) {
				return
			}
		}
	}
	next, stop := iter.Pull(docs)
	defer stop()
	a.finder.Load(next)
	a.seen = seq
	if failed == nil {
		a.finder.Apply(a.areaDocs(), nil)
	}
	return failed
}

// shown counts the places in each destination and of each tag among documents.
type shown struct{ in, tags map[string]int }

func newShown() shown { return shown{map[string]int{}, map[string]int{}} }

// add counts a document: of its destinations the narrowest only, see widen.
func (s shown) add(d *finder.Doc) {
	if n := len(d.In); n > 0 {
		s.in[d.In[n-1]]++
	}
	for _, slug := range d.Tags {
		s.tags[slug]++
	}
}

// widen counts for each destination also what lies in those that it holds.
func (s shown) widen() shown {
	in := make(map[string]int, len(s.in))
	for path, n := range s.in {
		for {
			in[path] += n
			at := strings.LastIndexByte(path, '/')
			if at < 0 {
				break
			}
			path = path[:at]
		}
	}
	return shown{in, s.tags}
}

// around gives the documents of destinations and tags that hold something.
func (a *App) around(ctx context.Context, s shown) ([]finder.Doc, error) {
	var docs []finder.Doc
	for path, n := range s.in {
		if d, ok := a.destinations.Doc(path, n); ok {
			docs = append(docs, d)
		}
	}
	if len(s.tags) == 0 {
		return docs, nil
	}
	names, err := a.tags.All(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range names {
		if n := s.tags[t.Slug]; n > 0 {
			d := t.Doc()
			d.Rank = float32(n)
			docs = append(docs, d)
		}
	}
	return docs, nil
}

// follow applies the log to finder and page cache until the context ends.
func (a *App) follow(ctx context.Context) {
	f := changes.Follow(a.db, a.seen)
	defer f.Close()
	var waiting []changes.Change // what was read and could not be applied yet
	for ctx.Err() == nil {
		list, err := f.Next(ctx, handful, poll)
		waiting = append(waiting, list...)
		if err == nil && len(waiting) > 0 {
			if err = a.advance(ctx, waiting, f.Seq()); err == nil {
				a.wakeHooks(ctx)
			}
		}
		if err != nil {
			if ctx.Err() == nil {
				a.behind.Store(true)
				a.log.Warn("the log cannot be followed, trying again", "error", err)
				wait(ctx, retry)
			}
			continue
		}
		if a.behind.Swap(false) {
			a.log.Info("the log is followed again")
		}
		waiting = waiting[:0]
	}
}

// advance applies a part of the log that ends with seq.
func (a *App) advance(ctx context.Context, list []changes.Change, seq int64) error {
	a.applying.Lock()
	defer a.applying.Unlock()
	a.db.Need(db.Standing{seq, 0})
	err := a.apply(ctx, list)
	if err == nil {
		a.stand(seq)
	}
	return err
}

// news is what a part of the log says, sorted by what it is about.
type news struct {
	places   []int64
	lists    []int64
	around   shown   // destinations and tags that editors changed
	drawn    []int64 // destinations that may be areas
	settings bool
}

func (a *App) read(list []changes.Change) news {
	n := news{around: newShown()}
	for _, c := range list {
		switch c.Kind {
		case place.LogKind:
			n.places = append(n.places, c.ID)
		case lists.LogKind:
			n.lists = append(n.lists, c.ID)
		case setting.LogKind:
			n.settings = true
		case destination.Kind:
			n.drawn = append(n.drawn, c.ID)
			if card, ok := a.finder.Doc(finder.Ref{Kind: finder.Destination, ID: c.ID}); ok {
				n.around.in[card.Slug] = a.finder.CountIn(card.Slug)
			}
		case tag.Kind:
			if card, ok := a.finder.Doc(finder.Ref{Kind: finder.Tag, ID: c.ID}); ok {
				n.around.tags[card.Slug] = a.finder.Count(finder.Filter{Tags: []string{card.Slug}})
			}
		}
	}
	slices.Sort(n.places)
	n.places = slices.Compact(n.places)
	slices.Sort(n.lists)
	n.lists = slices.Compact(n.lists)
	return n
}

// apply makes the finder, the settings and the kept pages agree with what the
// log says has changed.
func (a *App) apply(ctx context.Context, list []changes.Change) error {
	n := a.read(list)
	docs, drop, err := a.places.Docs(ctx, n.places)
	if err != nil {
		return err
	}
	if n.settings {
		if _, err := a.settings.Refresh(ctx); err != nil {
			return err
		}
		if a.pages != nil { // those who only answer tools have none
			if err := a.pages.Refresh(ctx); err != nil {
				return err
			}
		}
	}
	for i := range docs {
		a.addNew(n.around, &docs[i])
	}
	around, err := a.around(ctx, n.around)
	if err != nil {
		return err
	}
	docs = append(docs, around...)
	redrawn, gone, err := a.redraw(ctx, n.drawn)
	if err != nil {
		return err
	}
	docs, drop = append(docs, redrawn...), append(drop, gone...)
	listed, unlisted, err := a.lists.Docs(ctx, n.lists)
	if err != nil {
		return err
	}
	docs, drop = append(docs, listed...), append(drop, unlisted...)
	if len(docs)+len(drop) > 0 {
		a.finder.Apply(docs, drop)
	}
	refs := drop
	for i := range docs {
		refs = append(refs, docs[i].Ref)
	}
	switch {
	case a.site == nil: // nobody is served pages
	case n.settings, len(redrawn)+len(gone) > 0: // an area is named on the page of every place in it
		a.site.ForgetAll()
	default:
		a.site.Forget(refs)
	}
	a.wake()
	return nil
}

// recount ranks destinations and tags by the places that they have now, where
// these have become more or fewer since they were ranked.
func (a *App) recount(ctx context.Context) error {
	s := newShown()
	note := func(counts map[string]int, name string, n int, ref finder.Ref) {
		if rank, ok := a.finder.Rank(ref); ok && rank != float32(n) {
			counts[name] = n
		}
	}
	for path, n := range a.finder.Destinations() {
		note(s.in, path, n, finder.Ref{Kind: finder.Destination, ID: destination.ID(path)})
	}
	for _, t := range a.finder.Tags("") {
		note(s.tags, t.Tag, t.Count, finder.Ref{Kind: finder.Tag, ID: tag.ID(t.Tag)})
	}
	docs, err := a.around(ctx, s)
	docs = append(docs, a.areaDocs()...)
	if err == nil && len(docs) > 0 {
		a.finder.Apply(docs, nil)
	}
	return err
}

// addNew counts for s what the finder does not have yet; the ranks of what it
// has are set anew when the atlas is loaded.
func (a *App) addNew(s shown, d *finder.Doc) {
	for _, path := range d.In {
		if s.in[path] > 0 || !a.finder.Has(finder.Ref{Kind: finder.Destination, ID: destination.ID(path)}) {
			s.in[path]++
		}
	}
	for _, slug := range d.Tags {
		if s.tags[slug] > 0 || !a.finder.Has(finder.Ref{Kind: finder.Tag, ID: tag.ID(slug)}) {
			s.tags[slug]++
		}
	}
}

// merge joins the finder's segments whenever there is something to join.
func (a *App) merge(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.changed:
		case <-time.After(time.Second): // in a pause Merge joins more
		}
		for ctx.Err() == nil && a.finder.Merge() {
		}
	}
}

// wake tells merge that the finder has changed.
func (a *App) wake() {
	select {
	case a.changed <- struct{}{}:
	default:
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
