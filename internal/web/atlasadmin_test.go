package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/setting"
)

// The settings of a new atlas can be kept as they are; its popular destinations
// are all there, and one may be written short.
func TestAtlas_asItBegins(t *testing.T) {
	h := newHouse(t)
	h.admin("vera")
	f := controls(t, h.as("vera", atlasPath).Body.String(), "set-form")
	h.sends("vera", atlasPath, f)
	for _, path := range setting.Defaults().PopularDestinations {
		if n, ok := h.site.node(path); !ok || n.Path != path {
			t.Errorf("%s is popular and no destination", path)
		}
	}
	f = controls(t, h.as("vera", atlasPath).Body.String(), "set-form")
	f.Set("popular_destinations", "italy/rome\n/france/paris/\nfrance/ile-de-france/paris")
	h.sends("vera", atlasPath, f)
	set, err := h.set.Now(t.Context())
	if want := []string{"italy/lazio/rome", "france/ile-de-france/paris"}; err != nil || !slices.Equal(set.PopularDestinations, want) {
		t.Errorf("kept are %q, %v; want %q", set.PopularDestinations, err, want)
	}
}

// What an admin sets stands on every page at once, under another ETag; what
// cannot be is told beside its field with everything typed kept.
func TestAtlas(t *testing.T) {
	h := newHouse(t)
	h.admin("vera")
	before := h.get("/places").Header().Get("Etag")
	f := controls(t, h.as("vera", atlasPath).Body.String(), "set-form")
	f.Set("name", "Wunderkammer")
	f.Set("tagline", "Odd things, kept")
	f.Set("unit", "mi")
	f.Set("licence", "CC-BY-4.0")
	f.Set("licence_url", "")
	f.Set("contact", "us@example.org")
	f.Set("popular_destinations", "mexico/mexico-city\nnowhere/at-all\n")
	h.has(h.post("vera", atlasPath, f), 422, "Nothing was kept.", "“nowhere/at-all” is no destination", "nowhere/at-all\n</textarea>", `value="Wunderkammer"`, `<option value="mi" selected`, `href="#popular_destinations"`)
	f.Set("popular_destinations", "mexico/mexico-city")
	f.Set("unit", "leagues")
	f.Set("name", "")
	h.has(h.post("vera", atlasPath, f), 422, "Is km or mi.", "Is needed.", `value="Odd things, kept"`)
	if set, err := h.set.Now(t.Context()); err != nil || set.Name != "Mirabilia" || set.Tagline == "Odd things, kept" {
		t.Fatalf("something of what was refused was kept: %+v, %v", set, err)
	}
	f.Set("unit", "mi")
	f.Set("name", "Wunderkammer")
	h.sends("vera", atlasPath, f)
	w := h.get("/places")
	h.has(w, 200, `<a class="brand" href="/">Wunderkammer`, "Texts CC BY 4.0 unless marked")
	if w.Header().Get("Etag") == before {
		t.Error("the page has the ETag of before")
	}
	h.has(h.get("/"), 200, "Odd things, kept")
	h.has(h.get("/manifest.webmanifest"), 200, `"name":"Wunderkammer"`)
	h.has(h.get("/.well-known/security.txt"), 200, "mailto:us@example.org")
	h.has(h.as("vera", atlasPath), 200, `value="https://creativecommons.org/licenses/by/4.0/"`)
	h.has(h.as("vera", "/admin"), 200, "changed the settings of the atlas:", atlasPath)
	// Another admin's page was opened before.
	f.Set("name", "Mine")
	h.has(h.post("vera", atlasPath, f), 422, "Somebody else changed the settings", `value="Mine"`)
	again := controls(t, h.post("vera", atlasPath, f).Body.String(), "set-form")
	h.sends("vera", atlasPath, again)
	h.has(h.get("/places"), 200, `<a class="brand" href="/">Mine`)
	if w := h.get("/places/none-such"); !strings.Contains(w.Body.String(), "· Mine</title>") {
		t.Error("the page of what is not there has another name")
	}
	if page := string(h.site.failurePage(t.Context(), 500, nil, "x")); !strings.Contains(page, ">Mine") {
		t.Error("the page of failures has another name")
	}
}

