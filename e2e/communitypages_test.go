package e2e

import (
	"strings"
	"testing"
)

// shown is a page, in the browser of one who may see it.
type shown struct {
	by   *tab
	path string
}

// all is every page of those who write.
func (w *writers) all(t *testing.T) (list []shown) {
	t.Helper()
	admin := w.enter(t, "admin@demo.example", w.logins["admin@demo.example"])
	nobody, newcomer, editor, boss := w.as(t, nil), w.as(t, w.newcomer), w.as(t, w.editor), w.as(t, admin)
	editor.visit("/desk")
	one := eval[string](editor, `document.querySelector('.queue a').pathname`)
	for _, g := range []struct {
		by    *tab
		paths []string
	}{
		{nobody, []string{"/join", "/login", "/forgotten", "/queue", w.place, w.place + "/history", w.place + "/photos", "/users/ada-swift", "/users/ada-swift/added", "/users/ada-swift/been", "/lists", w.list}},
		{newcomer, []string{"/settings", "/places/new", w.place + "/edit", "/pitch", "/drafts", w.submission, w.pitched,
			w.place + "/photos", w.place + "/mark", w.place + "/note", w.place + "/lists", "/me/lists", "/me/lists/new", w.list + "/edit",
			"/me/import", "/notifications", "/settings/notifications", "/settings/following", "/settings/blocked", "/me/reports", "/me/appeal", "/users/demo-editor/block", "/settings/security", "/settings/data", "/places?unvisited=yes"}},
		{editor, []string{"/desk", one, one + "/edit", "/desk?status=published", w.place + "/history", w.place + "/join", w.place + "/join?into=" + strings.TrimPrefix(house, "/places/"), "/desk/links", "/takedowns", "/desk/campaigns"}},
		{boss, []string{"/admin", "/admin/dashboard", "/admin/members/ada-swift", "/admin/webhooks", "/admin/contributing", "/admin/settings", "/admin/settings/menus", "/admin/settings/look", "/admin/settings/texts", "/admin/settings/texts/about"}},
	} {
		for _, path := range g.paths {
			list = append(list, shown{g.by, path})
		}
	}
	return list
}

// pages holds every page of those who write to axe's rules, in both schemes and
// widths.
func (w *writers) pages(t *testing.T, axe string) {
	for _, p := range w.all(t) {
		t.Run(p.path, func(t *testing.T) {
			p.by.t = t
			p.by.examine(p.path, axe)
			p.by.clean(p.path)
		})
	}
}
