package web

import (
	"github.com/maypok86/otter/v2"

	"mirabilia/internal/text"
)

// textsKept is the memory for rendered texts, in bytes.
const textsKept = 4 << 20

// texts keeps what Markdown becomes, by the Markdown itself: what the same
// words become never changes, so nothing has to be forgotten.
type texts struct {
	cache *otter.Cache[string, text.SafeHTML]
}

func newTexts() (texts, error) {
	c, err := otter.New(&otter.Options[string, text.SafeHTML]{
		MaximumWeight: textsKept,
		Weigher:       func(src string, html text.SafeHTML) uint32 { return uint32(len(src)+len(html)) + 200 },
		// Upkeep runs on the request that caused it: no goroutine of our own.
		Executor: func(fn func()) { fn() },
	})
	return texts{c}, err
}

// html is text.Markdown of src.
func (t texts) html(src string) text.SafeHTML {
	if src == "" {
		return ""
	}
	if html, ok := t.cache.GetIfPresent(src); ok {
		return html
	}
	html := text.Markdown(src)
	if len(src)+len(html) < textsKept/16 {
		t.cache.Set(src, html)
	}
	return html
}
