// Package internal has no code: this test draws the house's import graph and
// fails on any arrow that docs/architecture.md does not allow.
package internal

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Rooms, from the bottom up. A room may import what it lists and nothing else
// of ours; "features" and "leaves" stand for the lists below.
var (
	leaves   = []string{"errs", "geo", "text", "actor", "polygon"}
	features = []string{"setting", "audit", "user", "destination", "tag", "place", "page", "mark", "draft", "revision", "desk", "proposal", "photo", "portrait", "logo", "list", "follow", "notice", "webhook", "linkcheck", "campaign", "factor", "readership", "personal", "profile", "saved", "takedown", "report", "matter"}
	allowed  = map[string][]string{
		"errs":         {},
		"actor":        {"errs"},
		"geo":          {"errs"},
		"polygon":      {"errs", "geo"},
		"text":         {"errs"},
		"config":       {"errs"},
		"db":           {"errs"},
		"db/dbtest":    {"db", "errs"},
		"changes":      {"db", "errs"},
		"keep":         {"db", "errs"},
		"revision":     {},
		"job":          {"db", "errs"},
		"mail":         {"db", "errs", "config", "job"},
		"mail/letters": {"mail"},
		"finder":       {"leaves", "finder/space", "finder/text", "finder/facet", "finder/pack"},
		"finder/space": {"geo", "finder/facet", "finder/pack"},
		"finder/text":  {"text", "finder/pack"},
		"finder/facet": {"finder/pack"},
		"finder/pack":  {},
		"gazetteer":    {"leaves", "gazetteer/border", "gazetteer/names", "gazetteer/table", "gazetteer/trie"},
		// Tables that the gazetteer reads in place; its generator writes them.
		"gazetteer/border": {},
		"gazetteer/names":  {"gazetteer/trie"},
		"gazetteer/table":  {},
		"gazetteer/trie":   {"text"},
		"interchange":      {"leaves"},
		"outbound":         {"errs", "geo"},
		"seal":             {"errs"},
		"media":            {"errs"},
		"blob":             {"errs"},
		"walk":             {},
		"web/feed":         {"text"},
		"web/entry":        {"leaves", "place", "revision"},
		"web/share":        {},
		// Features use features only leftwards along
		// setting, audit <- user <- destination <- tag <- place.
		"setting":     {"leaves", "db", "changes"},
		"audit":       {"leaves", "db"},
		"draft":       {"leaves", "db"},
		"takedown":    {"leaves", "db"},
		"user":        {"leaves", "db", "changes", "setting", "audit"},
		"factor":      {"leaves", "db", "audit", "user", "seal"},
		"follow":      {"leaves", "db"},
		"notice":      {"leaves", "db", "job", "user"},
		"personal":    {"leaves", "db", "changes", "audit", "user", "job"},
		"destination": {"leaves", "db", "changes", "finder", "gazetteer", "setting"},
		"tag":         {"leaves", "db", "changes", "finder", "setting", "destination"},
		"place":       {"leaves", "db", "changes", "finder", "gazetteer", "revision", "setting", "audit", "destination", "tag", "takedown"},
		"desk":        {"leaves", "db", "revision", "setting", "audit", "user"},
		// What the desk's submissions are about: joins desk and place.
		"proposal": {"leaves", "db", "finder", "revision", "setting", "audit", "place", "desk"},
		"mark":     {"leaves", "db", "setting", "place", "takedown", "photo"},
		"photo":    {"leaves", "db", "changes", "setting", "place", "audit", "job", "blob", "media", "takedown"},
		"portrait": {"leaves", "db", "user", "job", "blob", "media"},
		"logo":     {"leaves", "db", "setting", "audit", "job", "blob", "media"},
		// What else the desk decides about: joins desk, photos, notes and reports.
		"matter": {"leaves", "db", "revision", "setting", "audit", "user", "place", "desk", "photo", "report", "list", "mark", "follow", "takedown"},
		"report": {"leaves", "db", "setting", "audit", "takedown"},
		"list":   {"leaves", "db", "changes", "setting", "finder", "takedown"},
		// Files of saved places become marks.
		"saved": {"leaves", "db", "finder", "interchange", "place", "mark"},
		// What members' pages tell of what other rooms keep.
		"profile": {"leaves", "db", "user", "place", "photo", "mark", "list", "follow"},
		"page":    {"leaves", "db", "changes", "setting", "audit"},
		"search":  {"leaves", "finder", "gazetteer", "destination"},
		"query":   {"leaves", "finder", "place"},
		"outward": {"leaves", "desk", "finder", "gazetteer", "user", "place", "list", "search", "profile"},
		"demo":    {"leaves", "place", "interchange"},
		"dump":    {"errs", "place", "interchange"},

		"webhook":   {"leaves", "db", "changes", "audit", "job", "seal"},
		"linkcheck": {"leaves", "db", "changes", "place", "job", "outbound"},
		"campaign":  {"leaves", "db", "audit", "place", "job"},
		// What is read, counted without readers.
		"readership": {"leaves", "db", "job"},
		// The edges.
		"web/assets":         {"errs"},
		"web/view/say":       {},
		"web/view":           {"leaves", "place", "setting", "web/view/ui", "web/view/say", "web/assets"},
		"web/view/ui":        {"leaves", "place", "setting", "web/view/say", "web/assets"},
		"web/view/storybook": {"leaves", "place", "setting", "web/view", "web/view/ui", "web/view/say", "web/assets"},
		"web/pack":           {"leaves", "interchange"},
		"web/tiles":          {"leaves", "place", "finder", "gazetteer", "query"},
		"web":                {"leaves", "features", "outward", "search", "dump", "web/feed", "proposal", "revision", "web/entry", "web/pack", "web/view/say", "db", "changes", "finder", "gazetteer", "interchange", "outbound", "query", "web/view", "web/view/ui", "web/view/say", "web/assets", "web/tiles", "web/share", "config"},
		"api":                {"leaves", "features", "outward", "search", "db", "changes", "finder", "gazetteer", "interchange", "query", "config"},
		"mcp":                {"leaves", "features", "outward", "search", "finder", "gazetteer", "query"},
		"app":                {"*"},
	}
)

func TestImports_pointDown(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	rooms := 0
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		room, ours := strings.CutPrefix(p.ImportPath, "mirabilia/internal/")
		if !ours || generator(room) {
			continue
		}
		rooms++
		may, known := allowed[room]
		if !known {
			t.Errorf("room %s is not in the plan: say what it may import in graph_test.go and docs/architecture.md", room)
			continue
		}
		for _, path := range p.Imports {
			other, ours := strings.CutPrefix(path, "mirabilia/internal/")
			if ours && !permits(may, other) {
				t.Errorf("%s must not import %s", room, other)
			}
		}
	}
	if rooms < 10 {
		t.Fatalf("only %d rooms were seen", rooms)
	}
}

// generator tells programs that make committed or embedded files, which are
// not part of the house.
func generator(room string) bool {
	return strings.HasSuffix(room, "/generate") || strings.HasSuffix(room, "/build") || strings.HasSuffix(room, "/serve")
}

func permits(may []string, other string) bool {
	for _, m := range may {
		switch {
		case m == "*" || m == other:
			return true
		case m == "leaves" && slices.Contains(leaves, other), m == "features" && slices.Contains(features, other):
			return true
		}
	}
	return false
}