func TestAtlas_menus(t *testing.T) {
	h := newHouse(t)
	h.admin("vera")
	path := atlasPath + "/menus"
	f := controls(t, h.as("vera", path).Body.String(), "set-form")
	set, err := h.set.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := readMenu(f.Get("footer1_links")); len(got) != len(set.Footer[0].Links) || got[1] != set.Footer[0].Links[1] {
		t.Errorf("what is shown is read as %v", got)
	}
	f.Set("bar", "Our  places \t/places\r\n\r\nElsewhere https://example.org/x\r\n")
	f.Set("footer1_title", "")
	f.Set("footer1_links", "")
	f.Set("footer2_title", "Read")
	f.Set("footer2_links", "All  /stories\nBad javascript:alert(1)")
	f.Set("footer3_title", "")
	h.has(h.post("vera", path, f), 422, `href="#footer2_links"`, "javascript:alert(1)&#34; is neither a path of this atlas", `href="#footer3_title"`, "All  /stories\nBad javascript:alert(1)</textarea>")
	f.Set("footer2_links", "All  /stories")
	f.Set("footer3_title", "Journeys")
	f.Set("bar", strings.Repeat("A /places\nB /tags\n", 1)+strings.Join([]string{"C /a", "D /b", "E /c", "F /d", "G /e", "H /f", "I /g"}, "\n"))
	h.has(h.post("vera", path, f), 422, `href="#bar"`, "Has 8 entries at most")
	f.Set("bar", "Our  places \t/places\r\n\r\nElsewhere https://example.org/x\r\n")
	h.sends("vera", path, f)
	page := h.get("/places").Body.String()
	for _, want := range []string{`aria-current="true">Our places</a>`, `<a href="https://example.org/x">Elsewhere</a>`, "<h2>Read</h2>", "<h2>Journeys</h2>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(page, ">Trips</a>\n") || strings.Contains(page, "Latest places") {
		t.Error("what was taken out is there still")
	}
}

// Colours come as a sheet under a name that says what is in it; it asks nothing.
func TestAtlas_colours(t *testing.T) {
	h := newHouse(t)
	h.admin("vera")
	path := atlasPath + "/look"
	if strings.Contains(h.get("/places").Body.String(), themePath) {
		t.Error("our own colours have a sheet")
	}
	f := controls(t, h.as("vera", path).Body.String(), "set-form")
	f.Set("accent_light", "#ffcc00")
	f.Set("accent_dark", "red")
	h.has(h.post("vera", path, f), 422, "Cannot be read by everybody in the light scheme", "Is a colour such as", `value="#ffcc00"`, `value="red"`)
	f.Set("accent_light", " #7A1F5C ")
	f.Set("accent_dark", "")
	h.sends("vera", path, f)
	sheet := regexp.MustCompile(`/assets/theme/7a1f5c-own-[0-9a-f]{12}\.css`).FindString(h.get("/places").Body.String())
	w := h.get(sheet)
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the sheet %q: %d %v", sheet, w.Code, w.Header())
	}
	if body := w.Body.String(); !strings.HasPrefix(body, "@layer tokens{:root{--link:#7a1f5c;") || strings.Contains(body, "dark") {
		t.Errorf("it is %s", body)
	}
	for _, page := range []string{"/", "/none-such", "/embed/places/casa-azul"} {
		if !strings.Contains(h.get(page).Body.String(), sheet) {
			t.Errorf("%s has another colour", page)
		}
	}
	if h.site.Assets.Built() && !strings.Contains(h.get("/sw.js").Body.String(), sheet) {
		t.Error("devices do not keep the sheet")
	}
	hidden := setting.Colours{Light: "#ffff00"} // cannot be chosen
	for _, name := range []string{strings.Replace(sheet, "7a1f5c", "7a1f5d", 1), themePath + "own-own-000000000000.css", themePath + themeName(hidden, themeSheet(hidden)), themePath + "x.css"} {
		if w := h.get(name); w.Code != http.StatusNotFound || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	both := themeSheet(setting.Colours{Light: "#7a1f5c", Dark: "#e0a8d0"})
	if !strings.Contains(both, `:root[data-theme="dark"]{--link:#e0a8d0`) || !strings.Contains(both, `(prefers-color-scheme:dark){:root:not([data-theme="light"]){--link:#e0a8d0`) {
		t.Error(both)
	}
}

