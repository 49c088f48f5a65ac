package e2e

import (
	"context"
	"os"
	"strings"
	"testing"

	"mirabilia/internal/config"
	"mirabilia/internal/db/dbtest"
)

// TestAnOperatorDrawsAMetro takes the operator's way on each engine.
func TestAnOperatorDrawsAMetro(t *testing.T) {
	chrome := startBrowser(t)
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is not there; run make assets: ", err)
	}
	t.Run("sqlite", func(t *testing.T) { drawsAMetro(t, chrome, string(axe), "") })
	if !dbtest.HasPostgres() {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set: the journeys must run on PostgreSQL too", dbtest.Server)
		}
		return
	}
	t.Run("postgres", func(t *testing.T) { drawsAMetro(t, chrome, string(axe), dbtest.PostgresURL(t)) })
}

// press presses the map for a corner, as a hand does.
const press = `(fx, fy) => {
	const c = document.querySelector('[data-canvas] canvas'), r = c.getBoundingClientRect();
	const at = {clientX: r.left + fx * r.width, clientY: r.top + fy * r.height, bubbles: true, button: 0};
	for (const kind of ['mousedown', 'mouseup', 'click']) c.dispatchEvent(new MouseEvent(kind, at));
}`

// typed writes a value into a control, as a keyboard does.
const typed = `(id, v) => {
	const i = document.getElementById(id);
	i.value = v;
	i.dispatchEvent(new Event('change', {bubbles: true}));
}`

// drawsAMetro: an operator presses corners on the map, sets them right in the
// table, looks the metro over, keeps it, and sees its guide in public.
func drawsAMetro(t *testing.T, chrome context.Context, axe, database string) {
	base, private := serveBoth(t, config.Storage{Data: t.TempDir(), Database: database})
	b := open(t, chrome, private, wide, tall)
	for _, path := range []string{"/admin/areas", "/admin/areas/new"} {
		b.examine(path, axe)
	}
	b.visit("/admin/areas/new")
	b.until(`document.querySelector('[data-canvas] canvas') && !document.querySelector('[data-drawing]').hidden`)
	eval[bool](b, `(() => { document.querySelector('[data-draw=start]').click(); return true })()`)
	// The map is still being drawn when its first press may come: press until one is taken.
	b.until(`(() => { if (!document.getElementById('point-1-0')) (` + press + `)(0.4, 0.4); return document.getElementById('point-1-0') })()`)
	eval[bool](b, `(() => { const p = `+press+`; p(0.6, 0.4); p(0.6, 0.6); p(0.4, 0.6); return true })()`)
	b.until(`document.querySelectorAll('[data-points] tr').length === 4`)
	eval[bool](b, `(() => {
		const t = `+typed+`;
		[[48.6, 2.0], [48.6, 2.7], [49.1, 2.7], [49.1, 2.0]].forEach(([lat, lon], i) => { t('point-' + (i + 1) + '-1', lat); t('point-' + (i + 1) + '-0', lon) });
		document.querySelector('[data-draw=close]').click();
		t('a-name', 'Grand Paris'); t('a-path', 'france/grand-paris'); t('a-kind', 'metro');
		return true;
	})()`)
	if text := eval[string](b, `document.getElementById('a-outline').value`); !strings.Contains(text, "[2.7,49.1]") {
		t.Fatalf("the outline that would be sent is %s", text)
	}
	eval[bool](b, `(() => { document.querySelector('button[value=preview]').click(); return true })()`)
	b.until(`document.readyState === 'complete' && document.querySelector('.banner')`)
	looked := eval[string](b, `document.querySelector('.banner').innerText`)
	if !strings.Contains(looked, "4 points") || strings.Contains(looked, "holds 0 places") {
		t.Fatalf("looked over it says %q", looked)
	}
	eval[bool](b, `(() => { document.querySelector('button[value=save]').click(); return true })()`)
	b.until(`location.search === '?done=kept' && document.querySelector('table.areas')`) // what was looked over has that address and such a table too
	b.clean("drawing")

	reader := open(t, chrome, base, wide, tall)
	reader.visit("/destinations/france/grand-paris")
	if n := eval[int](reader, `document.querySelectorAll('#places .card').length`); n < 3 {
		t.Errorf("the guide shows %d places", n)
	}
	eval[bool](reader, `(() => { document.querySelector('[data-move]').click(); return true })()`)
	reader.until(`document.querySelector('#map canvas') && performance.getEntriesByName(location.origin + '/outlines/france/grand-paris.geojson').length > 0`)
	reader.clean("the guide of a metro")
}
