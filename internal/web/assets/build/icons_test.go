package main

import "testing"

// Every shape becomes a part of one path, at the same place wherever it stands
// in it; what one path cannot draw is refused.
func TestOnePath(t *testing.T) {
	for _, c := range []struct{ svg, want string }{
		{`<svg><path d="m12 19-7-7 7-7"/><path d="M19 12H5"/></svg>`, "M12 19l-7-7 7-7M19 12H5"},
		{`<svg><path d="M5 12h14"/><path d="m21 21-4.34-4.34"/></svg>`, "M5 12h14M21 21l-4.34-4.34"},
		{`<svg><path d="m3 8v2"/></svg>`, "M3 8v2"},
		{`<svg><circle cx="11" cy="9.5" r="8"/></svg>`, "M19 9.5a8 8 0 1 1-16 0a8 8 0 1 1 16 0z"},
		{`<svg><circle cx="7.5" cy="7.5" r=".5" fill="currentColor"/></svg>`, "M8 7.5a0.5 0.5 0 1 1-1 0a0.5 0.5 0 1 1 1 0z"},
		{`<svg><rect x="2" y="4" width="20" height="16" rx="2" ry="2"/></svg>`, "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-16a2 2 0 0 1-2-2v-12a2 2 0 0 1 2-2z"},
		{`<svg><rect x="2" y="4" width="20" height="16"/></svg>`, "M2 4h20v16h-20v-16z"},
		{`<svg><line x1="12" x2="12.01" y1="16" y2="16"/></svg>`, "M12 16L12.01 16"},
		{`<svg><polygon points="3 11 22 2 13 21"/></svg>`, "M3 11 22 2 13 21z"},
		{`<svg><polyline points="3 11 22 2"/></svg>`, "M3 11 22 2"},
	} {
		got, err := onePath([]byte(c.svg))
		if err != nil || got != c.want {
			t.Errorf("%s became %q (%v), want %q", c.svg, got, err, c.want)
		}
	}
	for _, svg := range []string{`<svg><ellipse cx="1"/></svg>`, `<svg><path d="h3"/></svg>`, `<svg><circle cx="7" cy="7" r="3" fill="currentColor"/></svg>`, `<svg><path`} {
		if got, err := onePath([]byte(svg)); err == nil {
			t.Errorf("%s became %q without an error", svg, got)
		}
	}
}