// The contrast is measured against the surfaces that the style sheet has, and
// under the pointer it is no lower.
func TestColours_againstTheStyleSheet(t *testing.T) {
	raw, err := os.ReadFile("assets/src/style/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(string(raw), `:root[data-theme="dark"]`)
	if !found {
		t.Fatal("the style sheet has no dark scheme")
	}
	for sheet, scheme := range map[*string]setting.Scheme{&light: setting.Light, &dark: setting.Dark} {
		for _, s := range scheme.Surfaces {
			if !strings.Contains(*sheet, s.Token+": "+s.Colour+";") {
				t.Errorf("%s is not %s in the %s scheme", s.Token, s.Colour, scheme.Name)
			}
		}
	}
	for _, c := range []struct{ accent, to, words string }{{"#0b5a63", "#000000", "#ffffff"}, {"#7a1f5c", "#000000", "#ffffff"}, {"#86cdcd", "#ffffff", "#0c2226"}, {"#e0a8d0", "#ffffff", "#0c2226"}} {
		far := hoverLight
		if c.to == "#ffffff" {
			far = hoverDark
		}
		over := setting.Toward(c.accent, c.to, far)
		if setting.Contrast(over, c.words) < setting.Contrast(c.accent, c.words) || setting.Contrast(c.accent, c.words) < 4.5 {
			t.Errorf("%s under the pointer is %s, which is read less well with %s", c.accent, over, c.words)
		}
	}
}

// Words of a page are an admin's own, without what would be executed, and ours
// again.
func TestAtlas_texts(t *testing.T) {
	h := newHouse(t)
	h.admin("vera")
	h.has(h.as("vera", atlasPath+"/texts"), 200, textsPath+"about", textsPath+"terms")
	f := controls(t, h.as("vera", atlasPath+"/texts").Body.String(), "set-form")
	f.Set("letter_title", "Post for you")
	h.sends("vera", atlasPath+"/texts", f)
	h.has(h.get("/"), 200, "Post for you")
	about := textsPath + "about"
	f = controls(t, h.as("vera", about).Body.String(), "set-form")
	f.Set("title", "")
	f.Set("source", "# Us\n\nWe <script>alert(1)</script> *drive*.")
	h.has(h.post("vera", about, f), 422, "Is needed.", "*drive*.</textarea>", `href="#title"`)
	f.Set("title", "Who we are")
	h.sends("vera", about, f)
	page := h.get("/about").Body.String()
	if !strings.Contains(page, "Who we are") || !strings.Contains(page, "<em>drive</em>") || strings.Contains(page, "alert(1)</script>") {
		t.Errorf("the page: %s", page)
	}
	h.has(h.as("vera", atlasPath+"/texts"), 200, "Who we are", "in your own words")
	h.has(h.post("vera", about, f), 422, "Somebody else changed", "*drive*")
	f = controls(t, h.as("vera", about).Body.String(), "set-form")
	f.Set("do", "reset")
	h.sends("vera", about, f)
	if strings.Contains(h.get("/about").Body.String(), "Who we are") {
		t.Error("ours are not back")
	}
	h.has(h.as("vera", "/admin"), 200, "rewrote the page", "gave its first words back to the page", `href="/admin/settings/texts/about"`)
	if w := h.as("vera", textsPath+"none"); w.Code != http.StatusNotFound {
		t.Errorf("words of no page: %d", w.Code)
	}
}

func TestAtlas_logo(t *testing.T) {
	a := newAccounts(t)
	_, cookie := a.add("boss", actor.Admin)
	_, editor := a.add("ed", actor.Editor)
	img := image.NewNRGBA(image.Rect(0, 0, 300, 60))
	img.SetNRGBA(5, 5, color.NRGBA{200, 0, 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	to := atlasPath + "/logo"
	if w := a.serve(a.uploadRequest(to, nil, sentFile{"l.png", b.Bytes()}), editor); w.Code != http.StatusForbidden {
		t.Errorf("an editor: %d", w.Code)
	}
	for _, files := range [][]sentFile{{{"l.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)}}, nil} {
		w := a.serve(a.uploadRequest(to, nil, files...), cookie)
		if body := w.Body.String(); w.Code != 422 || !strings.Contains(body, `id="file-err"`) || !strings.Contains(body, `href="#file"`) {
			t.Errorf("%d files, no picture: %d", len(files), w.Code)
		}
	}
	if w := a.serve(a.uploadRequest(to, nil, sentFile{"l.png", b.Bytes()}), cookie); w.Code != http.StatusSeeOther {
		t.Fatalf("chosen: %d %s", w.Code, w.Body)
	}
	path := regexp.MustCompile(`<img class="logo" src="(/logos/[0-9a-f]{32}\.webp)" width="150" height="30" alt="Mirabilia"`).FindStringSubmatch(a.page("/places", nil).Body.String())
	if path == nil {
		t.Fatal("the bar has no logo")
	}
	w := a.page(path[1], nil)
	if h := w.Header(); w.Code != 200 || h.Get("Content-Type") != "image/webp" || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", w.Code, h)
	}
	if w := a.page("/logos/../../x.webp", nil); w.Code == 200 {
		t.Error("a name that climbs")
	}
	if w := a.serve(a.uploadRequest(to, map[string]string{"do": "remove"}), cookie); w.Code != http.StatusSeeOther {
		t.Errorf("removed: %d", w.Code)
	}
	if strings.Contains(a.page("/places", nil).Body.String(), `class="logo"`) {
		t.Error("the bar has it still")
	}
}

// Menus are read as they were typed, whatever that was.
func FuzzReadMenu(f *testing.F) {
	for _, s := range []string{"", "A /a", " \t", "/a", "A\tB  https://x.org\r\n\r\nC /c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list := readMenu(s)
		for _, l := range list {
			if strings.ContainsAny(l.Path, " \t\n") {
				t.Errorf("%q has a path %q", s, l.Path)
			}
		}
		if again := readMenu(menuLines(list)); len(again) > len(list) {
			t.Errorf("%q became %d entries, written %d", s, len(list), len(again))
		}
	})
}
