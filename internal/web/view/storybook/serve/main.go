// Command serve shows the storybook on a port of this machine:
//
//	go run ./internal/web/view/storybook/serve -listen 127.0.0.1:8090
//
// "/" lists every component in every state; a page's state opens whole.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"net/http"
	"os"
	"strconv"

	"mirabilia/internal/web/assets"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/storybook"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "address")
	flag.Parse()
	handler, err := book()
	if err == nil {
		fmt.Println("storybook on http://" + *listen)
		err = http.ListenAndServe(*listen, handler)
	}
	fmt.Fprintln(os.Stderr, "storybook:", err)
	os.Exit(1)
}

func book() (http.Handler, error) {
	set, err := assets.Load()
	if err != nil {
		return nil, err
	}
	stories := storybook.Stories()
	mux := http.NewServeMux()
	mux.Handle("GET "+assets.Prefix, set.Handler())
	mux.Handle("GET /pictures/", http.FileServerFS(storybook.Pictures()))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		write(w, set, func(b *bytes.Buffer) error { return list(r, b, stories) })
	})
	mux.HandleFunc("GET /page/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil || n < 0 || n >= len(stories) {
			http.NotFound(w, r)
			return
		}
		write(w, set, func(b *bytes.Buffer) error { return view.Write(r.Context(), b, stories[n].Render) })
	})
	return mux, nil
}

// list shows the small components in place, and links to the pages.
func list(r *http.Request, b *bytes.Buffer, stories []storybook.Story) error {
	site := storybook.Site()
	var body bytes.Buffer
	for i, s := range stories {
		name := html.EscapeString(s.Component + ": " + s.State)
		if s.Page {
			fmt.Fprintf(&body, `<p class="section"><a href="/page/%d">%s</a></p>`, i, name)
			continue
		}
		fmt.Fprintf(&body, `<section class="section"><p class="muted">%s</p>`, name)
		if err := s.Render.Render(r.Context(), &body); err != nil {
			return err
		}
		body.WriteString("</section>")
	}
	var frame bytes.Buffer
	if err := view.Write(r.Context(), &frame, view.Failure(view.FailurePage{Base: view.Base{Title: "Storybook", Site: site}, Status: 503})); err != nil {
		return err
	}
	head, _, _ := bytes.Cut(frame.Bytes(), []byte("<body>"))
	b.Write(head)
	fmt.Fprintf(b, `<body><main class="wrap"><h1>Storybook</h1>%s</main></body></html>`, body.Bytes())
	return nil
}

// write adds the built styles and scripts, which the fixtures do not know.
func write(w http.ResponseWriter, set *assets.Set, render func(*bytes.Buffer) error) {
	var b bytes.Buffer
	if err := render(&b); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var links bytes.Buffer
	for _, face := range set.Preload() {
		fmt.Fprintf(&links, `<link rel="preload" href=%q as="font" type="font/woff2" crossorigin>`, face)
	}
	fmt.Fprintf(&links, `<link rel="stylesheet" href=%q><script type="module" src=%q></script></head>`, set.URL("site.css"), set.URL("site.js"))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+view.ThemeHash+"; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'")
	_, _ = w.Write(bytes.Replace(b.Bytes(), []byte("</head>"), links.Bytes(), 1))
}
