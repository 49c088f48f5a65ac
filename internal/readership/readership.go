// Package readership counts what readers do, without readers: which places are
// read, which searches find nothing, what breaks. It knows no request, no
// address and no cookie; all is added up in memory, by day, and written down
// once a minute, so that a page that is kept ready costs an addition more and
// no row.
//
// What was looked for is words of a person. They are written down only when
// they were looked for at least twice, so far apart that it was hardly one
// person pressing a button again, and never when they look like an address or a
// number of somebody.
package readership

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"mirabilia/internal/db"
)

const (
	// mostPages and mostMisses bound what is remembered between two writings.
	mostPages  = 100_000
	mostMisses = 2_000
	// apart is how long after the last search of the same words another counts:
	// one that is loaded again, or mended letter by letter, is the same.
	apart = 10 * time.Minute
	// forgotten is how long words that were looked for once wait for a second time.
	forgotten = 7 * 24 * time.Hour
	// Words of other lengths, in letters, are no name of anything.
	shortest, longest = 2, 60
)

// Counts adds up. Safe for concurrent use.
type Counts struct {
	db *db.DB

	searches, missed, failed atomic.Int64

	mu     sync.Mutex
	pages  []*Page          // that were read since the last writing
	misses map[string]*miss // by words
}

// miss is what was looked for and not found.
type miss struct {
	last  time.Time
	times int  // so far apart that they count
	fresh int  // of these, not written down yet
	known bool // that it is no single search is sure
}

// New makes counts that are written to a database.
func New(d *db.DB) *Counts { return &Counts{db: d, misses: map[string]*miss{}} }

// Page is one page of a place that may be read many times.
type Page struct {
	counts *Counts
	place  int64
	n      atomic.Int64
}

// Of is a page of a place, to be held as long as it is kept ready; nil for none.
func (c *Counts) Of(place int64) *Page {
	if c == nil || place == 0 {
		return nil
	}
	return &Page{counts: c, place: place}
}

// Read counts one reading. Only the first after each writing takes the lock.
func (p *Page) Read() {
	if p == nil || p.n.Add(1) != 1 {
		return
	}
	c := p.counts
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pages) < mostPages {
		c.pages = append(c.pages, p)
	} else {
		p.n.Store(0)
	}
}

// Failed counts an answer that broke on our side.
func (c *Counts) Failed() {
	if c != nil {
		c.failed.Add(1)
	}
}

// Searched counts a search of everything, and what it looked for when nothing
// was found.
func (c *Counts) Searched(words string, found bool) {
	if c == nil {
		return
	}
	c.searches.Add(1)
	if found {
		return
	}
	c.missed.Add(1)
	key, ok := worded(words)
	if !ok {
		return
	}
	now := c.db.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.misses[key]
	switch {
	case m == nil && len(c.misses) >= mostMisses:
		return
	case m == nil:
		m = &miss{}
		c.misses[key] = m
	case now.Sub(m.last) < apart:
		m.last = now
		return
	}
	m.last = now
	m.times++
	m.fresh++
	m.known = m.known || m.times > 1
}

// worded is how words are remembered; false for those that are not.
func worded(words string) (string, bool) {
	words = strings.ToLower(strings.Join(strings.Fields(words), " "))
	digits := 0
	for _, r := range words {
		switch {
		case unicode.IsDigit(r):
			digits++
		case r == '@' || r == '/' || r == '\\' || unicode.IsControl(r):
			return "", false
		}
	}
	n := utf8.RuneCountInString(words)
	return words, n >= shortest && n <= longest && digits < 5 && utf8.ValidString(words)
}
