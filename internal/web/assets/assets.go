// Package assets holds the styles, scripts, faces and drawings that pages
// load, bundled by build/ from src/ and the npm packages, embedded under names
// that carry a hash of their content, so that any cache may keep them for
// ever. On a clone that was not built yet dist/ is empty: the package compiles
// and its files answer 404.
package assets

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/assets/"

// Set is the built files, found by the name of their source.
type Set struct {
	manifest Manifest
	files    map[string]file // name in dist → bytes
	words    map[string][]byte
}

// Manifest is what the build says of its output.
type Manifest struct {
	// Files maps a source name ("site.css", "map.js", "icon.svg") to the name
	// in dist.
	Files map[string]string `json:"files"`
	// Preload lists the names in dist of the faces that the first view needs.
	Preload []string `json:"preload"`
	// Words lists the faces from which words are drawn into pictures.
	Words []string `json:"words"`
}

// WordsDir is the folder in dist of the faces of Words.
const WordsDir = "words"

type file struct {
	kind     string
	plain    []byte
	br, gzip []byte
}

// Load reads the embedded files. It fails only on a broken build.
func Load() (*Set, error) { return load(dist, "dist") }

func load(from fs.FS, dir string) (*Set, error) {
	s := &Set{files: map[string]file{}, words: map[string][]byte{}}
	raw, err := fs.ReadFile(from, path.Join(dir, "manifest.json"))
	if err != nil {
		return s, nil // not built yet
	}
	if err := json.Unmarshal(raw, &s.manifest); err != nil {
		return nil, fmt.Errorf("assets: manifest.json is broken, build again: %w", err)
	}
	entries, err := fs.ReadDir(from, dir)
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || name == "manifest.json" || e.IsDir() {
			continue
		}
		data, err := fs.ReadFile(from, path.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("assets: %w", err)
		}
		s.put(name, data)
	}
	for _, name := range s.manifest.Words {
		if s.words[name], err = fs.ReadFile(from, path.Join(dir, WordsDir, name)); err != nil {
			return nil, fmt.Errorf("assets: %w", err)
		}
	}
	return s, nil
}

func (s *Set) put(name string, data []byte) {
	base, packed := name, ""
	if ext := path.Ext(name); ext == ".br" || ext == ".gz" {
		base, packed = strings.TrimSuffix(name, ext), ext
	}
	f := s.files[base]
	f.kind = contentType(base)
	switch packed {
	case ".br":
		f.br = data
	case ".gz":
		f.gzip = data
	default:
		f.plain = data
	}
	s.files[base] = f
}

// contentType does not trust the machine's own table, which may lack a type.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// Built reports whether there is anything to serve.
func (s *Set) Built() bool { return len(s.manifest.Files) > 0 }

// URL is the path of the file built from the source name ("site.css" for
// src/site.css, "map.js" for src/map.ts). Of a name that was not built it is
// the name itself under Prefix, which answers 404.
func (s *Set) URL(name string) string {
	if hashed, ok := s.manifest.Files[name]; ok {
		return Prefix + hashed
	}
	return Prefix + name
}

// Source is the built file of a source name; nil where it was not built.
func (s *Set) Source(name string) []byte { return s.files[s.manifest.Files[name]].plain }

// Preload lists the paths of the faces that the first view needs.
func (s *Set) Preload() []string {
	out := make([]string, len(s.manifest.Preload))
	for i, name := range s.manifest.Preload {
		out[i] = Prefix + name
	}
	return out
}

// Words are the TrueType files from which words are drawn into pictures, of one
// role ("title", "kicker", "line"), the Latin one first. None before a build.
func (s *Set) Words(role string) [][]byte {
	var out [][]byte
	for _, name := range s.manifest.Words {
		if strings.HasPrefix(name, role+"-") {
			out = append(out, s.words[name])
		}
	}
	return out
}

// Handler serves the files under Prefix, compressed beforehand, with the
// headers of a thing that never changes. Fonts and pictures may be read from
// other origins, since mails and embeds show them.
func (s *Set) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, Prefix)
		f, ok := s.files[name]
		if !ok || f.plain == nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", resourcePolicy(f.kind))
		if strings.Contains(name, "worker") {
			h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:")
		}
		body := f.plain
		if f.br != nil || f.gzip != nil {
			h.Set("Vary", "Accept-Encoding")
			accepts := r.Header.Get("Accept-Encoding")
			switch {
			case f.br != nil && accepted(accepts, "br"):
				h.Set("Content-Encoding", "br")
				body = f.br
			case f.gzip != nil && accepted(accepts, "gzip"):
				h.Set("Content-Encoding", "gzip")
				body = f.gzip
			}
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

func resourcePolicy(kind string) string {
	if strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "font/") {
		return "cross-origin"
	}
	return "same-origin"
}

// accepted reports whether an Accept-Encoding header names the coding without
// refusing it by q=0 (RFC 9110, 12.5.3).
func accepted(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q := strings.ReplaceAll(strings.ToLower(params), " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}
