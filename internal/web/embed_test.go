package web

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// ask asks /oembed about an address of the atlas.
func (a *atlas) embedding(t *testing.T, path, more string) (int, oEmbedding) {
	t.Helper()
	res := a.get("/oembed?url=" + url.QueryEscape(a.site.absolute(path)) + more)
	var out oEmbedding
	if res.Code == http.StatusOK {
		if err := json.Unmarshal(res.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	return res.Code, out
}

// frameOf is the address inside the element that an embedding gives.
func frameOf(t *testing.T, a *atlas, code string) string {
	t.Helper()
	doc, err := html.ParseFragment(strings.NewReader(code), nil)
	if err != nil {
		t.Fatal(err)
	}
	var src, sandboxed string
	var find func(*html.Node)
	find = func(n *html.Node) {
		if n.Data == "iframe" {
			for _, x := range n.Attr {
				switch x.Key {
				case "src":
					src = x.Val
				case "sandbox":
					sandboxed = x.Val
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			find(c)
		}
	}
	for _, n := range doc {
		find(n)
	}
	if sandboxed == "" {
		t.Errorf("the frame is in no sandbox: %s", code)
	}
	return strings.TrimPrefix(src, a.site.URL)
}

// Every page that says it can be embedded leads through oEmbed to a frame that
// answers, that may be framed, and in which nothing can be sent.
func TestEmbedsThroughOEmbed(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for _, path := range []string{"/places/casa-azul", "/destinations/mexico", "/tags/museums", "/tags/museums/in/mexico", "/places", "/map?tag=museums", "/places?free=yes&in=mexico"} {
		code, e := a.embedding(t, path, "")
		if code != http.StatusOK || e.Type != "rich" || e.Version != "1.0" || e.Width != 640 || e.Height == 0 || e.Title == "" || e.ProviderName == "" {
			t.Errorf("%s: %d %+v", path, code, e)
			continue
		}
		src := frameOf(t, a, e.HTML)
		res := a.get(src)
		csp := res.Header().Get("Content-Security-Policy")
		if res.Code != http.StatusOK || !strings.Contains(csp, "frame-ancestors *") || !strings.Contains(csp, "form-action 'none'") || res.Header().Get("X-Frame-Options") != "" || len(res.Header()["Set-Cookie"]) > 0 {
			t.Errorf("%s: %s answers %d with %v", path, src, res.Code, res.Header())
		}
		if strings.Contains(res.Body.String(), "<form") || !strings.Contains(res.Body.String(), `<base target="_blank"`) {
			t.Errorf("%s has a form, or links that open inside the frame", src)
		}
	}
	if body := a.get("/places/casa-azul").Body.String(); !strings.Contains(body, "application/json+oembed") || !strings.Contains(body, `href="`+testURL+"/oembed?url=") || !strings.Contains(body, "text/xml+oembed") {
		t.Error("the page of a place does not say that it can be embedded")
	}
}

func TestOEmbedHoldsToTheBounds(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	if _, e := a.embedding(t, "/places/casa-azul", "&maxwidth=320&maxheight=300"); e.Width != 320 || e.Height != 300 || !strings.Contains(e.HTML, `width="320"`) {
		t.Errorf("%+v", e)
	}
	if _, e := a.embedding(t, "/places/casa-azul", "&maxwidth=320"); e.Height != cardHeightNarrow {
		t.Errorf("a narrow card is %d high", e.Height)
	}
	res := a.get("/oembed?format=xml&url=" + url.QueryEscape(a.site.absolute("/places/casa-azul")))
	var out oEmbedding
	if err := xml.Unmarshal(res.Body.Bytes(), &out); err != nil || !strings.HasPrefix(res.Header().Get("Content-Type"), "text/xml") || frameOf(t, a, out.HTML) != "/embed/places/casa-azul" {
		t.Errorf("%v: %s", err, res.Body)
	}
	if code := a.get("/oembed?format=yaml&url=" + url.QueryEscape(a.site.absolute("/places"))).Code; code != http.StatusNotImplemented {
		t.Errorf("another format: %d", code)
	}
}

func TestOEmbedRefuses(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for query, want := range map[string]int{
		"": 400, "?url=": 400, "?url=javascript:alert(1)": 400, "?url=/places/casa-azul": 400, "?maxwidth=x&url=" + url.QueryEscape(a.site.URL+"/places"): 400,
		"?url=" + url.QueryEscape("https://elsewhere.example/places/casa-azul"): 404,
		"?url=" + url.QueryEscape(a.site.URL+"/places/no-such-place"):           404,
		"?url=" + url.QueryEscape(a.site.URL+"/destinations/atlantis"):          404,
		"?url=" + url.QueryEscape(a.site.URL+"/tags/no-such-tag"):               404,
		"?url=" + url.QueryEscape(a.site.URL+"/login"):                          404,
		"?url=" + url.QueryEscape(a.site.URL+"/places?limit=-1"):                404,
	} {
		if code := a.get("/oembed" + query).Code; code != want {
			t.Errorf("/oembed%s answers %d, want %d", query, code, want)
		}
	}
}

// Nothing but the frames may be framed.
func TestOnlyEmbedsCanBeFramed(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for _, r := range a.site.Routes() {
		for _, x := range a.site.policy.kinds[r.Kind] {
			if x.key == "Content-Security-Policy" && strings.Contains(x.values[0], "frame-ancestors *") != strings.HasPrefix(r.Pattern, "/embed/") {
				t.Errorf("%s: %s", r.Pattern, x.values[0])
			}
		}
	}
}

// Frames fetch the upright faces at once and not the italic, which is on pages.
func TestFacesFetchedAtOnce(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for path, page := range map[string]bool{"/": true, "/places/casa-azul": true, "/places": true, "/search?q=casa": true, "/embed/places/casa-azul": false, "/embed/map": false} {
		body := a.get(path).Body.String()
		all, italic := strings.Count(body, `as="font"`), strings.Count(body, `-italic-`)
		if page != (italic == 1) || all-italic != 2 {
			t.Errorf("%s: %d faces are fetched at once, %d of them italic", path, all, italic)
		}
	}
}
