package web

import (
	"bytes"
	"encoding/json"
	"image/png"
	"strings"
	"testing"
)

// The manifest names icons that are there in the sizes it says, and a target for
// what other programs share.
func TestInstalls(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	var m struct {
		ID        string
		Icons     []struct{ Src, Sizes, Type, Purpose string }
		Shortcuts []struct{ Name, URL string }
		Target    struct{ Action, Method, Enctype string } `json:"share_target"`
	}
	if err := json.Unmarshal(a.get("/manifest.webmanifest").Body.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	if m.ID != "/" || m.Target.Action != "/search" || m.Target.Method != "GET" || m.Target.Enctype == "" {
		t.Errorf("%+v", m)
	}
	for _, s := range m.Shortcuts {
		if w := a.get(s.URL); w.Code != 200 && w.Code != 302 {
			t.Errorf("%s leads to %d", s.Name, w.Code)
		}
	}
	sizes := ""
	for _, i := range m.Icons {
		sizes += i.Sizes + i.Purpose + " "
		if i.Type != "image/png" || !a.site.Assets.Built() {
			continue
		}
		img, err := png.DecodeConfig(bytes.NewReader(a.get(i.Src).Body.Bytes()))
		if err != nil || !strings.HasPrefix(i.Sizes, "512x") && img.Width != 192 || strings.HasPrefix(i.Sizes, "512x") && img.Width != 512 || img.Width != img.Height {
			t.Errorf("%s: %v %+v", i.Src, err, img)
		}
	}
	if sizes != "any 192x192 512x512 512x512maskable " {
		t.Errorf("icons %q", sizes)
	}
}

func TestSharedWords(t *testing.T) {
	for _, c := range []struct{ text, title, address, want string }{
		{"Casa Azul https://maps.example/x", "", "", "Casa Azul"}, {"https://maps.example/x", "Casa Azul", "", "Casa Azul"},
		{"", "", "https://en.example/wiki/Casa_Azul", "Casa Azul"}, {"https://a.example/casa-azul", "", "", "casa azul"}, {"", "", "%zz", ""},
		{strings.Repeat("a", 500), "", "", strings.Repeat("a", 200)},
	} {
		if got := sharedWords(c.text, c.title, c.address); got != c.want {
			t.Errorf("%q %q %q is looked for as %q, want %q", c.text, c.title, c.address, got, c.want)
		}
	}
	a := newAtlas(t, someRecords(), nil)
	if w := a.get("/search?title=x&q=Casa+Azul+https%3A%2F%2Fmaps.example%2Fx"); w.Code != 200 || !strings.Contains(w.Body.String(), `href="/places/casa-azul"`) {
		t.Errorf("a shared place is not found: %d", w.Code)
	}
}
