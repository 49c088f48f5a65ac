package web

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"path"
	"strings"
	"time"

	"mirabilia/internal/errs"
	"mirabilia/internal/query"
)

// robots tells crawlers what to leave: lists under conditions, searches, chance.
func (s *Site) robots(_ context.Context, _ Public) (Answer, error) {
	lines := []string{
		"User-agent: *", "Disallow: /search", "Disallow: /random", "Disallow: /near?", "Disallow: /along?", "Disallow: /map?", "Disallow: /places?",
		"Disallow: /api/", "Disallow: /tiles/", "Disallow: /login", "Disallow: /join", "Allow: /", "", "Sitemap: " + s.absolute("/sitemap.xml"), "",
	}
	return Answer{Kind: Feed, Type: "text/plain; charset=utf-8", Body: []byte(strings.Join(lines, "\n"))}, nil
}

// manifest lets the atlas be put on a phone.
func (s *Site) manifest(ctx context.Context, _ Public) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose,omitempty"`
	}
	type link struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	// What other programs share is looked for; see sharedWords.
	type target struct {
		Action string            `json:"action"`
		Method string            `json:"method"`
		Coded  string            `json:"enctype"` // browsers warn of its absence, though GET has no use for it
		Params map[string]string `json:"params"`
	}
	doc := struct {
		Name        string `json:"name"`
		ShortName   string `json:"short_name"`
		Description string `json:"description"`
		ID          string `json:"id"`
		StartURL    string `json:"start_url"`
		Scope       string `json:"scope"`
		Display     string `json:"display"`
		Background  string `json:"background_color"`
		Theme       string `json:"theme_color"`
		Lang        string `json:"lang"`
		Icons       []icon `json:"icons"`
		Shortcuts   []link `json:"shortcuts"`
		ShareTarget target `json:"share_target"`
	}{
		Name: set.Name, ShortName: set.Name, Description: set.Description, ID: "/", StartURL: "/", Scope: "/", Display: "standalone",
		Background: "#fbfbf7", Theme: "#fbfbf7", Lang: set.Language,
		Icons: []icon{
			{s.Assets.URL("icon.svg"), "any", "image/svg+xml", ""}, {s.Assets.URL("icon-192.png"), "192x192", "image/png", ""},
			{s.Assets.URL("icon-512.png"), "512x512", "image/png", ""}, {s.Assets.URL("icon-maskable-512.png"), "512x512", "image/png", "maskable"},
		},
		Shortcuts:   []link{{"Near me", "/near"}, {"Random place", "/random"}, {"Map", "/map"}, {"Kept on this device", "/offline"}},
		ShareTarget: target{"/search", "GET", "application/x-www-form-urlencoded", map[string]string{"title": "title", "text": "q", "url": "url"}},
	}
	body, err := json.Marshal(doc)
	return Answer{Kind: Feed, Type: "application/manifest+json; charset=utf-8", Body: body}, err
}

// openSearch lets browsers search the atlas from their own bar.
func (s *Site) openSearch(ctx context.Context, _ Public) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	type address struct {
		Type     string `xml:"type,attr"`
		Template string `xml:"template,attr"`
	}
	doc := struct {
		XMLName     xml.Name  `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName   string    `xml:"ShortName"`
		Description string    `xml:"Description"`
		Encoding    string    `xml:"InputEncoding"`
		URL         []address `xml:"Url"`
	}{ShortName: cut(set.Name, 16), Description: set.Description, Encoding: "UTF-8", URL: []address{
		{"text/html", s.absolute("/search?q={searchTerms}")}, {"application/json", s.absolute("/search.json?q={searchTerms}")},
	}}
	body, err := xml.Marshal(doc)
	return Answer{Kind: Feed, Type: "application/opensearchdescription+xml; charset=utf-8", Body: append([]byte(xml.Header), body...)}, err
}

// cut keeps the first n letters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// securityText says whom to tell about a weakness (RFC 9116). It holds for a
// year from the day it is asked for, as the operator's contact does.
func (s *Site) securityText(ctx context.Context, _ Public) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	contact := s.absolute("/feedback")
	if set.Contact != "" {
		contact = "mailto:" + set.Contact
	}
	until := s.now().UTC().Truncate(24*time.Hour).AddDate(1, 0, 0).Format(time.RFC3339)
	body := "Contact: " + contact + "\nExpires: " + until + "\nPreferred-Languages: " + set.Language + "\nCanonical: " + s.absolute("/.well-known/security.txt") + "\n"
	return Answer{Kind: Feed, Type: "text/plain; charset=utf-8", Body: []byte(body), Keep: time.Hour}, nil
}

// changePassword is where password managers send their owners; the page of
// accounts says how it stands.
func (s *Site) changePassword(context.Context, Public) (Answer, error) {
	return Answer{Status: 302, Kind: Failure, Location: "/login", Once: true}, nil
}

// favicon is for those who ask without having read the page.
func (s *Site) favicon(context.Context, Public) (Answer, error) {
	if !s.Assets.Built() {
		return Answer{}, errs.New(errs.NotFound, "There is no icon.")
	}
	return Answer{Status: 302, Kind: Failure, Location: s.Assets.URL("icon.svg"), Once: true}, nil
}

// sharedWords are the words to look for in what another program shared with the
// installed atlas: the text without the addresses in it, or the title, or what
// the address itself ends with.
func sharedWords(text, title, address string) string {
	for _, s := range []string{text, title} {
		var words []string
		for _, w := range strings.Fields(s) {
			if !strings.Contains(w, "://") {
				words = append(words, w)
			}
		}
		if len(words) > 0 {
			return cut(strings.Join(words, " "), query.MaxText)
		}
	}
	if address == "" {
		address = strings.TrimSpace(text)
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return cut(strings.NewReplacer("-", " ", "_", " ", "+", " ").Replace(strings.Trim(path.Base(u.Path), "/.")), query.MaxText)
}
