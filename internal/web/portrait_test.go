package web

import (
	"net/http"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/user"
)

// A member chooses a picture: their page, what they gave and the API show it;
// removed, their letter is back and the file is served no more.
func TestPortrait(t *testing.T) {
	a := newAccounts(t)
	ada, cookie := a.add("ada", actor.Member)
	send := func(fields map[string]string, files ...sentFile) int {
		t.Helper()
		return a.serve(a.uploadRequest("/settings/picture", fields, files...), cookie).Code
	}
	err := a.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE places SET added_by = '{"name":"ada","url":"/users/ada"}' WHERE slug = 'casa-azul'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if code := a.serve(a.uploadRequest("/settings/picture", nil, sentFile{"a.jpg", someShot(t, 1)}), nil).Code; code != http.StatusUnauthorized {
		t.Errorf("nobody: %d", code)
	}
	w := a.serve(a.uploadRequest("/settings/picture", nil, sentFile{"a.jpg", []byte("<svg onload=alert(1)>")}), cookie)
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `id="file-error"`) || !strings.Contains(body, `href="#file"`) {
		t.Errorf("no picture: %d, message beside the field %t", w.Code, strings.Contains(body, `id="file-error"`))
	}
	if code := send(nil); code != http.StatusUnprocessableEntity {
		t.Errorf("no file: %d", code)
	}
	if code := send(nil, sentFile{"a.jpg", someShot(t, 1)}); code != http.StatusSeeOther {
		t.Fatalf("chosen: %d", code)
	}
	m, err := a.users.ByID(t.Context(), ada.ID)
	if err != nil || m.Avatar == "" {
		t.Fatal(m, err)
	}
	shown := map[string]string{"/users/ada": m.Avatar, "/users/ada.json": m.Avatar, "/places/casa-azul": user.Small(m.Avatar)}
	for page, path := range shown {
		if body := a.page(page, nil).Body.String(); !strings.Contains(body, path) {
			t.Errorf("%s does not show %s", page, path)
		}
	}
	if body := a.page("/settings", cookie).Body.String(); !strings.Contains(body, m.Avatar) || !strings.Contains(body, `value="remove"`) {
		t.Error("the settings do not show it")
	}
	w = a.page(m.Avatar, nil)
	if h := w.Header(); w.Code != http.StatusOK || h.Get("Content-Type") != "image/webp" || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", w.Code, h)
	}
	for _, other := range []string{"/portraits/x", "/portraits/" + strings.Repeat("0", 32) + "-l.webp", strings.Replace(m.Avatar, "-l.", "-x.", 1)} {
		if w := a.page(other, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", other, w.Code)
		}
	}
	if code := send(map[string]string{"do": "remove"}); code != http.StatusSeeOther {
		t.Errorf("removed: %d", code)
	}
	if w := a.page(m.Avatar, nil); w.Code != http.StatusNotFound {
		t.Errorf("a removed picture: %d", w.Code)
	}
	if body := a.page("/settings", cookie).Body.String(); strings.Contains(body, m.Avatar) {
		t.Error("the settings still show it")
	}
}
