// Command licences fails when a module that is built into the program, or an
// npm package in the lock file, has a licence that is not on the list below.
// Run it from the folder of go.mod: go run -C tools ./licences ..
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"github.com/google/licenseclassifier/v2/assets"
)

// allowed holds the licences that AGPL-3.0 programs may build in. MPL-2.0 is
// file-wise copyleft and compatible by its section 3.3.
var allowed = map[string]bool{
	"MIT": true, "MIT-0": true, "BSD-2-Clause": true, "BSD-3-Clause": true, "ISC": true, "Apache-2.0": true,
	"MPL-2.0": true, "OFL-1.1": true, "CC0-1.0": true, "Unlicense": true, "0BSD": true, "Zlib": true,
	"BlueOak-1.0.0": true, "Python-2.0": true, "SQLite": true, "blessing": true,
}

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	bad, count, err := modules(root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(2)
	}
	npm, n, err := packages(filepath.Join(root, "package-lock.json"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(2)
	}
	for _, line := range append(bad, npm...) {
		fmt.Fprintln(os.Stderr, "licences:", line)
	}
	if len(bad)+len(npm) > 0 {
		os.Exit(1)
	}
	fmt.Printf("licences: %d modules and %d npm packages are fine\n", count, n)
}

// modules classifies the licence of each module that the program is built from.
func modules(root string) (bad []string, count int, err error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, 0, fmt.Errorf("go list: %w", err)
	}
	dirs := map[string]string{}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			Module *struct {
				Path, Dir string
				Main      bool
			}
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, 0, err
		}
		if p.Module != nil && !p.Module.Main {
			dirs[p.Module.Path] = p.Module.Dir
		}
	}
	classifier, err := assets.DefaultClassifier()
	if err != nil {
		return nil, 0, err
	}
	for path, dir := range dirs {
		names := map[string]bool{}
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, f := range files {
			base := strings.ToUpper(filepath.Base(f))
			if !strings.HasPrefix(base, "LICEN") && !strings.HasPrefix(base, "COPYING") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				continue
			}
			if strings.HasPrefix(string(text), "MIT No Attribution") {
				names["MIT-0"] = true // the classifier wants the older wording
			}
			for _, m := range classifier.Match(text).Matches {
				if m.MatchType == "License" {
					names[m.Name] = true
				}
			}
		}
		if !any(names) {
			bad = append(bad, fmt.Sprintf("module %s: %v is not on the list", path, keys(names)))
		}
	}
	return bad, len(dirs), nil
}

// packages reads the licence fields of the lock file.
func packages(lock string) (bad []string, count int, err error) {
	text, err := os.ReadFile(lock)
	if err != nil {
		return nil, 0, err
	}
	var file struct {
		Packages map[string]struct {
			License string `json:"license"`
			Dev     bool   `json:"dev"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, 0, err
	}
	for path, p := range file.Packages {
		if path == "" || p.Dev {
			continue
		}
		count++
		names := map[string]bool{}
		for _, n := range strings.FieldsFunc(strings.Trim(p.License, "()"), func(r rune) bool { return r == ' ' }) {
			names[n] = true
		}
		if !any(names) {
			bad = append(bad, fmt.Sprintf("npm %s: %q is not on the list", path, p.License))
		}
	}
	return bad, count, nil
}

func any(names map[string]bool) bool {
	for n := range names {
		if allowed[n] {
			return true
		}
	}
	return false
}

func keys(m map[string]bool) []string {
	var k []string
	for n := range m {
		k = append(k, n)
	}
	sort.Strings(k)
	return k
}
