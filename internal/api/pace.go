package api

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What one token may ask: so many calls a second, as many at once.
const (
	tokenRate = 100
	// maxPaces bounds how many tokens are remembered; beyond it all start anew,
	// which errs on their side.
	maxPaces = 10_000
)

// paces counts the calls of each token on this node.
type paces struct {
	mu sync.Mutex
	of map[int64]*rate.Limiter
}

// take counts a call and tells in the headers what is left; false when it was
// one too many.
func (p *paces) take(h http.Header, token int64, now time.Time) bool {
	p.mu.Lock()
	if p.of == nil || len(p.of) >= maxPaces {
		p.of = map[int64]*rate.Limiter{}
	}
	l := p.of[token]
	if l == nil {
		l = rate.NewLimiter(tokenRate, tokenRate)
		p.of[token] = l
	}
	p.mu.Unlock()
	ok := l.AllowN(now, 1)
	h.Set("RateLimit-Limit", strconv.Itoa(tokenRate))
	h.Set("RateLimit-Remaining", strconv.Itoa(max(int(l.TokensAt(now)), 0)))
	h.Set("RateLimit-Reset", "1")
	return ok
}
