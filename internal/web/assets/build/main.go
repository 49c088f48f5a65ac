// Command build bundles the browser's side of Mirabilia: every src/*.ts and
// src/*.css becomes one minified file in dist/ whose name carries a hash of
// its content, with the faces it names beside it; src/files/ is copied under
// hashed names. It also cuts the faces (see faces.mjs) and writes the icons that
// templates draw (see icons.go).
//
// Run it anywhere in the module, after npm ci --ignore-scripts:
//
//	go run ./internal/web/assets/build
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"mirabilia/internal/web/assets"
)

func main() {
	onlyIcons := flag.Bool("icons", false, "write the icons alone")
	flag.Parse()
	if err := run(*onlyIcons); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(onlyIcons bool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules", "lucide-static", "icons")); err != nil {
		return errors.New("npm packages are missing: run npm ci --ignore-scripts first")
	}
	if err := writeIcons(root); err != nil {
		return err
	}
	if onlyIcons {
		return nil
	}
	src := filepath.Join(root, "internal", "web", "assets", "src")
	out := filepath.Join(root, "internal", "web", "assets", "dist")
	faces := filepath.Join(src, "faces")
	if err := cutFaces(root, faces); err != nil {
		return err
	}
	if err := empty(out); err != nil {
		return err
	}
	manifest, err := bundle(root, src, out)
	if err != nil {
		return err
	}
	if err := copyFiles(filepath.Join(src, "files"), out, manifest); err != nil {
		return err
	}
	if err := drawAppIcons(out, manifest); err != nil {
		return err
	}
	if err := copyWords(filepath.Join(faces, "words"), out, manifest); err != nil {
		return err
	}
	if err := compress(out); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "manifest.json"), raw, 0o644)
}

// moduleRoot walks up to the folder of go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above this folder")
		}
		dir = up
	}
}

// empty removes what an earlier build left, but not the placeholder that lets
// the package compile on a bare clone.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == ".gitignore" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// firstView names the faces a page shows at once, in the order to fetch them; the
// others arrive when a character of their range does. The italic is on every
// page, in the footer at least: found by the first layout only, it made the
// browser lay the whole page out again.
var firstView = []string{"brygada-1918-latin-wght-normal", "source-sans-3-latin-wght-normal", "brygada-1918-latin-wght-italic-400"}

// turn is the place of a file in firstView, -1 for none.
func turn(name string) int {
	return slices.IndexFunc(firstView, func(face string) bool { return strings.HasPrefix(name, face) })
}

func bundle(root, src, out string) (*assets.Manifest, error) {
	var entries []string
	for _, pattern := range []string{"*.ts", "*.css"} {
		found, err := filepath.Glob(filepath.Join(src, pattern))
		if err != nil {
			return nil, err
		}
		entries = append(entries, found...)
	}
	slices.Sort(entries)
	result := api.Build(api.BuildOptions{
		EntryPoints: entries, Outdir: out, AbsWorkingDir: root,
		EntryNames: "[name]-[hash]", AssetNames: "[name]-[hash]", ChunkNames: "chunk-[hash]",
		PublicPath: strings.TrimSuffix(assets.Prefix, "/"),
		Bundle:     true, Write: true, Metafile: true,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatESModule, Platform: api.PlatformBrowser,
		// The oldest browsers that know @layer, :has and container queries.
		Engines: []api.Engine{{Name: api.EngineChrome, Version: "111"}, {Name: api.EngineFirefox, Version: "121"}, {Name: api.EngineSafari, Version: "16.4"}},
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsLinked,
		Loader:   map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderFile, ".png": api.LoaderFile},
		LogLevel: api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%d errors while bundling", len(result.Errors))
	}
	return readMetafile(result.Metafile)
}

func readMetafile(raw string) (*assets.Manifest, error) {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string         `json:"entryPoint"`
			Inputs     map[string]any `json:"inputs"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(raw), &meta); err != nil {
		return nil, err
	}
	m := &assets.Manifest{Files: map[string]string{}}
	for output, o := range meta.Outputs {
		name := filepath.Base(output)
		if o.EntryPoint != "" {
			source := filepath.Base(o.EntryPoint)
			m.Files[strings.TrimSuffix(source, filepath.Ext(source))+filepath.Ext(name)] = name
		}
		if turn(name) >= 0 {
			m.Preload = append(m.Preload, name)
		}
	}
	slices.SortFunc(m.Preload, func(a, b string) int { return cmp.Compare(turn(a), turn(b)) })
	return m, nil
}
