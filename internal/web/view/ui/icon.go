package ui

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/a-h/templ"
)

// Icon draws one of the icons, beside a word or in something that has a name.
// The drawing itself is in the sprite that Page puts at the end.
func Icon(name string) templ.Component { return icon(name, "ico") }

// IconFlip is an icon that points, turned round in right-to-left pages.
func IconFlip(name string) templ.Component { return icon(name, "ico flip") }

func icon(name, class string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<svg class="`+class+`" aria-hidden="true" focusable="false"><use href="#i-`+name+`"/></svg>`)
		return err
	})
}

// Sprite holds the drawings of those icons that body uses, for the end of the
// same page: a page carries only what it shows. The bytes are shared.
func Sprite(body []byte) []byte {
	const mark = `#i-` // '#' is rare, so the search is fast
	var seen []string
	for rest := body; ; {
		i := bytes.Index(rest, []byte(mark))
		if i < 0 {
			break
		}
		rest = rest[i+len(mark):]
		end := bytes.IndexByte(rest, '"')
		if end < 0 {
			break
		}
		if name := rest[:end]; !slices.ContainsFunc(seen, func(s string) bool { return s == string(name) }) && drawing(string(name)) != "" {
			seen = append(seen, string(name))
		}
	}
	if len(seen) == 0 {
		return nil
	}
	slices.Sort(seen)
	key := strings.Join(seen, " ")
	if kept, ok := sprites.Load(key); ok {
		return kept.([]byte)
	}
	out := []byte(`<svg class="sprite" aria-hidden="true">`)
	for _, name := range seen {
		out = append(out, `<symbol id="i-`+name+`" viewBox="0 0 24 24">`+drawing(name)+`</symbol>`...)
	}
	out = append(out, `</svg>`...)
	if spritesKept.Load() < maxSprites {
		if _, there := sprites.LoadOrStore(key, out); !there {
			spritesKept.Add(1)
		}
	}
	return out
}

// sprites are those put together before, by the names in them: pages of a kind
// use the same icons.
var (
	sprites     sync.Map // names → []byte
	spritesKept atomic.Int32
)

const maxSprites = 256
